"""Where the id of a merged ticket leads.

Source: the manual on merging: who opens the old number comes to the ticket that it has
become part of.
"""

from skranke.db.database import Db
from skranke.tickets.sql import lock_ticket


async def final_ticket_id(db: Db, ticket_id: int) -> int:
    """Where a ticket's merges lead in the end; 0 without it, itself in a circle."""
    end: int | None = await db.fetchval(
        """
        WITH RECURSIVE path (id, connect_id) AS (
            SELECT id, connect_id FROM ticket WHERE id = $1
            UNION
            SELECT t.id, t.connect_id FROM path JOIN ticket t ON t.id = path.connect_id)
        SELECT coalesce((SELECT id FROM path p WHERE NOT EXISTS (
            SELECT FROM ticket WHERE id = p.connect_id)), (SELECT id FROM path LIMIT 1))
        """,
        ticket_id,
    )
    return end or 0


async def lock_final_ticket(db: Db, ticket_id: int) -> int:
    """Hold the ticket to which this one leads, also by a merge under way; its id.

    0 where there is none.
    """
    end = await final_ticket_id(db, ticket_id)
    await lock_ticket(db, end)
    # whoever held it until now may have merged it into another
    while (further := await final_ticket_id(db, end)) != end:
        end = further
        await lock_ticket(db, end)
    return end
