"""Taking tickets, as the Ticket agent has it."""

from skranke.actions.ticket_queue import assign_next
from skranke.core.context import Permission, RequestContext
from skranke.core.schema import Int32
from skranke.http.operation import operation
from skranke.tickets.carriers import TicketEntity
from skranke.tickets.visibility import require_visible


@operation("Ticket", permission=Permission.WRITE)
async def get_next_in_queue(context: RequestContext) -> TicketEntity | None:
    """The most urgent ticket that waits, now the caller's; null where none waits.

    It waits in a status that is used in queues, in a category of the caller's, with no
    owner; the nearest deadline comes first. It leaves the queue's status.
    """
    taken = await assign_next.assign_next(context)
    return taken and taken.entity(context)


@operation("Ticket", permission=Permission.WRITE)
async def accept_tickets(context: RequestContext, ticket_ids: list[Int32]) -> None:
    """Make tickets the caller's, with the status that the preference has for that.

    NotFound for one that the caller can't see; none is changed then.
    """
    await require_visible(context, "TicketIds", ticket_ids)
    await assign_next.accept(context, ticket_ids)
