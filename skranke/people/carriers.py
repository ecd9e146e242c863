"""Associates, persons and the signed-in principal, as the wire has them."""

from msgspec import field

from skranke.core.enums import WireEnum
from skranke.core.schema import Carrier, FieldProperties, Instant, Int32, ListText, TableRight


class UserType(WireEnum):
    Unknown = "Unknown", 0
    InternalAssociate = "InternalAssociate", 1
    ResourceAssociate = "ResourceAssociate", 2
    ExternalAssociate = "ExternalAssociate", 3
    AnonymousAssociate = "AnonymousAssociate", 4
    SystemAssociate = "SystemAssociate", 5


class RoleType(WireEnum):
    Employee = "Employee", 0
    ExternalUser = "ExternalUser", 1
    Anonymous = "Anonymous", 2
    System = "System", 3


class EjUserStatus(WireEnum):
    StatusNone = "StatusNone", 0
    StatusNormal = "StatusNormal", 1
    StatusNotAvailable = "StatusNotAvailable", 2
    StatusDeleted = "StatusDeleted", 3
    StatusReadOnly = "StatusReadOnly", 4
    StatusSpm = "StatusSpm", 5
    StatusSystem = "StatusSystem", 127


class Associate(Carrier):
    associate_id: Int32 = 0
    name: str = ""
    person_id: Int32 = 0
    rank: Int32 = 0
    tooltip: ListText = ""
    type: UserType = UserType.Unknown
    group_idx: Int32 = 0
    full_name: str = ""
    formal_name: str = ""
    deleted: bool = False
    ej_user_id: Int32 = 0
    user_name: str = ""
    extra_fields: dict[str, str] = field(default_factory=dict)
    custom_fields: dict[str, str] = field(default_factory=dict)
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class Person(Carrier):
    position: str = ""
    person_id: Int32 = 0
    mrmrs: str = ""
    firstname: str = ""
    lastname: str = ""
    middle_name: str = ""
    title: str = ""
    description: str = ""
    email: str = ""
    full_name: str = ""
    direct_phone: str = ""
    formal_name: str = ""
    country_id: Int32 = 0
    contact_id: Int32 = 0
    contact_name: str = ""
    retired: Int32 = 0
    rank: Int32 = 0
    active_interests: Int32 = 0
    contact_department: str = ""
    contact_country_id: Int32 = 0
    contact_org_nr: str = ""
    fax_phone: str = ""
    mobile_phone: str = ""
    contact_phone: str = ""
    associate_name: str = ""
    associate_id: Int32 = 0
    use_person_address: bool = False
    contact_fax: str = ""
    kanafname: str = ""
    kanalname: str = ""
    post1: str = ""
    post2: str = ""
    post3: str = ""
    email_name: str = ""
    contact_full_name: str = ""
    active_erp_links: Int32 = 0
    ticket_priority_id: Int32 = 0
    support_language_id: Int32 = 0
    support_associate_id: Int32 = 0
    category_name: ListText = ""
    person_number: str = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class LicenseType(WireEnum):
    Unknown = "Unknown", 0
    SiteLicense = "SiteLicense", 1
    SatelliteLicense = "SatelliteLicense", 2
    UserLicense = "UserLicense", 3


class GrantedModuleLicense(Carrier):
    owner_id: Int32 = 0
    owner_name: str = ""
    owner_description: str = ""
    module_id: Int32 = 0
    name: str = ""
    description: str = ""
    version: str = ""
    license_type: LicenseType = LicenseType.Unknown
    extra_flags: Int32 = 0
    sort_order: Int32 = 0
    license_number: Int32 = 0
    is_hidden: bool = False
    is_unrestricted: bool = False
    expiry_date: Instant = None
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class ProvidedCredential(Carrier):
    type: str = ""
    search_name: str = ""
    display_name: str = ""
    credential_id: Int32 = 0


class SoPrincipalCarrier(Carrier):
    user_type: UserType = UserType.Unknown
    associate: str = ""
    associate_id: Int32 = 0
    is_person: bool = False
    person_id: Int32 = 0
    country_id: Int32 = 0
    home_country_id: Int32 = 0
    contact_id: Int32 = 0
    group_id: Int32 = 0
    business_id: Int32 = 0
    category_id: Int32 = 0
    contact_owner: Int32 = 0
    role_id: Int32 = 0
    role_name: ListText = ""
    role_description: ListText = ""
    role_type: RoleType = RoleType.Employee
    licenses: list[GrantedModuleLicense] = field(default_factory=list)
    full_name: str = ""
    e_mail_address: str = ""
    function_rights: list[str] = field(default_factory=list)
    ej_user_id: Int32 = 0
    ej_access_level: Int32 = 0
    ej_user_status: EjUserStatus = EjUserStatus.StatusNone
    provided_credentials: list[ProvidedCredential] = field(default_factory=list)
    secondary_groups: list[Int32] = field(default_factory=list)
    database_context_identifier: str = ""
