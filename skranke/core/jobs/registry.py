"""The jobs that rooms lend, and what each consists of.

@job("activate", order=1, due=due.to_wake, next_due=due.next_to_wake)
async def activate(call: Call, ticket_id: int) -> None:
    await wake(call, ticket_id)
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
WHOLE_JOB = 0  # no item has this id; a failure of it is one of the whole job


class Due(Protocol):
    """Claims what is due: up to `limit` ids, those that are due longest first.

    None of `but`, and none that another worker holds: the rows stay locked until the
    transaction ends (FOR UPDATE SKIP LOCKED), and its work grows with what is due.
    """

    async def __call__(self, db: Db, now: datetime, limit: int, but: list[int], /) -> list[int]: ...


async def no_due_time(db: Db, after: datetime) -> datetime | None:
    """When the next item is due, of a job whose items wait for no instant."""
    _ = db, after


class PeriodicJob(Struct, frozen=True, kw_only=True):
    """A periodic job: in each round, `do` for every id that is `due`, once.

    `together`, where there is one, is tried first for all that were claimed at once.
    One that is `at_once` waits for no instant and runs even while the clock stands.
    """

    name: str
    order: int  # of the jobs in a round
    do: ItemHandler
    due: Due
    next_due: NextDue  # the first instant after the given one at which anything is
    do_batch: BatchItemHandler | None = None
    batch: int = 20  # items claimed at once: their rows are locked until the last is done
    at_once: bool = False


class BackgroundTask(Struct, frozen=True, kw_only=True):
    """A job that takes long, such as a letter or a call to another server.

    `due` leases what it claims: it puts off the next try to when this one must be over,
    and that is committed before `do` begins, which holds no connection and records for
    itself what came of it.
    """

    name: str
    order: int
    do: Callable[[AppState, int], Awaitable[object]]
    due: Due
    next_due: NextDue
    at_once: bool = True


JOBS: list[PeriodicJob | BackgroundTask] = []  # in their order


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
    """Lend a job whose deed is the decorated function; name and order are its own."""

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
    """Lend an errand whose deed is the decorated function."""

    def register(do: E) -> E:
        _add(BackgroundTask(name=name, order=order, do=do, due=due, next_due=next_due))
        return do

    return register


def _add(new: PeriodicJob | BackgroundTask) -> None:
    if taken := [j.name for j in JOBS if new.name == j.name or new.order == j.order]:
        raise TypeError(f"Job {new.name!r}: {taken[0]!r} has this name or order")
    JOBS.append(new)
    JOBS.sort(key=lambda job: job.order)
