"""Events of the desk that leave it; whatever the vendor doesn't know stays inside."""

from skranke.channels.webhooks.enqueue import enqueue_all
from skranke.core.context import RequestContext
from skranke.core.jobs.outbox import OutboxEvent, subscribe_batch

PUBLIC_EVENTS = frozenset(
    {
        "ticket.created",
        "ticket.changed",
        "ticketmessage.sentimentcalculated",  # ours: the vendor has it for scripts alone
    }
)


@subscribe_batch
async def handle_events(context: RequestContext, events: list[OutboxEvent]) -> None:
    """Write down a delivery of each event for each hook that listens."""
    await enqueue_all(context, [event for event in events if event.event in PUBLIC_EVENTS])
