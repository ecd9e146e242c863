"""`/api/v1/Ticket/{id}/Notify…`: notifications over REST."""

from skranke.channels.notifications import operations
from skranke.core.context import Permission, RequestContext
from skranke.core.schema import Int32
from skranke.http.operation import resource

ENTITY = "TicketEntity"


@resource(
    "POST",
    "/api/v1/Ticket/{ticket_id}/NotifyNewTicket",
    permission=Permission.WRITE,
    transaction=True,
    about=ENTITY,
    name="NotifyNewTicket",
)
async def notify_new_ticket(context: RequestContext, ticket_id: Int32) -> None:
    """Tell of a ticket as of a new one; NotFound without it."""
    await operations.notify_new_ticket(context, ticket_id)


@resource(
    "POST",
    "/api/v1/Ticket/{ticket_id}/NotifyNewMessage",
    permission=Permission.WRITE,
    transaction=True,
    about=ENTITY,
    name="NotifyNewTicketMessage",
)
async def notify_new_message(context: RequestContext, ticket_id: Int32) -> None:
    """Tell of the last message of a ticket as of a new one; NotFound without it."""
    await operations.notify_new_ticket_message(context, ticket_id)
