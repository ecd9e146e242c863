"""An errand is leased, runs without a transaction, and is nobody else's meanwhile."""

import asyncio
from datetime import datetime, timedelta

from skranke.core.app_state import AppState, current_second
from skranke.core.clock import Clock
from skranke.core.jobs.failures import failures
from skranke.core.jobs.registry import BackgroundTask, PeriodicJob
from skranke.core.jobs.time_travel import run_until
from skranke.core.jobs.worker import Outcome, repeat, run_round
from skranke.db.database import Db, transaction
from tests.conftest import NOW
from tests.core.jobs.conftest import Opener, diary, give, next_due

LEASE = timedelta(minutes=2)


async def leased(db: Db, now: datetime, limit: int, but: list[int]) -> list[int]:
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


async def run(desk: AppState, chore: int) -> None:
    async with transaction(desk.pool) as db:
        await db.execute(
            "INSERT INTO diary (chore, at) VALUES ($1, $2)", chore, current_second(desk.clock)
        )
        await db.execute("UPDATE chore SET due = NULL WHERE id = $1", chore)


def background_tasks(deed: object = run) -> list[PeriodicJob | BackgroundTask]:
    background_task = BackgroundTask(name="run", order=1, do=deed, due=leased, next_due=next_due)  # pyright: ignore[reportArgumentType] # one of the deeds here
    return [background_task]


async def test_an_errand_is_run_once(opened: Opener):
    desk = await opened()
    await give(desk, {1: NOW, 2: NOW - LEASE, 3: NOW + LEASE})
    assert await run_round(desk, background_tasks()) == {"run": Outcome(done=2)}
    assert await diary(desk) == [(2, NOW), (1, NOW)]
    assert await run_round(desk, background_tasks()) == {"run": Outcome()}


async def test_another_worker_passes_over_what_is_under_way(opened: Opener):
    first, second = await opened(), await opened()
    await give(first, {1: NOW})
    started, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(desk: AppState, chore: int) -> None:
        started.set()
        await go_on.wait()
        await run(desk, chore)

    slow = asyncio.create_task(run_round(first, background_tasks(slowly)))
    await started.wait()
    assert await run_round(second, background_tasks()) == {"run": Outcome()}
    go_on.set()
    assert await slow == {"run": Outcome(done=1)}


async def test_what_a_dead_worker_has_leased_is_run_when_the_lease_is_over(opened: Opener):
    clock = Clock(NOW)
    desk = await opened(clock)
    await give(desk, {1: NOW})

    async def dies(desk: AppState, chore: int) -> None:
        raise asyncio.CancelledError

    worker = asyncio.create_task(run_round(desk, background_tasks(dies)))
    await asyncio.wait([worker])
    assert worker.cancelled()
    assert await run_round(desk, background_tasks()) == {"run": Outcome()}
    clock.set(NOW + LEASE)
    assert await run_round(desk, background_tasks()) == {"run": Outcome(done=1)}


async def test_errands_end_with_their_worker(opened: Opener):
    desk = await opened(Clock())
    await give(desk, {1: current_second(desk.clock)})
    started, ended = asyncio.Event(), list[int]()

    async def waits(desk: AppState, chore: int) -> None:
        try:
            started.set()
            await asyncio.Event().wait()
        finally:
            async with desk.pool.acquire():  # while there still is a pool
                ended.append(chore)

    worker = asyncio.create_task(run_round(desk, background_tasks(waits)))
    await started.wait()
    worker.cancel()
    await asyncio.wait([worker])
    assert ended == [1]


async def test_an_errand_that_fails_is_recorded_and_holds_up_nobody(opened: Opener):
    desk = await opened()
    await give(desk, {1: NOW, 2: NOW})

    async def fails_at_one(desk: AppState, chore: int) -> None:
        if chore == 1:
            raise ValueError("no")
        await run(desk, chore)

    told = await run_round(desk, background_tasks(fails_at_one))
    assert told == {"run": Outcome(done=1, failed=1)}
    async with desk.pool.acquire() as db:
        assert [f.error for f in await failures(db)] == ["ValueError: no"]


async def test_turning_the_clock_runs_errands_at_their_instants(opened: Opener):
    desk = await opened()
    await give(desk, {1: NOW + LEASE, 2: NOW + 3 * LEASE})
    await run_until(desk, NOW, NOW + 2 * LEASE, background_tasks())
    assert await diary(desk) == [(1, NOW + LEASE)]


async def test_errands_run_while_the_clock_stands_still(opened: Opener):
    desk = await opened(Clock(NOW))
    await give(desk, {1: NOW})
    done = asyncio.Event()

    async def tell(desk: AppState, chore: int) -> None:
        await run(desk, chore)
        done.set()

    worker = asyncio.create_task(repeat(desk, 0.01, background_tasks(tell)))
    await asyncio.wait_for(done.wait(), 60)
    worker.cancel()


async def test_a_slow_errand_holds_up_no_other(opened: Opener):
    desk = await opened(Clock())  # a running clock, by which several go at once
    now = current_second(desk.clock)
    await give(desk, dict.fromkeys(range(1, 41), now))
    others = asyncio.Event()
    done: list[int] = []

    async def first_waits(desk: AppState, chore: int) -> None:
        if chore == 1:
            await others.wait()
        await run(desk, chore)
        done.append(chore)
        if len(done) == 39:
            others.set()

    told = await asyncio.wait_for(run_round(desk, background_tasks(first_waits)), 60)
    assert told == {"run": Outcome(done=40)}
    assert done[-1] == 1
