"""Events of the desk that leave it; whatever the vendor doesn't know stays inside."""

from skranke.jobs.events import Event, listener_to_many
from skranke.webhooks.signalling import tell_of_tickets
from skranke.wire.call import Call

LEAVING = frozenset({"ticket.created", "ticket.changed"})


@listener_to_many
async def hear(call: Call, events: list[Event]) -> None:
    """Write down a delivery of each event for each hook that listens."""
    await tell_of_tickets(call, [event for event in events if event.event in LEAVING])
