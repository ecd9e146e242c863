"""Office hours: how much open time lies between two instants, and when it has passed.

A second is worked when the wall clock of the installation's zone then shows a time
inside the weekday's hours and a date that is no holiday. What is counted are real
seconds: an hour the clock skips in spring is not worked, the hour it repeats in
autumn is worked twice, and a date the zone never had has no hours.

Between two changes of its offset a wall clock runs evenly, so local time there is UTC
plus a constant and a week of hours is plain arithmetic. Every answer is a sum over
such stretches; gaps, overlaps and skipped dates need no rule of their own.

Instants are aware datetimes and are cut to whole seconds. The first and the last day
of Python's calendar count as closed: their local dates may not exist.

Source: TicketPriorityEntity (MonStart to SunStop, NonDates) and the administrator's
manual on priorities; what they leave open is listed in docs/differences.md.
"""

import calendar
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAY = 86_400
WEEK = 7 * DAY
EPOCH = datetime(1, 1, 1, tzinfo=UTC)  # a Monday, so day % 7 is the weekday
FIRST, LAST = DAY, (date.max.toordinal() - 1) * DAY
PROBE = DAY  # no zone ever kept an offset for less than three days
BLOCK = 4096 * DAY  # the changes of eleven years are found at once, and kept
EVERY_YEAR = 1  # the year of a NonDate that comes back each year
LEAP_YEAR = 4  # a year that has all 366 days


class NeverOpen(Exception):
    """The hours asked for are not there, however long one waits."""


class Hours(NamedTuple):
    """Seconds of the local day, 0 to 86400; closed where `closes <= opens`."""

    opens: int
    closes: int


class Span(NamedTuple):
    """Open from `opens` until just before `closes`, both UTC."""

    opens: datetime
    closes: datetime


class DaysOff(NamedTuple):
    """A year's holidays that take hours away: days since EPOCH, and the sum so far."""

    days: list[int]
    lost: list[int]  # one longer: seconds lost before each day, then by the whole year


@dataclass(frozen=True)
class TimeFrame:
    """When a priority's clock runs: hours for Monday to Sunday, less the holidays.

    `yearly` holds (month, day) and may hold (2, 29); `dated` holds single dates.
    ValueError where there are not seven days, or hours or holidays that no day has.
    """

    week: tuple[Hours, ...]
    zone: ZoneInfo
    yearly: frozenset[tuple[int, int]] = frozenset()
    dated: frozenset[date] = frozenset()
    _years: dict[int, DaysOff] = field(
        default_factory=dict[int, DaysOff], init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        if len(self.week) != 7:  # noqa: PLR2004
            raise ValueError(f"A week has seven days, not {len(self.week)}.")
        if not all(0 <= second <= DAY for hours in self.week for second in hours):
            raise ValueError("Hours lie between 0 and 86400 seconds of the day.")
        for month, day in self.yearly:
            date(LEAP_YEAR, month, day)

    def is_holiday(self, day: date) -> bool:
        """Whether the whole of this local date is closed, whatever its hours."""
        return day in self.dated or (day.month, day.day) in self.yearly

    @cached_property
    def before(self) -> tuple[int, ...]:
        """Open seconds of a week before each weekday, and of the whole as eighth."""
        lengths = (max(0, hours.closes - hours.opens) for hours in self.week)
        return tuple(accumulate(lengths, initial=0))

    @cached_property
    def can_open(self) -> bool:
        """False where no weekday has hours or every day of the year is a holiday."""
        return self.before[7] > 0 and len(self.yearly) < 366  # noqa: PLR2004

    def days_off(self, year: int) -> DaysOff:
        """The holidays of this year that take hours away, kept once worked out."""
        known = self._years.get(year)
        if known is None:
            known = self._years[year] = self._work_out(year)
        return known

    def _work_out(self, year: int) -> DaysOff:
        leap = calendar.isleap(year)
        dates = {date(year, *day) for day in self.yearly if leap or day != (2, 29)}
        dates |= {day for day in self.dated if day.year == year}
        lost = {day.toordinal() - 1: self.length(day.weekday()) for day in dates}
        days = sorted(day for day, length in lost.items() if length)
        return DaysOff(days, list(accumulate((lost[day] for day in days), initial=0)))

    def length(self, weekday: int) -> int:
        """Open seconds of this weekday; 0 is Monday."""
        return self.before[weekday + 1] - self.before[weekday]


ALWAYS = TimeFrame(week=(Hours(0, DAY),) * 7, zone=ZoneInfo("UTC"))
