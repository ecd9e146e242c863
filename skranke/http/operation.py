"""One typed function per operation: its signature is the contract of the wire.

`@operation("Ticket", permission=…)` reads the function once and derives its route, body
type, OpenAPI and coverage. Source: reference, parameter kinds of the agents API.
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
    """An invalid registration; the message says how to fix it."""


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One published operation, as the server needs it."""

    run: Handler
    method: str
    path: str  # as published; matched case-insensitively
    agent: str  # "Ticket"; the resource's name for REST
    name: str  # "SaveTicketEntity"
    permission: Permission
    parameters: dict[str, Any]  # every parameter → type
    keys: dict[str, Any]  # parameters that belong in path or query
    required: frozenset[str]  # keys that must be present
    body: Any | None  # the type of the whole body
    members: type[msgspec.Struct] | None  # every parameter as a member of an object
    entity: str | None  # the parameter that is the whole body (a carrier or a bare list)
    raw: bool  # the body is passed on undecoded
    streamed: bool  # the body is an Upload
    answer: Any  # the type of the result; None for void
    is_conditional: bool  # the result says when it was changed, and may be a bare 304
    transaction: bool
    summary: str
    lacks: str  # what it does not implement of the reference; empty: complete


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

    `query` names parameters that belong in the query string. A single carrier is the
    whole body unless `wrapped`; `bare` makes a single list the whole body; all other
    parameters become members of an object, in PascalCase. `transaction=False` is for
    operations that write with a single statement or not at all. `lacks` names what the
    operation does not implement of the reference.
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

    `about` and `name` give the reference's operation id (`v1TicketEntity_Simple`) if it
    does not follow from path and function. `bare` makes a single list or Query the whole
    body; `raw` passes the body on undecoded.
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
    registered = {(o.method, o.path.lower()) for o in OPERATIONS}
    if (method, path.lower()) in registered:
        raise InvalidOperation(f"{where}: {method} {path} is taken; choose another name")
    options = {p: hints[p] for p in parameters if is_query(hints[p]) and not bare}
    inside = {p: hints[p] for p in parameters if p not in (*keys, *options)}
    every = {p: hints[p] for p in parameters}
    key_types = {key: hints[key] for key in keys} | _options(options.values())
    entity = _body_parameter(inside, bare=bare or raw, wrapped=wrapped)
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
            keys=key_types,
            required=frozenset(required),
            body=body,
            members=_request(f"{agent}_{name}Members", every),
            entity=entity,
            raw=raw,
            streamed=body is Upload,
            answer=_result_type(hints["return"]),
            is_conditional=get_origin(hints["return"]) is Response,
            transaction=transaction,
            summary=inspect.cleandoc(run.__doc__).splitlines()[0],
            lacks=lacks,
        )
    )


def is_query(kind: Any) -> bool:
    """Whether a parameter's type is a Query: options of the address like `$select`."""
    return inspect.isclass(kind) and issubclass(kind, Query)


def _options(queries: Iterable[type[Query]]) -> dict[str, Any]:
    """The options that these Query parameters are read from: `$select` and so on."""
    fields = [f for query in queries for f in msgspec.structs.fields(query)]
    return {field.encode_name: field.type for field in fields}


def _result_type(result: Any) -> Any:
    """The type of an operation's result: a Response's body, else the result itself."""
    if result is File:
        return bytes
    return get_args(result)[0] if get_origin(result) is Response else result


def _body_parameter(inside: dict[str, Any], *, bare: bool, wrapped: bool) -> str | None:
    if len(inside) != 1:
        return None
    [(parameter, kind)] = inside.items()
    lone_carrier = inspect.isclass(kind) and issubclass(kind, Carrier)
    return parameter if bare or (lone_carrier and not wrapped) else None


def _request(name: str, inside: dict[str, Any]) -> type[msgspec.Struct] | None:
    """The struct of the named parameters; a missing one gets its type's default."""
    if not inside:
        return None
    fields = [(p, kind, default_of(kind)) for p, kind in inside.items()]
    return msgspec.defstruct(name, fields, rename="pascal", forbid_unknown_fields=True)


def default_of(kind: Any) -> Any:
    """The wire's default of a type: 0, "", false, [], {} or null."""
    origin = get_origin(kind)
    if origin in (list, dict):
        return cast("Any", msgspec.field(default_factory=origin))
    if hasattr(kind, "__metadata__"):
        return default_of(get_args(kind)[0])
    if is_query(kind):
        return msgspec.field(default_factory=kind)
    if kind in (int, str, bool, float, bytes):
        return kind()
    if inspect.isclass(kind) and issubclass(kind, (WireEnum, WireFlags)):
        return zero_member(kind)
    return None
