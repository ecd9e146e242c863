"""Events of the desk that leave it; whatever the vendor doesn't know stays inside."""

import re

from skranke.channels.webhooks.enqueue import enqueue_all
from skranke.core.context import RequestContext
from skranke.core.jobs.outbox import OutboxEvent, subscribe_batch

CUSTOMER_VERBS = ("created", "changed", "softdeleted", "deleted")
PUBLIC_EVENTS = frozenset(
    {
        "ticket.created",
        "ticket.changed",
        *(f"{entity}.{verb}" for entity in ("contact", "person") for verb in CUSTOMER_VERBS),
        "person.consented",
        "person.unconsented",
        "associate.created",
        "associate.changed",
        "associate.deleted",
        "ticketmessage.sentimentcalculated",  # ours: the vendor has it for scripts alone
    }
)


STATE_EVENT = re.compile(r"webhook\d*\.(started|stopped|errors)")
# what the vendor's events are about; other names are the desk's own, for SignalEvent
VENDOR_ENTITIES = frozenset(
    {
        "appointment",
        "associate",
        "chat",
        "document",
        "project",
        "projectmember",
        "quote",
        "relation",
        "sale",
        "salestakeholder",
        "skranke",
        "ticket",
        "ticketmessage",
        "user",
        "webhook",
    }
)


def is_never_fired(name: str) -> bool:
    """Whether a name is one of the vendor's events that this desk has no occasion for."""
    lower = name.lower()
    if lower in PUBLIC_EVENTS or STATE_EVENT.fullmatch(lower):
        return False
    entity = lower.partition(".")[0]
    return entity.rstrip("0123456789") in VENDOR_ENTITIES


@subscribe_batch
async def handle_events(context: RequestContext, events: list[OutboxEvent]) -> None:
    """Write down a delivery of each event for each hook that listens."""
    await enqueue_all(context, [event for event in events if event.event in PUBLIC_EVENTS])
