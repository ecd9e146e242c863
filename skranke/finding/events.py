"""Saves after which a ticket has other words."""

from skranke.finding.indexing import index, is_behind
from skranke.jobs.events import Event, listener
from skranke.wire.call import Call

# columns that a document has words of, or that change when it gets other messages
WORDED = frozenset({
    "title", "num_messages", "author", "from_address", "cust_id", "contact_id",
    "ticket_customers", "language",
})  # fmt: skip


@listener
async def hear(call: Call, event: Event) -> None:
    """Write the ticket's document, once for all of its events that wait together."""
    new = event.event == "ticket.created"
    if not new and not (event.event == "ticket.changed" and WORDED & {*event.changes}):
        return
    if await is_behind(call.db, event.primary_key):
        await index(call.db, [event.primary_key])
