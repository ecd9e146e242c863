"""Decodes form bodies and query strings; names are paths: `Category.Id=3&Tags[0].Id=1`.

The type decides what a path means: `[1]` is an index in an array and a key in a
dictionary. The result is equivalent JSON, which `lenient` decodes.
Source: reference, form bodies of the content types; names as the form writers of .NET,
PHP and JavaScript spell them.
"""

import re
from functools import cache
from types import NoneType
from typing import Annotated, Any, get_args, get_origin
from urllib.parse import parse_qsl

import msgspec
from msgspec import Struct

from skranke.core.dates import Locale
from skranke.core.errors import MalformedRequest
from skranke.http.formats import lenient, localise
from skranke.http.formats.lenient import MAX_DEPTH
from skranke.http.formats.scalars import Unreadable, shorten

MAX_NAMES = 10_000
MAX_INDEX = 10_000
STEP = re.compile(r"(?:^|\.)([^.\[\]]+)|\[([^\]]*)\]")
INDEX = re.compile("[0-9]{1,9}")
HEAD = re.compile(r"[.\[]")  # what ends the first step of a path
# curl -d labels every body as a form
NOT_A_FORM = re.compile(rb'\s*+(?:[{<"]|\[\s*[{\["]|[^=]*+\Z)')

# the remaining steps of a name's path, and the value: ("TicketCategoryId",), "3"
FormValue = tuple[tuple[str, ...], str]


def decode(body: bytes, shape: Any, locale: Locale) -> tuple[Any, frozenset[str]]:
    """The body as `shape`, and the wire names of the members it really had.

    A repeated name adds an item to an array; elsewhere the last one wins. Items with an
    index come first, in order and without gaps; blank items without an index are
    ignored. A blank carrier is null, a blank dictionary is empty.
    MalformedRequest or BadValue names the member and the reason.
    """
    said = [(_steps(name), value) for name, value in _pairs(body)]
    if get_origin(shape) is list:
        said = [(_without_root_name(steps), value) for steps, value in said]
    try:
        raw = _raw(shape, said)
    except Unreadable as fault:
        raise fault.to_error() from None
    value, given = lenient.to_shape(raw, shape)
    localise.to_utc(value, locale)
    return value, given


def parameter(names: tuple[str, ...], kind: Any, pairs: list[tuple[str, str]]) -> tuple[Any, bool]:
    """What a query string says of one parameter, as JSON would have held it.

    `names` are its spellings in lower case. Names of other parameters are passed over.
    The second value is False where the query doesn't name it.
    """
    said: list[FormValue] = []
    for name, value in pairs:
        if HEAD.split(name, maxsplit=1)[0].lower() not in names:
            continue
        steps = _steps(name)[1:]
        values = _split(kind, value) if steps in ((), ("",)) else [value]
        said += [(steps, one) for one in values]
    return (_raw(kind, said), True) if said else (None, False)


def _split(kind: Any, value: str) -> list[str]:
    """The items of an array that a query string writes with commas: `ids=5,6`."""
    kind = _not_null(kind)
    if get_origin(kind) is not list or '"' in value:
        return [value]
    plain = _not_null(get_args(kind)[0]) in (int, str)
    return [part.strip() for part in value.split(",")] if plain else [value]


