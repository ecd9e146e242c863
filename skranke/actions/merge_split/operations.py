"""Merging and splitting, as the Ticket agent has it."""

from skranke.actions.merge_split import merge, split
from skranke.core.context import Permission, RequestContext
from skranke.core.schema import Instant, Int32
from skranke.http.operation import operation
from skranke.messages.carriers import TicketMessageEntity
from skranke.tickets.carriers import TicketEntity
from skranke.tickets.merged_redirect import final_ticket_id
from skranke.tickets.operations import get_ticket_entity
from skranke.tickets.visibility import visible_ids


@operation("Ticket", permission=Permission.WRITE)
async def merge_tickets(
    context: RequestContext, merged_ticket_entity: TicketEntity, secondary_ticket_ids: list[Int32]
) -> TicketEntity:
    """The posted ticket with the messages and customers of the others.

    The others become Merged and lead to it. Of the posted ticket what it has is saved,
    the rest kept. NotFound for a ticket that the caller can't see, BadValue for one
    that is merged already.
    """
    return await merge.merge(context, merged_ticket_entity, secondary_ticket_ids)


@operation("Ticket", permission=Permission.READ, transaction=False)
async def resolve_ticket_id(context: RequestContext, ticket_id: Int32) -> Int32:
    """The ticket that a merged one has become part of, over any number of merges.

    A ticket that isn't merged resolves to itself; 0 where there is none that the
    caller may see.
    """
    end = await final_ticket_id(context.db, ticket_id)
    return end if await visible_ids(context, [end]) else 0


@operation("Ticket", permission=Permission.READ, transaction=False)
async def get_for_rm_ui(context: RequestContext, ticket_id: Int32) -> TicketEntity | None:
    """A ticket as the user interface opens it; null without one.

    The id of a merged ticket leads to the one that it has become part of. The read mark
    stays: ProcessTicketWhenRead sets it.
    """
    return await get_ticket_entity(context, await final_ticket_id(context.db, ticket_id))


@operation("Ticket", permission=Permission.WRITE)
async def split_ticket(
    context: RequestContext,
    source_ticket_entity_id: Int32,
    source_ticket_entity_status_id: Int32,
    source_ticket_entity_activate: Instant,
    transfer_message_ids: list[Int32],
    new_ticket_entity: TicketEntity,
) -> TicketEntity:
    """The new ticket, to which these messages of the source have gone.

    It has the source's customers, origin, address, sale and project where none are
    posted. The source gets the status; 0 keeps its own. NotFound for the source,
    BadValue for messages of others and for the status.
    """
    return await split.split(
        context,
        source_ticket_entity_id,
        source_ticket_entity_status_id,
        source_ticket_entity_activate,
        transfer_message_ids,
        new_ticket_entity,
    )


@operation("Ticket", permission=Permission.WRITE)
async def split_ticket_message(
    context: RequestContext,
    source_ticket_message: TicketMessageEntity,
    new_ticket_entity: TicketEntity,
    new_ticket_message: TicketMessageEntity,
    transfer_attachments_ids: list[Int32],
) -> TicketEntity:
    """The new ticket with the new message; the old message keeps its edited text.

    These files go from the old message to the new one. NotFound for the old message,
    BadValue for files that don't hang on it.
    """
    return await split.split_message(
        context,
        source_ticket_message,
        new_ticket_entity,
        new_ticket_message,
        transfer_attachments_ids,
    )
