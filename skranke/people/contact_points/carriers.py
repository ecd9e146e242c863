"""How companies and persons are reached: phones, e-mails, web sites and addresses."""

from msgspec import field

from skranke.core.enums import WireEnum
from skranke.core.schema import Carrier, FieldProperties, Int32, TableRight


class EntityElement(Carrier):
    value: str = ""
    stripped_value: str = ""
    description: str = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class AddressType(WireEnum):
    Unknown = "Unknown", 0
    ContactPostalAddress = "ContactPostalAddress", 1
    ContactStreetAddress = "ContactStreetAddress", 2
    PersonPrivateAddress = "PersonPrivateAddress", 16387
    QuoteBillingAddress = "QuoteBillingAddress", 8196
    QuoteShippingAddress = "QuoteShippingAddress", 8197


class LocalizedField(Carrier):
    name: str = ""
    value: str = ""
    tooltip: str = ""
    label: str = ""
    value_length: Int32 = 0
    address_type: str = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class StructuredAddress(Carrier):
    atype_idx: AddressType = AddressType.Unknown
    address1: str = ""
    address2: str = ""
    address3: str = ""
    city: str = ""
    county: str = ""
    state: str = ""
    zipcode: str = ""
    formatted: str = ""


class Address(Carrier):
    wgs84_latitude: float = 0.0
    wgs84_longitude: float = 0.0
    localized_address: list[list[LocalizedField]] = field(default_factory=list)
    street: StructuredAddress | None = None
    postal: StructuredAddress | None = None
    formatted: str = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)
