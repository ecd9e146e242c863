"""A tag, as tickets show it and as an item of its list."""

from msgspec import field

from skranke.core.schema import Carrier, FieldProperties, Int32, ListText, TableRight


class Tag(Carrier):
    id: Int32 = 0
    name: ListText = ""
    tool_tip: ListText = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class ListItemEntity(Carrier):
    id: Int32 = 0
    name: ListText = ""
    tooltip: ListText = ""
    deleted: bool = False
    ud_list_definition_id: Int32 = 0
    rank: Int32 = 0
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)
