"""Archive lists as the wire has them: questions, rows, columns."""

from msgspec import Struct, field

from skranke.archive.mdo.carriers import MDOListItem, SelectableMDOListItem
from skranke.core.enums import WireEnum
from skranke.core.schema import (
    Carrier,
    FieldProperties,
    Instant,
    Int32,
    ListText,
    Query,
    TableRight,
)

Row = dict[str, object]


class OrderBySortType(WireEnum):
    ASC = "ASC", 0
    DESC = "DESC", 1


class InterRestrictionOperator(WireEnum):
    None_ = "None", 0
    And = "And", 1
    Or = "Or", 2


class ArchiveColumnInfo(Carrier):
    display_name: ListText = ""
    display_tooltip: ListText = ""
    display_type: str = ""
    can_order_by: bool = False
    name: str = ""
    can_restrict_by: bool = False
    restriction_type: str = ""
    restriction_list_name: str = ""
    is_visible: bool = False
    width: str = ""
    icon_hint: str = ""
    heading_icon_hint: str = ""
    extra_info: str = ""


class ArchiveOrderByInfo(Carrier):
    name: str = ""
    direction: OrderBySortType = OrderBySortType.ASC


class ArchiveRestrictionInfo(Carrier):
    name: str = ""
    operator: str = ""
    values: list[str] = field(default_factory=list)
    display_values: list[str] = field(default_factory=list)
    column_info: ArchiveColumnInfo | None = None
    is_active: bool | None = None  # null counts as true
    sub_restrictions: list["ArchiveRestrictionInfo"] = field(default_factory=list)
    inter_parenthesis: Int32 = 0
    inter_operator: InterRestrictionOperator = InterRestrictionOperator.None_
    unique_hash: Int32 = 0


class ArchiveColumnData(Carrier):
    display_value: str = ""
    tooltip_hint: str = ""
    link_hint: str = ""


ColumnDataDictionary = dict[str, ArchiveColumnData]


class ArchiveListItem(Carrier):
    entity_name: str = ""
    primary_key: Int32 = 0
    column_data: ColumnDataDictionary = field(default_factory=dict)
    link_hint: str = ""
    style_hint: str = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class ArchiveListResult(Carrier):
    row_count: Int32 = 0
    rows: list[ArchiveListItem] = field(default_factory=list)
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class ArchiveConfiguration(Carrier):
    archive_column_info: list[ArchiveColumnInfo] = field(default_factory=list)
    archive_entity_info: list[SelectableMDOListItem] = field(default_factory=list)
    archive_order_by_info: list[ArchiveOrderByInfo] = field(default_factory=list)
    owner_keys: str = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class ActivityFilter(Carrier):
    from_date: Instant = None
    to_date: Instant = None
    associate_list: list[SelectableMDOListItem] = field(default_factory=list)
    group_list: list[SelectableMDOListItem] = field(default_factory=list)
    future_date_list: list[MDOListItem] = field(default_factory=list)
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class RelatedData(Carrier):
    field: str = ""
    field_value: ArchiveColumnData | None = None


class ArchiveOptions(Query):
    """What is asked of an archive; blank options have their usual value.

    `$select`, `$orderBy` and `$entities` are lists with commas, `$filter` is an
    expression; `$mode` is Slim, Wide or Full, `$inlineCount` False, Estimate, True or
    AllPages, `$metadata` asks for the columns instead of rows.
    """

    select: str = ""
    filter: str = ""
    order_by: str = ""
    entities: str = ""
    top: str = ""
    skip: str = ""
    mode: str = ""
    options: str = ""
    context: str = ""
    format: str = ""
    metadata: str = ""
    inline_count: str = ""
    json_safe: str = ""
    output: str = ""
    skip_token: str = ""


class ArchiveRows(Struct, kw_only=True):
    """Rows by column name; the next link is null where no more follow."""

    metadata: str = field(default="", name="odata.metadata")
    next_link: str | None = field(default=None, name="odata.nextLink")
    value: list[Row] = field(default_factory=list, name="value")


class CountedArchiveRows(ArchiveRows):
    """As ArchiveRows, with the number of rows on all pages together."""

    count: Int32 = field(default=0, name="odata.count")
