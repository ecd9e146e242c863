"""Events of the desk that leave it; whatever the vendor doesn't know stays inside."""

from skranke.channels.webhooks.enqueue import tell_of
from skranke.core.context import RequestContext
from skranke.core.jobs.outbox import OutboxEvent, subscribe_batch

LEAVING = frozenset(
    {
        "ticket.created",
        "ticket.changed",
        "ticketmessage.sentimentcalculated",  # ours: the vendor has it for scripts alone
    }
)


@subscribe_batch
async def hear(context: RequestContext, events: list[OutboxEvent]) -> None:
    """Write down a delivery of each event for each hook that listens."""
    await tell_of(context, [event for event in events if event.event in LEAVING])
