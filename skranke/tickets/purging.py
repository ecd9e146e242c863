"""The bin: what is put there, and what lies there long enough to be removed for good.

Source: the manual on deleting requests and on spam; both wait the same number of days.
"""

from skranke.statuses.carriers import TicketBaseStatus
from skranke.store.database import Db
from skranke.tickets.choices import Choices
from skranke.tickets.due import retention
from skranke.tickets.occasion import NOTHING_MORE, Purpose
from skranke.tickets.row import TicketRow
from skranke.wire.call import Call

BIN = [TicketBaseStatus.Deleted.number, TicketBaseStatus.Spam.number]


def bin_it(row: TicketRow, lists: Choices) -> Purpose | None:
    """Turn a ticket into a deleted one; None where it is one already."""
    if row.status == TicketBaseStatus.Deleted.number:
        return None
    row.status = TicketBaseStatus.Deleted.number
    row.ticket_status = lists.statuses.defaults[
        TicketBaseStatus.Deleted
    ].ticket_status_id
    return NOTHING_MORE


async def purge(call: Call, ticket_id: int) -> bool:
    """Remove a deleted ticket or spam that nobody has touched for the retention time.

    False where that isn't so (any more).
    """
    removed: int | None = await call.db.fetchval(
        """
        DELETE FROM ticket WHERE id = $1 AND status = ANY ($2)
            AND last_changed <= $3 RETURNING id
        """,
        ticket_id,
        BIN,
        call.now - await retention(call.db),
    )
    return removed is not None


async def remove(db: Db, ticket_id: int) -> None:
    """Remove a deleted ticket at once, with its messages; its log stays."""
    await db.execute(
        "DELETE FROM ticket WHERE id = $1 AND status = $2",
        ticket_id,
        TicketBaseStatus.Deleted.number,
    )
