"""Moving the clock: jobs that become due on the way run at their own instants."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from skranke.core.app_state import AppState, current_second
from skranke.core.jobs.failures import next_retry
from skranke.core.jobs.registry import JOBS, BackgroundTask, PeriodicJob
from skranke.core.jobs.worker import run_round
from skranke.db.database import transaction

MAX_ROUNDS = 100  # at one instant; a job might leave its item due for ever
SECOND = timedelta(seconds=1)


async def run_until(
    state: AppState,
    old: datetime,
    new: datetime,
    jobs: Sequence[PeriodicJob | BackgroundTask] = JOBS,
) -> None:
    """Move the clock from `old` to `new` and run the jobs that become due in between.

    The clock stops at each due time, rounded up to whole seconds, until nothing more is
    due there. Moving backwards makes nothing due. The caller must hold
    `state.clock.turning`. Raises if the database is unavailable; the clock then stays
    at the instant it had reached.
    """
    state.clock.set(min(old, new))
    await _settle(state, jobs)
    while (then := await _next_due(state, jobs)) and then < new:
        state.clock.set(then)
        await _settle(state, jobs)
    state.clock.set(new)
    await _settle(state, jobs)


async def _settle(state: AppState, jobs: Sequence[PeriodicJob | BackgroundTask]) -> None:
    """Run rounds at one instant until a round finds nothing to do."""
    for _ in range(MAX_ROUNDS):
        outcomes = await run_round(state, jobs)
        if not any(outcome.done for outcome in outcomes.values()):
            return


async def _next_due(
    state: AppState, jobs: Sequence[PeriodicJob | BackgroundTask]
) -> datetime | None:
    after = current_second(state.clock)
    async with transaction(state.pool) as db:
        due = [await job.next_due(db, after) for job in jobs]
        due.append(await next_retry(db, after))
    first = min((instant for instant in due if instant), default=None)
    if first and first.microsecond:
        return first.replace(microsecond=0) + SECOND
    return first
