"""The lists that describe companies and persons, as their properties show an item."""

from msgspec import field

from skranke.core.enums import WireEnum
from skranke.core.schema import Carrier, FieldProperties, Int16, Int32, ListText, TableRight


class CategoryGroup(WireEnum):
    Unknown = "Unknown", 0
    Customer = "Customer", 1
    PotentialCustomer = "PotentialCustomer", 2
    Partner = "Partner", 3
    Lost = "Lost", 4
    Other = "Other", 5


class Business(Carrier):
    id: Int32 = 0
    value: ListText = ""
    tooltip: ListText = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class Category(Carrier):
    id: Int32 = 0
    value: ListText = ""
    tooltip: ListText = ""
    category_group: CategoryGroup = CategoryGroup.Unknown
    enable_lead_status: bool = False
    rank: Int32 = 0
    deleted: bool = False
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class Position(Carrier):
    id: Int32 = 0
    value: ListText = ""
    tooltip: ListText = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class CustomerLanguage(Carrier):
    id: Int32 = 0
    value: ListText = ""
    tooltip: ListText = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class MrMrs(Carrier):
    id: Int32 = 0
    value: ListText = ""
    tooltip: ListText = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class Source(Carrier):
    id: Int32 = 0
    value: ListText = ""
    tooltip: ListText = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class Country(Carrier):
    country_id: Int32 = 0
    name: ListText = ""
    currency_id: Int32 = 0
    english_name: str = ""
    two_letter_i_s_o_country: str = ""
    three_letter_i_s_o_country: str = ""
    image_description: str = ""
    org_nr_text: str = ""
    inter_area_prefix: str = ""
    dial_in_prefix: str = ""
    zip_prefix: str = ""
    domain_name: str = ""
    address_layout_id: Int32 = 0
    domestic_address_layout_id: Int32 = 0
    foreign_address_layout_id: Int32 = 0
    rank: Int16 = 0
    tooltip: ListText = ""
    deleted: bool = False
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class TicketPriority(Carrier):
    id: Int32 = 0
    value: ListText = ""
    tooltip: ListText = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)
