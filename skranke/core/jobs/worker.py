"""Rounds: every job in its order, until nothing is due.

Any number of workers may run on one database. Each claims a few items, does each behind
a savepoint of its own and commits them together: what one holds, the others pass over,
and what is done is no longer due. An item that fails is undone alone, recorded, and
rests; the rest of its batch is kept. Errands hold nothing while they are under way.
"""

import asyncio
import logging
from asyncio import FIRST_COMPLETED
from collections.abc import Sequence
from contextlib import nullcontext

from msgspec import Struct

from skranke.core.app_state import Desk, stamp
from skranke.core.base_locale import base_locale
from skranke.core.context import Call, Caller, Right
from skranke.core.jobs import failures
from skranke.core.jobs.registry import ITSELF, JOBS, Errand, Job, Together
from skranke.db.database import Db, transaction

log = logging.getLogger("skranke.core.jobs")
ERRANDS = 10  # under way at once in this process
SYSTEM = Caller(ej_user_id=1, name="system", full_name="System", rights=frozenset(Right))


class Outcome(Struct):
    """How many items of a job were done in a round, and how many failed."""

    done: int = 0
    failed: int = 0


async def run_round(
    desk: Desk, jobs: Sequence[Job | Errand] = JOBS, *, gathering: bool = False
) -> dict[str, Outcome]:
    """Do what is due, each item at most once, job by job; what came of it by job.

    Where it is `gathering`, a job rests after a batch that isn't full: what comes until
    the next round is then done together, which costs less. Raises only where the
    database is away: what was not committed is due again.
    """
    return {
        job.name: await _errand(desk, job)
        if isinstance(job, Errand)
        else await _job(desk, job, gathering=gathering)
        for job in jobs
    }


async def keep_on(desk: Desk, seconds: float) -> None:
    """Rounds of all jobs with pauses between them, until cancelled.

    What waits for nobody runs in loops of its own, twice a second at least: a save is
    to be found within one, and a server that answers slowly must not delay anything but
    its own letters.
    """
    often = min(seconds, 0.5)
    by_date = [job for job in JOBS if not job.at_once]
    async with asyncio.TaskGroup() as loops:
        loops.create_task(repeat(desk, seconds, by_date))
        for job in JOBS:
            if job.at_once:
                loops.create_task(repeat(desk, often, [job]))


async def repeat(desk: Desk, seconds: float, jobs: Sequence[Job | Errand]) -> None:
    """Rounds of these jobs with a pause between them, until cancelled.

    While the clock stands still, only of those that wait for no instant: whoever turns
    it runs the others. A database that is away is waited for.
    """
    while True:
        try:
            async with desk.clock.turning if desk.settings.emulator else nullcontext():
                frozen = desk.clock.frozen
                due = [j for j in jobs if j.at_once or not frozen]
                await run_round(desk, due, gathering=True)
        except Exception as fault:  # a worker that ends would be missed by nobody
            log.warning("Jobs are late: %s: %s", type(fault).__name__, fault)
        await asyncio.sleep(seconds)


async def _job(desk: Desk, job: Job, *, gathering: bool) -> Outcome:
    outcome = Outcome()
    tried: list[int] = []
    try:
        while items := await _batch(desk, job, tried, outcome):
            # what no instant makes due is gone when it is done: to remember it would
            # cost ever more where saves bring new work as fast as it is done
            tried += [] if job.at_once else items
            if gathering and len(items) < job.batch:
                break
    except Exception as fault:
        async with transaction(desk.pool) as db:
            now = stamp(desk.clock)
            await failures.record(db, job.name, ITSELF, fault, now)
        log.exception("Job %s failed", job.name)
        outcome.failed += 1
    return outcome


async def _batch(desk: Desk, job: Job, tried: list[int], outcome: Outcome) -> list[int]:
    """Claim and do a few items; which were tried. Empty when none is left."""
    async with transaction(desk.pool) as db:
        await desk.memory.refresh(db)
        call = call_of(desk, db)
        resting = await failures.resting(db, job.name, call.now)
        if ITSELF in resting:
            return []
        items = await job.due(db, call.now, job.batch, tried + resting)
        if not items:
            await failures.forget_untried(db, job.name, call.now)
            return []
        if job.together and await _are_done(job.together, call, items):
            done = items
        else:
            done = [item for item in items if await _is_done(job, call, item)]
        await failures.forget(db, job.name, done)
    outcome.done += len(done)
    outcome.failed += len(items) - len(done)
    return items


async def _are_done(together: Together, call: Call, items: list[int]) -> bool:
    """Do items in one go; False when that failed, which is undone as a whole."""
    try:
        async with call.db.transaction():
            await together(call, items)
    except Exception:  # which of them it was, doing them one by one tells
        return False
    return True


async def _is_done(job: Job, call: Call, item: int) -> bool:
    """Do one item; False when it failed, which is undone and recorded."""
    try:
        async with call.db.transaction():
            await job.do(call, item)
    except Exception as fault:
        # where it failed because the database is gone, so does this, and the batch ends
        await failures.record(call.db, job.name, item, fault, call.now)
        log.exception("Job %s failed at %d", job.name, item)
        return False
    return True


async def _errand(desk: Desk, errand: Errand) -> Outcome:
    """Keep a few under way until none is left: a slow one holds up no other."""
    outcome = Outcome()
    tried: list[int] = []
    at_once = 1 if desk.clock.frozen else ERRANDS  # by a stopped clock, in their order
    going: set[asyncio.Task[bool]] = set()
    try:
        while True:
            items = await _leased(desk, errand, at_once - len(going), tried)
            tried += items
            going |= {asyncio.create_task(_went_well(desk, errand, i)) for i in items}
            if not going:
                return outcome
            over, going = await asyncio.wait(going, return_when=FIRST_COMPLETED)
            outcome.done += sum(task.result() for task in over)
            outcome.failed += sum(not task.result() for task in over)
    finally:
        for task in going:
            task.cancel()
        # they end before the pool does, from which they may hold a connection
        await asyncio.gather(*going, return_exceptions=True)


async def _leased(desk: Desk, errand: Errand, limit: int, but: list[int]) -> list[int]:
    async with transaction(desk.pool) as db:
        now = stamp(desk.clock)
        resting = await failures.resting(db, errand.name, now)
        items = await errand.due(db, now, limit, but + resting)
        if not items:
            await failures.forget_untried(db, errand.name, now)
        return items


async def _went_well(desk: Desk, errand: Errand, item: int) -> bool:
    try:
        await errand.do(desk, item)
    except Exception as fault:
        log.exception("Errand %s failed at %d", errand.name, item)
        async with transaction(desk.pool) as db:
            await failures.record(db, errand.name, item, fault, stamp(desk.clock))
        return False
    async with transaction(desk.pool) as db:
        await failures.forget(db, errand.name, [item])
    return True


def call_of(desk: Desk, db: Db, caller: Caller = SYSTEM) -> Call:
    """A call that comes from no request: by the desk's clock, in its zone."""
    return Call(
        db=db,
        caller=caller,
        now=stamp(desk.clock),
        settings=desk.settings,
        memory=desk.memory,
        chance=desk.chance,
        locale=base_locale(desk.settings),
    )
