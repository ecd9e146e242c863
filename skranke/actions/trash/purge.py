"""Removing tickets for good, with their messages and files; their log stays.

The files are left to a trigger of the attachments, which knows whether they hang on
anything else. Source: the manual on deleting requests and on spam; both wait the same
number of days.
"""

from skranke.catalog.statuses.carriers import TicketBaseStatus
from skranke.core.context import RequestContext
from skranke.tickets.escalation.due import trash_retention

TRASH_STATUSES = [TicketBaseStatus.Deleted.number, TicketBaseStatus.Spam.number]


async def purge(context: RequestContext, ticket_id: int) -> bool:
    """Remove a deleted ticket or spam that nobody has touched for the retention time.

    False where that isn't so (any more).
    """
    removed: int | None = await context.db.fetchval(
        """
        DELETE FROM ticket WHERE id = $1 AND status = ANY ($2)
            AND last_changed <= $3 RETURNING id
        """,
        ticket_id,
        TRASH_STATUSES,
        context.now - await trash_retention(context.db),
    )
    return removed is not None


async def remove(context: RequestContext, ticket_id: int) -> None:
    """Remove a deleted ticket at once."""
    await context.db.execute(
        "DELETE FROM ticket WHERE id = $1 AND status = $2",
        ticket_id,
        TicketBaseStatus.Deleted.number,
    )
