"""Messages, as the Ticket agent has them."""

from skranke.core.context import Call, Right
from skranke.core.schema import Int32
from skranke.http.operation import operation
from skranke.messages import load, save, update
from skranke.messages.carriers import ImageEmbedType, TicketMessageEntity
from skranke.messages.inline_images import embed
from skranke.tickets.message_rows import TicketMessage


@operation("Ticket", right=Right.READ, transaction=False)
async def create_default_ticket_message_entity(call: Call) -> TicketMessageEntity:
    """A blank message of the caller's; nothing is saved."""
    return await save.default(call)


@operation("Ticket", right=Right.WRITE)
async def save_ticket_message_entity(
    call: Call, entity: TicketMessageEntity
) -> TicketMessageEntity:
    """The message as it is after the save: a new one for EjMessageId 0, else changed.

    Absent properties are kept. Nobody is told, and the ticket's status stays. NotFound
    for the message and for its ticket.
    """
    return await _saved(call, await save.save(call, entity))


@operation("Ticket", right=Right.WRITE)
async def save_ticket_message_entity_with_notify(
    call: Call, new_entity: TicketMessageEntity, notify: bool
) -> TicketMessageEntity:
    """As SaveTicketMessageEntity; with `notify` whoever follows the ticket is told."""
    return await _saved(call, await save.save(call, new_entity, notify=notify))


@operation("Ticket", right=Right.WRITE)
async def save_ticket_message_entity_with_options(
    call: Call,
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
    saved = await save.save(
        call, entity, notify=notify, attachment_ids=attachment_ids, set_replied=update_replied_at
    )
    return await _saved(call, saved)


async def _saved(call: Call, message_id: int) -> TicketMessageEntity:
    return await load.seen_message(call, "EjMessageId", message_id)


@operation("Ticket", right=Right.READ, query=("ticket_message_id",), transaction=False)
async def get_ticket_message(call: Call, ticket_message_id: Int32) -> TicketMessage | None:
    """A message as a ticket's rows show it; null without one."""
    return await load.row_of(call, ticket_message_id)


@operation("Ticket", right=Right.READ, query=("ticket_message_entity_id",), transaction=False)
async def get_ticket_message_entity(
    call: Call, ticket_message_entity_id: Int32
) -> TicketMessageEntity | None:
    """A message whole, its html made safe; null without one."""
    return await load.message_entity(call, ticket_message_entity_id)


@operation("Ticket", right=Right.READ, transaction=False)
async def get_ticket_message_entities(
    call: Call, ticket_id: Int32, message_ids: list[Int32]
) -> list[TicketMessageEntity]:
    """Messages of a ticket in the order of the ids; no ids mean all, by age.

    NotFound without the ticket; messages of others are left out.
    """
    return await load.message_entities(call, ticket_id, message_ids)


@operation("Ticket", right=Right.READ, transaction=False)
async def get_ticket_message_with_options(
    call: Call, ticket_message_entity_id: Int32, include_non_inline_attachments_info: bool
) -> TicketMessageEntity | None:
    """A message, with those of its files that are no images within the text, or none.

    Null without one.
    """
    found = await load.message_entity(call, ticket_message_entity_id, inline=False)
    if found and not include_non_inline_attachments_info:
        found.attachments_info = []
    return found


@operation("Ticket", right=Right.READ, transaction=False)
async def get_ticket_message_with_embedded_data(
    call: Call, id: Int32, embed_images: ImageEmbedType
) -> TicketMessageEntity | None:
    """A message with the images of its text within it, to be shown, not to be saved.

    `Link` leaves them as `cid:` links. Null without one.
    """
    found = await load.message_entity(call, id)
    if found and embed_images is ImageEmbedType.Inline:
        await embed(call, found)
    return found


@operation("Ticket", right=Right.WRITE)
async def delete_ticket_message_entity(call: Call, ticket_message_entity_id: Int32) -> None:
    """Remove a message, its headers and its links to files; the ticket counts anew.

    Without effect where there is no such message.
    """
    await update.remove(call, ticket_message_entity_id)


@operation("Ticket", right=Right.WRITE)
async def set_ticket_message_important(
    call: Call, ticket_message_id: Int32, important: bool
) -> None:
    """Mark a message as important, or no longer; NotFound without it."""
    await update.set_important(call, ticket_message_id, important=important)


@operation("Ticket", right=Right.WRITE)
async def delete_message_headers(call: Call, header_ids: list[Int32]) -> None:
    """Remove what stands above messages; NotFound for a header that isn't there."""
    await update.remove_headers(call, header_ids)
