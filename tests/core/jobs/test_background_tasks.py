"""An errand is leased, runs without a transaction, and is nobody else's meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from skranke.core.app_state import AppState, current_second
from skranke.core.clock import Clock
from skranke.core.jobs.failures import waiting_failures
from skranke.core.jobs.registry import BackgroundTask, PeriodicJob
from skranke.core.jobs.time_travel import run_until
from skranke.core.jobs.worker import JobOutcome, run_round, run_rounds
from skranke.db.database import Db, transaction
from tests.cast import NOW
from tests.core.jobs.conftest import OpenState, add_chores, diary, next_due

TaskAction = Callable[[AppState, int], Awaitable[object]]

LEASE = timedelta(minutes=2)


async def lease_due(db: Db, now: datetime, limit: int, but: list[int]) -> list[int]:
    found = await db.fetch(
        """
        UPDATE chore SET due = $4 WHERE id IN (
            SELECT id FROM chore WHERE due <= $1 AND id <> ALL ($3)
            ORDER BY due, id LIMIT $2 FOR UPDATE SKIP LOCKED)
        RETURNING id
        """,
        now,
        limit,
        but,
        now + LEASE,
    )
    return sorted(record["id"] for record in found)


async def run(state: AppState, chore: int) -> None:
    async with transaction(state.pool) as db:
        await db.execute(
            "INSERT INTO diary (chore, at) VALUES ($1, $2)", chore, current_second(state.clock)
        )
        await db.execute("UPDATE chore SET due = NULL WHERE id = $1", chore)


def background_tasks(action: TaskAction = run) -> list[PeriodicJob | BackgroundTask]:
    return [BackgroundTask(name="run", order=1, do=action, due=lease_due, next_due=next_due)]


async def test_an_errand_is_run_once(open_state: OpenState):
    state = await open_state()
    await add_chores(state, {1: NOW, 2: NOW - LEASE, 3: NOW + LEASE})
    assert await run_round(state, background_tasks()) == {"run": JobOutcome(done=2)}
    assert await diary(state) == [(2, NOW), (1, NOW)]
    assert await run_round(state, background_tasks()) == {"run": JobOutcome()}


async def test_another_worker_passes_over_what_is_under_way(open_state: OpenState):
    first, second = await open_state(), await open_state()
    await add_chores(first, {1: NOW})
    started, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(state: AppState, chore: int) -> None:
        started.set()
        await go_on.wait()
        await run(state, chore)

    slow = asyncio.create_task(run_round(first, background_tasks(slowly)))
    await started.wait()
    assert await run_round(second, background_tasks()) == {"run": JobOutcome()}
    go_on.set()
    assert await slow == {"run": JobOutcome(done=1)}


async def test_what_a_dead_worker_has_leased_is_run_when_the_lease_is_over(open_state: OpenState):
    clock = Clock(NOW)
    state = await open_state(clock)
    await add_chores(state, {1: NOW})

    async def dies(state: AppState, chore: int) -> None:
        raise asyncio.CancelledError

    worker = asyncio.create_task(run_round(state, background_tasks(dies)))
    await asyncio.wait([worker])
    assert worker.cancelled()
    assert await run_round(state, background_tasks()) == {"run": JobOutcome()}
    clock.set(NOW + LEASE)
    assert await run_round(state, background_tasks()) == {"run": JobOutcome(done=1)}


async def test_errands_end_with_their_worker(open_state: OpenState):
    state = await open_state(Clock())
    await add_chores(state, {1: current_second(state.clock)})
    started, ended = asyncio.Event(), list[int]()

    async def waits(state: AppState, chore: int) -> None:
        try:
            started.set()
            await asyncio.Event().wait()
        finally:
            async with state.pool.acquire():  # while there still is a pool
                ended.append(chore)

    worker = asyncio.create_task(run_round(state, background_tasks(waits)))
    await started.wait()
    worker.cancel()
    await asyncio.wait([worker])
    assert ended == [1]


async def test_an_errand_that_fails_is_recorded_and_holds_up_nobody(open_state: OpenState):
    state = await open_state()
    await add_chores(state, {1: NOW, 2: NOW})

    async def fails_at_one(state: AppState, chore: int) -> None:
        if chore == 1:
            raise ValueError("no")
        await run(state, chore)

    told = await run_round(state, background_tasks(fails_at_one))
    assert told == {"run": JobOutcome(done=1, failed=1)}
    async with state.pool.acquire() as db:
        assert [f.error for f in await waiting_failures(db)] == ["ValueError: no"]


async def test_turning_the_clock_runs_errands_at_their_instants(open_state: OpenState):
    state = await open_state()
    await add_chores(state, {1: NOW + LEASE, 2: NOW + 3 * LEASE})
    await run_until(state, NOW, NOW + 2 * LEASE, background_tasks())
    assert await diary(state) == [(1, NOW + LEASE)]


async def test_errands_run_while_the_clock_stands_still(open_state: OpenState):
    state = await open_state(Clock(NOW))
    await add_chores(state, {1: NOW})
    done = asyncio.Event()

    async def tell(state: AppState, chore: int) -> None:
        await run(state, chore)
        done.set()

    worker = asyncio.create_task(run_rounds(state, 0.01, background_tasks(tell)))
    await asyncio.wait_for(done.wait(), 60)
    worker.cancel()


async def test_a_slow_errand_holds_up_no_other(open_state: OpenState):
    state = await open_state(Clock())  # a running clock, by which several go at once
    now = current_second(state.clock)
    await add_chores(state, dict.fromkeys(range(1, 41), now))
    others = asyncio.Event()
    done: list[int] = []

    async def first_waits(state: AppState, chore: int) -> None:
        if chore == 1:
            await others.wait()
        await run(state, chore)
        done.append(chore)
        if len(done) == 39:
            others.set()

    told = await asyncio.wait_for(run_round(state, background_tasks(first_waits)), 60)
    assert told == {"run": JobOutcome(done=40)}
    assert done[-1] == 1
