"""`POST /api/v1/Ticket/Merge`: merging over REST."""

from skranke.actions.merge_split import operations
from skranke.core.context import Permission, RequestContext
from skranke.core.schema import Int32
from skranke.http.operation import resource
from skranke.tickets.carriers import TicketEntity
from skranke.tickets.resources import ENTITY_NAME


@resource(
    "POST",
    "/api/v1/Ticket/Merge",
    permission=Permission.WRITE,
    transaction=True,
    about=ENTITY_NAME,
    name="MergeTickets",
)
async def post_merge(
    context: RequestContext, merged_ticket_entity: TicketEntity, secondary_ticket_ids: list[Int32]
) -> TicketEntity:
    """The posted ticket with the messages and customers of the others."""
    return await operations.merge_tickets(context, merged_ticket_entity, secondary_ticket_ids)
