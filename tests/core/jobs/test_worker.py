"""A round does what is due, each thing once, whoever else is at it."""

import asyncio
import logging
from collections import Counter
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random

import pytest

from skranke.core.app_state import AppState
from skranke.core.cache import ReferenceCache
from skranke.core.clock import Clock
from skranke.core.context import Permission, RequestContext
from skranke.core.jobs.failures import waiting_failures
from skranke.core.jobs.registry import PeriodicJob
from skranke.core.jobs.worker import SYSTEM, JobOutcome, run_round, run_rounds
from skranke.core.settings import Settings
from skranke.db import database
from skranke.db.database import Db, transaction
from skranke.db.embedded.server import EmbeddedServer
from skranke.db.faults import CONNECTION_ERRORS
from skranke.db.migrate import migrate
from tests.cast import NOW
from tests.core.jobs.conftest import (
    CHORE_TABLES,
    OpenState,
    add_chores,
    chores,
    diary,
    do,
    due,
    next_due,
)

MINUTE = timedelta(minutes=1)
BATCH = 20  # of a job that names no other
TIMEOUT_SECONDS = 100  # seconds until what never comes is a failure and not a hang


async def test_a_round_does_what_is_due_and_leaves_what_is_not(open_state: OpenState):
    state = await open_state()
    await add_chores(state, {1: NOW, 2: NOW + MINUTE, 3: NOW - MINUTE})
    assert await run_round(state, chores()) == {"chores": JobOutcome(done=2)}
    assert await diary(state) == [(3, NOW), (1, NOW)]
    assert await run_round(state, chores()) == {"chores": JobOutcome()}


async def test_more_than_a_batch_is_done_in_one_round(open_state: OpenState):
    state = await open_state()
    await add_chores(state, dict.fromkeys(range(1, 2 * BATCH + 4), NOW))
    assert await run_round(state, chores()) == {"chores": JobOutcome(done=2 * BATCH + 3)}


@pytest.mark.parametrize(("gathering", "left"), [(True, 1), (False, 0)])
async def test_what_comes_meanwhile_is_gathered_for_the_next_round(
    open_state: OpenState, gathering: bool, left: int
):
    state = await open_state()
    await add_chores(state, dict.fromkeys(range(1, BATCH + 4), NOW))

    async def bring_another(context: RequestContext, chore: int) -> None:
        if chore == BATCH + 1:
            await add_chores(state, {99: NOW})
        await do(context, chore)

    done = JobOutcome(done=BATCH + 4 - left)
    told = await run_round(state, chores(bring_another), coalesce=gathering)
    assert told == {"chores": done}
    assert await run_round(state, chores()) == {"chores": JobOutcome(done=left)}


async def test_jobs_run_one_after_the_other_in_their_order(open_state: OpenState):
    state = await open_state()
    await add_chores(state, {1: NOW, 2: NOW})
    seen: list[str] = []

    async def look(context: RequestContext, chore: int) -> None:
        seen.append(f"look at {chore}")

    async def settle(context: RequestContext, chore: int) -> None:
        seen.append(f"settle {chore}")
        await do(context, chore)

    def job(name: str, order: int, action: object) -> PeriodicJob:
        return PeriodicJob(name=name, order=order, do=action, due=due, next_due=next_due)  # pyright: ignore[reportArgumentType] # the two above

    await run_round(state, [job("look", 1, look), job("settle", 2, settle)])
    assert seen == ["look at 1", "look at 2", "settle 1", "settle 2"]


async def test_an_item_that_stays_due_is_done_once_a_round(open_state: OpenState):
    state = await open_state()
    await add_chores(state, {1: NOW})
    times: list[int] = []

    async def in_vain(context: RequestContext, chore: int) -> None:
        times.append(chore)

    await run_round(state, chores(in_vain))
    assert times == [1]


async def test_the_deed_is_called_by_the_system_at_the_desks_instant(open_state: OpenState):
    state = await open_state(Clock(NOW + timedelta(seconds=0.7)))
    await add_chores(state, {1: NOW})
    contexts: list[RequestContext] = []

    async def action(context: RequestContext, chore: int) -> None:
        contexts.append(context)

    await run_round(state, chores(action))
    assert [context.now for context in contexts] == [NOW]
    assert contexts[0].user == SYSTEM
    assert SYSTEM.ej_user_id == 1
    assert SYSTEM.permissions == frozenset(Permission)