def _pairs(body: bytes) -> list[tuple[str, str]]:
    if NOT_A_FORM.match(body):
        raise MalformedRequest("The body is not a form; name its type in Content-Type.")
    if body.count(b"&") >= MAX_NAMES:
        raise MalformedRequest(f"The body holds more than {MAX_NAMES} names.")
    try:
        return parse_qsl(body.decode(), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as fault:
        raise MalformedRequest("The body is not valid UTF-8.", str(fault)) from None


def _steps(name: str) -> tuple[str, ...]:
    """`CustomFields[SuperOffice:1]` → `("CustomFields", "SuperOffice:1")`."""
    steps: list[str] = []
    end = 0
    while end < len(name):
        if (found := STEP.match(name, end)) is None:
            raise MalformedRequest(f"{shorten(name)} is not a path to a member.")
        steps.append(found[1] or found[2] or "")
        end = found.end()
        if len(steps) > MAX_DEPTH:
            raise MalformedRequest(f"{shorten(name)} is more than {MAX_DEPTH} levels deep.")
    return tuple(steps)


def _without_root_name(steps: tuple[str, ...]) -> tuple[str, ...]:
    """The path in a body that is an array, which may be called anything: `ids[0]`."""
    named = steps and steps[0] and not INDEX.fullmatch(steps[0])
    return steps[1:] if named else steps


def _raw(kind: Any, said: list[FormValue]) -> Any:
    """What JSON would hold at one place, of all that was said of it."""
    kind = _not_null(kind)
    if get_origin(kind) is list:
        return _array(get_args(kind)[0], said)
    whole = [value for steps, value in said if not steps]
    if whole and len(whole) < len(said):
        raise Unreadable("it is given both a value and members")
    if get_origin(kind) is dict:
        return whole[-1] or {} if whole else _dictionary(get_args(kind)[1], said)
    if isinstance(kind, type) and issubclass(kind, Struct):
        return whole[-1] or None if whole else _object(kind, said)
    return whole[-1] if whole else {}  # an object where JSON would have had one


def _raw_at(step: str, kind: Any, said: list[FormValue]) -> Any:
    try:
        return _raw(kind, said)
    except Unreadable as fault:
        fault.prepend_path(step)
        raise


def _object(struct: type[Struct], said: list[FormValue]) -> dict[str, Any]:
    """The members that the struct knows, spelled as it spells them."""
    kinds = _kinds(struct)
    parts: dict[str, list[FormValue]] = {}
    for steps, value in said:
        parts.setdefault(steps[0].lower(), []).append((steps[1:], value))
    known = [(*kinds[name], part) for name, part in parts.items() if name in kinds]
    return {name: _raw_at(name, kind, part) for name, kind, part in known}


def _dictionary(kind: Any, said: list[FormValue]) -> dict[str, Any]:
    parts: dict[str, list[FormValue]] = {}
    for steps, value in said:
        parts.setdefault(steps[0], []).append((steps[1:], value))
    return {key: _raw_at(f"[{shorten(key)}]", kind, parts[key]) for key in parts}


def _array(kind: Any, said: list[FormValue]) -> list[Any]:
    parts: dict[int, list[FormValue]] = {}
    for steps, value in said:
        index = _index(steps[0]) if steps and steps[0] else None
        if index is None:
            if len(steps) < 2 and not value:
                continue
            index = MAX_INDEX + 1 + len(parts)
        parts.setdefault(index, []).append((steps[1:], value))
    items = [parts[index] for index in sorted(parts)]
    read = [_raw_at(f"[{at}]", kind, part) for at, part in enumerate(items)]
    return [item for item in read if item is not None]


def _index(step: str) -> int:
    if not INDEX.fullmatch(step):
        raise Unreadable(f"{shorten(step)!r} is not an index of an array")
    if int(step) > MAX_INDEX:
        raise Unreadable(f"the index {step} is above {MAX_INDEX}")
    return int(step)


@cache
def _kinds(struct: type[Struct]) -> dict[str, tuple[str, Any]]:
    """The members' wire names and types, by the name in lower case."""
    fields = msgspec.structs.fields(struct)
    return {f.encode_name.lower(): (f.encode_name, f.type) for f in fields}


@cache
def _not_null(kind: Any) -> Any:
    """The type without bounds and null: `Annotated[str, …]` → `str`."""
    if get_origin(kind) is Annotated:
        return _not_null(get_args(kind)[0])
    parts = get_args(kind)
    if NoneType not in parts:
        return kind
    return next(part for part in parts if part is not NoneType)
