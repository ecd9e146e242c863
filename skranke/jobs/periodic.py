"""The jobs that rooms lend, and what each consists of.

@job("activate", order=1, due=due.to_wake, next_due=due.next_to_wake)
async def activate(call: Call, ticket_id: int) -> None:
    await wake(call, ticket_id)
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol, TypeVar

from msgspec import Struct

from skranke.store.database import Db
from skranke.wire.call import Call

Deed = Callable[[Call, int], Awaitable[object]]
D = TypeVar("D", bound=Deed)
NextDue = Callable[[Db, datetime], Awaitable[datetime | None]]
ITSELF = 0  # no item has this id; a failure of it is one of the whole job


class Due(Protocol):
    """Claims what is due: up to `limit` ids, those that are due longest first.

    None of `but`, and none that another worker holds: the rows stay locked until the
    transaction ends (FOR UPDATE SKIP LOCKED), and its work grows with what is due.
    """

    async def __call__(
        self, db: Db, now: datetime, limit: int, but: list[int], /
    ) -> list[int]: ...


class Job(Struct, frozen=True, kw_only=True):
    """A periodic job: in each round, `do` for every id that is `due`, once."""

    name: str
    order: int  # of the jobs in a round
    do: Deed
    due: Due
    next_due: NextDue  # the first instant after the given one at which anything is


JOBS: list[Job] = []  # in their order


def job(name: str, *, order: int, due: Due, next_due: NextDue) -> Callable[[D], D]:
    """Lend a job whose deed is the decorated function; name and order are its own."""

    def lend(do: D) -> D:
        if taken := [j.name for j in JOBS if name == j.name or order == j.order]:
            raise TypeError(f"Job {name!r}: {taken[0]!r} has this name or order")
        JOBS.append(Job(name=name, order=order, do=do, due=due, next_due=next_due))
        JOBS.sort(key=lambda job: job.order)
        return do

    return lend
