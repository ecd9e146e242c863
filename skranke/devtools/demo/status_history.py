"""The statuses a ticket of the demo desk went through, and the time spent in each."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

from msgspec import Struct

from skranke.catalog.priorities.timeframe import add_worked, worked_seconds
from skranke.devtools.demo.conversation import Said
from skranke.devtools.demo.reference_data import Setting
from skranke.devtools.demo.rows import StatusHistory
from skranke.devtools.demo.scenarios import Case, Fate

OPEN, CLOSED, POSTPONED, DELETED, MERGED, SPAM, WAITING, QUEUED = range(1, 9)
ENDS = {
    Fate.CLOSED: CLOSED,
    Fate.POSTPONED: POSTPONED,
    Fate.DELETED: DELETED,
    Fate.MERGED: MERGED,
    Fate.SPAM: SPAM,
}
COUNTERS = {OPEN: "internally", WAITING: "externally", POSTPONED: "externally", QUEUED: "queue"}


class Step(Struct, frozen=True):
    """From when a ticket had a status."""

    status: int
    at: datetime


def course(rng: Random, case: Case, told: Sequence[Said], setting: Setting) -> list[Step]:
    """The first status and every later one, in order; the last is today's."""
    waiting_first = case.queued and not told[0].by_us
    steps = [Step(QUEUED if waiting_first else OPEN, case.created_at)]
    for said in told[1:]:
        status = _after(case, said, steps[-1].status)
        if status != steps[-1].status:
            steps.append(Step(status, said.at))
    end = _end(rng, case, told, setting)
    return [*steps, end] if end else steps


def _after(case: Case, said: Said, status: int) -> int:
    if said.who == "agent" and case.waits:
        return WAITING
    return OPEN if said.by_us or status == WAITING else status


def _end(rng: Random, case: Case, told: Sequence[Said], setting: Setting) -> Step | None:
    """The last step; None while it still has to come."""
    last = told[-1].at
    if case.fate is Fate.OPEN or len(told) < case.turns:
        return None
    if case.fate is Fate.CLOSED:
        frame = setting.priorities[case.priority].frame
        at = add_worked(frame, last, rng.randint(120, 9000))
        return Step(CLOSED, at) if at <= setting.now else None
    soon = last + timedelta(seconds=rng.randint(90, 5400))
    return Step(ENDS[case.fate], min(soon, setting.now - timedelta(minutes=1)))


def history(case: Case, steps: Sequence[Step], setting: Setting) -> list[StatusHistory]:
    """A row for each status that was left, with its seconds by either clock."""
    frame = setting.priorities[case.priority].frame
    return [
        StatusHistory(
            ticket_id=case.ticket_id,
            ticket_status=left.status,
            timespan=worked_seconds(frame, left.at, taken.at),
            real_timespan=int((taken.at - left.at).total_seconds()),
            from_datetime=left.at,
            to_datetime=taken.at,
        )
        for left, taken in pairwise(steps)
    ]


def time_spent(left: Sequence[StatusHistory]) -> dict[str, int]:
    """The ticket's six counters, in seconds, by column."""
    spent = dict.fromkeys(
        (
            f"{kind}_{phase}"
            for kind in ("time_spent", "real_time_spent")
            for phase in ("internally", "externally", "queue")
        ),
        0,
    )
    for row in left:
        if phase := COUNTERS.get(row.ticket_status):
            spent[f"time_spent_{phase}"] += row.timespan
            spent[f"real_time_spent_{phase}"] += row.real_timespan
    return spent
