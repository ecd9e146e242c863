"""Saves after which there is something to understand, or to learn from."""

from skranke.ai import sql
from skranke.ai.training import count_lessons
from skranke.core.context import RequestContext
from skranke.core.jobs.outbox import OutboxEvent, subscribe_batch

TRAINING_COLUMNS = frozenset({"closed_at", "category", "orig_human_category_id"})


@subscribe_batch
async def handle_events(context: RequestContext, events: list[OutboxEvent]) -> None:
    """Write down the new messages of tickets; count what people have decided."""
    changed = [event for event in events if event.event == "ticket.changed"]
    written = {e.primary_key for e in changed if "num_messages" in e.changes}
    if written:
        await sql.enqueue(context.db, sorted(written), context.now)
    decided = [e for e in changed if e.associate_id and TRAINING_COLUMNS & {*e.changes}]
    if decided:
        await count_lessons(context.db, len(decided))
