"""`/api/v1/Presence`: who looks at or writes on which ticket. Ours."""

from skranke.channels.live import sql
from skranke.channels.live.carriers import TicketPresence
from skranke.core.context import Permission, RequestContext
from skranke.core.schema import Int32
from skranke.http.operation import resource
from skranke.tickets.visibility import require_visible, visible_ids

PRESENCE_EVENT = "presence"


@resource("GET", "/api/v1/Presence", permission=Permission.READ)
async def get_presence(context: RequestContext) -> list[TicketPresence]:
    """Who has which ticket open, of the tickets that the caller may see."""
    present = await sql.present(context.db)
    seen: set[int] = (
        set(await visible_ids(context, [one.ticket_id for one in present])) if present else set()
    )
    return [
        TicketPresence(
            associate_id=one.associate_id,
            name=one.name,
            ticket_id=one.ticket_id,
            writing=one.writing,
        )
        for one in present
        if one.ticket_id in seen
    ]


@resource(
    "PUT",
    "/api/v1/Presence/{ticket_id}",
    permission=Permission.READ,
    query=("writing",),
    transaction=True,
)
async def put_presence(context: RequestContext, ticket_id: Int32, writing: bool = False) -> None:
    """Say that the caller has a ticket open; it holds for 40 seconds.

    NotFound unless the caller may see the ticket.
    """
    await require_visible(context, "TicketId", [ticket_id])
    who = context.user.associate_id
    if await sql.see(context.db, who, ticket_id, writing=writing):
        await sql.record(context.db, [(PRESENCE_EVENT, ticket_id, who)])


@resource("DELETE", "/api/v1/Presence/{ticket_id}", permission=Permission.READ, transaction=True)
async def delete_presence(context: RequestContext, ticket_id: Int32) -> None:
    """Say that the caller has closed a ticket."""
    who = context.user.associate_id
    await sql.leave(context.db, who, ticket_id)
    await sql.record(context.db, [(PRESENCE_EVENT, ticket_id, who)])
