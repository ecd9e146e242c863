"""The wire's types as JSON Schema 2020-12: each carrier and enum is a named component.

A schema shows what the server writes. The server reads more: property names in any case,
enums by number, dates in other spellings, null for a type's default.
"""

import re
from collections.abc import Iterable
from enum import Enum
from types import NoneType
from typing import Annotated, Any, cast, get_args, get_origin

import msgspec
from msgspec import Meta, Struct

from skranke.core.enums import WireEnum, WireFlags
from skranke.core.schema import Instant, Int32, WallTime, structs_in, structs_under
from skranke.http.formats.json_patch import Patch

Schema = dict[str, Any]

INT32 = {"type": "integer", "format": "int32", "minimum": -(2**31), "maximum": 2**31 - 1}
PLAIN_TYPES: dict[Any, Schema] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number", "format": "double"},
    str: {"type": "string"},
    bytes: {"type": "string", "contentEncoding": "base64"},
}
DAY_PATTERN = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
TIME_PATTERN = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,7})?"
# not `format: date-time`, because RFC 3339 requires an offset, which is absent here
DATE_SCHEMAS: dict[str, Schema] = {
    "DateTime": {
        "type": "string",
        "pattern": f"^{DAY_PATTERN}T{TIME_PATTERN}(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])?$",
        "description": "A point in time. Without an offset it is local to the "
        "installation's base time zone; `0001-01-01T00:00:00` is the null date.",
        "examples": ["2026-03-02T10:00:00", "0001-01-01T00:00:00"],
    },
    "WallTime": {
        "type": "string",
        "pattern": f"^{DAY_PATTERN}T{TIME_PATTERN}$",
        "description": "A local date or time of day, never converted between time zones.",
        "examples": ["0001-01-01T08:00:00"],
    },
}


PATCH_SCHEMA: Schema = {
    "oneOf": [
        {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "op": {"enum": ["add", "remove", "replace", "test"]},
                    "path": {"type": "string"},
                    "value": {},
                },
                "required": ["op", "path"],
            },
        },
        {"type": "object"},
    ],
    "description": "A JSON Patch (RFC 6902), or a merge patch (RFC 7396).",
}


class DuplicateName(Exception):
    """Two types have the same name in the document; rename one of them."""


def schema(kind: Any) -> Schema:
    """The schema of a type: plain types inline, carriers and enums by reference.

    TypeError for a type that carriers cannot contain.
    """
    if kind in (Instant, WallTime):
        return _reference("DateTime" if kind == Instant else "WallTime")
    if kind == Int32:
        return INT32
    if kind == Patch:
        return PATCH_SCHEMA
    if get_origin(kind) is Annotated:
        base, *metas = get_args(kind)
        return schema(base) | _bounds(metas)
    parts = get_args(kind)
    if get_origin(kind) is list:
        return {"type": "array", "items": schema(parts[0])}
    if get_origin(kind) is dict:
        return {"type": "object", "additionalProperties": schema(parts[1])}
    if NoneType in parts:
        [held] = [part for part in parts if part is not NoneType]
        return {"anyOf": [schema(held), {"type": "null"}]}
    if kind is object:
        return {}
    if kind in PLAIN_TYPES:
        return PLAIN_TYPES[kind]
    if isinstance(kind, type) and issubclass(kind, Struct | WireEnum | WireFlags):
        return _reference(kind.__name__)
    raise TypeError(f"{kind} has no schema; use a type that carriers have")


def components(kinds: Iterable[Any]) -> dict[str, Schema]:
    """The schemas, by name, of every named type that these types contain at any depth."""
    named: dict[str, Any] = {}
    for kind in sorted(_named_types(kinds), key=lambda kind: kind.__name__):
        if kind.__name__ in named or kind.__name__ in DATE_SCHEMAS:
            raise DuplicateName(f"{kind.__module__}.{kind.__name__}: the name is taken")
        named[kind.__name__] = kind
    return DATE_SCHEMAS | {name: _component(kind) for name, kind in named.items()}


def _named_types(kinds: Iterable[Any]) -> set[Any]:
    """The Structs and enums in these types, at any depth."""
    kinds = list(kinds)
    tops = {struct for kind in kinds for struct in structs_in(kind)}
    structs = tops.union(*map(structs_under, tops))
    fields = [field.type for s in structs for field in msgspec.structs.fields(s)]
    return {*structs, *(enum for kind in (*kinds, *fields) for enum in _enums_in(kind))}


def _enums_in(kind: Any) -> list[type[Enum]]:
    if isinstance(kind, type) and issubclass(kind, WireEnum | WireFlags):
        return [kind]
    return [enum for part in get_args(kind) for enum in _enums_in(part)]


def _component(kind: Any) -> Schema:
    if issubclass(kind, WireFlags):
        return _flags(kind)
    if issubclass(kind, WireEnum):
        return _enum(kind)
    return _object(kind)


def _object(struct: type[Struct]) -> Schema:
    fields = msgspec.structs.fields(struct)
    shown: Schema = {"type": "object"}
    if struct.__doc__:
        shown["description"] = struct.__doc__
    shown["properties"] = {field.encode_name: schema(field.type) for field in fields}
    if required := [field.encode_name for field in fields if field.required]:
        shown["required"] = required
    return shown


def _enum(kind: type[WireEnum]) -> Schema:
    return {
        "type": "string",
        "enum": [member.value for member in kind],
        "description": f"Also read by number: {_numbers(kind)}.",
    }


def _flags(kind: type[WireFlags]) -> Schema:
    name = "|".join(re.escape(member.value) for member in _single_members(kind))
    return {
        "type": "string",
        "pattern": f"^({name})(, ({name}))*$",
        "description": "Names joined by a comma and a blank. Also read as the sum of "
        f"their numbers: {_numbers(kind)}.",
    }


def _single_members(kind: Any) -> list[Any]:
    """The members that stand for a single flag."""
    return [member for member in kind if "," not in member.value]


def _numbers(kind: Any) -> str:
    return ", ".join(f"{member.value} {member.number}" for member in _single_members(kind))


def _bounds(metas: list[Any]) -> Schema:
    words = {"ge": "minimum", "le": "maximum", "max_length": "maxLength"}
    return {
        word: bound
        for meta in cast("list[Meta]", metas)
        for name, word in words.items()
        if (bound := getattr(meta, name, None)) is not None
    }


def _reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}
