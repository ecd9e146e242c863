"""List items of the MDO lists, as the wire has them."""

from msgspec import field

from skranke.core.schema import Carrier, FieldProperties, Instant, Int32, ListText, TableRight


class MDOListItem(Carrier):
    id: Int32 = 0
    name: ListText = ""
    tool_tip: ListText = ""
    deleted: bool = False
    rank: Int32 = 0
    type: str = ""
    child_items: list["MDOListItem"] = field(default_factory=list)
    icon_hint: str = ""
    color_block: Int32 = 0
    extra_info: str = ""
    style_hint: str = ""
    full_name: ListText = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class SelectableMDOListItem(Carrier):
    id: Int32 = 0
    name: ListText = ""
    tool_tip: ListText = ""
    deleted: bool = False
    rank: Int32 = 0
    type: str = ""
    color_block: Int32 = 0
    icon_hint: str = ""
    selected: bool = False
    last_changed: Instant = None
    child_items: list["SelectableMDOListItem"] = field(default_factory=list)
    extra_info: str = ""
    style_hint: str = ""
    hidden: bool = False
    full_name: ListText = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)
