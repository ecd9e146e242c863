"""Into the bin and out of it, many tickets at once.

Source: SetDeletedStatusByIds, SetSpamStatusByIds and UndeleteByIds of the reference.
"""

from collections.abc import Callable

from skranke.actions.trash.purge import TRASH_STATUSES
from skranke.catalog.statuses.carriers import TicketBaseStatus as Base
from skranke.core.context import RequestContext
from skranke.tickets.reference_data import ReferenceData
from skranke.tickets.row import TicketRow
from skranke.tickets.save import status_rules
from skranke.tickets.save.context import PLAIN_SAVE, SaveReason
from skranke.tickets.save.update import UpdatedTicket, update_ticket
from skranke.tickets.visibility import visible_ids

Alter = Callable[[TicketRow, ReferenceData], SaveReason | None]


def move_to(base: Base) -> Alter:
    """Puts a ticket under a base status with its default status, unless it is there."""

    def alter(row: TicketRow, lists: ReferenceData) -> SaveReason | None:
        if row.status == base.number:
            return None
        status_rules.set_base_status(row, base, lists.statuses, lists.types[row.ticket_type])
        return PLAIN_SAVE

    return alter


def restore(row: TicketRow, lists: ReferenceData) -> SaveReason | None:
    """Takes a ticket out of the bin: it is open again. None where it isn't there.

    A merged one is Merged again, as its messages are elsewhere.
    """
    if row.status not in TRASH_STATUSES:
        return None
    return move_to(Base.Merged if row.connect_id else Base.Active)(row, lists)


async def delete(context: RequestContext, ticket_id: int) -> UpdatedTicket | None:
    """Put a ticket into the bin; None where the caller sees no such ticket."""
    if not await visible_ids(context, [ticket_id]):
        return None
    return await update_ticket(context, ticket_id, move_to(Base.Deleted))


async def update_all(context: RequestContext, ticket_ids: list[int], alter: Alter) -> list[int]:
    """Do so with every ticket that the caller may see; the ids of those it changed."""
    changed: set[int] = set()
    seen = await visible_ids(context, ticket_ids)
    for ticket_id in sorted(seen):  # one order, lest two batches deadlock
        revised = await update_ticket(context, ticket_id, alter)
        if revised is not None and revised.has_changed:
            changed.add(ticket_id)
    return [wish for wish in seen if wish in changed]
