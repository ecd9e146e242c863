"""The letters and texts by which people are told."""

import logging

from skranke.catalog.preferences.sql import load_preferences
from skranke.channels.mail.outbox import NOTIFICATION_TYPE, OutgoingEmail, post_email
from skranke.channels.mail.sms import OutgoingSms, post_sms
from skranke.channels.mail.subjects import add_tag
from skranke.channels.notifications.sql import NotifiedTicket
from skranke.channels.notifications.texts import NotificationText
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.messages.templates.parsing import parse_template
from skranke.messages.templates.sql import load_reply_templates

log = logging.getLogger("skranke.channels.notifications")


def facts_of(context: RequestContext, about: NotifiedTicket) -> dict[str, object]:
    """What a default text may tell of a ticket."""
    state = context.settings.public_url.rstrip("/") or context.base_url.rstrip("/")
    link = f"{state}/ticket/{about.ticket_id}" if state else ""
    return {"title": about.title, "level": about.level, "text": about.text, "link": link}


async def write_mail(
    context: RequestContext,
    about: NotifiedTicket,
    to: list[str],
    template_id: int,
    told: NotificationText,
    *,
    message_id: int = 0,
    kind: str = NOTIFICATION_TYPE,
) -> None:
    """Post a letter by a template, else in plain words; without effect to nobody."""
    letter = OutgoingEmail(
        ticket_id=about.ticket_id, to=to, subject=told.subject, plain=told.plain, kind=kind
    )
    if template_id in await context.get_cached(load_reply_templates):
        filled = await parse_template(
            context, template_id, ticket_id=about.ticket_id, message_id=message_id
        )
        letter.subject = filled.subject or told.subject
        letter.plain, letter.html = filled.plain, filled.html
        letter.attachment_ids = filled.attachment_ids
    tag = (await context.get_cached(load_preferences)).email_tag
    letter.subject = add_tag(tag, about.ticket_id, letter.subject)
    try:
        await post_email(context, letter)
    except BadValue as fault:
        level = logging.WARNING if fault.name == "From" else logging.INFO
        log.log(level, "Nobody is mailed about ticket %d: %s", about.ticket_id, fault)


async def write_sms(
    context: RequestContext,
    about: NotifiedTicket,
    to: list[str],
    template_id: int,
    told: NotificationText,
) -> None:
    """Post a text by a template, else its subject; without effect to nobody."""
    text = told.subject
    if template_id in await context.get_cached(load_reply_templates):
        text = (await parse_template(context, template_id, ticket_id=about.ticket_id)).sms or text
    try:
        await post_sms(context, OutgoingSms(ticket_id=about.ticket_id, to=to, text=text))
    except BadValue as fault:
        log.info("Nobody is texted about ticket %d: %s", about.ticket_id, fault)
