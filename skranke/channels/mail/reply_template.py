"""A message's texts in the dress of a reply template."""

from html import escape

from msgspec import Struct

from skranke.core.context import RequestContext
from skranke.messages.carriers import TicketMessageEntity
from skranke.messages.offload import run_offloaded
from skranke.messages.sanitize import sanitize
from skranke.messages.templates.parsing import parse_template, raw_template
from skranke.tickets.carriers import Ticket

BODY_VARIABLE = "message.body"  # what a template names to have the message in it


class RenderedMessage(Struct, kw_only=True):
    """What is sent of a message."""

    plain: str = ""
    html: str = ""
    sms: str = ""
    subject: str = ""
    attachment_ids: list[int] = []


async def render_message(
    context: RequestContext, message: TicketMessageEntity, ticket: Ticket, template_id: int
) -> RenderedMessage:
    """The message as a template has it; without one (0) as it is.

    Where the template has no place for it, it stands in front. Html is sanitised.
    """
    attached = [file.attachment_id for file in message.attachments_info]
    own = RenderedMessage(plain=message.body, html=message.html_body, attachment_ids=attached)
    if template_id <= 0:
        return own
    about = {"ticket_id": ticket.ticket_id, "message_id": message.ej_message_id}
    filled = await parse_template(context, template_id, **about)
    written = await raw_template(context, template_id, 0)
    plain, html = filled.plain, filled.html
    if plain and BODY_VARIABLE not in written.plain.lower():
        plain = f"{message.body}\n\n{plain}"
    if html and BODY_VARIABLE not in written.html.lower():
        html = (message.html_body or escape(message.body)) + html
    return RenderedMessage(
        plain=plain or own.plain,
        sms=filled.sms,
        subject=filled.subject,
        html=await run_offloaded(sanitize, html) if html else own.html,
        attachment_ids=[*attached, *filled.attachment_ids],
    )
