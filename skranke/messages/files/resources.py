"""Files of messages and tickets over REST."""

from skranke.core.context import Permission, RequestContext
from skranke.core.schema import Int32
from skranke.http.operation import resource
from skranke.messages.attachments.carriers import AttachmentEntity
from skranke.messages.files import operations


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
