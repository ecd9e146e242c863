"""FieldProperties of a carrier: .NET type, length and the user's right.

Source: reference, carrier base members: `System.Int32` of 4, `System.DateTime` of 16,
the column's length in characters for strings, -1 if unlimited.
"""

from collections.abc import Callable
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from skranke.core.schema import (
    Carrier,
    FieldProperties,
    FieldProperty,
    FieldRight,
    Instant,
    WallTime,
)

LENGTHS = {
    "System.Int32": 4,
    "System.Int16": 2,
    "System.Boolean": 1,
    "System.Double": 8,
    "System.DateTime": 16,
}
BASE_MEMBERS = ("table_right", "field_properties")


def properties_of(shape: type[Carrier], right: Callable[[str], FieldRight]) -> FieldProperties:
    """A FieldProperty for each member of a carrier, by its wire name."""
    hints = get_type_hints(shape, include_extras=True)
    return {
        field.encode_name: _property(hints[field.name], right(field.name))
        for field in msgspec.structs.fields(shape)
        if field.name not in BASE_MEMBERS
    }


def _property(hint: Any, right: FieldRight) -> FieldProperty:
    name = _net_type(hint)
    length = _max_length(hint) if name == "System.String" else LENGTHS.get(name, -1)
    return FieldProperty(field_right=right, field_type=name, field_length=length)


def _net_type(hint: Any) -> str:
    if hint in (Instant, WallTime):
        return "System.DateTime"
    if hasattr(hint, "__metadata__"):
        return _net_type(get_args(hint)[0])
    if get_origin(hint) is list:
        return f"{_net_type(get_args(hint)[0])}[]"
    if get_origin(hint) is dict:
        return "SuperOffice.CRM.Services.StringDictionary"
    simple = {
        int: "System.Int32",
        str: "System.String",
        bool: "System.Boolean",
        float: "System.Double",
        bytes: "System.Byte[]",
    }
    if hint in simple:
        return simple[hint]
    kinds = [k for k in get_args(hint) if k is not type(None)] or [hint]
    space = "SuperOffice.CRM.Services" if issubclass(kinds[0], Carrier) else "SuperOffice.Data"
    return f"{space}.{kinds[0].__name__}"


def _max_length(hint: Any) -> int:
    marks = getattr(hint, "__metadata__", ())
    return next((m.max_length for m in marks if getattr(m, "max_length", None)), -1)
