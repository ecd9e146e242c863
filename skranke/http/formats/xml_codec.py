"""XML in and out. Source: reference, XML of the content types.

Decoding accepts local names in any case and order and ignores namespaces; the root of an
object may have any name. The tree is converted to the dicts, lists and texts of
equivalent JSON and decoded by `lenient`.

Encoding writes the vendor's data contracts without their namespace. The rights of a
carrier come first, because they are members of the base class there; the other members
follow in the reference's order.
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
from skranke.http.formats import lenient, localise
from skranke.http.formats.xml_tree import Element, parse_xml

INSTANCE_NAMESPACE = "http://www.w3.org/2001/XMLSchema-instance"
BASE_MEMBERS = ("table_right", "field_properties")
TYPE_NAMES: dict[Any, str] = {
    int: "int",
    str: "string",
    bool: "boolean",
    float: "double",
    bytes: "base64Binary",
    datetime: "dateTime",
}
# markup, the carriage return that parsers would drop, and characters that XML forbids
SPECIAL_CHARACTER = re.compile("[&<>\r\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}

RawReader = Callable[[Element], Any]
InnerWriter = Callable[[Any], str]


def decode(body: bytes, shape: Any, locale: Locale) -> tuple[Any, frozenset[str]]:
    """The body as `shape`, and the wire names of the members it really had.

    MalformedRequest or BadValue names the member, by the same path as in JSON, and the reason.
    """
    value, given = lenient.to_shape(_raw_reader(shape)(parse_xml(body)), shape)
    localise.to_utc(value, locale)
    return value, given


def encode(value: Any, locale: Locale, shape: Any = None) -> bytes:
    """The value as XML in UTF-8, without a declaration.

    `shape` is its type; it is needed for null, arrays and dictionaries. Characters that
    XML forbids, such as most control characters, become U+FFFD.
    """
    shape = cast("Any", type(value)) if shape is None else shape
    root = element_name(shape)
    element = _element(root, localise.to_wire(value, locale), _inner_writer(shape))
    return f'<{root} xmlns:i="{INSTANCE_NAMESPACE}"{element[len(root) + 1 :]}'.encode()


def element_name(kind: Any) -> str:
    """The element name of a root or an item: `Person`, `int`, `ArrayOfint`."""
    kind = _bare_type(kind)
    parts = get_args(kind)
    if get_origin(kind) is list:
        return f"ArrayOf{element_name(parts[0])}"
    if get_origin(kind) is dict:
        return "StringDictionary" if parts[1] is str else f"{element_name(parts[1])}Dictionary"
    return TYPE_NAMES.get(kind) or cast("str", kind.__name__)


def _entry_name(kind: Any) -> str:
    """The element name of a dictionary's entries, by the type of its values."""
    return f"{'String' if kind is str else element_name(kind) + 'Dictionary'}KeyValuePair"


def _bare_type(kind: Any) -> Any:
    """The type without annotations and without null."""
    parts = get_args(kind)
    if get_origin(kind) is Annotated:
        return _bare_type(parts[0])
    if NoneType in parts:
        return _bare_type(next(part for part in parts if part is not NoneType))
    return kind


@cache
def _raw_reader(kind: Any) -> RawReader:
    """The function that converts an element to the input of `lenient` for this type."""
    kind = _bare_type(kind)
    parts = get_args(kind)
    if get_origin(kind) is list:
        item = _raw_reader(parts[0])
        return _container_reader(lambda e: [item(child) for child in e.children])
    if get_origin(kind) is dict:
        value = _raw_reader(parts[1])
        return _container_reader(lambda e: _pairs(e, value))
    if isinstance(kind, type) and issubclass(kind, Struct):
        return _container_reader(lambda e: _object(e, kind))
    return _text


def _container_reader(read: RawReader) -> RawReader:
    """Read nil as null; pass bare text on, so that `lenient` rejects it."""

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
def _readers(struct: type[Struct]) -> dict[str, tuple[str, RawReader]]:
    fields = msgspec.structs.fields(struct)
    return {f.encode_name.lower(): (f.encode_name, _raw_reader(f.type)) for f in fields}


def _pairs(element: Element, raw: RawReader) -> Any:
    """A dict of the entries; a list if one has no Key, so that `lenient` rejects it."""
    found: dict[str, Any] = {}
    for entry in element.children:
        parts = {part.name.lower(): part for part in entry.children}
        if "key" not in parts:
            return [entry.name]
        value = parts.get("value")
        found[parts["key"].text] = raw(value) if value else None
    return found


def _element(name: str, value: Any, inner: InnerWriter) -> str:
    if value is None:
        return f'<{name} i:nil="true" />'
    text = inner(value)
    return f"<{name}>{text}</{name}>" if text else f"<{name} />"


@cache
def _inner_writer(kind: Any) -> InnerWriter:
    """The function that writes the content of an element; TypeError for other types."""
    kind = _bare_type(kind)
    parts = get_args(kind)
    if get_origin(kind) is list:
        return _items(element_name(parts[0]), _inner_writer(parts[0]))
    if get_origin(kind) is dict:
        return _entries(_entry_name(parts[1]), _inner_writer(parts[1]))
    if kind is object:
        return _write_untyped
    if kind in SIMPLE_WRITERS:
        return SIMPLE_WRITERS[kind]
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
def _writers(struct: type[Struct]) -> list[tuple[str, str, InnerWriter]]:
    fields = msgspec.structs.fields(struct)
    ordered = sorted(fields, key=lambda field: field.name not in BASE_MEMBERS)
    return [(f.encode_name, f.name, _inner_writer(f.type)) for f in ordered]


def _items(name: str, inner: InnerWriter) -> InnerWriter:
    return lambda items: "".join(_element(name, item, inner) for item in items)


def _entries(name: str, inner: InnerWriter) -> InnerWriter:
    return lambda pairs: "".join(
        f"<{name}>{_element('Key', key, _escape)}{_element('Value', item, inner)}</{name}>"
        for key, item in pairs.items()
    )


def _write_untyped(value: object) -> str:
    """The content of an element whose declared type is unknown."""
    if isinstance(value, dict | list):
        return _inner_writer(dict[str, object] if isinstance(value, dict) else list[object])(value)
    return _inner_writer(type(value))(value)


def _escape(text: str) -> str:
    return SPECIAL_CHARACTER.sub(lambda found: ESCAPES.get(found[0], "\ufffd"), text)


def _date(shown: datetime | str) -> str:
    return shown if isinstance(shown, str) else shown.isoformat()


SIMPLE_WRITERS: dict[Any, InnerWriter] = {
    str: _escape,
    int: str,
    float: repr,
    datetime: _date,
    bool: lambda truth: "true" if truth else "false",
    bytes: lambda held: b2a_base64(held, newline=False).decode(),
}
