"""One typed function per operation: its signature is the wire's contract.

`@operation("Ticket", right=…)` reads the function once and yields route, body shape,
OpenAPI and coverage. Source: reference, parameter kinds of the agents API.
"""

import inspect
import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

import msgspec

from skranke.core.context import Handler, Permission
from skranke.core.enums import WireEnum, WireFlags, zero_member
from skranke.core.response import Response
from skranke.core.schema import Carrier, Query
from skranke.http.streams import File, Upload

F = TypeVar("F", bound=Handler)


class InvalidOperation(Exception):
    """A registration that can't work; the sentence names the mend."""


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """What the server needs to know of one address."""

    run: Handler
    method: str
    path: str  # as published; matched without regard to case
    agent: str  # "Ticket"; the resource's name for REST
    name: str  # "SaveTicketEntity"
    permission: Permission
    parameters: dict[str, Any]  # parameter → type, all of them
    keys: dict[str, Any]  # those that belong in path or query
    required: frozenset[str]  # keys that must be there
    body: Any | None  # the type of the whole body
    members: type[msgspec.Struct] | None  # every parameter as a member of an object
    entity: str | None  # the parameter that is the whole body (carrier or bare list)
    raw: bool  # the body is handed over as it came
    streamed: bool  # the body is an Upload
    answer: Any  # the type of the result; None for void
    dated: bool  # the result says when it was changed, and may be a bare 304
    transaction: bool
    summary: str
    lacks: str  # what it doesn't do of what the reference says; empty: nothing


OPERATIONS: list[Operation] = []


def operation(
    agent: str,
    *,
    permission: Permission,
    name: str = "",
    query: tuple[str, ...] = (),
    bare: bool = False,
    wrapped: bool = False,
    transaction: bool = True,
    lacks: str = "",
) -> Callable[[F], F]:
    """Publish `POST /api/v1/Agents/{agent}/{Name}`.

    `query` names parameters that travel in the address. A lone carrier is the whole
    body unless `wrapped`; `bare` makes a lone list the whole body; everything else
    becomes an object of PascalCase members. `transaction=False` is for operations
    that write with a single statement or not at all. `lacks` says what an operation
    doesn't do of what the reference says of it.
    """

    def register(run: F) -> F:
        wire_name = name or pascal(run.__name__)
        path = f"/api/v1/Agents/{agent}/{wire_name}"
        _publish(
            run,
            "POST",
            path,
            agent,
            wire_name,
            permission,
            query,
            query,
            bare=bare,
            wrapped=wrapped,
            transaction=transaction,
            lacks=lacks,
        )
        return run

    return register


def resource(
    method: str,
    path: str,
    *,
    permission: Permission,
    query: tuple[str, ...] = (),
    about: str = "",
    name: str = "",
    bare: bool = False,
    raw: bool = False,
    transaction: bool = False,
) -> Callable[[F], F]:
    """Publish a REST address; `{parts}` of the path and `query` are parameters.

    `about` and `name` are the reference's operation id where path and function don't
    say it: `v1TicketEntity_Simple`. `bare` makes a lone list or Query the whole body,
    `raw` hands over the body as it came, undecoded.
    """

    def register(run: F) -> F:
        parts = tuple(re.findall(r"{(\w+)}", path))
        subject, wire_name = about or path.split("/")[3], name or pascal(run.__name__)
        _publish(
            run,
            method,
            path,
            subject,
            wire_name,
            permission,
            parts + query,
            parts,
            bare=bare,
            wrapped=False,
            raw=raw,
            transaction=transaction,
        )
        return run

    return register


def pascal(snake: str) -> str:
    """`save_ticket_entity` → `SaveTicketEntity`."""
    return "".join(part[:1].upper() + part[1:] for part in snake.split("_"))


def camel(snake: str) -> str:
    """`ticket_entity_id` → `ticketEntityId`, as addresses spell it."""
    name = pascal(snake)
    return name[:1].lower() + name[1:]


