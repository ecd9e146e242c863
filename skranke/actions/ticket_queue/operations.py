"""Taking tickets, as the Ticket agent has it."""

from skranke.actions.ticket_queue import assign_next
from skranke.core.context import Call, Right
from skranke.core.schema import Int32
from skranke.http.operation import operation
from skranke.tickets.carriers import TicketEntity
from skranke.tickets.visibility import see_all


@operation("Ticket", right=Right.WRITE)
async def get_next_in_queue(call: Call) -> TicketEntity | None:
    """The most urgent ticket that waits, now the caller's; null where none waits.

    It waits in a status that is used in queues, in a category of the caller's, with no
    owner; the nearest deadline comes first. It leaves the queue's status.
    """
    taken = await assign_next.next_in_queue(call)
    return taken and taken.entity(call)


@operation("Ticket", right=Right.WRITE)
async def accept_tickets(call: Call, ticket_ids: list[Int32]) -> None:
    """Make tickets the caller's, with the status that the preference has for that.

    NotFound for one that the caller can't see; none is changed then.
    """
    await see_all(call, "TicketIds", ticket_ids)
    await assign_next.accept(call, ticket_ids)
