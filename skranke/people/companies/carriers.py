"""A company, whole and flat, as the wire has it."""

from msgspec import field

from skranke.archive.mdo.carriers import SelectableMDOListItem
from skranke.core.schema import (
    Carrier,
    FieldProperties,
    Instant,
    Int16,
    Int32,
    ListText,
    TableRight,
)
from skranke.http.links import Links, links
from skranke.people.carriers import Associate, Person
from skranke.people.contact_points.carriers import Address, EntityElement
from skranke.people.reference_data.carriers import (
    Business,
    Category,
    Country,
    CustomerLanguage,
    TicketPriority,
)


class SavedUtmParameters(Carrier):
    form_name: str = ""
    firsttouch_source: str = ""
    firsttouch_medium: str = ""
    firsttouch_campaign: str = ""
    firsttouch_term: str = ""
    firsttouch_content: str = ""
    firsttouch_referrer_domain: str = ""
    source: str = ""
    medium: str = ""
    campaign: str = ""
    term: str = ""
    content: str = ""
    referrer_domain: str = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class ContactEntity(Carrier):
    contact_id: Int32 = 0
    name: str = ""
    department: str = ""
    org_nr: str = ""
    number1: str = ""
    number2: str = ""
    updated_date: Instant = None
    created_date: Instant = None
    emails: list[EntityElement] = field(default_factory=list)
    interests: list[SelectableMDOListItem] = field(default_factory=list)
    urls: list[EntityElement] = field(default_factory=list)
    phones: list[EntityElement] = field(default_factory=list)
    faxes: list[EntityElement] = field(default_factory=list)
    description: str = ""
    updated_by: Associate | None = None
    created_by: Associate | None = None
    associate: Associate | None = None
    business: Business | None = None
    category: Category | None = None
    country: Country | None = None
    persons: list[Person] = field(default_factory=list)
    no_mailing: bool = False
    kananame: str = ""
    xstop: bool = False
    active_interests: Int32 = 0
    group_id: Int32 = 0
    active_status_monitor_id: Int32 = 0
    support_associate: Associate | None = None
    ticket_priority: TicketPriority | None = None
    customer_language: CustomerLanguage | None = None
    deleted: Int16 = 0
    dbi_agent_id: Int32 = 0
    dbi_last_syncronized: Instant = None
    dbi_key: str = ""
    dbi_last_modified: Instant = None
    support_person: Person | None = None
    address: Address | None = None
    source: Int16 = 0
    active_erp_links: Int32 = 0
    bounce_emails: list[str] = field(default_factory=list)
    domains: list[str] = field(default_factory=list)
    utm_parameters: SavedUtmParameters | None = None
    user_defined_fields: dict[str, str] = field(default_factory=dict)
    extra_fields: dict[str, str] = field(default_factory=dict)
    custom_fields: dict[str, str] = field(default_factory=dict)
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class ContactEntityWithLinks(ContactEntity):
    links: Links = links()


class Contact(Carrier):
    contact_id: Int32 = 0
    name: str = ""
    org_nr: str = ""
    department: str = ""
    url: str = field(name="URL", default="")
    city: str = ""
    direct_phone: str = ""
    associate_id: Int32 = 0
    country_id: Int32 = 0
    email_address: str = ""
    kananame: str = ""
    email_address_name: str = ""
    url_name: str = field(name="URLName", default="")
    associate_full_name: str = ""
    business_name: ListText = ""
    category_name: ListText = ""
    country_name: ListText = ""
    address: Address | None = None
    formatted_address: str = ""
    full_name: str = ""
    is_owner_contact: bool = False
    active_erp_links: Int32 = 0
    number1: str = ""
    number2: str = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class PreviewContact(Carrier):
    contact_id: Int32 = 0
    name: str = ""
    department: str = ""
    country_id: Int32 = 0
    number2: str = ""
    direct_phone: str = ""
    url: str = field(name="URL", default="")
    email_address: str = ""
    business_name: ListText = ""
    category_name: ListText = ""
    associate_full_name: str = ""
    address: Address | None = None


class DuplicateRule(Carrier):
    name: str = ""
    display_name: ListText = ""
    display_tooltip: ListText = ""
    is_active: bool = False
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class DuplicateEntry(Carrier):
    rule_name: str = ""
    so_primary_key: Int32 = 0
    entry_name: str = ""
    entry_identifier: str = ""
    rule_display_name: ListText = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)
