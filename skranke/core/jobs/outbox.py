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

from skranke.core.context import Call
from skranke.core.jobs.registry import job, never
from skranke.db.database import Db, rows


class Event(Struct, frozen=True, kw_only=True):
    """What happened to what, by whom and when; `changes` are names of columns."""

    id: int
    event: str  # "ticket.changed"
    primary_key: int
    changes: list[str]
    associate_id: int  # 0: the desk itself
    happened: datetime


Hear = Callable[[Call, Event], Awaitable[None]]
HearAll = Callable[[Call, list[Event]], Awaitable[None]]
L = TypeVar("L", bound=Hear)
A = TypeVar("A", bound=HearAll)
LISTENERS: list[HearAll] = []


def listener(hear: L) -> L:
    """Lend a listener; where it raises, the event is undone and told again later."""

    async def hear_each(call: Call, events: list[Event]) -> None:
        for event in events:
            await hear(call, event)

    LISTENERS.append(hear_each)
    return hear


def listener_to_many(hear_all: A) -> A:
    """As `listener`, for one that hears many events at once, in their order."""
    LISTENERS.append(hear_all)
    return hear_all


async def waiting(db: Db, now: datetime, limit: int, but: list[int]) -> list[int]:
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


async def tell_all(call: Call, ids: list[int]) -> None:
    """Take events from the outbox and tell them, in their order."""
    told = await rows(
        call.db,
        Event,
        """
        DELETE FROM event_outbox WHERE id = ANY ($1)
        RETURNING id, event, primary_key, changes, associate_id, happened
        """,
        ids,
    )
    events = sorted(told, key=lambda event: event.id)
    for hear_all in LISTENERS:
        await hear_all(call, events)


@job("events", order=90, due=waiting, next_due=never, together=tell_all, batch=200, at_once=True)
async def tell(call: Call, event_id: int) -> None:
    """Tell one event: the way for those among which one has failed."""
    await tell_all(call, [event_id])
