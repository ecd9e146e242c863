"""An operation's parameters, from wherever the client has put them.

Source: reference, parameter kinds of the agents API. Keys belong in the address and
wrapped parameters in the body, but hand-written clients confuse the two, so either is
read in both places; the address wins.
"""

from typing import Any, get_origin

import msgspec

from skranke.core.dates import Locale
from skranke.core.errors import BadValue, MalformedRequest
from skranke.core.schema import Query
from skranke.http import negotiation
from skranke.http.operation import Operation, is_query, pascal
from skranke.http.request import Head

Arguments = dict[str, Any]


def bound(
    operation: Operation, head: Head, parts: dict[str, str], body: bytes, locale: Locale
) -> tuple[Arguments, frozenset[str]]:
    """The parameters by name, and the wire names that a posted entity really had.

    Malformed names a parameter that is missing or can't be read.
    """
    empty = body.strip() in (b"", b"null")
    if operation.entity and empty:
        if get_origin(operation.body) is not dict:
            raise MalformedRequest("The body is missing.", f"{operation.name} takes one")
        return addressed(operation, head, parts, {operation.entity: {}}), frozenset()
    if operation.entity:
        entity, given = _whole(operation, head, body, locale)
        return addressed(operation, head, parts, {operation.entity: entity}), given
    if operation.members is None:
        return {}, frozenset()
    if empty:
        values, given = msgspec.structs.asdict(operation.members()), frozenset[str]()
    else:
        codec = negotiation.request_codec(head, body)
        read, given = codec.decode(body, operation.members, locale)
        values = msgspec.structs.asdict(read)
    values = addressed(operation, head, parts, values)
    for key in operation.required:
        if pascal(key) not in given and _text(key, head, parts) is None:
            raise MalformedRequest("The request is invalid.", f"{key} is missing")
    for name, kind in operation.parameters.items():
        if values[name] is None and isinstance(kind, type):
            raise BadValue(pascal(name), "is missing")
    return values, given


def _whole(
    operation: Operation, head: Head, body: bytes, locale: Locale
) -> tuple[Any, frozenset[str]]:
    """The parameter that is the whole body: read, or the bytes as they came."""
    if operation.raw:
        return body, frozenset()
    return negotiation.request_codec(head, body).decode(body, operation.body, locale)


def addressed(
    operation: Operation, head: Head, parts: dict[str, str], values: Arguments
) -> Arguments:
    """The same parameters, with those that the address holds read from there."""
    if not (parts or head.query):
        return values
    for name, kind in operation.parameters.items():
        asked = _options(kind, head) if is_query(kind) else _text(name, head, parts)
        if asked is not None and name != operation.entity:
            try:
                values[name] = msgspec.convert(asked, kind, strict=False)
            except msgspec.ValidationError as fault:
                where = f"{name}: {fault}"
                raise MalformedRequest("The request is invalid.", where) from None
    return values


def _options(kind: type[Query], head: Head) -> dict[str, str]:
    """What the address says behind `$`, of what the type knows."""
    names = [field.encode_name for field in msgspec.structs.fields(kind)]
    return {n: head.query[n.lower()] for n in names if n.lower() in head.query}


def _text(name: str, head: Head, parts: dict[str, str]) -> str | None:
    return parts.get(name, head.query.get(name.replace("_", "")))
