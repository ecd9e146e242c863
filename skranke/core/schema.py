"""Building blocks of carriers: the base struct, date types and rights.

Source: TableRight, FieldRight and FieldProperty of the reference. A null date is None
in Python and `0001-01-01T00:00:00` on the wire.
"""

from datetime import datetime
from functools import cache
from typing import Annotated, Any, get_args

import msgspec
from msgspec import Meta, Struct

from skranke.core.enums import WireFlags

# A point in time, always aware and in UTC; None is the wire's null date.
Instant = Annotated[datetime | None, "instant"]
# A local date or time of day: naive, never converted between zones.
WallTime = Annotated[datetime, Meta(tz=False), "wall"]
Int32 = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]
Int16 = Annotated[int, Meta(ge=-(2**15), le=2**15 - 1)]
# A name or reason that comes from the product or its lists and is translated to the
# user's language; text that people wrote is a plain str.
ListText = Annotated[str, "listtext"]
NO_WALL_TIME = datetime.min  # noqa: DTZ901 - the wire's null date is naive by definition


class Carrier(Struct, rename="pascal", kw_only=True, forbid_unknown_fields=True):
    """A struct of the wire; its fields are in the reference's order."""


class Query(Struct, kw_only=True, rename=lambda name: f"${_camel(name)}"):
    """Query options of an address; an operation's parameter of this type is read from them.

    A field `order_by` is the option `$orderBy`, in any case.
    """


def _camel(snake: str) -> str:
    first, *others = snake.split("_")
    return first + "".join(word.capitalize() for word in others)


class ETableRight(WireFlags):
    None_ = "None", 0
    Select = "Select", 1
    Update = "Update", 2
    UR = "Select, Update", 3
    Insert = "Insert", 4
    RI = "Select, Insert", 5
    URI = "Select, Update, Insert", 7
    Delete = "Delete", 8
    UDR = "Select, Update, Delete", 11
    FULL = "Select, Update, Insert, Delete", 15
    Filtering = "Filtering", 16
    RF = "Select, Filtering", 17
    FI = "Insert, Filtering", 20
    RestrictedUpdate = "RestrictedUpdate", 32
    URU = "Update, RestrictedUpdate", 34
    WRITE = "Update, Insert, RestrictedUpdate", 38
    Unused1 = "Unused1", 64
    Uninitialized = "Uninitialized", 128
    R = "Select", 1
    F = "Filtering", 16


class EFieldRight(WireFlags):
    None_ = "None", 0
    Read = "Read", 1
    Write = "Write", 2
    Update = "Update", 3
    Unused1 = "Unused1", 4
    Unused2 = "Unused2", 8
    Unused3 = "Unused3", 16
    Unused4 = "Nullable", 32
    UIHintMandatory = "UIHintMandatory", 64
    UIHintReadOnly = "UIHintReadOnly", 128
    UIHints = "UIHintMandatory, UIHintReadOnly", 192
    UndefinedValue256 = "UndefinedValue256", 256
    Nullable = "Nullable", 32


class TableRight(Carrier):
    mask: ETableRight = ETableRight.None_
    reason: ListText = ""


class FieldRight(Carrier):
    mask: EFieldRight = EFieldRight.None_
    reason: ListText = ""


class FieldProperty(Carrier):
    field_right: FieldRight | None = None
    field_type: str = ""
    field_length: Int32 = 0


FieldProperties = dict[str, FieldProperty]


def structs_in(kind: Any) -> list[type[Struct]]:
    """The Structs that a type contains: `dict[str, Tag | None]` → `[Tag]`."""
    if isinstance(kind, type) and issubclass(kind, Struct):
        return [kind]
    return [struct for part in get_args(kind) for struct in structs_in(part)]


@cache
def structs_under(struct: type[Struct]) -> frozenset[type[Struct]]:
    """Every Struct that a value of this Struct may contain, at any depth."""
    found: set[type[Struct]] = set()
    pending = [struct]
    while pending:
        for field in msgspec.structs.fields(pending.pop()):
            new = set(structs_in(field.type)) - found
            found |= new
            pending += new
    return frozenset(found)


@cache
def posted_member(request: type[Struct]) -> tuple[str, type[Struct]] | None:
    """The member of a request that is the posted entity: its only carrier, if it has just one.

    None for carriers themselves, because their members are parts of the entity.
    """
    if issubclass(request, Carrier):
        return None
    fields = msgspec.structs.fields(request)
    found = [
        (f.encode_name, f.type)
        for f in fields
        if isinstance(f.type, type) and issubclass(f.type, Carrier)
    ]
    return found[0] if len(found) == 1 else None
