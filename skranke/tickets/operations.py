"""What the Ticket agent does with tickets themselves."""

import msgspec

from skranke.archive.carriers import ArchiveRestrictionInfo
from skranke.catalog.priorities.carriers import TicketPriorityEscalateAction
from skranke.core.context import Permission, RequestContext
from skranke.core.errors import BadValue
from skranke.core.schema import Int32
from skranke.http.operation import operation
from skranke.tickets import archive, sql
from skranke.tickets import read_status as reading
from skranke.tickets.carriers import Ticket, TicketEntity, TicketReadStatus, TicketSummaryItem
from skranke.tickets.entity import entity, icon_hint
from skranke.tickets.escalation import service
from skranke.tickets.links import Links, RequestedLinks
from skranke.tickets.reference_data import load_reference_data
from skranke.tickets.rights import flat_field_properties, is_own_or_open, may_see, table_right
from skranke.tickets.save import service as saving
from skranke.tickets.save.defaults import default_row

ALL_PROPERTIES = frozenset(field.encode_name for field in msgspec.structs.fields(TicketEntity))


@operation("Ticket", permission=Permission.READ, transaction=False)
async def create_default_ticket_entity(context: RequestContext) -> TicketEntity:
    """A blank ticket with the caller's defaults; nothing is saved."""
    return await _default_entity(context, 0)


@operation("Ticket", permission=Permission.READ, transaction=False)
async def create_default_for_ticket_type(
    context: RequestContext, ticket_type_id: Int32
) -> TicketEntity:
    """A blank ticket with the defaults of a ticket type; 0 is the default type."""
    lists = await context.get_cached(load_reference_data)
    if ticket_type_id and ticket_type_id not in lists.types:
        raise BadValue("TicketTypeId", f"{ticket_type_id} does not exist")
    return await _default_entity(context, ticket_type_id)


async def _default_entity(context: RequestContext, ticket_type_id: int) -> TicketEntity:
    lists = await context.get_cached(load_reference_data)
    row = await default_row(context, lists, ticket_type_id)
    return entity(row, Links(), lists, context.user)


@operation("Ticket", permission=Permission.WRITE, transaction=False)
async def save_ticket_entity(context: RequestContext, entity: TicketEntity) -> TicketEntity:
    """The ticket as it is after the save: a new one for TicketId 0, else the changed.

    Absent properties are kept (a new ticket's are the default's); null clears Person,
    Sale and Project. Two saves of different properties at once both survive. Raises
    BadValue with property and id for what does not exist, NotFound for the ticket.
    Source: reference page of SaveTicketEntity.
    """
    if context.settings.strict_replace and entity.ticket_id:
        context = msgspec.structs.replace(context, given=ALL_PROPERTIES)
    if entity.ticket_id < 0:
        raise BadValue("TicketId", f"{entity.ticket_id} is no id")
    if entity.ticket_id:
        return await saving.save_existing(context, entity)
    return await saving.save_new(context, entity)


@operation("Ticket", permission=Permission.READ, query=("ticket_entity_id",), transaction=False)
async def get_ticket_entity(
    context: RequestContext, ticket_entity_id: Int32
) -> TicketEntity | None:
    """A ticket with all that hangs on it; null without one. Its read mark stays."""
    found = await sql.load_ticket(context.db, ticket_entity_id, RequestedLinks())
    if found is None:
        return None
    lists = await saving.reference_at(context, found.catalogue_version)
    if not may_see(found.row, lists, context.user):
        return None
    return entity(found.row, found.links, lists, context.user)


@operation("Ticket", permission=Permission.READ, query=("ticket_id",), transaction=False)
async def get_ticket(context: RequestContext, ticket_id: Int32) -> Ticket | None:
    """A ticket flat, with display names; null without one."""
    found = await _flat_tickets(context, [ticket_id])
    return found[0] if found else None


@operation("Ticket", permission=Permission.READ, transaction=False)
async def get_tickets(context: RequestContext, ticket_ids: list[Int32]) -> list[Ticket]:
    """Tickets flat, in the order of the ids; unknown ones are left out."""
    return await _flat_tickets(context, ticket_ids)


@operation("Ticket", permission=Permission.READ, transaction=False)
async def get_ticket_summaries(
    context: RequestContext, ticket_ids: list[Int32]
) -> list[TicketSummaryItem]:
    """Tickets by title, status and age, by the order of the ids; unknown ones not."""
    return [
        TicketSummaryItem(
            ticket_id=ticket.ticket_id,
            ticket_status=ticket.ticket_status,
            title=ticket.title,
            registered=ticket.created_at,
            icon_hint=icon_hint(ticket.base_status, ticket.read_status),
        )
        for ticket in await _flat_tickets(context, ticket_ids)
    ]


async def _flat_tickets(context: RequestContext, ticket_ids: list[int]) -> list[Ticket]:
    lists = await context.get_cached(load_reference_data)
    shown: list[Ticket] = []
    for ticket in await sql.load_flat_tickets(context.db, ticket_ids):
        if is_own_or_open(ticket.owned_by, ticket.category, lists, context.user):
            ticket.table_right = table_right(context.user.permissions)
            ticket.field_properties = flat_field_properties(context.user.permissions)
            shown.append(ticket)
    return shown


@operation("Ticket", permission=Permission.WRITE, transaction=False)
async def do_escalating(
    context: RequestContext, ticket_id: Int32, action: TicketPriorityEscalateAction
) -> None:
    """Stop, go on with or restart a ticket's escalation, as its priority has it.

    NotFound without the ticket. Source: DoEscalating and TicketPriorityEscalateAction
    of the reference.
    """
    await service.apply_escalation_action(context, ticket_id, action)


@operation("Ticket", permission=Permission.WRITE, transaction=False)
async def set_ticket_read_by_owner(
    context: RequestContext,
    ticket_entity_id: Int32,
    read_status: TicketReadStatus,
    check_escalating: bool,
) -> TicketEntity:
    """Set the read mark of the caller's own ticket; a ticket of others stays as it is.

    Unknown sets nothing. NotFound without the ticket.
    """
    return await reading.mark_read_by_owner(
        context, ticket_entity_id, read_status, check_escalating
    )


@operation("Ticket", permission=Permission.WRITE, transaction=False)
async def process_ticket_when_read(
    context: RequestContext, ticket_entity_id: Int32
) -> TicketEntity:
    """Note that the caller reads a ticket: its owner's mark turns Green.

    Of anybody else only the first is kept. NotFound without the ticket.
    """
    return await reading.mark_opened(context, ticket_entity_id)


@operation("Ticket", permission=Permission.WRITE)
async def update_tickets_read_status(
    context: RequestContext, ticket_ids: list[Int32], new_status: TicketReadStatus
) -> list[Int32]:
    """Set the read mark of many tickets; the ids of those that it changed.

    What the caller can't see is left out. Source: UpdateTicketsReadStatus of the
    reference.
    """
    return await reading.mark_all(context, ticket_ids, new_status)


@operation("Ticket", permission=Permission.WRITE)
async def update_tickets_read_status_by_provider(
    context: RequestContext,
    provider: str,
    restrictions: list[ArchiveRestrictionInfo],
    new_status: TicketReadStatus,
) -> list[Int32]:
    """Set the read mark of the tickets that an archive finds; those that it changed.

    BadValue without restrictions, and for a provider of anything but tickets.
    """
    ticket_ids = await archive.matching_ticket_ids(context, provider, restrictions)
    return await reading.mark_all(context, ticket_ids, new_status)
