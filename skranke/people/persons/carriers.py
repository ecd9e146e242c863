"""A person, whole, as the wire has it; the flat one is in skranke.people.carriers."""

from msgspec import field

from skranke.archive.mdo.carriers import SelectableMDOListItem
from skranke.core.schema import (
    NO_WALL_TIME,
    Carrier,
    FieldProperties,
    Instant,
    Int16,
    Int32,
    ListText,
    TableRight,
    WallTime,
)
from skranke.http.links import Links, links
from skranke.people.carriers import Associate, UserType
from skranke.people.companies.carriers import Contact, SavedUtmParameters
from skranke.people.consents.carriers import ConsentInfo
from skranke.people.contact_points.carriers import Address, EntityElement
from skranke.people.reference_data.carriers import (
    Business,
    Category,
    Country,
    CustomerLanguage,
    Position,
    TicketPriority,
)


class UserInfo(Carrier):
    deleted: bool = False
    user_info_id: Int32 = 0
    user_name: str = ""
    person_id: Int32 = 0
    rank: Int16 = 0
    tooltip: str = ""
    user_group_id: Int32 = 0
    ej_user_id: Int32 = 0
    user_type: UserType = UserType.Unknown
    granted_licenses: list[str] = field(default_factory=list)
    can_logon: bool = False
    role_name: ListText = ""
    role_tooltip: ListText = ""
    user_group_name: ListText = ""
    user_group_tooltip: ListText = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class PersonEntity(Carrier):
    person_id: Int32 = 0
    firstname: str = ""
    middle_name: str = ""
    lastname: str = ""
    mrmrs: str = ""
    title: str = ""
    updated_date: Instant = None
    created_date: Instant = None
    birth_date: WallTime = NO_WALL_TIME
    created_by: Associate | None = None
    emails: list[EntityElement] = field(default_factory=list)
    description: str = ""
    is_associate: bool = False
    private_phones: list[EntityElement] = field(default_factory=list)
    faxes: list[EntityElement] = field(default_factory=list)
    mobile_phones: list[EntityElement] = field(default_factory=list)
    office_phones: list[EntityElement] = field(default_factory=list)
    other_phones: list[EntityElement] = field(default_factory=list)
    position: Position | None = None
    updated_by: Associate | None = None
    contact: Contact | None = None
    country: Country | None = None
    interests: list[SelectableMDOListItem] = field(default_factory=list)
    person_number: str = ""
    full_name: str = ""
    no_mailing: bool = False
    use_person_address: bool = False
    retired: bool = False
    urls: list[EntityElement] = field(default_factory=list)
    formal_name: str = ""
    address: Address | None = None
    post3: str = ""
    post2: str = ""
    post1: str = ""
    kanalname: str = ""
    kanafname: str = ""
    corresponding_associate: Associate | None = None
    category: Category | None = None
    business: Business | None = None
    associate: Associate | None = None
    salutation: str = ""
    active_interests: Int32 = 0
    support_associate: Associate | None = None
    ticket_priority: TicketPriority | None = None
    customer_language: CustomerLanguage | None = None
    dbi_agent_id: Int32 = 0
    dbi_key: str = ""
    dbi_last_modified: Instant = None
    dbi_last_syncronized: Instant = None
    sent_info: Int16 = 0
    show_contact_tickets: Int16 = 0
    user_info: UserInfo | None = None
    chat_emails: list[EntityElement] = field(default_factory=list)
    internet_phones: list[EntityElement] = field(default_factory=list)
    source: Int16 = 0
    active_erp_links: Int32 = 0
    shipment_types: list[SelectableMDOListItem] = field(default_factory=list)
    consents: list[ConsentInfo] = field(default_factory=list)
    bounce_emails: list[str] = field(default_factory=list)
    active_status_monitor_id: Int32 = 0
    created_by_form_id: Int32 = 0
    utm_parameters: SavedUtmParameters | None = None
    leadstatus_id: Int32 = 0
    leadstatus: str = ""
    user_defined_fields: dict[str, str] = field(default_factory=dict)
    extra_fields: dict[str, str] = field(default_factory=dict)
    custom_fields: dict[str, str] = field(default_factory=dict)
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class PersonEntityWithLinks(PersonEntity):
    links: Links = links()


class ResolvedPerson(Carrier):
    person: PersonEntity | None = None
    person_created: bool = False
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class PersonImage(Carrier):
    person_id: Int32 = 0
    image_data: bytes = b""
