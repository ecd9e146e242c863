"""Removing tickets for good, with their messages; their log stays.

Source: the manual on deleting requests and on spam; both wait the same number of days.
"""

from skranke.attachments.linking import orphan
from skranke.statuses.carriers import TicketBaseStatus
from skranke.store.database import value
from skranke.tickets.due import retention
from skranke.wire.call import Call

BIN = [TicketBaseStatus.Deleted.number, TicketBaseStatus.Spam.number]


async def purge(call: Call, ticket_id: int) -> bool:
    """Remove a deleted ticket or spam that nobody has touched for the retention time.

    False where that isn't so (any more).
    """
    files = await _files(call, ticket_id)
    removed: int | None = await call.db.fetchval(
        """
        DELETE FROM ticket WHERE id = $1 AND status = ANY ($2)
            AND last_changed <= $3 RETURNING id
        """,
        ticket_id,
        BIN,
        call.now - await retention(call.db),
    )
    await orphan(call.db, files, call.now)
    return removed is not None


async def remove(call: Call, ticket_id: int) -> None:
    """Remove a deleted ticket at once."""
    files = await _files(call, ticket_id)
    await call.db.execute(
        "DELETE FROM ticket WHERE id = $1 AND status = $2",
        ticket_id,
        TicketBaseStatus.Deleted.number,
    )
    await orphan(call.db, files, call.now)


async def _files(call: Call, ticket_id: int) -> list[int]:
    sql = """
        SELECT coalesce(array_agg(DISTINCT attachment_id), '{}')
        FROM ticket_attachment l JOIN ej_message m ON m.id = l.message_id
        WHERE m.ticket_id = $1
    """
    return await value(call.db, list[int], sql, ticket_id)
