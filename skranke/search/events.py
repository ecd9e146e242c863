"""Updates the search documents of tickets whose words have changed."""

from skranke.core.context import RequestContext
from skranke.core.jobs.outbox import OutboxEvent, subscribe_batch
from skranke.search.indexing import outdated_tickets, write_documents

# columns whose words are in the document, or that change with the ticket's messages
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
    """Write the documents of tickets whose words have changed, each once."""
    worded = {event.primary_key for event in events if has_other_words(event)}
    if worded and (late := await outdated_tickets(context.db, sorted(worded))):
        await write_documents(context.db, late)


def has_other_words(event: OutboxEvent) -> bool:
    """Whether the event may change a ticket's document."""
    changed = event.event == "ticket.changed" and bool(INDEXED_COLUMNS & {*event.changes})
    return changed or event.event == "ticket.created"
