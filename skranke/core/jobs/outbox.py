"""The transactional outbox: events of saves, dispatched to subscribers.

A save inserts its event in its own transaction. The job here takes each event from the
outbox once and calls every subscriber in the same transaction, so a subscriber's writes
and the removal of the event are committed together. Subscribers only record what has
to be done; slow work belongs in a background task. Events whose name begins with
`skranke.` are internal and are not sent to webhooks.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from msgspec import Struct

from skranke.core.context import RequestContext
from skranke.core.jobs.registry import no_due_time, periodic_job
from skranke.db.database import Db, rows


class OutboxEvent(Struct, frozen=True, kw_only=True):
    """What happened to which row, by whom and when; `changes` are column names."""

    id: int
    event: str  # "ticket.changed"
    primary_key: int
    changes: list[str]
    associate_id: int  # 0: the system
    happened: datetime


Handler = Callable[[RequestContext, OutboxEvent], Awaitable[None]]
BatchHandler = Callable[[RequestContext, list[OutboxEvent]], Awaitable[None]]
L = TypeVar("L", bound=Handler)
A = TypeVar("A", bound=BatchHandler)
SUBSCRIBERS: list[BatchHandler] = []


def subscribe(handle: L) -> L:
    """Register a subscriber; if it raises, the event is rolled back and retried later."""

    async def handle_each(context: RequestContext, events: list[OutboxEvent]) -> None:
        for event in events:
            await handle(context, event)

    SUBSCRIBERS.append(handle_each)
    return handle


def subscribe_batch(handle_batch: A) -> A:
    """As `subscribe`, for a subscriber that receives many events at once, in order."""
    SUBSCRIBERS.append(handle_batch)
    return handle_batch


async def claim_events(db: Db, now: datetime, limit: int, but: list[int]) -> list[int]:
    """Claim the oldest events; they are due at once."""
    _ = now
    found = await db.fetch(
        """
        SELECT id FROM event_outbox e
        WHERE NOT EXISTS (SELECT FROM unnest($2::bigint[]) b WHERE b = e.id)
        ORDER BY id LIMIT $1 FOR UPDATE OF e SKIP LOCKED
        """,
        limit,
        but,
    )
    return [record["id"] for record in found]


async def dispatch_all(context: RequestContext, ids: list[int]) -> None:
    """Take events from the outbox and dispatch them in order."""
    taken = await rows(
        context.db,
        OutboxEvent,
        """
        DELETE FROM event_outbox WHERE id = ANY ($1)
        RETURNING id, event, primary_key, changes, associate_id, happened
        """,
        ids,
    )
    events = sorted(taken, key=lambda event: event.id)
    for handle_batch in SUBSCRIBERS:
        await handle_batch(context, events)


@periodic_job(
    "events",
    order=90,
    due=claim_events,
    next_due=no_due_time,
    do_batch=dispatch_all,
    batch=200,
    at_once=True,
)
async def dispatch(context: RequestContext, event_id: int) -> None:
    """Dispatch one event; used when a batch has failed."""
    await dispatch_all(context, [event_id])
