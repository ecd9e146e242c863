"""The answer that a new ticket's sender gets by itself, and the brakes on it.

To a new ticket only, never to a machine, at most once in ten minutes and five times a
day to an address: two desks that answer each other then stop. Source: RFC 3834; the
vendor's mail_block; the manual on reply templates of mailboxes.
"""

import logging
from datetime import timedelta

from skranke.channels.mail.incoming.mailboxes import Mailbox
from skranke.channels.mail.incoming.preferences import load_mail_preferences
from skranke.channels.mail.incoming.store import Imported
from skranke.channels.mail.mime import AUTO_REPLY
from skranke.channels.mail.outbox import OutgoingEmail, post_email
from skranke.channels.mail.subjects import add_tag
from skranke.channels.notifications.system_templates import system_templates
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.core.jobs.retention import purge_after
from skranke.db.database import execute, value
from skranke.messages.mime.parsed import ParsedMail
from skranke.messages.templates.parsing import parse_template
from skranke.messages.templates.sql import load_reply_templates

log = logging.getLogger("skranke.mail")
PAUSE, DAY, MAX_A_DAY = timedelta(minutes=10), timedelta(days=1), 5

purge_after(
    "forget automatic replies", order=44, table="mail_auto_reply", since="sent_at", keep_for=DAY
)


async def post_auto_reply(
    context: RequestContext,
    mail: ParsedMail,
    mailbox: Mailbox,
    imported: Imported,
    filter_template_id: int,
) -> bool:
    """Answer a new ticket's mail by the filter's, mailbox's or system's template.

    False where there is no template or a brake holds.
    """
    known = await context.get_cached(load_reply_templates)
    system = (await context.get_cached(system_templates)).customer_customer_reply_template_id
    wishes = (filter_template_id, mailbox.reply_template_id, system)
    template_id = next((wish for wish in wishes if wish in known), 0)
    to = [*(mail.reply_to or mail.senders)][:1]
    if not template_id or not to:
        return False
    if not await _take_turn(context, mailbox, to[0].address.lower()):
        return False
    about = {"ticket_id": imported.ticket_id, "message_id": imported.message_id}
    text = await parse_template(context, template_id, **about)
    tag = (await context.get_cached(load_mail_preferences)).tag
    try:
        await post_email(
            context,
            OutgoingEmail(
                ticket_id=imported.ticket_id,
                to=[to[0].address],
                subject=add_tag(tag, imported.ticket_id, text.subject or mail.subject),
                plain=text.plain,
                html=text.html,
                attachment_ids=text.attachment_ids,
                in_reply_to=f"<{mail.message_id}>" if mail.message_id else "",
                kind=AUTO_REPLY,
            ),
        )
    except BadValue as fault:
        log.info("Ticket %d gets no automatic reply: %s", imported.ticket_id, fault)
        return False
    return True


async def _take_turn(context: RequestContext, mailbox: Mailbox, address: str) -> bool:
    """Whether an address may be answered now; if so, that is remembered."""
    await execute(
        context.db, "SELECT pg_advisory_xact_lock(hashtextextended('reply ' || $1, 15))", address
    )
    may = await value(
        context.db,
        bool,
        """
        SELECT count(*) < $3 AND coalesce(max(sent_at) <= $4, true) FROM mail_auto_reply
        WHERE address = $1 AND mailbox_id = $2 AND sent_at > $5
        """,
        address,
        mailbox.id,
        MAX_A_DAY,
        context.now - PAUSE,
        context.now - DAY,
    )
    if may:
        await execute(
            context.db,
            "INSERT INTO mail_auto_reply (mailbox_id, address, sent_at) VALUES ($1, $2, $3)",
            mailbox.id,
            address,
            context.now,
        )
    return may
