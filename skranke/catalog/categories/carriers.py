"""A ticket category, as the wire has it."""

from msgspec import field

from skranke.catalog.statuses.carriers import TicketStatusEntity
from skranke.core.enums import WireEnum, WireFlags
from skranke.core.schema import Carrier, FieldProperties, Int32, ListText, TableRight


class TicketCategoryFlags(WireFlags):
    Unknown = "Unknown", 0
    Internal = "Internal", 1
    OnlyLoggedInUsers = "OnlyLoggedInUsers", 2
    DefaultToCategoryMaster = "DefaultToCategoryMaster", 4
    ListInMain = "ListInMain", 8
    RedelegateNewMsg = "RedelegateNewMsg", 16
    DelegateToOurContact = "DelegateToOurContact", 32
    PropagateReplyTemplate = "PropagateReplyTemplate", 64
    MembersOnly = "MembersOnly", 128
    NotifyMembers = "NotifyMembers", 256
    AcceptWhenReplying = "AcceptWhenReplying", 512


class TicketCategoryDelegateMethod(WireEnum):
    Unknown = "Unknown", 0
    Even = "Even", 1
    Weighted = "Weighted", 2
    Unfair = "Unfair", 3
    Not = "Not", 4


class TicketCategoryClosingStatus(WireEnum):
    UserDefined = "UserDefined", 0
    Active = "Active", 1
    Closed = "Closed", 2
    Postponed = "Postponed", 3


class TicketCategory(Carrier):
    id: Int32 = 0
    value: ListText = ""
    tooltip: ListText = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class TicketCategoryEntity(Carrier):
    ticket_category_id: Int32 = 0
    parent_id: Int32 = 0
    name: ListText = ""
    fullname: ListText = ""
    category_master: Int32 = 0
    flags: TicketCategoryFlags = TicketCategoryFlags.Unknown
    delegate_method: TicketCategoryDelegateMethod = TicketCategoryDelegateMethod.Unknown
    external_name: ListText = ""
    closing_status: TicketCategoryClosingStatus = TicketCategoryClosingStatus.UserDefined
    msg_closing_status: TicketCategoryClosingStatus = TicketCategoryClosingStatus.UserDefined
    assignment_lag: Int32 = 0
    reply_template: Int32 = 0
    notification_email: str = ""
    default_ticket_status: TicketStatusEntity | None = None
    default_message_status: TicketStatusEntity | None = None
    effective_reply_template_id: Int32 = 0
    extra_fields: dict[str, str] = field(default_factory=dict)
    custom_fields: dict[str, str] = field(default_factory=dict)
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)
