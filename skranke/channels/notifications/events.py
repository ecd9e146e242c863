"""Events of which people are told."""

from msgspec.structs import replace

from skranke.channels.notifications.dispatch import (
    tell_activated,
    tell_new_message,
    tell_new_ticket,
    tell_taken_over,
)
from skranke.channels.notifications.escalations import tell_escalated
from skranke.core.context import Call
from skranke.core.jobs.outbox import Event, listener
from skranke.db.database import value
from skranke.people.sql import callers

WOKEN = frozenset({"activate", "ticket_status"})  # columns that change when it does


@listener
async def hear(call: Call, event: Event) -> None:
    """Tell whom it concerns, but for the one whose deed it is."""
    call = await _as_of(call, event)
    match event.event:
        case "skranke.ticket.notify":
            former = int(event.changes[0].partition("=")[2])
            if former:
                await tell_taken_over(call, event.primary_key, former)
            else:
                await tell_new_ticket(call, event.primary_key)
        case "skranke.message.notify":
            of = "SELECT ticket_id FROM ej_message WHERE id = $1"
            ticket_id = await value(call.db, int, of, event.primary_key)
            await tell_new_message(call, ticket_id or 0, event.primary_key)
        case "ticket.escalated":
            await tell_escalated(call, event.primary_key, event.changes)
        case "ticket.changed" if not event.associate_id and set(event.changes) >= WOKEN:
            await tell_activated(call, event.primary_key)
        case _:
            pass


async def _as_of(call: Call, event: Event) -> Call:
    """The call as if it came from whose deed the event is."""
    account = (await call.recall(callers)).by_id.get(event.associate_id)
    return replace(call, caller=account.caller) if account else call
