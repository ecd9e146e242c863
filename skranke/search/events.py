"""Saves after which a ticket has other words."""

from skranke.core.context import RequestContext
from skranke.core.jobs.outbox import OutboxEvent, subscribe_batch
from skranke.search.indexing import behind, index

# columns that a document has words of, or that change when it gets other messages
WORDED = frozenset(
    {
        "title",
        "num_messages",
        "author",
        "from_address",
        "cust_id",
        "contact_id",
        "ticket_customers",
        "language",
    }
)


@subscribe_batch
async def hear(context: RequestContext, events: list[OutboxEvent]) -> None:
    """Write the documents of tickets that have other words, each once."""
    worded = {event.primary_key for event in events if has_other_words(event)}
    if worded and (late := await behind(context.db, sorted(worded))):
        await index(context.db, late)


def has_other_words(event: OutboxEvent) -> bool:
    """Whether a ticket's document may read otherwise after this."""
    changed = event.event == "ticket.changed" and bool(WORDED & {*event.changes})
    return changed or event.event == "ticket.created"
