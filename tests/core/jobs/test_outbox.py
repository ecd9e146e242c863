"""An event is told once to everybody who listens, or stays until it can be."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from skranke.core.app_state import AppState
from skranke.core.clock import Clock
from skranke.core.context import RequestContext
from skranke.core.jobs import outbox
from skranke.core.jobs.failures import waiting_failures
from skranke.core.jobs.outbox import OutboxEvent, subscribe
from skranke.core.jobs.registry import JOBS
from skranke.core.jobs.worker import JobOutcome, run_round
from tests.cast import NOW
from tests.core.jobs.conftest import OpenState

EVENT_JOBS = [job for job in JOBS if job.name == "events"]


@pytest.fixture
def handled_events() -> Iterator[list[OutboxEvent]]:
    """What a listener of this test hears; it can't bear the event `broken`."""
    handled_events: list[OutboxEvent] = []
    others = outbox.SUBSCRIBERS.copy()
    outbox.SUBSCRIBERS.clear()

    @subscribe
    async def handle(context: RequestContext, event: OutboxEvent) -> None:
        if event.event == "broken":
            raise ValueError("no, not this one")
        await context.db.execute("INSERT INTO chore VALUES ($1)", event.primary_key)
        handled_events.append(event)

    assert handle
    yield handled_events
    outbox.SUBSCRIBERS[:] = others


async def add_events(state: AppState, *names: str) -> None:
    async with state.pool.acquire() as db:
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


async def waiting_and_written(state: AppState) -> tuple[list[str], list[int]]:
    """The events that wait, and what listeners have written down."""
    async with state.pool.acquire() as db:
        waiting = await db.fetch("SELECT event FROM event_outbox ORDER BY id")
        written = await db.fetch("SELECT id FROM chore ORDER BY id")
    return [row["event"] for row in waiting], [row["id"] for row in written]


async def test_every_event_is_told_once_in_order(
    open_state: OpenState, handled_events: list[OutboxEvent]
):
    state = await open_state()
    await add_events(state, "ticket.created", "ticket.changed")
    assert await run_round(state, EVENT_JOBS) == {"events": JobOutcome(done=2)}
    assert [(e.event, e.primary_key) for e in handled_events] == [
        ("ticket.created", 1),
        ("ticket.changed", 2),
    ]
    assert (
        handled_events[0].changes,
        handled_events[0].associate_id,
        handled_events[0].happened,
    ) == (["title"], 3, NOW)
    assert await waiting_and_written(state) == ([], [1, 2])
    assert await run_round(state, EVENT_JOBS) == {"events": JobOutcome()}


async def test_an_event_that_cannot_be_told_waits_alone(
    open_state: OpenState, handled_events: list[OutboxEvent]
):
    clock = Clock(NOW)
    state = await open_state(clock)
    await add_events(state, "ticket.created", "broken", "ticket.changed")
    assert await run_round(state, EVENT_JOBS) == {"events": JobOutcome(done=2, failed=1)}
    assert await waiting_and_written(state) == (["broken"], [1, 3])
    async with state.pool.acquire() as db:
        [failure] = await waiting_failures(db)
    assert failure.error == "ValueError: no, not this one"
    assert await run_round(state, EVENT_JOBS) == {"events": JobOutcome()}
    clock.set(NOW + timedelta(minutes=2))
    assert await run_round(state, EVENT_JOBS) == {"events": JobOutcome(failed=1)}
    assert [e.primary_key for e in handled_events if e.event != "broken"][-2:] == [1, 3]
