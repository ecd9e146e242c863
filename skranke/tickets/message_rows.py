"""A message in the rows that a ticket shows, as the wire has it."""

from msgspec import field

from skranke.core.enums import WireEnum
from skranke.core.schema import Carrier, FieldProperties, Instant, Int32, TableRight


class TicketSecurityLevel(WireEnum):
    Unknown = "Unknown", 0
    Internal = "Internal", 1
    External = "External", 2


class BadgeType(WireEnum):
    Unknown = "Unknown", 0
    Reply = "Reply", 1
    Forward = "Forward", 2
    Comment = "Comment", 3
    Incoming = "Incoming", 4
    Outgoing = "Outgoing", 5


class MessageHeaderStdItem(WireEnum):
    None_ = "None", 0
    Forward = "Forward", 1
    UnnamedAttachmentBlocked = "UnnamedAttachmentBlocked", 2
    NoAutoReply = "NoAutoReply", 3
    SentAutoReplyToCustomersA = "SentAutoReplyToCustomersA", 4
    SentAutoReplyToCustomersB = "SentAutoReplyToCustomersB", 5
    CustomerReadFAQ = "CustomerReadFAQ", 6
    ReplyTemplate = "ReplyTemplate", 7


class MessageHeaderStdItemCol(WireEnum):
    None_ = "None", 0
    Name = "Name", 1
    Value = "Value", 2


class TicketMessageHeader(Carrier):
    id: Int32 = 0
    name: str = ""
    value: str = ""
    std_item: MessageHeaderStdItem = MessageHeaderStdItem.None_
    std_item_col: MessageHeaderStdItemCol = MessageHeaderStdItemCol.None_
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class TicketMessage(Carrier):
    ticket_message_id: Int32 = 0
    created_at: Instant = None
    slevel: TicketSecurityLevel = TicketSecurityLevel.Unknown
    important: bool = False
    author: str = ""
    person_id: Int32 = 0
    person_full_name: str = ""
    contact_id: Int32 = 0
    contact_name: str = ""
    contact_department: str = ""
    num_attachments: Int32 = 0
    email_header: str = ""
    message_headers: list[TicketMessageHeader] = field(default_factory=list)
    language: str = ""
    sentiment: Int32 = 0
    sentiment_confidence: Int32 = 0
    created_by: Int32 = 0
    changed_at: Instant = None
    badge: BadgeType = BadgeType.Unknown
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)
