"""The registry of jobs.

@periodic_job("activate", order=1, due=due.to_reopen, next_due=due.next_to_reopen)
async def activate(context: RequestContext, ticket_id: int) -> None:
    await reopen(context, ticket_id)
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol, TypeVar

from msgspec import Struct

from skranke.core.app_state import AppState
from skranke.core.context import RequestContext
from skranke.db.database import Db

ItemHandler = Callable[[RequestContext, int], Awaitable[object]]
BatchItemHandler = Callable[[RequestContext, list[int]], Awaitable[object]]
D = TypeVar("D", bound=ItemHandler)
E = TypeVar("E", bound=Callable[[AppState, int], Awaitable[object]])
NextDue = Callable[[Db, datetime], Awaitable[datetime | None]]
WHOLE_JOB = 0  # the item id of a failure of the whole job; no real item has it


class Due(Protocol):
    """Claims due items: up to `limit` ids, those that have been due longest first.

    It must skip the ids in `but` and rows that another worker has locked (FOR UPDATE
    SKIP LOCKED); claimed rows stay locked until the transaction ends. Its cost must
    grow with the number of due items, not with the size of the table.
    """

    async def __call__(self, db: Db, now: datetime, limit: int, but: list[int], /) -> list[int]: ...


async def no_due_time(db: Db, after: datetime) -> datetime | None:
    """`next_due` of jobs whose items have no due time."""
    _ = db, after


class PeriodicJob(Struct, frozen=True, kw_only=True):
    """A periodic job: each round calls `do` once for every id that is `due`.

    `do_batch`, if given, is tried first for all claimed items together. `at_once` jobs
    have no due time; they run even while the clock is frozen.
    """

    name: str
    order: int  # position among the jobs of a round
    do: ItemHandler
    due: Due
    next_due: NextDue  # the first instant after the given one at which an item is due
    do_batch: BatchItemHandler | None = None
    batch: int = 20  # items claimed together; their rows stay locked until all are done
    at_once: bool = False


class BackgroundTask(Struct, frozen=True, kw_only=True):
    """A job with slow items, such as sending an email or calling another server.

    `due` leases what it claims: it moves the item's due time to the end of the lease
    and commits that before `do` starts. `do` holds no connection and records its own
    result.
    """

    name: str
    order: int
    do: Callable[[AppState, int], Awaitable[object]]
    due: Due
    next_due: NextDue
    at_once: bool = True


JOBS: list[PeriodicJob | BackgroundTask] = []  # sorted by `order`


def periodic_job(
    name: str,
    *,
    order: int,
    due: Due,
    next_due: NextDue,
    do_batch: BatchItemHandler | None = None,
    batch: int = 20,
    at_once: bool = False,
) -> Callable[[D], D]:
    """Register the decorated function as a periodic job; name and order must be unique."""

    def register(do: D) -> D:
        _add(
            PeriodicJob(
                name=name,
                order=order,
                do=do,
                due=due,
                next_due=next_due,
                do_batch=do_batch,
                batch=batch,
                at_once=at_once,
            )
        )
        return do

    return register


def background_task(name: str, *, order: int, due: Due, next_due: NextDue) -> Callable[[E], E]:
    """Register the decorated function as a background task; name and order must be unique."""

    def register(do: E) -> E:
        _add(BackgroundTask(name=name, order=order, do=do, due=due, next_due=next_due))
        return do

    return register


def _add(new: PeriodicJob | BackgroundTask) -> None:
    if twins := [j.name for j in JOBS if new.name == j.name or new.order == j.order]:
        raise TypeError(f"Job {new.name!r}: the job {twins[0]!r} has the same name or order")
    JOBS.append(new)
    JOBS.sort(key=lambda job: job.order)
