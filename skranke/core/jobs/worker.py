"""The worker: rounds that run every job in order until nothing is due.

Any number of workers may run on one database. Each claims a few items, handles each
behind its own savepoint and commits them together. Workers skip items that another one
has claimed, and finished items are no longer due. An item that fails is rolled back
alone, recorded and retried later; the rest of its batch is committed. Background tasks
hold no connection while they run.
"""

import asyncio
import logging
from asyncio import FIRST_COMPLETED
from collections.abc import Sequence
from contextlib import nullcontext

from msgspec import Struct

from skranke.core.app_state import AppState, current_second
from skranke.core.base_locale import base_locale
from skranke.core.context import CurrentUser, Permission, RequestContext
from skranke.core.jobs import failures
from skranke.core.jobs.registry import (
    JOBS,
    WHOLE_JOB,
    BackgroundTask,
    BatchItemHandler,
    PeriodicJob,
)
from skranke.db.database import Db, transaction
from skranke.db.faults import is_transient

log = logging.getLogger("skranke.core.jobs")
MAX_RUNNING_TASKS = 10  # items of a background task that run concurrently in this process
SYSTEM = CurrentUser(
    ej_user_id=1, name="system", full_name="System", permissions=frozenset(Permission)
)


class JobOutcome(Struct):
    """The numbers of items of a job that were done and that failed in a round."""

    done: int = 0
    failed: int = 0


async def run_round(
    state: AppState, jobs: Sequence[PeriodicJob | BackgroundTask] = JOBS, *, coalesce: bool = False
) -> dict[str, JobOutcome]:
    """Do what is due, each item at most once, job by job; what came of it by job.

    Where it is `gathering`, a job rests after a batch that isn't full: what comes until
    the next round is then done together, which costs less. Raises only where the
    database is away: what was not committed is due again.
    """
    return {
        job.name: await _run_background_task(state, job)
        if isinstance(job, BackgroundTask)
        else await _run_job(state, job, coalesce=coalesce)
        for job in jobs
    }


async def run_forever(state: AppState, seconds: float) -> None:
    """Run rounds of all jobs with pauses between them, until cancelled.

    Each `at_once` job has its own loop, which runs at least twice a second: a save must
    become searchable within a second, and a slow mail server must only delay its own
    emails.
    """
    often = min(seconds, 0.5)
    by_date = [job for job in JOBS if not job.at_once]
    async with asyncio.TaskGroup() as loops:
        loops.create_task(run_rounds(state, seconds, by_date))
        for job in JOBS:
            if job.at_once:
                loops.create_task(run_rounds(state, often, [job]))


async def run_rounds(
    state: AppState, seconds: float, jobs: Sequence[PeriodicJob | BackgroundTask]
) -> None:
    """Run rounds of these jobs with a pause between them, until cancelled.

    While the clock is frozen, only `at_once` jobs run; the code that moves the clock
    runs the others. If the database is unavailable, the next round tries again.
    """
    while True:
        try:
            async with state.clock.turning if state.settings.emulator else nullcontext():
                frozen = state.clock.is_frozen
                due = [j for j in jobs if j.at_once or not frozen]
                await run_round(state, due, coalesce=True)
        except Exception as fault:  # the loop must survive: nobody would notice its end
            log.warning("Jobs are late: %s: %s", type(fault).__name__, fault)
        await asyncio.sleep(seconds)


async def _run_job(state: AppState, job: PeriodicJob, *, coalesce: bool) -> JobOutcome:
    outcome = JobOutcome()
    tried: list[int] = []
    try:
        while items := await _run_batch(state, job, tried, outcome):
            # finished items of `at_once` jobs are gone; remembering them would cost
            # more and more while saves add new work as fast as it is done
            tried += [] if job.at_once else items
            if coalesce and len(items) < job.batch:
                break
    except Exception as fault:
        if is_transient(fault):  # the job is not to blame: it is due again
            raise
        async with transaction(state.pool) as db:
            now = current_second(state.clock)
            await failures.record(db, job.name, WHOLE_JOB, fault, now)
        log.exception("Job %s failed", job.name)
        outcome.failed += 1
    return outcome


