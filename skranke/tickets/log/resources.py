"""`/api/v1/Ticket/{id}/Log`: what was done to a ticket. Ours; the reference has none."""

from skranke.core.context import Permission, RequestContext
from skranke.core.schema import Int32
from skranke.http.operation import resource
from skranke.tickets.log import sql
from skranke.tickets.log.carriers import TicketLogEntry
from skranke.tickets.row import CHANGE_NUMBERS
from skranke.tickets.visibility import require_visible

MAX_ENTRIES = 1000
COLUMN_BY_NUMBER = {number: column for column, number in CHANGE_NUMBERS.items()}


@resource("GET", "/api/v1/Ticket/{ticket_id}/Log", permission=Permission.READ)
async def get_ticket_log(context: RequestContext, ticket_id: Int32) -> list[TicketLogEntry]:
    """The newest thousand entries of a ticket's log, the oldest of them first.

    NotFound unless the caller may see the ticket.
    """
    await require_visible(context, "TicketId", [ticket_id])
    entries = await sql.newest_entries(context.db, ticket_id, MAX_ENTRIES)
    for entry in entries:
        for change in entry.changes:
            change.property = COLUMN_BY_NUMBER.get(change.log_change, "")
    return entries
