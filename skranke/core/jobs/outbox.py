"""What has happened, told to the rooms that care.

A save leaves an event in its own transaction; here each is taken from the outbox once
and told to every listener, in the transaction that takes it: what a listener writes and
that the event is over become true together. Listeners only write down what is to be
done; whatever takes long is an errand. Events whose name begins with `skranke.` are
between rooms and never leave the desk.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from msgspec import Struct

from skranke.core.context import RequestContext
from skranke.core.jobs.registry import no_due_time, periodic_job
from skranke.db.database import Db, rows


class OutboxEvent(Struct, frozen=True, kw_only=True):
    """What happened to what, by whom and when; `changes` are names of columns."""

    id: int
    event: str  # "ticket.changed"
    primary_key: int
    changes: list[str]
    associate_id: int  # 0: the desk itself
    happened: datetime


Handler = Callable[[RequestContext, OutboxEvent], Awaitable[None]]
BatchHandler = Callable[[RequestContext, list[OutboxEvent]], Awaitable[None]]
L = TypeVar("L", bound=Handler)
A = TypeVar("A", bound=BatchHandler)
SUBSCRIBERS: list[BatchHandler] = []


def subscribe(handle: L) -> L:
    """Lend a listener; where it raises, the event is undone and told again later."""

    async def handle_each(context: RequestContext, events: list[OutboxEvent]) -> None:
        for event in events:
            await handle(context, event)

    SUBSCRIBERS.append(handle_each)
    return handle


def subscribe_batch(handle_batch: A) -> A:
    """As `listener`, for one that hears many events at once, in their order."""
    SUBSCRIBERS.append(handle_batch)
    return handle_batch


async def claim_events(db: Db, now: datetime, limit: int, but: list[int]) -> list[int]:
    """Claims the oldest events; no instant makes them due."""
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
    """Take events from the outbox and tell them, in their order."""
    told = await rows(
        context.db,
        OutboxEvent,
        """
        DELETE FROM event_outbox WHERE id = ANY ($1)
        RETURNING id, event, primary_key, changes, associate_id, happened
        """,
        ids,
    )
    events = sorted(told, key=lambda event: event.id)
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
    """Tell one event: the way for those among which one has failed."""
    await dispatch_all(context, [event_id])
