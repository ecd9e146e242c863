"""What a level of escalation wants sent: to customer, owner, master and others.

By the level's own templates, else in plain words. Source: TicketAlertAction and the
template ids of TicketPriorityEscalationLevelEntity in the reference.
"""

from msgspec import Struct
from msgspec.structs import replace

from skranke.catalog.priorities.carriers import TicketPriorityEscalationLevelEntity as Level
from skranke.channels.mail.outbox import ESCALATION_TYPE
from skranke.channels.notifications import sql
from skranke.channels.notifications.carriers import NotifyType
from skranke.channels.notifications.dispatch import Notification, notify, ticket_users
from skranke.channels.notifications.notification_mail import facts_of, write_mail, write_sms
from skranke.channels.notifications.texts import NotificationText, customer_text, user_text
from skranke.core.context import RequestContext
from skranke.tickets.reference_data import load_reference_data


class AudienceReach(Struct, frozen=True, kw_only=True):
    """How an audience is reached, and by which templates."""

    emails: list[str]
    mobiles: list[str]
    template_id: int
    sms_template_id: int
    words: NotificationText


async def notify_escalated(context: RequestContext, ticket_id: int, told_of: list[str]) -> None:
    """Send what the level named in an event's columns wants sent; tell users as usual.

    A level that is no longer there wants nothing.
    """
    about = await sql.load_ticket(context.db, ticket_id)
    if about is None:
        return
    alert_id, audiences = int(told_of[0].partition("=")[2]), told_of[1:]
    level = await _level(context, alert_id)
    if level is not None:
        about = replace(about, level=level.alert_level)
        for audience in audiences:
            await _send(context, about, level, audience)
    mailed = frozenset({about.owned_by} if "mail_owner" in audiences else ())
    news = Notification(
        kind=NotifyType.TicketEscalated, about=about, mailed=mailed, ticket_alert_id=alert_id
    )
    await notify(context, news, await ticket_users(context, about))


async def _level(context: RequestContext, ticket_alert_id: int) -> Level | None:
    lists = await context.get_cached(load_reference_data)
    levels = [
        level
        for priority in lists.priorities.by_id.values()
        for level in priority.escalation_levels
    ]
    found = [level for level in levels if level.ticket_alert_id == ticket_alert_id]
    return found[0] if found else None


async def _send(
    context: RequestContext, about: sql.NotifiedTicket, level: Level, audience: str
) -> None:
    way, _, whom = audience.partition("_")
    reach = await _reach(context, about, level, whom)
    if way == "mail":
        await write_mail(
            context, about, reach.emails, reach.template_id, reach.words, kind=ESCALATION_TYPE
        )
    else:
        await write_sms(context, about, reach.mobiles, reach.sms_template_id, reach.words)


async def _reach(
    context: RequestContext, about: sql.NotifiedTicket, level: Level, whom: str
) -> AudienceReach:
    facts = facts_of(context, about)
    words = user_text(NotifyType.TicketEscalated, "", facts)
    if whom == "customer":
        return AudienceReach(
            emails=[about.email],
            mobiles=[about.mobile],
            template_id=level.reply_template_id_customer,
            sms_template_id=level.rti_customer_sms,
            words=customer_text(about.language, facts | {"link": ""}),
        )
    if whom == "others":
        return AudienceReach(
            emails=[level.email_to],
            mobiles=[level.sms_to],
            words=words,
            template_id=level.reply_template_id_email,
            sms_template_id=level.reply_template_id_sms,
        )
    if whom == "owner":
        users = await sql.load_users(context.db, [about.owned_by])
        templates = level.reply_template_id_user, level.reply_template_id_user_sms
    else:
        category = (
            (await context.get_cached(load_reference_data)).categories[about.category].carrier
        )
        users = await sql.load_users(context.db, [category.category_master])
        templates = level.reply_template_id_catmast, level.reply_template_id_catmast_sms
    return AudienceReach(
        emails=[user.email for user in users],
        mobiles=[user.mobile for user in users],
        template_id=templates[0],
        sms_template_id=templates[1],
        words=words,
    )
