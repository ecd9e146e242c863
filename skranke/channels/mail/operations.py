"""Mail and texts out, as the Ticket agent sends them."""

from skranke.channels.mail.send import SendRequest, send_message, send_message_sms
from skranke.core.context import Permission, RequestContext
from skranke.core.schema import Int32
from skranke.http.operation import operation


@operation("Ticket", permission=Permission.WRITE)
async def send_ticket_message(
    context: RequestContext,
    ticket_message_entity_id: Int32,
    to: list[str],
    cc: list[str],
    bcc: list[str],
    subject: str,
    reply_template_id: Int32,
    gdpr_source: str,
) -> None:
    """Mail a message to these addresses, `a@b.c` or `Name <a@b.c>`.

    It is sent once the call is answered. Without a subject it has the ticket's title; a
    template of 0 is the category's. What is no address is left out, and GdprSource is
    without effect. BadValue where nobody is left, NotFound without the message.
    """
    _ = gdpr_source
    wish = SendRequest(to=to, cc=cc, bcc=bcc, subject=subject, reply_template_id=reply_template_id)
    await send_message(context, ticket_message_entity_id, wish)


@operation("Ticket", permission=Permission.WRITE)
async def send_ticket_message_sms(
    context: RequestContext,
    ticket_message_entity_id: Int32,
    reply_template_id: Int32,
    sms: list[str],
) -> None:
    """Send a message as a text to these telephone numbers.

    What is no number is left out. BadValue where none is left and where the desk has no
    gateway, NotFound without the message.
    """
    await send_message_sms(context, ticket_message_entity_id, reply_template_id, sms)
