"""Files of messages, as the Ticket agent has them."""

from skranke.core.context import Permission, RequestContext
from skranke.core.schema import Int32
from skranke.http.operation import operation
from skranke.messages import sql
from skranke.messages.attachments.carriers import (
    AttachmentEntity,
    AttachmentPreview,
    DocumentPreview,
)
from skranke.messages.attachments.linking import files_of_messages
from skranke.messages.files import attach, preview
from skranke.messages.load import require_ticket_of
from skranke.tickets.visibility import require_visible


@operation("Ticket", permission=Permission.WRITE)
async def add_attachments(
    context: RequestContext, ticket_message_entity_id: Int32, attachment_ids: list[Int32]
) -> None:
    """Hang files on a message. NotFound for it, BadValue for a file."""
    await attach.attach_files(context, ticket_message_entity_id, attachment_ids)


@operation("Ticket", permission=Permission.WRITE)
async def remove_message_attachments(
    context: RequestContext, ticket_message_entity_id: Int32, attachment_ids: list[Int32]
) -> None:
    """Take files off a message. NotFound for it, BadValue for one that isn't there."""
    await attach.detach_files(context, ticket_message_entity_id, attachment_ids)


@operation("Ticket", permission=Permission.READ, transaction=False)
async def get_attachment_info(
    context: RequestContext, ticket_message_entity_id: Int32
) -> list[AttachmentEntity]:
    """The files of a message, images of its text included; NotFound without it."""
    return await _files_of(context, ticket_message_entity_id, inline=True)


@operation("Ticket", permission=Permission.READ, transaction=False)
async def get_attachment_info_non_inline(
    context: RequestContext, ticket_message_entity_id: Int32
) -> list[AttachmentEntity]:
    """The files of a message that are no images of its text; NotFound without it."""
    return await _files_of(context, ticket_message_entity_id, inline=False)


async def _files_of(
    context: RequestContext, message_id: int, *, inline: bool
) -> list[AttachmentEntity]:
    await require_ticket_of(context, "TicketMessageEntityId", message_id)
    found = await files_of_messages(context.db, [message_id], inline=inline)
    return found.get(message_id, [])


@operation("Ticket", permission=Permission.READ, transaction=False)
async def get_ticket_attachments(
    context: RequestContext, ticket_entity_id: Int32
) -> list[AttachmentEntity]:
    """The files of all messages of a ticket, each once, by message; NotFound."""
    await require_visible(context, "TicketEntityId", [ticket_entity_id])
    messages = await sql.ids_of_ticket(context.db, ticket_entity_id)
    linked = await files_of_messages(context.db, messages)
    files = [file for message in messages for file in linked.get(message, [])]
    return list({file.attachment_id: file for file in files}.values())


@operation("Ticket", permission=Permission.READ, transaction=False)
async def get_attachment_preview(
    context: RequestContext, attachment_id: Int32
) -> AttachmentPreview:
    """A file's content with html made safe; of a mail also sender, subject and files.

    The files within a mail have their position as id. NotFound without content.
    """
    return await preview.preview(context, attachment_id)


@operation("Ticket", permission=Permission.READ, transaction=False)
async def get_preview_attachment_stream(
    context: RequestContext, attachment_id: Int32
) -> DocumentPreview:
    """A file's content as a preview, html made safe; NotFound without content."""
    return await preview.document_preview(context, attachment_id)
