"""Events of the desk that leave it; whatever the vendor doesn't know stays inside."""

from skranke.jobs.events import Event, listener
from skranke.webhooks.signalling import tell_of_ticket
from skranke.wire.call import Call

LEAVING = frozenset({"ticket.created", "ticket.changed"})


@listener
async def hear(call: Call, event: Event) -> None:
    """Write down a delivery for each hook that listens."""
    if event.event in LEAVING:
        await tell_of_ticket(call, event)
