"""Keeps the outbox's ticket events for open browsers."""

from skranke.channels.live import sql
from skranke.core.context import RequestContext
from skranke.core.jobs.outbox import OutboxEvent, subscribe_batch


@subscribe_batch
async def keep_for_browsers(context: RequestContext, events: list[OutboxEvent]) -> None:
    """Note which tickets have changed, each event once."""
    found = [
        (event.event, event.primary_key, event.associate_id)
        for event in events
        if event.event.startswith("ticket.")
    ]
    if found:
        await sql.record(context.db, found)