async def test_what_one_worker_holds_the_others_pass_over(open_state: OpenState):
    first, second = await open_state(), await open_state()
    await add_chores(first, dict.fromkeys(range(1, BATCH + 6), NOW))
    held, free = asyncio.Event(), asyncio.Event()

    async def slowly(context: RequestContext, chore: int) -> None:
        held.set()
        await free.wait()
        await do(context, chore)

    slow = asyncio.create_task(run_round(first, chores(slowly)))
    await held.wait()
    assert await run_round(second, chores()) == {"chores": JobOutcome(done=5)}
    free.set()
    assert await slow == {"chores": JobOutcome(done=BATCH)}
    assert sorted(chore for chore, _ in await diary(first)) == [*range(1, BATCH + 6)]


async def test_four_workers_side_by_side_do_nothing_twice(open_state: OpenState):
    states = [await open_state() for _ in range(4)]
    await add_chores(states[0], dict.fromkeys(range(1, 301), NOW))
    outcomes = await asyncio.gather(
        *(
            run_round(state, chores(partial(do, who=str(place))))
            for place, state in enumerate(states)
        )
    )
    times = Counter(chore for chore, _ in await diary(states[0]))
    assert times == dict.fromkeys(range(1, 301), 1)
    assert sum(told["chores"].done for told in outcomes) == 300


async def fail_at_13_and_14(context: RequestContext, chore: int) -> None:
    """Half do the chore, then fail: chore 13 in the database, 14 in Python."""
    await do(context, chore)
    if chore == 13:
        await context.db.execute("SELECT 1 / 0")
    if chore == 14:
        raise ValueError("this chore is unlucky")


async def test_a_poisoned_item_is_undone_alone_and_recorded(open_state: OpenState):
    state = await open_state()
    await add_chores(state, dict.fromkeys(range(11, 18), NOW))
    assert await run_round(state, chores(fail_at_13_and_14)) == {
        "chores": JobOutcome(done=5, failed=2)
    }
    assert [chore for chore, _ in await diary(state)] == [11, 12, 15, 16, 17]
    async with transaction(state.pool) as db:
        told = {f.item: f for f in await waiting_failures(db)}
    assert [*sorted(told)] == [13, 14]
    assert told[13].error == "DivisionByZeroError: division by zero"
    assert told[14].error == "ValueError: this chore is unlucky"
    assert (told[14].attempts, told[14].retry_at) == (1, NOW + MINUTE)


async def test_a_failed_item_rests_longer_each_time_until_it_is_done(open_state: OpenState):
    state = await open_state()
    await add_chores(state, {14: NOW})
    for attempts, pause in enumerate([1, 2, 4, 8], start=1):
        assert (await run_round(state, chores(fail_at_13_and_14)))["chores"].failed == 1
        assert (await run_round(state, chores(fail_at_13_and_14)))["chores"].failed == 0
        async with transaction(state.pool) as db:
            [failure] = await waiting_failures(db)
        assert failure.attempts == attempts
        assert failure.retry_at - failure.failed_at == pause * MINUTE
        state.clock.set(failure.retry_at)
    assert await run_round(state, chores()) == {"chores": JobOutcome(done=1)}
    async with transaction(state.pool) as db:
        assert await waiting_failures(db) == []


async def test_an_item_never_rests_for_more_than_a_day(open_state: OpenState):
    state = await open_state()
    await add_chores(state, {14: NOW})
    async with transaction(state.pool) as db:
        await db.execute("INSERT INTO job_failure VALUES ('chores', 14, 4000, 'old', $1, $1)", NOW)
    await run_round(state, chores(fail_at_13_and_14))
    async with transaction(state.pool) as db:
        [failure] = await waiting_failures(db)
    assert failure.retry_at == NOW + timedelta(days=1)


async def test_a_failure_is_forgotten_when_the_item_is_no_longer_due(open_state: OpenState):
    state = await open_state()
    await add_chores(state, {14: NOW})
    await run_round(state, chores(fail_at_13_and_14))
    async with transaction(state.pool) as db:
        await db.execute("DELETE FROM chore")
    state.clock.advance(60)
    await run_round(state, chores())
    async with transaction(state.pool) as db:
        assert await waiting_failures(db) == []


