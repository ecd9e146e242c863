"""The read mark: what its owner, another user, or somebody for many tickets does to it.

Source: SetTicketReadByOwner, ProcessTicketWhenRead and UpdateTicketsReadStatus of the
reference.
"""

from skranke.catalog.priorities.carriers import TicketPriorityEscalateAction as Action
from skranke.core.context import CurrentUser, RequestContext
from skranke.core.errors import NotFound
from skranke.tickets.carriers import TicketEntity, TicketReadStatus
from skranke.tickets.reference_data import Choices
from skranke.tickets.row import TicketRow
from skranke.tickets.save import effects
from skranke.tickets.save.context import NOTHING_MORE, Purpose
from skranke.tickets.save.update import Alter, Revised, revise_seen

READ_BY_USER, BATCH_READ, BATCH_UNREAD = 28, 30, 31  # TicketLogAction
Status = TicketReadStatus


def owns(row: TicketRow, user: CurrentUser) -> bool:
    """Whether a ticket is the caller's own."""
    return row.owned_by == user.ej_user_id > 0


async def read_by_owner(
    context: RequestContext, ticket_id: int, status: TicketReadStatus, check_escalating: bool
) -> TicketEntity:
    """Set the mark of the caller's own ticket; any other ticket stays as it is."""

    def mark(row: TicketRow, _: Choices) -> Purpose | None:
        if status is Status.Unknown or not owns(row, context.user):
            return None
        row.read_status = status.number
        if status is not Status.Green:
            return NOTHING_MORE
        effects.read(row, context.user, context.now)
        raised = (Action.ActionRead,) if check_escalating else ()
        return Purpose(action=READ_BY_USER, raised=raised)

    return (await _marked(context, ticket_id, mark)).entity(context)


async def opened(context: RequestContext, ticket_id: int) -> TicketEntity:
    """Note that the caller has a ticket before him: as owner it is read to the full.

    Of another user only the first to read it is kept.
    """

    def note(row: TicketRow, _: Choices) -> Purpose:
        effects.read(row, context.user, context.now)
        if not owns(row, context.user):
            return Purpose(action=READ_BY_USER)
        row.read_status = Status.Green.number
        return Purpose(action=READ_BY_USER, raised=(Action.ActionRead,))

    return (await _marked(context, ticket_id, note)).entity(context)


async def mark_all(
    context: RequestContext, ticket_ids: list[int], status: TicketReadStatus
) -> list[int]:
    """Set the mark of every ticket that the caller may see; the ids that changed.

    Yellow and Red mark as unread; Unknown marks nothing.
    """
    action = BATCH_READ if status is Status.Green else BATCH_UNREAD

    def mark(row: TicketRow, _: Choices) -> Purpose | None:
        row.read_status = status.number or row.read_status
        return Purpose(action=action)

    changed: set[int] = set()
    for ticket_id in sorted(set(ticket_ids)):  # one order, lest two batches deadlock
        try:
            if (await _marked(context, ticket_id, mark)).changed:
                changed.add(ticket_id)
        except NotFound:
            continue
    return [wish for wish in dict.fromkeys(ticket_ids) if wish in changed]


async def _marked(context: RequestContext, ticket_id: int, alter: Alter) -> Revised:
    return await revise_seen(context, "TicketEntityId", ticket_id, alter)
