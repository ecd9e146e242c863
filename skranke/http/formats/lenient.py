"""Lenient JSON decoding: case-insensitive names, coerced scalars.

Each type has a reader, built once from its fields. Unknown members are ignored, the last
of two spellings of a name wins, and an error names the member by its wire path. Source:
reference, JSON rules of the content types.
"""

import json
import re
from functools import cache
from types import NoneType
from typing import Annotated, Any, NamedTuple, NoReturn, cast, get_args, get_origin

import msgspec
from msgspec import Struct

from skranke.core.enums import WireEnum, WireFlags
from skranke.core.errors import MalformedRequest
from skranke.core.schema import Instant, WallTime, posted_member, structs_in
from skranke.http.formats import scalars
from skranke.http.formats.scalars import Number, Reader, Unreadable, describe

MAX_DEPTH = 64  # levels of arrays and objects
BOM = b"\xef\xbb\xbf"
JSON_DECODER = msgspec.json.Decoder(float_hook=Number)
SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
# Matches strings and commas that cannot be trailing, which are kept (group 1), and
# trailing commas. An unterminated string is matched whole, so that its quotes are not
# tried one by one.
TRAILING_COMMA = re.compile(rb'("(?:[^"\\]++|\\.)*+"?|[\[{,:]\s*,)|,(?=\s*[}\]])', re.DOTALL)


class MemberReader(NamedTuple):
    """How one member of a Struct is read."""

    name: str  # as the wire spells it
    attribute: str
    read: Reader
    kept: bool  # null keeps the value, as for arrays and dictionaries


def read(body: bytes, shape: Any) -> tuple[Any, frozenset[str]]:
    """Decode a JSON body; returns the value and its wire names except null arrays."""
    return to_shape(parse_json(body.removeprefix(BOM)), shape)


def to_shape(raw: Any, shape: Any) -> tuple[Any, frozenset[str]]:
    """Dicts, lists and values as `shape`, and the names they had but for null arrays.

    MalformedRequest or BadValue names the member by its path and says what is wrong.
    """
    if raw is None:
        raise MalformedRequest("The body is missing.")
    try:
        if structs_in(shape) != [shape]:
            return reader(shape)(raw), frozenset()
        values = _values(raw, shape)
    except Unreadable as fault:
        raise fault.to_error() from None
    return shape(**values), given_in(raw, shape)


def parse_json(body: bytes) -> Any:
    """Parse the body to dicts, lists and scalars; trailing commas are allowed."""
    try:
        raw = _decode_json(body)
    except (msgspec.DecodeError, ValueError) as fault:
        raise MalformedRequest("The body is not valid JSON.", str(fault)) from None
    except RecursionError:
        raise MalformedRequest("The body is nested too deeply.") from None
    if body.count(b"[") + body.count(b"{") > MAX_DEPTH and _is_too_deep(raw):
        raise MalformedRequest(f"The body is nested more than {MAX_DEPTH} levels deep.")
    return raw


def _decode_json(body: bytes) -> Any:
    try:
        return JSON_DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        mended = _without_trailing_commas(body)
        if SURROGATE.search(body):
            # only the standard library accepts surrogates, so the error can name the member
            return json.loads(mended.decode(), parse_float=Number, parse_constant=_reject_constant)
        if mended == body:
            raise
        return JSON_DECODER.decode(mended)


def _without_trailing_commas(body: bytes) -> bytes:
    """Remove trailing commas; cheaper than a substitution, which copies every string."""
    kept = bytearray()
    begin = 0
    for found in TRAILING_COMMA.finditer(body):
        if found[1] is None:
            kept += body[begin : found.start()]
            begin = found.end()
    return bytes(kept + body[begin:]) if begin else body


def _reject_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a JSON number")


def _is_too_deep(raw: Any) -> bool:
    level = [raw]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
    return bool(level)


@cache
def reader(kind: Any) -> Reader:
    """The reader of a type; TypeError for a type that carriers cannot contain."""
    if kind == Instant:
        return scalars.instant
    if kind == WallTime:
        return scalars.wall_time
    if get_origin(kind) is Annotated:
        kind, *metas = get_args(kind)
        return _reader(kind, tuple(metas))
    return _reader(kind, ())