async def test_a_job_that_cannot_tell_what_is_due_stops_no_other(open_state: OpenState):
    state = await open_state()
    await add_chores(state, {1: NOW})

    async def broken_due(db: Db, *_: object) -> list[int]:
        await db.execute("SELECT * FROM no_such_table")
        return []

    [good] = chores()
    bad = PeriodicJob(name="bad", order=0, do=do, due=broken_due, next_due=next_due)
    assert await run_round(state, [bad, good]) == {
        "bad": JobOutcome(failed=1),
        "chores": JobOutcome(done=1),
    }
    async with transaction(state.pool) as db:
        [failure] = await waiting_failures(db)
    assert (failure.job, failure.item) == ("bad", 0)
    assert (await run_round(state, [bad]))["bad"] == JobOutcome()  # it rests
    state.clock.advance(60)
    [mended] = [PeriodicJob(name="bad", order=0, do=do, due=due, next_due=next_due)]
    await run_round(state, [mended])
    async with transaction(state.pool) as db:
        assert await waiting_failures(db) == []


async def test_a_worker_that_loses_its_connection_has_done_nothing_of_its_batch(
    open_state: OpenState,
):
    state, other = await open_state(), await open_state()
    await add_chores(state, {1: NOW, 2: NOW})

    async def cut_off(context: RequestContext, chore: int) -> None:
        await do(context, chore)
        if chore == 2:
            mine = await context.db.fetchval("SELECT pg_backend_pid()")
            async with other.pool.acquire() as db:
                await db.execute("SELECT pg_terminate_backend($1)", mine)
                await context.db.execute("SELECT 1")

    with pytest.raises(CONNECTION_ERRORS):  # the job is not to blame, so nothing is recorded
        await run_round(state, chores(cut_off))
    assert await diary(state) == []
    assert (await run_round(state, chores()))["chores"].done == 2


async def test_a_cancelled_worker_leaves_its_batch_as_it_was(open_state: OpenState):
    state = await open_state()
    await add_chores(state, {1: NOW, 2: NOW})
    state.clock.release()
    halfway = asyncio.Event()

    async def endless(context: RequestContext, chore: int) -> None:
        await do(context, chore)
        halfway.set()
        await asyncio.Event().wait()

    worker = asyncio.create_task(run_rounds(state, 0, chores(endless)))
    await halfway.wait()
    worker.cancel()
    await asyncio.wait([worker])
    assert worker.cancelled()
    assert await diary(state) == []
    assert await run_round(state, chores()) == {"chores": JobOutcome(done=2)}


async def test_no_round_runs_by_itself_while_the_clock_stands_still(open_state: OpenState):
    state = await open_state()
    await add_chores(state, {1: NOW})
    done = asyncio.Event()

    async def tell(context: RequestContext, chore: int) -> None:
        await do(context, chore)
        done.set()

    worker = asyncio.create_task(run_rounds(state, 0, chores(tell)))
    async with state.clock.turning:
        pass  # the worker is at its second round at least: it had the lock before
    async with state.clock.turning:
        assert await diary(state) == []
        state.clock.release()
    await asyncio.wait_for(done.wait(), TIMEOUT_SECONDS)
    worker.cancel()


class LogSignal(logging.Handler):
    """A log handler that knows whether it heard of anything."""

    def __init__(self) -> None:
        super().__init__()
        self.any = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        self.any.set()


async def test_a_worker_outlives_a_restart_of_the_database(tmp_path: Path):
    server = EmbeddedServer(tmp_path)
    dsn = await asyncio.to_thread(server.start)
    async with database.single_connection(dsn) as db:
        await migrate(db)
        await db.execute(CHORE_TABLES)
    done, heard = asyncio.Queue[int](), LogSignal()

    async def tell(context: RequestContext, chore: int) -> None:
        await do(context, chore)
        done.put_nowait(chore)

    pool = await database.connect(dsn, size=2)
    state = AppState(
        pool=pool, cache=ReferenceCache(), clock=Clock(), settings=Settings(), rng=Random(1)
    )
    worker = asyncio.create_task(run_rounds(state, 0.01, chores(tell)))
    logging.getLogger("skranke.core.jobs").addHandler(heard)
    try:
        await add_chores(state, {1: NOW - MINUTE})
        assert await asyncio.wait_for(done.get(), TIMEOUT_SECONDS) == 1
        await asyncio.to_thread(server.stop)
        await asyncio.wait_for(heard.any.wait(), TIMEOUT_SECONDS)
        await asyncio.to_thread(server.start)
        async with database.single_connection(dsn) as db:
            await db.execute("INSERT INTO chore VALUES (2, $1)", NOW)
        # the end of the server may have undone 1 between its deed and its commit
        while await asyncio.wait_for(done.get(), TIMEOUT_SECONDS) != 2:
            pass
    finally:
        logging.getLogger("skranke.core.jobs").removeHandler(heard)
        worker.cancel()
        await asyncio.wait([worker])
        pool.terminate()
        await asyncio.to_thread(server.stop)