def _publish(
    run: Handler,
    method: str,
    path: str,
    agent: str,
    name: str,
    permission: Permission,
    keys: tuple[str, ...],
    required: tuple[str, ...],
    *,
    bare: bool,
    wrapped: bool,
    transaction: bool,
    raw: bool = False,
    lacks: str = "",
) -> None:
    where = f"{run.__module__}.{run.__name__}"
    hints = get_type_hints(run, include_extras=True)
    parameters = list(inspect.signature(run).parameters)[1:]
    if missing := [key for key in keys if key not in parameters]:
        raise InvalidOperation(f"{where}: no parameter {missing[0]}; name it or drop it")
    if "return" not in hints or any(p not in hints for p in parameters):
        raise InvalidOperation(f"{where}: give every parameter and the result a type")
    if not run.__doc__:
        raise InvalidOperation(f"{where}: say in a docstring what the caller gets")
    taken = {(o.method, o.path.lower()) for o in OPERATIONS}
    if (method, path.lower()) in taken:
        raise InvalidOperation(f"{where}: {method} {path} is taken; choose another name")
    options = {p: hints[p] for p in parameters if is_query(hints[p]) and not bare}
    inside = {p: hints[p] for p in parameters if p not in (*keys, *options)}
    every = {p: hints[p] for p in parameters}
    asked = {key: hints[key] for key in keys} | _options(options.values())
    entity = _whole_body(inside, bare=bare or raw, wrapped=wrapped)
    body = inside[entity] if entity else _request(f"{agent}_{name}Request", inside)
    OPERATIONS.append(
        Operation(
            run=run,
            method=method,
            path=path,
            agent=agent,
            name=name,
            permission=permission,
            parameters=every,
            keys=asked,
            required=frozenset(required),
            body=body,
            members=_request(f"{agent}_{name}Members", every),
            entity=entity,
            raw=raw,
            streamed=body is Upload,
            answer=_told(hints["return"]),
            dated=get_origin(hints["return"]) is Response,
            transaction=transaction,
            summary=inspect.cleandoc(run.__doc__).splitlines()[0],
            lacks=lacks,
        )
    )


def is_query(kind: Any) -> bool:
    """Whether a parameter's type holds what an address says behind `$`."""
    return inspect.isclass(kind) and issubclass(kind, Query)


def _options(queries: Iterable[type[Query]]) -> dict[str, Any]:
    """The keys that these parameters are read from: `$select` and so on."""
    fields = [f for query in queries for f in msgspec.structs.fields(query)]
    return {field.encode_name: field.type for field in fields}


def _told(result: Any) -> Any:
    """What an operation's result tells: an Answer's body, else the result itself."""
    if result is File:
        return bytes
    return get_args(result)[0] if get_origin(result) is Response else result


def _whole_body(inside: dict[str, Any], *, bare: bool, wrapped: bool) -> str | None:
    if len(inside) != 1:
        return None
    [(parameter, kind)] = inside.items()
    lone_carrier = inspect.isclass(kind) and issubclass(kind, Carrier)
    return parameter if bare or (lone_carrier and not wrapped) else None


def _request(name: str, inside: dict[str, Any]) -> type[msgspec.Struct] | None:
    """The object that wraps named parameters; a missing one has its type's default."""
    if not inside:
        return None
    fields = [(p, kind, empty(kind)) for p, kind in inside.items()]
    return msgspec.defstruct(name, fields, rename="pascal", forbid_unknown_fields=True)


def empty(kind: Any) -> Any:
    """The default of a type as the wire has it: 0, "", false, [], {}, null."""
    origin = get_origin(kind)
    if origin in (list, dict):
        return cast("Any", msgspec.field(default_factory=origin))
    if hasattr(kind, "__metadata__"):
        return empty(get_args(kind)[0])
    if is_query(kind):
        return msgspec.field(default_factory=kind)
    if kind in (int, str, bool, float, bytes):
        return kind()
    if inspect.isclass(kind) and issubclass(kind, (WireEnum, WireFlags)):
        return zero_member(kind)
    return None
