"""A save after which somebody is to be told.

Who that is, and how, is decided above: here it leaves as an event between rooms, in the
transaction of the save. Source: SaveTicketEntityWithNotify of the reference.
"""

from skranke.core.context import RequestContext
from skranke.db.database import execute, value
from skranke.tickets.carriers import TicketEntity
from skranke.tickets.operations import save_ticket_entity

NOTIFY_EVENT = "skranke.ticket.notify"


async def save_and_notify(context: RequestContext, entity: TicketEntity) -> TicketEntity:
    """As SaveTicketEntity; the event says who owned it before, 0 for a new ticket."""
    async with context.db.transaction():
        owner = "SELECT owned_by FROM ticket WHERE id = $1"
        before = await value(context.db, int, owner, entity.ticket_id) or 0
        saved = await save_ticket_entity(context, entity)
        await execute(
            context.db,
            """
            INSERT INTO event_outbox
                (event, primary_key, changes, associate_id, happened)
            VALUES ($1, $2, $3, $4, $5)
            """,
            NOTIFY_EVENT,
            saved.ticket_id,
            [f"owned_by={before}"],
            context.user.associate_id,
            context.now,
        )
    return saved
