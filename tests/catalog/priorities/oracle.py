"""What the office hours must answer, found the slow and obvious way.

Two oracles that share nothing with the engine but the frame's fields. `walked` looks
at the wall clock at every second or minute. `halved` cuts a span in halves until the
clock runs evenly in each, and then compares local dates and times. The first proves
the second on short spans; the second reaches over years.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from skranke.catalog.priorities.timeframe import TimeFrame

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)

Run = tuple[datetime, datetime]


@dataclass(frozen=True)
class Answer:
    """The open runs in UTC, each as long as it can be, and the holidays skipped."""

    runs: list[Run]
    holidays: list[date]

    @property
    def seconds(self) -> int:
        return sum(int((stop - start).total_seconds()) for start, stop in self.runs)

    def after(self, seconds: int) -> datetime:
        """When so many of the open seconds, at least one, have passed."""
        left = timedelta(seconds=seconds)
        for start, stop in self.runs:
            if left <= stop - start:
                return start + left
            left -= stop - start
        raise AssertionError(f"{seconds} seconds are more than the answer holds.")


def walked(frame: TimeFrame, start: datetime, stop: datetime, step: timedelta) -> Answer:
    """Look at the wall clock at every step; all edges must lie on steps."""
    runs: list[Run] = []
    holidays: dict[date, None] = {}
    while start < stop:
        local = start.astimezone(frame.zone)
        opens, closes = frame.week[local.weekday()]
        if opens <= local.hour * 3600 + local.minute * 60 + local.second < closes:
            if is_holiday(frame, local):
                holidays[local.date()] = None
            else:
                extend(runs, start, start + step)
        start += step
    return Answer(runs, list(holidays))


def halved(frame: TimeFrame, start: datetime, stop: datetime) -> Answer:
    """Compare dates and times, in pieces of at most a day with an even wall clock."""
    runs: list[Run] = []
    holidays: dict[date, None] = {}
    for local, length, ahead in pieces(frame, start, stop):
        for opens, closes in open_times(frame, local, local + length):
            if is_holiday(frame, opens):
                holidays[opens.date()] = None
            else:
                utc = (at.replace(tzinfo=UTC) - ahead for at in (opens, closes))
                extend(runs, *utc)
    return Answer(runs, list(holidays))


def pieces(
    frame: TimeFrame, start: datetime, stop: datetime
) -> Iterator[tuple[datetime, timedelta, timedelta]]:
    """Local start, length and offset, the same in the first and the last second."""
    while stop - start > DAY:
        yield from pieces(frame, start, start + DAY)
        start += DAY
    if start < stop:
        first, last = (at.astimezone(frame.zone) for at in (start, stop - SECOND))
        ahead = first.utcoffset() or timedelta()
        if ahead == last.utcoffset():
            yield first.replace(tzinfo=None), stop - start, ahead
        else:
            middle = start + (stop - start) // (2 * SECOND) * SECOND
            yield from pieces(frame, start, middle)
            yield from pieces(frame, middle, stop)


def open_times(frame: TimeFrame, start: datetime, stop: datetime) -> Iterator[Run]:
    """The hours of each local date between two local times, holidays too."""
    midnight = datetime.combine(start, time())
    while midnight < stop:
        opens, closes = (
            midnight + timedelta(seconds=second) for second in frame.week[midnight.weekday()]
        )
        if max(opens, start) < min(closes, stop):
            yield max(opens, start), min(closes, stop)
        midnight += DAY


def is_holiday(frame: TimeFrame, local: datetime) -> bool:
    return local.date() in frame.dated or (local.month, local.day) in frame.yearly


def extend(runs: list[Run], start: datetime, stop: datetime) -> None:
    """Add a run, or lengthen the last where it ends just then."""
    if runs and runs[-1][1] == start:
        runs[-1] = runs[-1][0], stop
    else:
        runs.append((start, stop))