def _reader(kind: Any, metas: tuple[Any, ...]) -> Reader:
    plain = {
        bool: scalars.boolean,
        float: scalars.decimal,
        bytes: scalars.base64,
        object: scalars.any_value,
    }
    if kind in plain:
        return plain[kind]
    if kind is int:
        return scalars.whole_number(metas)
    if kind is str:
        return scalars.text(metas)
    parts = get_args(kind)
    if get_origin(kind) is list:
        return _array(reader(parts[0]), parts[0])
    if get_origin(kind) is dict:
        return _dictionary(reader(parts[1]))
    if NoneType in parts:
        return _nullable(reader(next(part for part in parts if part is not NoneType)))
    if isinstance(kind, type) and issubclass(kind, WireEnum | WireFlags):
        return scalars.enum_member(kind)
    if isinstance(kind, type) and issubclass(kind, Struct):
        return _carrier(kind)
    raise TypeError(f"{kind} has no reader; use a type that carriers have")


@cache
def _members(struct: type[Struct]) -> dict[str, MemberReader]:
    """The members by their common spellings; other spellings are looked up in lower case."""
    found: dict[str, MemberReader] = {}
    for field in msgspec.structs.fields(struct):
        name = field.encode_name
        kept = get_origin(field.type) in (list, dict)
        member = MemberReader(name, field.name, reader(field.type), kept)
        for spelled in (name, name[:1].lower() + name[1:], name.lower()):
            found[spelled] = member
    return found


def _values(raw: Any, struct: type[Struct]) -> dict[str, Any]:
    """Read the fields that are present in the object."""
    members = _members(struct)
    values: dict[str, Any] = {}
    for spelled, item in _object(raw, struct.__name__).items():
        member = members.get(spelled) or members.get(spelled.lower())
        if member is None or (item is None and member.kept):
            continue
        try:
            values[member.attribute] = member.read(item)
        except Unreadable as fault:
            fault.prepend_path(member.name)
            raise
    return values


def given_in(raw: dict[str, Any], struct: type[Struct]) -> frozenset[str]:
    """The wire names that an object had; those of a request include its entity's."""
    members, posted = _members(struct), posted_member(struct)
    names: set[str] = set()
    for spelled, item in raw.items():
        member = members.get(spelled) or members.get(spelled.lower())
        if member is None or (item is None and member.kept):
            continue
        names.add(member.name)
        if posted and posted[0] == member.name and isinstance(item, dict):
            names |= given_in(cast("dict[str, Any]", item), posted[1])
    return frozenset(names)


def _object(raw: Any, wanted: str = "") -> dict[str, Any]:
    if not isinstance(raw, dict):
        kind = f" ({wanted})" if wanted else ""
        raise Unreadable(f"{describe(raw)} is not an object{kind}")
    return cast("dict[str, Any]", raw)


def _carrier(struct: type[Struct]) -> Reader:
    return lambda raw: None if raw is None else struct(**_values(raw, struct))


def _nullable(read: Reader) -> Reader:
    return lambda raw: None if raw is None else read(raw)


def _array(read: Reader, kind: Any) -> Reader:
    """Read a list; a null item is an empty text, and an error for any other item type."""
    holds_null = kind in (str, object) or get_args(kind)[:1] == (str,)

    def read_all(raw: Any) -> list[Any]:
        found: list[Any] = []
        if raw is not None and not isinstance(raw, list):
            raise Unreadable(f"{describe(raw)} is not an array")
        for index, item in enumerate(cast("list[Any]", raw or [])):
            try:
                if item is None and not holds_null:
                    raise Unreadable("null can't stand in an array; leave it out")
                found.append(read(item))
            except Unreadable as fault:
                fault.prepend_path(f"[{index}]")
                raise
        return found

    return read_all


def _dictionary(read: Reader) -> Reader:
    """Read a dict; keys keep their case. PHP writes an empty dict as `[]`."""

    def read_all(raw: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, item in _object({} if raw in (None, []) else raw).items():
            try:
                value = read(item)
                if value is not None:
                    found[scalars.require_storable(key)] = value
            except Unreadable as fault:
                fault.prepend_path(f"[{scalars.shorten(key)}]")
                raise
        return found

    return read_all
