"""Messages, as the Ticket agent has them."""

from skranke.core.context import Permission, RequestContext
from skranke.core.schema import Int32
from skranke.http.operation import operation
from skranke.messages import load, save, update
from skranke.messages.carriers import ImageEmbedType, TicketMessageEntity
from skranke.messages.inline_images import embed_data_uris
from skranke.tickets.message_rows import TicketMessage


@operation("Ticket", permission=Permission.READ, transaction=False)
async def create_default_ticket_message_entity(context: RequestContext) -> TicketMessageEntity:
    """A blank message of the caller's; nothing is saved."""
    return await save.default_message(context)


@operation("Ticket", permission=Permission.WRITE)
async def save_ticket_message_entity(
    context: RequestContext, entity: TicketMessageEntity
) -> TicketMessageEntity:
    """The message as it is after the save: a new one for EjMessageId 0, else changed.

    Absent properties are kept. Nobody is told, and the ticket's status stays. NotFound
    for the message and for its ticket.
    """
    return await _load_saved(context, await save.save_message(context, entity))


@operation("Ticket", permission=Permission.WRITE)
async def save_ticket_message_entity_with_notify(
    context: RequestContext, new_entity: TicketMessageEntity, notify: bool
) -> TicketMessageEntity:
    """As SaveTicketMessageEntity; with `notify` whoever follows the ticket is told."""
    return await _load_saved(context, await save.save_message(context, new_entity, notify=notify))


@operation("Ticket", permission=Permission.WRITE)
async def save_ticket_message_entity_with_options(
    context: RequestContext,
    entity: TicketMessageEntity,
    notify: bool,
    attachment_ids: list[Int32],
    update_replied_at: bool,
) -> TicketMessageEntity:
    """As SaveTicketMessageEntity, with files, and as the ticket's first answer.

    RepliedAt is set where the message is the desk's, external, and the ticket has had
    no answer yet. A stored message gets the files besides its own. BadValue for a file
    that doesn't exist.
    """
    saved = await save.save_message(
        context, entity, notify=notify, attachment_ids=attachment_ids, set_replied=update_replied_at
    )
    return await _load_saved(context, saved)


async def _load_saved(context: RequestContext, message_id: int) -> TicketMessageEntity:
    return await load.require_message(context, "EjMessageId", message_id)


@operation("Ticket", permission=Permission.READ, query=("ticket_message_id",), transaction=False)
async def get_ticket_message(
    context: RequestContext, ticket_message_id: Int32
) -> TicketMessage | None:
    """A message as a ticket's rows show it; null without one."""
    return await load.load_visible_row(context, ticket_message_id)


@operation(
    "Ticket", permission=Permission.READ, query=("ticket_message_entity_id",), transaction=False
)
async def get_ticket_message_entity(
    context: RequestContext, ticket_message_entity_id: Int32
) -> TicketMessageEntity | None:
    """A message whole, its html made safe; null without one."""
    return await load.load_message_entity(context, ticket_message_entity_id)


@operation("Ticket", permission=Permission.READ, transaction=False)
async def get_ticket_message_entities(
    context: RequestContext, ticket_id: Int32, message_ids: list[Int32]
) -> list[TicketMessageEntity]:
    """Messages of a ticket in the order of the ids; no ids mean all, by age.

    NotFound without the ticket; messages of others are left out.
    """
    return await load.load_message_entities(context, ticket_id, message_ids)


@operation("Ticket", permission=Permission.READ, transaction=False)
async def get_ticket_message_with_options(
    context: RequestContext,
    ticket_message_entity_id: Int32,
    include_non_inline_attachments_info: bool,
) -> TicketMessageEntity | None:
    """A message, with those of its files that are no images within the text, or none.

    Null without one.
    """
    found = await load.load_message_entity(context, ticket_message_entity_id, inline=False)
    if found and not include_non_inline_attachments_info:
        found.attachments_info = []
    return found


@operation("Ticket", permission=Permission.READ, transaction=False)
async def get_ticket_message_with_embedded_data(
    context: RequestContext, id: Int32, embed_images: ImageEmbedType
) -> TicketMessageEntity | None:
    """A message with the images of its text within it, to be shown, not to be saved.

    `Link` leaves them as `cid:` links. Null without one.
    """
    found = await load.load_message_entity(context, id)
    if found and embed_images is ImageEmbedType.Inline:
        await embed_data_uris(context, found)
    return found


@operation("Ticket", permission=Permission.WRITE)
async def delete_ticket_message_entity(
    context: RequestContext, ticket_message_entity_id: Int32
) -> None:
    """Remove a message, its headers and its links to files; the ticket counts anew.

    Without effect where there is no such message.
    """
    await update.remove_message(context, ticket_message_entity_id)


@operation("Ticket", permission=Permission.WRITE)
async def set_ticket_message_important(
    context: RequestContext, ticket_message_id: Int32, important: bool
) -> None:
    """Mark a message as important, or no longer; NotFound without it."""
    await update.set_important(context, ticket_message_id, important=important)


@operation("Ticket", permission=Permission.WRITE)
async def delete_message_headers(context: RequestContext, header_ids: list[Int32]) -> None:
    """Remove what stands above messages; NotFound for a header that isn't there."""
    await update.remove_headers(context, header_ids)
