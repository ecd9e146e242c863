"""XML in and out. Source: reference, XML of the content types.

In: local names in any case and order, whatever the namespace; the root of an object
may have any name. The tree becomes the dicts, lists and texts that JSON would have
been, and takes the same tolerant road, `lax`.

Out: the vendor's data contracts without their namespace. The rights of a carrier come
first, as members of a base do there; the others follow in the reference's order.
"""

import re
from binascii import b2a_base64
from collections.abc import Callable
from datetime import datetime
from functools import cache
from types import NoneType
from typing import Annotated, Any, cast, get_args, get_origin

import msgspec
from msgspec import Struct

from skranke.core.dates import Locale
from skranke.core.enums import WireEnum, WireFlags
from skranke.http.codecs import lenient, localise
from skranke.http.codecs.xml_tree import Element, parsed

INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
BASE = ("table_right", "field_properties")
NAMES: dict[Any, str] = {
    int: "int",
    str: "string",
    bool: "boolean",
    float: "double",
    bytes: "base64Binary",
    datetime: "dateTime",
}
# markup, the carriage return that readers would drop, and what XML can't hold at all
SPECIAL = re.compile("[&<>\r\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}

Raw = Callable[[Element], Any]
Inner = Callable[[Any], str]


def decode(body: bytes, shape: Any, locale: Locale) -> tuple[Any, frozenset[str]]:
    """The body as `shape`, and the wire names of the members it really had.

    Malformed or BadValue names the member and the fault, by the same path as in JSON.
    """
    value, given = lenient.shaped(_raw(shape)(parsed(body)), shape)
    localise.settle(value, locale)
    return value, given


def encode(value: Any, locale: Locale, shape: Any = None) -> bytes:
    """The value as XML in UTF-8, without a declaration.

    `shape` is its type where the value can't tell: null, an array, a dictionary. A
    character that XML can't hold, as most control characters, becomes U+FFFD.
    """
    shape = cast("Any", type(value)) if shape is None else shape
    root = named(shape)
    element = _element(root, localise.shown(value, locale), _inner(shape))
    return f'<{root} xmlns:i="{INSTANCE}"{element[len(root) + 1 :]}'.encode()


def named(kind: Any) -> str:
    """What a root or an item of this type is called: `Person`, `int`, `ArrayOfint`."""
    kind = _bare(kind)
    parts = get_args(kind)
    if get_origin(kind) is list:
        return f"ArrayOf{named(parts[0])}"
    if get_origin(kind) is dict:
        return "StringDictionary" if parts[1] is str else f"{named(parts[1])}Dictionary"
    return NAMES.get(kind) or cast("str", kind.__name__)


def _entry(kind: Any) -> str:
    """What an entry of a dictionary is called, by the type of its values."""
    return f"{'String' if kind is str else named(kind) + 'Dictionary'}KeyValuePair"


def _bare(kind: Any) -> Any:
    """The type without its notes and without null."""
    parts = get_args(kind)
    if get_origin(kind) is Annotated:
        return _bare(parts[0])
    if NoneType in parts:
        return _bare(next(part for part in parts if part is not NoneType))
    return kind


@cache
def _raw(kind: Any) -> Raw:
    """How an element becomes what `lax` takes for this type."""
    kind = _bare(kind)
    parts = get_args(kind)
    if get_origin(kind) is list:
        item = _raw(parts[0])
        return _holding(lambda e: [item(child) for child in e.children])
    if get_origin(kind) is dict:
        value = _raw(parts[1])
        return _holding(lambda e: _pairs(e, value))
    if isinstance(kind, type) and issubclass(kind, Struct):
        return _holding(lambda e: _object(e, kind))
    return _text


def _holding(read: Raw) -> Raw:
    """Null for nil; bare text is left for `lax` to refuse."""

    def read_it(element: Element) -> Any:
        if element.nil:
            return None
        if not element.children and element.text.strip():
            return element.text
        return read(element)

    return read_it


def _text(element: Element) -> Any:
    if element.nil:
        return None
    return {} if element.children else element.text


def _object(element: Element, struct: type[Struct]) -> dict[str, Any]:
    members = _readers(struct)
    found: dict[str, Any] = {}
    for child in element.children:
        if member := members.get(child.name.lower()):
            name, raw = member
            found[name] = raw(child)
    return found


@cache
def _readers(struct: type[Struct]) -> dict[str, tuple[str, Raw]]:
    fields = msgspec.structs.fields(struct)
    return {f.encode_name.lower(): (f.encode_name, _raw(f.type)) for f in fields}


def _pairs(element: Element, raw: Raw) -> Any:
    """A dict of its entries; a list where one has no Key, for `lax` to refuse."""
    found: dict[str, Any] = {}
    for entry in element.children:
        parts = {part.name.lower(): part for part in entry.children}
        if "key" not in parts:
            return [entry.name]
        value = parts.get("value")
        found[parts["key"].text] = raw(value) if value else None
    return found


def _element(name: str, value: Any, inner: Inner) -> str:
    if value is None:
        return f'<{name} i:nil="true" />'
    text = inner(value)
    return f"<{name}>{text}</{name}>" if text else f"<{name} />"


@cache
def _inner(kind: Any) -> Inner:
    """What stands between the tags of a value of this type; TypeError for others."""
    kind = _bare(kind)
    parts = get_args(kind)
    if get_origin(kind) is list:
        return _items(named(parts[0]), _inner(parts[0]))
    if get_origin(kind) is dict:
        return _entries(_entry(parts[1]), _inner(parts[1]))
    if kind is object:
        return _whatever
    if kind in SIMPLE:
        return SIMPLE[kind]
    if isinstance(kind, type) and issubclass(kind, WireFlags):
        return lambda flags: flags.value.replace(",", "") if flags.number else ""
    if isinstance(kind, type) and issubclass(kind, WireEnum):
        return lambda member: member.value
    if isinstance(kind, type) and issubclass(kind, Struct):
        return lambda value: "".join(
            _element(name, getattr(value, attribute), inner)
            for name, attribute, inner in _writers(cast("Any", type(value)))
        )
    raise TypeError(f"{kind} has no XML; use a type that carriers have")


@cache
def _writers(struct: type[Struct]) -> list[tuple[str, str, Inner]]:
    fields = msgspec.structs.fields(struct)
    ordered = sorted(fields, key=lambda field: field.name not in BASE)
    return [(f.encode_name, f.name, _inner(f.type)) for f in ordered]


def _items(name: str, inner: Inner) -> Inner:
    return lambda items: "".join(_element(name, item, inner) for item in items)


def _entries(name: str, inner: Inner) -> Inner:
    return lambda pairs: "".join(
        f"<{name}>{_element('Key', key, _escaped)}{_element('Value', item, inner)}</{name}>"
        for key, item in pairs.items()
    )


def _whatever(value: object) -> str:
    """What stands between the tags of a value that only its own type tells of."""
    if isinstance(value, dict | list):
        return _inner(dict[str, object] if isinstance(value, dict) else list[object])(value)
    return _inner(type(value))(value)


def _escaped(text: str) -> str:
    return SPECIAL.sub(lambda found: ESCAPED.get(found[0], "\ufffd"), text)


def _date(shown: datetime | str) -> str:
    return shown if isinstance(shown, str) else shown.isoformat()


SIMPLE: dict[Any, Inner] = {
    str: _escaped,
    int: str,
    float: repr,
    datetime: _date,
    bool: lambda truth: "true" if truth else "false",
    bytes: lambda held: b2a_base64(held, newline=False).decode(),
}
