"""A message whole, as the wire has it."""

from typing import Annotated

from msgspec import Meta, field

from skranke.core.enums import WireEnum
from skranke.core.schema import Carrier, FieldProperties, Instant, Int32, TableRight
from skranke.http.links import Links, links
from skranke.messages.attachments.carriers import AttachmentEntity
from skranke.people.carriers import Associate, Person
from skranke.tickets.carriers import Ticket
from skranke.tickets.message_rows import BadgeType, TicketMessageHeader, TicketSecurityLevel


class TicketMessageType(WireEnum):
    Unknown = "Unknown", 0
    Plain = "Plain", 1
    Html = "Html", 2


class TicketMessageCategory(WireEnum):
    Message = "Message", 0
    Bounce = "Bounce", 1
    OutboxFailed = "OutboxFailed", 2


class ImageEmbedType(WireEnum):
    Link = "Link", 0
    Inline = "Inline", 1


class TicketMessageEntity(Carrier):
    ej_message_id: Int32 = 0
    ticket: Ticket | None = None
    created_at: Instant = None
    created_by: Associate | None = None
    author: Annotated[str, Meta(max_length=255)] = ""
    slevel: TicketSecurityLevel = TicketSecurityLevel.Unknown
    type: TicketMessageType = TicketMessageType.Unknown
    message_id: Annotated[str, Meta(max_length=850)] = ""
    time_spent: Int32 = 0
    body: str = ""
    html_body: str = ""
    email_header: str = ""
    debug_info: str = ""
    mail_sorter: str = ""
    message_category: TicketMessageCategory = TicketMessageCategory.Message
    person: Person | None = None
    search_title: str = ""
    message_headers: list[TicketMessageHeader] = field(default_factory=list)
    important: bool = False
    language: str = ""
    sentiment: Int32 = 0
    sentiment_confidence: Int32 = 0
    badge: BadgeType = BadgeType.Unknown
    attachments_info: list[AttachmentEntity] = field(default_factory=list)
    extra_fields: dict[str, str] = field(default_factory=dict)
    custom_fields: dict[str, str] = field(default_factory=dict)
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class TicketMessageEntityWithLinks(TicketMessageEntity):
    links: Links = links()
