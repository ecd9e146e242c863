"""`DELETE /api/v1/Ticket/{id}`: the bin over REST."""

from skranke.actions.trash import operations
from skranke.core.context import Permission, RequestContext
from skranke.core.schema import Int32
from skranke.http.operation import resource
from skranke.tickets.resources import ENTITY_NAME, lock_and_load


@resource(
    "DELETE",
    "/api/v1/Ticket/{ticket_id}",
    permission=Permission.DELETE,
    transaction=True,
    about=ENTITY_NAME,
    name="DeleteTicketEntity",
)
async def delete_ticket(context: RequestContext, ticket_id: Int32) -> None:
    """Put a ticket into the bin; once it is there, remove it for good.

    NotFound without one, and PreconditionFailed by If-Unmodified-Since.
    """
    await lock_and_load(context, ticket_id)
    await operations.delete_ticket_entity(context, ticket_id)
