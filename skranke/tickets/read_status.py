"""The read mark: what its owner, another user, or somebody for many tickets does to it.

Source: SetTicketReadByOwner, ProcessTicketWhenRead and UpdateTicketsReadStatus of the
reference.
"""

from skranke.catalog.priorities.carriers import TicketPriorityEscalateAction as Action
from skranke.core.context import CurrentUser, RequestContext
from skranke.core.errors import NotFound
from skranke.tickets.carriers import TicketEntity, TicketReadStatus
from skranke.tickets.reference_data import ReferenceData
from skranke.tickets.row import TicketRow
from skranke.tickets.save import effects
from skranke.tickets.save.context import PLAIN_SAVE, SaveReason
from skranke.tickets.save.update import Mutation, UpdatedTicket, update_visible_ticket

READ_BY_USER, BATCH_READ, BATCH_UNREAD = 28, 30, 31  # TicketLogAction
Status = TicketReadStatus


def is_owner(row: TicketRow, user: CurrentUser) -> bool:
    """Whether a ticket is the caller's own."""
    return row.owned_by == user.ej_user_id > 0


async def mark_read_by_owner(
    context: RequestContext, ticket_id: int, status: TicketReadStatus, check_escalating: bool
) -> TicketEntity:
    """Set the mark of the caller's own ticket; any other ticket stays as it is."""

    def mark(row: TicketRow, _: ReferenceData) -> SaveReason | None:
        if status is Status.Unknown or not is_owner(row, context.user):
            return None
        row.read_status = status.number
        if status is not Status.Green:
            return PLAIN_SAVE
        effects.set_read_times(row, context.user, context.now)
        raised = (Action.ActionRead,) if check_escalating else ()
        return SaveReason(action=READ_BY_USER, escalation_actions=raised)

    return (await _update_mark(context, ticket_id, mark)).entity(context)


async def mark_opened(context: RequestContext, ticket_id: int) -> TicketEntity:
    """Note that the caller has a ticket before him: as owner it is read to the full.

    Of another user only the first to read it is kept.
    """

    def mark_row(row: TicketRow, _: ReferenceData) -> SaveReason:
        effects.set_read_times(row, context.user, context.now)
        if not is_owner(row, context.user):
            return SaveReason(action=READ_BY_USER)
        row.read_status = Status.Green.number
        return SaveReason(action=READ_BY_USER, escalation_actions=(Action.ActionRead,))

    return (await _update_mark(context, ticket_id, mark_row)).entity(context)


async def mark_all(
    context: RequestContext, ticket_ids: list[int], status: TicketReadStatus
) -> list[int]:
    """Set the mark of every ticket that the caller may see; the ids that changed.

    Yellow and Red mark as unread; Unknown marks nothing.
    """
    action = BATCH_READ if status is Status.Green else BATCH_UNREAD

    def mark(row: TicketRow, _: ReferenceData) -> SaveReason | None:
        row.read_status = status.number or row.read_status
        return SaveReason(action=action)

    changed: set[int] = set()
    for ticket_id in sorted(set(ticket_ids)):  # one order, lest two batches deadlock
        try:
            if (await _update_mark(context, ticket_id, mark)).has_changed:
                changed.add(ticket_id)
        except NotFound:
            continue
    return [wish for wish in dict.fromkeys(ticket_ids) if wish in changed]


async def _update_mark(context: RequestContext, ticket_id: int, alter: Mutation) -> UpdatedTicket:
    return await update_visible_ticket(context, "TicketEntityId", ticket_id, alter)
