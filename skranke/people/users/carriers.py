"""A user and what belongs to it, as the wire has it."""

from msgspec import field

from skranke.archive.mdo.carriers import MDOListItem
from skranke.core.enums import WireEnum
from skranke.core.schema import (
    Carrier,
    FieldProperties,
    Instant,
    Int16,
    Int32,
    ListText,
    TableRight,
)
from skranke.people.carriers import EjUserStatus, Person, UserType


class CredentialControlType(WireEnum):
    Static = "Static", 0
    Edit = "Edit", 1
    Password = "Password", 2
    Link = "Link", 3
    Hidden = "Hidden", 4


class CommandAction(WireEnum):
    Implicit = "Implicit", 0
    YesNo = "YesNo", 1
    OkCancel = "OkCancel", 2
    Ok = "Ok", 3


class CredentialType(Carrier):
    display_type: ListText = ""
    type: str = ""
    description: ListText = ""
    value_control: CredentialControlType = CredentialControlType.Static
    can_create_person: bool = False
    is_user_name_supported: bool = False
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class Credential(Carrier):
    type: CredentialType | None = None
    value: ListText = ""
    display_value: str = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class CustomCommand(Carrier):
    name: str = ""
    display_name: ListText = ""
    description: ListText = ""
    tool_tip: str = ""
    actions: CommandAction = CommandAction.Implicit
    action_data: str = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class ModuleLicenseLink(Carrier):
    unrestricted: bool = False
    total: Int32 = 0
    tooltip: ListText = ""
    can_assign: bool = False
    free: Int32 = 0
    in_use: Int32 = 0
    is_hidden: bool = False
    assigned: bool = False
    module_license_id: Int32 = 0
    name: str = ""
    description: ListText = ""
    prerequisite_module_name: str = ""
    sort_order: Int32 = 0
    extra_flags: Int32 = 0
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class LicenseOwner(Carrier):
    name: str = ""
    description: ListText = ""
    restricted_module_licenses: list[ModuleLicenseLink] = field(default_factory=list)
    unrestricted_module_licenses: list[ModuleLicenseLink] = field(default_factory=list)
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class Role(Carrier):
    id: Int32 = 0
    value: ListText = ""
    tooltip: ListText = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class UserGroup(Carrier):
    value: ListText = ""
    tooltip: ListText = ""
    id: Int32 = 0
    rank: Int16 = 0
    deleted: bool = False
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class UserPresenceStatus(Carrier):
    status: EjUserStatus = EjUserStatus.StatusNone
    message: str = ""


class UserValidationResult(Carrier):
    reason: str = ""
    result: bool = False
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class User(Carrier):
    associate_id: Int32 = 0
    name: str = ""
    rank: Int16 = 0
    tooltip: str = ""
    license_owners: list[LicenseOwner] = field(default_factory=list)
    role: Role | None = None
    user_group: UserGroup | None = None
    other_groups: list[UserGroup] = field(default_factory=list)
    person: Person | None = None
    deleted: bool = False
    lastlogin: Instant = None
    lastlogout: Instant = None
    ej_user_id: Int32 = 0
    request_signature: str = ""
    type: UserType = UserType.Unknown
    is_person_retired: bool = False
    is_on_travel: bool = False
    credentials: list[Credential] = field(default_factory=list)
    user_name: str = ""
    ticket_categories: list[MDOListItem] = field(default_factory=list)
    nick_name: str = ""
    waiting_for_approval: bool = False
    extra_fields: dict[str, str] = field(default_factory=dict)
    custom_fields: dict[str, str] = field(default_factory=dict)
    post_save_commands: list[CustomCommand] = field(default_factory=list)
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)
