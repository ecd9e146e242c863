"""Rounds: every job in its order, until nothing is due.

Any number of workers may run on one database. Each claims a few items, does each behind
a savepoint of its own and commits them together: what one holds, the others pass over,
and what is done is no longer due. An item that fails is undone alone, recorded, and
rests; the rest of its batch is kept.
"""

import asyncio
import logging
from collections.abc import Sequence

from msgspec import Struct

from skranke.jobs import failures
from skranke.jobs.periodic import ITSELF, JOBS, Job
from skranke.store.database import Db, transaction
from skranke.wire.call import Call, Caller, Right
from skranke.wire.localisation import base_locale
from skranke.wire.server import Desk, stamp

log = logging.getLogger("skranke.jobs")
BATCH = 20  # items claimed at once: their rows are locked until the last is done
SYSTEM = Caller(
    ej_user_id=1, name="system", full_name="System", rights=frozenset(Right)
)


class Outcome(Struct):
    """How many items of a job were done in a round, and how many failed."""

    done: int = 0
    failed: int = 0


async def run_round(desk: Desk, jobs: Sequence[Job] = JOBS) -> dict[str, Outcome]:
    """Do what is due, each item at most once, job by job; what came of it by job.

    Raises only where the database is away: what was not committed is due again.
    """
    return {job.name: await _job(desk, job) for job in jobs}


async def keep_on(desk: Desk, seconds: float, jobs: Sequence[Job] = JOBS) -> None:
    """Rounds with a pause between them, until cancelled.

    None while the clock stands still: whoever turns it runs them. A database that is
    away is waited for.
    """
    while True:
        try:
            async with desk.clock.turning:
                if not desk.clock.frozen:
                    await run_round(desk, jobs)
        except Exception as fault:  # a worker that ends would be missed by nobody
            log.warning("Jobs are late: %s: %s", type(fault).__name__, fault)
        await asyncio.sleep(seconds)


async def _job(desk: Desk, job: Job) -> Outcome:
    outcome = Outcome()
    tried: list[int] = []
    try:
        while items := await _batch(desk, job, tried, outcome):
            tried += items
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
        items = await job.due(db, call.now, BATCH, tried + resting)
        if not items:
            await failures.forget_untried(db, job.name, call.now)
            return []
        done = [item for item in items if await _is_done(job, call, item)]
        await failures.forget(db, job.name, done)
    outcome.done += len(done)
    outcome.failed += len(items) - len(done)
    return items


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


def call_of(desk: Desk, db: Db, caller: Caller = SYSTEM) -> Call:
    """A call that comes from no request: by the desk's clock, in its zone."""
    return Call(
        db=db, caller=caller, now=stamp(desk.clock), settings=desk.settings,
        memory=desk.memory, chance=desk.chance, locale=base_locale(desk.settings),
    )  # fmt: skip
