"""Replacing over REST. Source: reference, List resources of the REST interface."""

from skranke.core.context import Permission, RequestContext
from skranke.core.schema import Int32
from skranke.http.operation import resource
from skranke.tickets.replace import service

CHANGE = "/api/v1/List/TicketStatus/{from_ticket_status_id}/ChangeTo/{to_ticket_status_id}"


@resource(
    "GET",
    CHANGE,
    permission=Permission.ADMINISTER,
    about="TicketStatusList",
    name="GlobalChangeTicketStatus",
)
async def change_status(
    context: RequestContext, from_ticket_status_id: Int32, to_ticket_status_id: Int32
) -> None:
    """Replace a status everywhere, as GlobalChangeTicketStatus does.

    A GET that changes something, as the reference has it.
    """
    await service.replace_status(context, from_ticket_status_id, to_ticket_status_id)
