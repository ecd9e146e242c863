"""Tickets that users take: chosen ones, or whichever is next.

Source: AcceptTickets and GetNextInQueue of the reference; the manual on the next
request in the queue.
"""

from skranke.catalog.categories.sql import Category
from skranke.catalog.statuses.carriers import TicketBaseStatus as Base
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.tickets.carriers import TicketReadStatus
from skranke.tickets.reference_data import SYSTEM_USER_ID, ReferenceData, load_reference_data
from skranke.tickets.row import TicketRow
from skranke.tickets.save.context import SaveReason
from skranke.tickets.save.update import UpdatedTicket, update_ticket

TAKES_OWNERSHIP = 20  # TicketLogAction


def check_user(context: RequestContext) -> None:
    """BadValue unless the caller is a user of Service, who alone can own a ticket."""
    if not context.user.ej_user_id:
        raise BadValue("TicketIds", f"{context.user.name} is no Service user")


def take(context: RequestContext, row: TicketRow, lists: ReferenceData) -> SaveReason:
    """Make a ticket the caller's, with the status for accepted ones where it is set."""
    row.owned_by = context.user.ej_user_id
    accepted = lists.statuses.by_id.get(lists.preferences.accept_status)
    if accepted and accepted.ticket_status_id not in lists.statuses.deleted:
        row.ticket_status = accepted.ticket_status_id
        row.status = accepted.status.number
    return SaveReason(action=TAKES_OWNERSHIP)


def take_from_queue(context: RequestContext, row: TicketRow, lists: ReferenceData) -> SaveReason:
    """As `take`; a ticket leaves its queue status where no other is set."""
    purpose = take(context, row, lists)
    if lists.statuses.by_id[row.ticket_status].used_in_queue:
        kind = lists.types[row.ticket_type]
        usual = (
            status
            for i, status in lists.statuses.by_id.items()
            if status.status is Base.Active
            and not status.used_in_queue
            and i not in lists.statuses.deleted
            and (not kind.statuses or i in kind.statuses)
        )
        if found := next(usual, None):
            row.ticket_status = found.ticket_status_id
            row.status = found.status.number
    row.read_status = TicketReadStatus.Green.number
    return purpose


async def assign_next(context: RequestContext) -> UpdatedTicket | None:
    """Give the caller the most urgent ticket that waits for him; None without any.

    Rows that another taker holds are passed over, so no two get the same.
    """
    check_user(context)
    lists = await context.get_cached(load_reference_data)
    ticket_id: int | None = await context.db.fetchval(
        """
        SELECT id FROM ticket
        WHERE owned_by = $1 AND ticket_status = ANY ($2) AND category = ANY ($3)
        ORDER BY deadline, created_at, id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
        """,
        SYSTEM_USER_ID,
        queue_statuses(lists),
        [i for i, c in lists.categories.items() if is_member(context, c)],
    )
    if ticket_id is None:
        return None

    def alter(row: TicketRow, lists: ReferenceData) -> SaveReason:
        return take_from_queue(context, row, lists)

    return await update_ticket(context, ticket_id, alter)


def queue_statuses(lists: ReferenceData) -> list[int]:
    """The statuses whose tickets wait in the queue."""
    known = lists.statuses
    return [i for i, s in known.by_id.items() if s.used_in_queue and i not in known.deleted]


def is_member(context: RequestContext, category: Category) -> bool:
    """Whether the caller works on a category's tickets."""
    return category.has_member(context.user.ej_user_id)


async def accept(context: RequestContext, ticket_ids: list[int]) -> None:
    """Make tickets the caller's, one after the other; they have been seen before."""
    check_user(context)
    for ticket_id in sorted(set(ticket_ids)):  # one order, lest two deadlock
        await update_ticket(context, ticket_id, lambda row, lists: take(context, row, lists))
