"""A save after which somebody is to be told.

Who that is, and how, is decided above: here it leaves as an event between rooms, in the
transaction of the save. Source: SaveTicketEntityWithNotify of the reference.
"""

from skranke.core.context import Call
from skranke.db.database import execute, value
from skranke.tickets.carriers import TicketEntity
from skranke.tickets.operations import save_ticket_entity

EVENT = "skranke.ticket.notify"


async def save_and_tell(call: Call, entity: TicketEntity) -> TicketEntity:
    """As SaveTicketEntity; the event says who owned it before, 0 for a new ticket."""
    async with call.db.transaction():
        owner = "SELECT owned_by FROM ticket WHERE id = $1"
        before = await value(call.db, int, owner, entity.ticket_id) or 0
        saved = await save_ticket_entity(call, entity)
        await execute(
            call.db,
            """
            INSERT INTO event_outbox
                (event, primary_key, changes, associate_id, happened)
            VALUES ($1, $2, $3, $4, $5)
            """,
            EVENT,
            saved.ticket_id,
            [f"owned_by={before}"],
            call.caller.associate_id,
            call.now,
        )
    return saved
