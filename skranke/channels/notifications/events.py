"""Events of which people are told."""

from msgspec.structs import replace

from skranke.channels.notifications.dispatch import (
    notify_activated,
    notify_new_message,
    notify_new_ticket,
    notify_taken_over,
)
from skranke.channels.notifications.escalations import notify_escalated
from skranke.core.context import RequestContext
from skranke.core.jobs.outbox import OutboxEvent, subscribe
from skranke.db.database import value
from skranke.people.sql import load_accounts

REOPENING_COLUMNS = frozenset({"activate", "ticket_status"})  # columns that change when it does


@subscribe
async def handle_event(context: RequestContext, event: OutboxEvent) -> None:
    """Tell whom it concerns, but for the one whose deed it is."""
    context = await _acting_context(context, event)
    match event.event:
        case "skranke.ticket.notify":
            former = int(event.changes[0].partition("=")[2])
            if former:
                await notify_taken_over(context, event.primary_key, former)
            else:
                await notify_new_ticket(context, event.primary_key)
        case "skranke.message.notify":
            of = "SELECT ticket_id FROM ej_message WHERE id = $1"
            ticket_id = await value(context.db, int, of, event.primary_key)
            await notify_new_message(context, ticket_id or 0, event.primary_key)
        case "ticket.escalated":
            await notify_escalated(context, event.primary_key, event.changes)
        case "ticket.changed" if not event.associate_id and set(event.changes) >= REOPENING_COLUMNS:
            await notify_activated(context, event.primary_key)
        case _:
            pass


async def _acting_context(context: RequestContext, event: OutboxEvent) -> RequestContext:
    """The call as if it came from whose deed the event is."""
    account = (await context.get_cached(load_accounts)).by_id.get(event.associate_id)
    return replace(context, user=account.user) if account else context
