"""An event is told once to everybody who listens, or stays until it can be."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from skranke.core.app_state import AppState
from skranke.core.clock import Clock
from skranke.core.context import RequestContext
from skranke.core.jobs import outbox
from skranke.core.jobs.failures import failures
from skranke.core.jobs.outbox import Event, subscribe
from skranke.core.jobs.registry import JOBS
from skranke.core.jobs.worker import Outcome, run_round
from tests.conftest import NOW
from tests.core.jobs.conftest import Opener

TELLING = [job for job in JOBS if job.name == "events"]


@pytest.fixture
def heard() -> Iterator[list[Event]]:
    """What a listener of this test hears; it can't bear the event `broken`."""
    heard: list[Event] = []
    others = outbox.SUBSCRIBERS.copy()
    outbox.SUBSCRIBERS.clear()

    @subscribe
    async def handle(context: RequestContext, event: Event) -> None:
        if event.event == "broken":
            raise ValueError("no, not this one")
        await context.db.execute("INSERT INTO chore VALUES ($1)", event.primary_key)
        heard.append(event)

    assert handle
    yield heard
    outbox.SUBSCRIBERS[:] = others


async def happen(desk: AppState, *names: str) -> None:
    async with desk.pool.acquire() as db:
        for key, name in enumerate(names, start=1):
            await db.execute(
                """
                INSERT INTO event_outbox
                    (event, primary_key, changes, associate_id, happened)
                VALUES ($1, $2, '{title}', 3, $3)
                """,
                name,
                key,
                NOW,
            )


async def left(desk: AppState) -> tuple[list[str], list[int]]:
    """The events that wait, and what listeners have written down."""
    async with desk.pool.acquire() as db:
        waiting = await db.fetch("SELECT event FROM event_outbox ORDER BY id")
        written = await db.fetch("SELECT id FROM chore ORDER BY id")
    return [row["event"] for row in waiting], [row["id"] for row in written]


async def test_every_event_is_told_once_in_order(opened: Opener, heard: list[Event]):
    desk = await opened()
    await happen(desk, "ticket.created", "ticket.changed")
    assert await run_round(desk, TELLING) == {"events": Outcome(done=2)}
    assert [(e.event, e.primary_key) for e in heard] == [
        ("ticket.created", 1),
        ("ticket.changed", 2),
    ]
    assert (heard[0].changes, heard[0].associate_id, heard[0].happened) == (["title"], 3, NOW)
    assert await left(desk) == ([], [1, 2])
    assert await run_round(desk, TELLING) == {"events": Outcome()}


async def test_an_event_that_cannot_be_told_waits_alone(opened: Opener, heard: list[Event]):
    clock = Clock(NOW)
    desk = await opened(clock)
    await happen(desk, "ticket.created", "broken", "ticket.changed")
    assert await run_round(desk, TELLING) == {"events": Outcome(done=2, failed=1)}
    assert await left(desk) == (["broken"], [1, 3])
    async with desk.pool.acquire() as db:
        [failure] = await failures(db)
    assert failure.error == "ValueError: no, not this one"
    assert await run_round(desk, TELLING) == {"events": Outcome()}
    clock.set(NOW + timedelta(minutes=2))
    assert await run_round(desk, TELLING) == {"events": Outcome(failed=1)}
    assert [e.primary_key for e in heard if e.event != "broken"][-2:] == [1, 3]
