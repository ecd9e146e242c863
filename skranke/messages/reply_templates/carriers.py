"""Ready texts as the wire has them."""

from msgspec import field

from skranke.core.schema import Carrier, FieldProperties, Instant, Int32, TableRight
from skranke.messages.attachments.carriers import AttachmentEntity


class QuickReply(Carrier):
    quick_reply_id: Int32 = 0
    name: str = ""
    html_body: str = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class PreviewQuickReply(Carrier):
    name: str = ""
    updated_by_full_name: str = ""
    updated: Instant = None
    html_body: str = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class PreviewReplyTemplate(Carrier):
    name: str = ""
    description: str = ""
    owned_by_full_name: str = ""
    updated: Instant = None
    body: str = ""
    is_html: bool = False
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class ReplyTemplateParsed(Carrier):
    reply_template_id: Int32 = 0
    plain_parsed: str = ""
    html_parsed: str = ""
    attachments: list[AttachmentEntity] = field(default_factory=list)
    subject: str = ""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)
