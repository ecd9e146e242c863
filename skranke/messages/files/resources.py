"""Files of messages and tickets over REST."""

from skranke.catalog.extra_fields.carriers import CustomFieldInfo
from skranke.core.context import Permission, RequestContext
from skranke.core.errors import NotFound
from skranke.core.schema import Int32
from skranke.http.formats.scalars import shorten
from skranke.http.operation import resource
from skranke.messages.attachments.carriers import AttachmentEntity
from skranke.messages.files import operations
from skranke.messages.load import require_message
from skranke.tickets.visibility import require_visible


@resource(
    "GET",
    "/api/v1/TicketMessage/{message_id}/Attachment",
    permission=Permission.READ,
    about="TicketMessageEntity",
    name="GetAttachmentInfo",
)
async def get_message_attachments(
    context: RequestContext, message_id: Int32
) -> list[AttachmentEntity]:
    """The files of a message; NotFound without it."""
    return await operations.get_attachment_info(context, message_id)


@resource(
    "POST",
    "/api/v1/TicketMessage/{message_id}/Attachment",
    permission=Permission.WRITE,
    about="TicketMessageEntity",
    name="AddAttachments",
    bare=True,
    transaction=True,
)
async def post_message_attachments(
    context: RequestContext, message_id: Int32, attachment_ids: list[Int32]
) -> None:
    """Hang files on a message, by a bare list of their ids; NotFound, BadValue."""
    await operations.add_attachments(context, message_id, attachment_ids)


@resource(
    "GET",
    "/api/v1/Ticket/{ticket_id}/Attachments",
    permission=Permission.READ,
    about="TicketEntity",
    name="GetTicketAttachments",
)
async def get_ticket_attachments(
    context: RequestContext, ticket_id: Int32
) -> list[AttachmentEntity]:
    """The files of all messages of a ticket, each once; NotFound without it."""
    return await operations.get_ticket_attachments(context, ticket_id)


@resource(
    "GET",
    "/api/v1/TicketMessage/{message_id}/Attachment/Noninline",
    permission=Permission.READ,
    about="TicketMessageEntity",
    name="GetAttachmentInfoNonInline",
)
async def get_noninline_attachments(
    context: RequestContext, message_id: Int32
) -> list[AttachmentEntity]:
    """The files of a message but for the pictures within its text; NotFound without it."""
    return await operations.get_attachment_info_non_inline(context, message_id)


@resource(
    "GET",
    "/api/v1/Ticket/{ticket_id}/ForeignKey",
    permission=Permission.READ,
    about="TicketEntity",
    name="GetForeignKeys",
)
async def get_ticket_foreign_keys(
    context: RequestContext, ticket_id: Int32
) -> list[dict[str, object]]:
    """No foreign keys, as this desk keeps none; NotFound without the ticket."""
    await require_visible(context, "TicketId", [ticket_id])
    return []


@resource(
    "GET",
    "/api/v1/TicketMessage/{message_id}/ForeignKey",
    permission=Permission.READ,
    about="TicketMessageEntity",
    name="GetForeignKeys",
)
async def get_message_foreign_keys(
    context: RequestContext, message_id: Int32
) -> list[dict[str, object]]:
    """No foreign keys, as this desk keeps none; NotFound without the message."""
    await require_message(context, "TicketMessageId", message_id)
    return []


@resource(
    "GET",
    "/api/v1/TicketMessage/CustomField",
    permission=Permission.READ,
    about="TicketMessageEntity",
    name="GetCustomFieldInfoList",
)
async def get_message_custom_fields(context: RequestContext) -> list[CustomFieldInfo]:
    """No custom fields, as messages have none here."""
    _ = context
    return []


@resource(
    "GET",
    "/api/v1/TicketMessage/CustomField/{field_name}",
    permission=Permission.READ,
    about="TicketMessageEntity",
    name="GetCustomFieldInfo",
)
async def get_message_custom_field(context: RequestContext, field_name: str) -> CustomFieldInfo:
    """NotFound, as messages have no custom fields here."""
    _ = context
    raise NotFound(f"CustomField {shorten(field_name)!r} not found")
