"""What the wire knows of a message that is being written."""

from msgspec import field

from skranke.core.enums import WireEnum, WireFlags
from skranke.core.schema import Carrier
from skranke.messages.attachments.carriers import AttachmentEntity


class MessageActionType(WireEnum):
    None_ = "None", 0
    Reply = "Reply", 1
    ReplyAll = "ReplyAll", 2
    Forward = "Forward", 3
    InternalComment = "InternalComment", 4


class RecipientType(WireEnum):
    To = "To", 0
    CC = "CC", 1
    BCC = "BCC", 3
    Sms = "Sms", 4


class HtmlSanitizerOptions(WireFlags):
    Default = "Default", 0
    RemoveComment = "RemoveComment", 1


class Recipient(Carrier):
    type: RecipientType = RecipientType.To
    value: str = ""
    display_value: str = ""


class TicketMessageContent(Carrier):
    body: str = ""
    attachments_info: list[AttachmentEntity] = field(default_factory=list)
