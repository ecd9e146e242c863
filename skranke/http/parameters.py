"""An operation's parameters, from wherever the client has put them.

Source: reference, parameter kinds of the agents API. Keys belong in the address and
wrapped parameters in the body, but hand-written clients confuse the two, and generated
REST clients put whole objects into the query; either is read in both places and the
address wins. A query string is read as a form body is: repeated names, `[]`, indexes
and dotted members.
"""

from difflib import get_close_matches
from functools import cache
from typing import Any, cast, get_origin
from unicodedata import is_normalized, normalize

import msgspec

from skranke.core.dates import Locale
from skranke.core.errors import BadValue, MalformedRequest
from skranke.core.schema import Query, posted_member
from skranke.http import negotiation
from skranke.http.formats import form, lenient, localise
from skranke.http.formats.scalars import Unreadable, shorten
from skranke.http.operation import Operation, camel, is_query, pascal
from skranke.http.request import Head

Arguments = dict[str, Any]
COMMON_OPTIONS = ("$select", "$format")  # what every address may be asked with


def read_parameters(
    operation: Operation, head: Head, parts: dict[str, str], body: bytes, locale: Locale
) -> tuple[Arguments, frozenset[str]]:
    """The parameters by name, and the wire names that a posted entity really had.

    MalformedRequest names a parameter that is missing or can't be read.
    """
    body = _composed(body)
    empty = body.strip() in (b"", b"null")
    if operation.entity and empty:
        if get_origin(operation.body) is not dict:
            raise MalformedRequest("The body is missing.", f"{operation.name} takes one")
        values: Arguments = {operation.entity: {}}
        return with_address_parameters(operation, head, parts, values, locale)[0], frozenset()
    if operation.entity:
        entity, given = _read_entity(operation, head, body, locale)
        values = {operation.entity: entity}
        return with_address_parameters(operation, head, parts, values, locale)[0], given
    if operation.members is None:
        return {}, frozenset()
    if empty:
        values, given = msgspec.structs.asdict(operation.members()), frozenset[str]()
    else:
        codec = negotiation.request_codec(head, body)
        read, given = codec.decode(body, operation.members, locale)
        values = msgspec.structs.asdict(read)
    values, more = with_address_parameters(operation, head, parts, values, locale)
    given |= more
    for key in operation.required:
        if pascal(key) not in given:
            raise MalformedRequest(f"{pascal(key)} is missing.")
    for name, kind in operation.parameters.items():
        if values[name] is None and isinstance(kind, type):
            raise BadValue(pascal(name), "is missing")
    return values, given


def _composed(body: bytes) -> bytes:
    """The body in Unicode's composed form (NFC), so that equal texts are equal bytes."""
    if body.isascii():
        return body
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return body  # of another encoding, or none, which its codec says
    return body if is_normalized("NFC", text) else normalize("NFC", text).encode()


def _read_entity(
    operation: Operation, head: Head, body: bytes, locale: Locale
) -> tuple[Any, frozenset[str]]:
    """The parameter that is the whole body: read, or the bytes as they came."""
    if operation.raw:
        return body, frozenset()
    return negotiation.request_codec(head, body).decode(body, operation.body, locale)


def with_address_parameters(
    operation: Operation, head: Head, parts: dict[str, str], values: Arguments, locale: Locale
) -> tuple[Arguments, frozenset[str]]:
    """The same parameters, with those that the address holds read from there.

    Beside them the wire names that the address gave, an entity's members included.
    """
    if not (parts or head.pairs):
        return values, frozenset()
    _refuse_unknown_options(operation, head)
    given: set[str] = set()
    for name, kind in operation.parameters.items():
        if name == operation.entity:
            continue
        if is_query(kind):
            values[name] = msgspec.convert(_query_options(kind, head), kind)
            continue
        try:
            raw, is_there = _raw(name, kind, head, parts)
            if not is_there:
                continue
            values[name] = lenient.reader(kind)(raw)
        except Unreadable as fault:
            fault.prepend_path(camel(name))
            raise fault.to_error() from None
        localise.to_utc(values[name], locale)
        given |= _given(operation, name, raw)
    return values, frozenset(given)


def _raw(name: str, kind: Any, head: Head, parts: dict[str, str]) -> tuple[Any, bool]:
    """What path or query say of a parameter, and whether they say anything."""
    if name in parts:
        return parts[name], True
    return form.parameter(_spellings(name), kind, head.pairs)


def _given(operation: Operation, name: str, raw: Any) -> set[str]:
    """The wire names that the address gave: the parameter, and its members if posted."""
    names = {pascal(name)}
    posted = operation.members and posted_member(operation.members)
    if posted and posted[0] == pascal(name) and isinstance(raw, dict):
        names |= lenient.given_in(cast("Arguments", raw), posted[1])
    return names


def _query_options(kind: type[Query], head: Head) -> dict[str, str]:
    """What the address says behind `$`, of what the type knows."""
    names = _option_names(kind)
    return {n: head.query[n.lower()] for n in names if n.lower() in head.query}


def _refuse_unknown_options(operation: Operation, head: Head) -> None:
    """BadValue names an option (`$apply`) that no address, or not this one, knows."""
    asked = [name for name in head.query if name.startswith("$")]
    if not asked:
        return
    queries = [kind for kind in operation.parameters.values() if is_query(kind)]
    known = [*COMMON_OPTIONS, *(name for kind in queries for name in _option_names(kind))]
    for name in asked:
        if name in (option.lower() for option in known):
            continue
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"use {', '.join(dict.fromkeys(known))}"
        raise BadValue(shorten(name), f"there is no such option here; {hint}")


@cache
def _option_names(kind: type[Query]) -> tuple[str, ...]:
    return tuple(field.encode_name for field in msgspec.structs.fields(kind))


@cache
def _spellings(name: str) -> tuple[str, ...]:
    """A parameter's names in lower case: `ticketid` and `ticket_id`."""
    return (name.replace("_", ""), name)