async def _run_batch(
    state: AppState, job: PeriodicJob, tried: list[int], outcome: JobOutcome
) -> list[int]:
    """Claim and handle a few items; return the tried ids, empty if none is left."""
    async with transaction(state.pool) as db:
        await state.cache.refresh(db)
        context = context_for(state, db)
        resting = await failures.resting_items(db, job.name, context.now)
        if WHOLE_JOB in resting:
            return []
        items = await job.due(db, context.now, job.batch, tried + resting)
        if not items:
            await failures.clear_untried(db, job.name, context.now)
            return []
        if job.do_batch and await _do_batch(job.do_batch, context, items):
            done = items
        else:
            done = [item for item in items if await _do_item(job, context, item)]
        await failures.clear(db, job.name, done)
    outcome.done += len(done)
    outcome.failed += len(items) - len(done)
    return items


async def _do_batch(do_batch: BatchItemHandler, context: RequestContext, items: list[int]) -> bool:
    """Handle items together; False if that failed and everything was rolled back."""
    try:
        async with context.db.transaction():
            await do_batch(context, items)
    except Exception as fault:
        if is_transient(fault):
            raise
        return False  # which of them it was, doing them one by one tells
    return True


async def _do_item(job: PeriodicJob, context: RequestContext, item: int) -> bool:
    """Handle one item; False if it failed, was rolled back and recorded."""
    try:
        async with context.db.transaction():
            await job.do(context, item)
    except Exception as fault:
        if is_transient(fault):  # the whole batch is undone and due again
            raise
        await failures.record(context.db, job.name, item, fault, context.now)
        log.exception("Job %s failed on item %d", job.name, item)
        return False
    return True


async def _run_background_task(state: AppState, background_task: BackgroundTask) -> JobOutcome:
    """Run a few items concurrently until none is left; a slow item delays no other."""
    outcome = JobOutcome()
    tried: list[int] = []
    at_once = (
        1 if state.clock.is_frozen else MAX_RUNNING_TASKS
    )  # by a stopped clock, in their order
    going: set[asyncio.Task[bool]] = set()
    try:
        while True:
            items = await _lease_items(state, background_task, at_once - len(going), tried)
            tried += items
            going |= {asyncio.create_task(_run_task(state, background_task, i)) for i in items}
            if not going:
                return outcome
            over, going = await asyncio.wait(going, return_when=FIRST_COMPLETED)
            outcome.done += sum(task.result() for task in over)
            outcome.failed += sum(not task.result() for task in over)
    finally:
        for task in going:
            task.cancel()
        # they may hold a connection, so they must end before the pool is closed
        await asyncio.gather(*going, return_exceptions=True)


async def _lease_items(
    state: AppState, background_task: BackgroundTask, limit: int, but: list[int]
) -> list[int]:
    async with transaction(state.pool) as db:
        now = current_second(state.clock)
        resting = await failures.resting_items(db, background_task.name, now)
        items = await background_task.due(db, now, limit, but + resting)
        if not items:
            await failures.clear_untried(db, background_task.name, now)
        return items


async def _run_task(state: AppState, background_task: BackgroundTask, item: int) -> bool:
    try:
        await background_task.do(state, item)
    except Exception as fault:
        if is_transient(fault):  # it is due again when its lease is over
            raise
        log.exception("Errand %s failed at %d", background_task.name, item)
        async with transaction(state.pool) as db:
            await failures.record(
                db, background_task.name, item, fault, current_second(state.clock)
            )
        return False
    async with transaction(state.pool) as db:
        await failures.clear(db, background_task.name, [item])
    return True


def context_for(state: AppState, db: Db, user: CurrentUser = SYSTEM) -> RequestContext:
    """A context without a request: the application's clock and base locale."""
    return RequestContext(
        db=db,
        user=user,
        now=current_second(state.clock),
        settings=state.settings,
        cache=state.cache,
        rng=state.rng,
        locale=base_locale(state.settings),
    )
