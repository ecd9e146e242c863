"""`/api/v1/TicketMessage/{id}/Send`: mail out over REST."""

from skranke.channels.mail import operations
from skranke.core.context import Permission, RequestContext
from skranke.core.schema import Int32
from skranke.http.operation import resource


@resource(
    "POST",
    "/api/v1/TicketMessage/{message_id}/Send",
    permission=Permission.WRITE,
    query=("to", "cc", "bcc", "subject", "reply_template_id", "gdpr_source"),
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


@resource(
    "POST",
    "/api/v1/TicketMessage/{message_id}/SendSms",
    permission=Permission.WRITE,
    query=("sms", "reply_template_id"),
    transaction=True,
    about="TicketMessageEntity",
    name="SendTicketMessageSms",
)
async def send_message_sms(
    context: RequestContext, message_id: Int32, sms: list[str], reply_template_id: Int32
) -> None:
    """Send a message as texts, as SendTicketMessageSms does; NotFound without it."""
    await operations.send_ticket_message_sms(context, message_id, reply_template_id, sms)
