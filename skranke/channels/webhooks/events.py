"""Events of the desk that leave it; whatever the vendor doesn't know stays inside."""

from skranke.channels.webhooks.enqueue import tell_of
from skranke.core.context import Call
from skranke.core.jobs.outbox import Event, listener_to_many

LEAVING = frozenset(
    {
        "ticket.created",
        "ticket.changed",
        "ticketmessage.sentimentcalculated",  # ours: the vendor has it for scripts alone
    }
)


@listener_to_many
async def hear(call: Call, events: list[Event]) -> None:
    """Write down a delivery of each event for each hook that listens."""
    await tell_of(call, [event for event in events if event.event in LEAVING])
