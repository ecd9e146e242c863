"""Letters to those who look after a hook that fails."""

import logging

from skranke.channels.mail.outbox import NOTIFICATION_TYPE, OutgoingEmail, post_email
from skranke.channels.webhooks import sql
from skranke.channels.webhooks.carriers import WebhookNotifyVia, WebhookNotifyWhen
from skranke.channels.webhooks.sql import Hook
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue

log = logging.getLogger("skranke.channels.webhooks")
SUBJECTS = {
    WebhookNotifyWhen.FirstFailure: "Webhook {name} fails",
    WebhookNotifyWhen.Disabling: "Webhook {name} is disabled",
}
BODY_TEXT = """\
Webhook {id} ({name}) could not deliver event {event_id}.
Calls: {calls}, of which failed: {errors}. Events given up in a row: {dropped}.
{what}

The last answer:
{error}
"""
CONSEQUENCES = {
    WebhookNotifyWhen.FirstFailure: "It stays active.",
    WebhookNotifyWhen.Disabling: "It is called no more until its State is Active.",
}


async def send_failure_mail(
    context: RequestContext, hook: Hook, when: WebhookNotifyWhen, event_id: str
) -> None:
    """Mail those who are to be told; without effect where there is nobody.

    ErrorEmails are told of every disabling, and of a first failure where NotifyWhen
    asks for it; ErrorAssociates where NotifyVia has Email, too.
    """
    to = await _recipients(context, hook, when)
    if not to:
        return
    letter = OutgoingEmail(
        ticket_id=0,
        to=to,
        kind=NOTIFICATION_TYPE,
        subject=SUBJECTS[when].format(name=hook.name or hook.webhook_id),
        plain=BODY_TEXT.format(
            id=hook.webhook_id,
            name=hook.name,
            event_id=event_id,
            what=CONSEQUENCES[when],
            calls=hook.total_calls,
            errors=hook.total_errors,
            dropped=hook.consecutive_errors,
            error=hook.last_error,
        ),
    )
    try:
        await post_email(context, letter)
    except BadValue as fault:
        log.warning("Nobody is mailed about webhook %d: %s", hook.webhook_id, fault)


async def _recipients(context: RequestContext, hook: Hook, when: WebhookNotifyWhen) -> list[str]:
    asked = when in WebhookNotifyWhen.of(hook.notify_when)
    if not asked and when is not WebhookNotifyWhen.Disabling:
        return []
    by_mail = WebhookNotifyVia.Email in WebhookNotifyVia.of(hook.notify_via)
    if not (asked and by_mail):
        return hook.error_emails
    return hook.error_emails + await sql.associate_emails(context.db, hook.error_associates)
