"""`/api/v1/TicketMessage/{id}/Send`: mail out over REST."""

from skranke.channels.mail import operations
from skranke.core.context import Permission, RequestContext
from skranke.core.schema import Int32
from skranke.http.operation import resource


@resource(
    "POST",
    "/api/v1/TicketMessage/{message_id}/Send",
    permission=Permission.WRITE,
    transaction=True,
    about="TicketMessageEntity",
    name="SendTicketMessage",
)
async def send_message(
    context: RequestContext,
    message_id: Int32,
    to: list[str],
    cc: list[str],
    bcc: list[str],
    subject: str,
    reply_template_id: Int32,
    gdpr_source: str,
) -> None:
    """Mail a message, as SendTicketMessage does; NotFound without it."""
    await operations.send_ticket_message(
        context, message_id, to, cc, bcc, subject, reply_template_id, gdpr_source
    )
