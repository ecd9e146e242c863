"""Saves after which a ticket has other words."""

from skranke.core.context import RequestContext
from skranke.core.jobs.outbox import OutboxEvent, subscribe_batch
from skranke.search.indexing import outdated_tickets, write_documents

# columns that a document has words of, or that change when it gets other messages
INDEXED_COLUMNS = frozenset(
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
async def handle(context: RequestContext, events: list[OutboxEvent]) -> None:
    """Write the documents of tickets that have other words, each once."""
    worded = {event.primary_key for event in events if has_other_words(event)}
    if worded and (late := await outdated_tickets(context.db, sorted(worded))):
        await write_documents(context.db, late)


def has_other_words(event: OutboxEvent) -> bool:
    """Whether a ticket's document may read otherwise after this."""
    changed = event.event == "ticket.changed" and bool(INDEXED_COLUMNS & {*event.changes})
    return changed or event.event == "ticket.created"
