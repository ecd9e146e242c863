"""Telling users what has happened to the tickets they care for.

A ticket's owner is told, or while nobody owns it the members of a category that wants
so; besides those who have it among their favourites, as of tickets of their own. Each
by the ways that he has chosen for this kind of news, nobody of his own deed, and nobody
of a ticket that he may not see. Source: reference, NotifyType and the masks of ejuser;
the manual on notifications.
"""

from datetime import datetime, time, timedelta

from msgspec import Struct
from msgspec.structs import replace

from skranke.catalog.categories.carriers import TicketCategoryFlags
from skranke.channels.notifications import sql
from skranke.channels.notifications.carriers import NotifyChannel, NotifyType
from skranke.channels.notifications.notification_mail import facts_of, write_mail, write_sms
from skranke.channels.notifications.system_templates import template_for
from skranke.channels.notifications.texts import user_text
from skranke.core.context import Permission, RequestContext
from skranke.people.sql import load_accounts
from skranke.tickets.reference_data import SYSTEM_USER_ID, load_reference_data
from skranke.tickets.visibility import visible_ids

Channel = NotifyChannel


class Notification(Struct, frozen=True, kw_only=True):
    """What users are told of; `mailed` are those who get a letter about it anyway."""

    kind: NotifyType
    about: sql.NotifiedTicket
    message_id: int = 0
    ticket_alert_id: int | None = None
    mailed: frozenset[int] = frozenset()


async def notify_new_ticket(context: RequestContext, ticket_id: int) -> None:
    """Tell of a new ticket; while nobody owns it also the category's address."""
    about = await sql.load_ticket(context.db, ticket_id)
    if about is None:
        return
    news = Notification(kind=NotifyType.NewTicket, about=about)
    await notify(context, news, await ticket_users(context, about))
    if about.owned_by == SYSTEM_USER_ID:
        category = (
            (await context.get_cached(load_reference_data)).categories[about.category].carrier
        )
        template_id = await template_for(context, news.kind, favourite=False)
        words = user_text(news.kind, "", facts_of(context, about))
        to = category.notification_email.replace(";", ",").split(",")
        await write_mail(context, about, to, template_id, words)


async def notify_new_message(context: RequestContext, ticket_id: int, message_id: int) -> None:
    """Tell of a message on a ticket, 0 for one that isn't known."""
    about = await sql.load_ticket(context.db, ticket_id, message_id)
    if about is not None:
        news = Notification(kind=NotifyType.NewTicketMessage, about=about, message_id=message_id)
        await notify(context, news, await ticket_users(context, about))


async def notify_activated(context: RequestContext, ticket_id: int) -> None:
    """Tell that a postponed ticket is open again."""
    about = await sql.load_ticket(context.db, ticket_id)
    if about is not None:
        news = Notification(kind=NotifyType.TicketActivated, about=about)
        await notify(context, news, await ticket_users(context, about))


async def notify_taken_over(context: RequestContext, ticket_id: int, former_owner: int) -> None:
    """Tell the owner that a ticket had, and the one it has, where these are two."""
    about = await sql.load_ticket(context.db, ticket_id)
    if about is not None and about.owned_by != former_owner:
        news = Notification(kind=NotifyType.TicketTakeOver, about=about)
        await notify(context, news, [former_owner, about.owned_by])


async def ticket_users(context: RequestContext, about: sql.NotifiedTicket) -> list[int]:
    """The ejuser ids of those whose ticket it is."""
    if about.owned_by != SYSTEM_USER_ID:
        return [about.owned_by]
    category = (await context.get_cached(load_reference_data)).categories[about.category]
    if TicketCategoryFlags.NotifyMembers not in category.carrier.flags:
        return []
    return [member.ej_user_id for member in category.members if member.available]


async def notify(context: RequestContext, news: Notification, whose: list[int]) -> None:
    """Tell those whose ticket it is, and those who have it among their favourites."""
    favourite_of = await sql.favourite_users(context.db, news.about.ticket_id)
    everybody = [*whose, *favourite_of]
    for user in await sql.load_users(context.db, everybody):
        favourite = user.ej_user_id not in whose
        if await _may_know(context, user, news.about.ticket_id):
            await _notify_user(context, news, user, favourite=favourite)


async def _may_know(context: RequestContext, user: sql.NotifiedUser, ticket_id: int) -> bool:
    if user.associate_id == context.user.associate_id:
        return False
    account = (await context.get_cached(load_accounts)).by_id.get(user.associate_id)
    if account is None or Permission.READ not in account.user.permissions:
        return False
    return bool(await visible_ids(replace(context, user=account.user), [ticket_id]))


async def _notify_user(
    context: RequestContext, news: Notification, user: sql.NotifiedUser, *, favourite: bool
) -> None:
    kind = news.kind | NotifyType.Hotlist if favourite else news.kind
    about, words = news.about, user_text(news.kind, "", facts_of(context, news.about))
    if user.wants(kind, Channel.PopUp):
        await sql.save_pop_up(
            context.db,
            sql.PopUp(
                kind=news.kind,
                ej_user_id=user.ej_user_id,
                about=about,
                by=context.user.ej_user_id or None,
                ticket_alert_id=news.ticket_alert_id,
                expires=tonight(context),
            ),
        )
    template_id = await template_for(context, news.kind, favourite=favourite)
    if user.wants(kind, Channel.Email) and user.ej_user_id not in news.mailed:
        await write_mail(
            context, about, [user.email], template_id, words, message_id=news.message_id
        )
    if user.wants(kind, Channel.Sms):
        await write_sms(context, about, [user.mobile], template_id, words)


def tonight(context: RequestContext) -> datetime:
    """The end of the day in the desk's zone, when everything told is forgotten."""
    zone = context.settings.zone
    day = context.now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, time.min, zone)
