"""A tag, as the wire has it."""

from msgspec import field

from skranke.wire.carriers import (
    Carrier,
    FieldProperties,
    Int32,
    ListText,
    TableRight,
)


class Tag(Carrier):
    id: Int32 = 0
    name: ListText = ""
    tool_tip: ListText = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)
