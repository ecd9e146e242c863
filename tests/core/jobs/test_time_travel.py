"""Turning the clock does what falls due on the way, in order and at its own instant."""

from datetime import timedelta
from functools import partial

from skranke.core.clock import Clock
from skranke.core.context import RequestContext
from skranke.core.jobs.failures import waiting_failures
from skranke.core.jobs.registry import PeriodicJob
from skranke.core.jobs.time_travel import MAX_ROUNDS, run_until
from skranke.db.database import transaction
from tests.cast import NOW
from tests.core.jobs.conftest import OpenState, add_chores, chores, diary, do, due, next_due

HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)
SECOND = timedelta(seconds=1)


async def test_a_week_runs_in_order_each_thing_at_its_own_instant(open_state: OpenState):
    state = await open_state()
    await add_chores(
        state,
        {
            5: NOW + 3 * HOUR,
            2: NOW + 90 * HOUR,
            9: NOW + HOUR,
            7: NOW + 3 * HOUR,
            4: NOW + 2 * WEEK,
            1: NOW - HOUR,
        },
    )
    await run_until(state, NOW, NOW + WEEK, chores())
    assert await diary(state) == [
        (1, NOW),
        (9, NOW + HOUR),
        (5, NOW + 3 * HOUR),
        (7, NOW + 3 * HOUR),
        (2, NOW + 90 * HOUR),
    ]
    assert state.clock.now() == NOW + WEEK
    assert state.clock.is_frozen


async def test_what_is_due_at_the_very_end_is_done(open_state: OpenState):
    state = await open_state()
    await add_chores(state, {1: NOW + HOUR, 2: NOW + HOUR + SECOND})
    await run_until(state, NOW, NOW + HOUR, chores())
    assert await diary(state) == [(1, NOW + HOUR)]


async def test_what_a_deed_makes_due_on_the_way_is_done_on_the_way(open_state: OpenState):
    state = await open_state()
    await add_chores(state, {1: NOW + HOUR})

    async def three_times(context: RequestContext, chore: int) -> None:
        await do(context, chore)
        count = await context.db.fetchval("SELECT count(*) FROM diary")
        if count < 3:
            again = "UPDATE chore SET due = $2 WHERE id = $1"
            await context.db.execute(again, chore, context.now + (count - 1) * HOUR)

    await run_until(state, NOW, NOW + WEEK, chores(three_times))
    assert await diary(state) == [(1, NOW + HOUR), (1, NOW + HOUR), (1, NOW + 2 * HOUR)]


async def test_jobs_of_one_instant_run_in_the_jobs_order(open_state: OpenState):
    state = await open_state()
    await add_chores(state, {1: NOW + HOUR, 2: NOW + HOUR})

    async def odd(*given: object) -> list[int]:
        return [chore for chore in await due(*given) if chore % 2]  # pyright: ignore[reportArgumentType] # as due takes them

    jobs = [
        PeriodicJob(name="odd", order=1, do=partial(do, job="odd"), due=odd, next_due=next_due),
        PeriodicJob(name="all", order=2, do=partial(do, job="all"), due=due, next_due=next_due),
    ]
    await run_until(state, NOW, NOW + WEEK, jobs)
    async with transaction(state.pool) as db:
        found = await db.fetch("SELECT job, chore, at FROM diary ORDER BY place")
    at = NOW + HOUR
    assert [tuple(record) for record in found] == [("odd", 1, at), ("all", 2, at)]


async def test_the_same_week_twice_leaves_the_same_diary(open_state: OpenState):
    state = await open_state()
    told: list[object] = []
    for _ in range(2):
        async with transaction(state.pool) as db:
            await db.execute("TRUNCATE chore, diary RESTART IDENTITY")
        await add_chores(state, {i: NOW + (i * 7 % 11) * HOUR for i in range(1, 60)})
        await run_until(state, NOW, NOW + WEEK, chores())
        told.append(await diary(state))
    assert told[0] == told[1]


async def test_a_fraction_of_a_second_is_waited_for(open_state: OpenState):
    state = await open_state(Clock(NOW + timedelta(seconds=0.5)))
    await add_chores(state, {1: NOW + timedelta(seconds=3.2)})
    await run_until(state, state.clock.now(), NOW + HOUR, chores())
    assert await diary(state) == [(1, NOW + 4 * SECOND)]


async def test_turning_back_does_only_what_is_due_by_then(open_state: OpenState):
    state = await open_state()
    await add_chores(state, {1: NOW - HOUR, 2: NOW - 3 * HOUR})
    await run_until(state, NOW, NOW - 2 * HOUR, chores())
    assert await diary(state) == [(2, NOW - 2 * HOUR)]
    assert state.clock.now() == NOW - 2 * HOUR


async def test_a_failing_item_is_tried_again_at_its_instants_and_stops_nothing(
    open_state: OpenState,
):
    state = await open_state()
    await add_chores(state, {1: NOW, 2: NOW + HOUR})
    tries: list[timedelta] = []

    async def unlucky(context: RequestContext, chore: int) -> None:
        if chore == 1:
            tries.append(context.now - NOW)
            raise ValueError("unlucky")
        await do(context, chore)

    await run_until(state, NOW, NOW + HOUR, chores(unlucky))
    assert [pause.total_seconds() / 60 for pause in tries] == [0, 1, 3, 7, 15, 31]
    assert await diary(state) == [(2, NOW + HOUR)]
    async with transaction(state.pool) as db:
        assert [f.item for f in await waiting_failures(db)] == [1]


async def test_a_deed_in_vain_does_not_hold_the_clock_up(open_state: OpenState):
    state = await open_state()
    await add_chores(state, {1: NOW + HOUR})
    times: list[int] = []

    async def in_vain(context: RequestContext, chore: int) -> None:
        times.append(chore)

    await run_until(state, NOW, NOW + 2 * HOUR, chores(in_vain))
    assert len(times) == 2 * MAX_ROUNDS
    assert state.clock.now() == NOW + 2 * HOUR
