"""Office hours: how much open time lies between two instants, and when it has passed.

A second is worked when the wall clock of the installation's zone then shows a time
inside the weekday's hours and a date that is no holiday. What is counted are real
seconds: an hour the clock skips in spring is not worked, the hour it repeats in
autumn is worked twice, and a date the zone never had has no hours.

While a wall clock runs evenly, local time is UTC plus a constant and weeks of hours
are plain arithmetic; where it is turned, what it skipped or repeated is set right. No
answer walks over days, so ten years cost little more than a week.

Instants are aware datetimes, cut to whole seconds. The first and the last day of
Python's calendar count as closed.

Source: TicketPriorityEntity (MonStart to SunStop, NonDates) and the administrator's
manual on priorities.
"""

import calendar
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from skranke.catalog.priorities.wall_clock import (
    DAY_SECONDS,
    LAST_SECOND,
    date_of,
    instant_at,
    second_of,
    stretches,
)

WEEK_SECONDS = 7 * DAY_SECONDS
LEAP_YEAR = 4
YEARLY_LEAP_DAY = date(LEAP_YEAR, 2, 29)


class NeverOpen(Exception):
    """The open time asked for never comes; the message says why, as a sentence."""


class Hours(NamedTuple):
    """Seconds of the local day, 0 to 86400; closed where `closes <= opens`."""

    opens: int
    closes: int

    def worked_by(self, second: int) -> int:
        """Open seconds before this second of the day."""
        return max(0, min(second, self.closes) - self.opens)


class Span(NamedTuple):
    """Open from `opens` until just before `closes`, both UTC."""

    opens: datetime
    closes: datetime


class DaysOff(NamedTuple):
    """A year's holidays, as day numbers, and the open time they take."""

    days: list[int]
    lost: list[int]  # open seconds lost before each of them; last, in the whole year


@dataclass(frozen=True)
class TimeFrame:
    """When a priority's clock runs: hours for Monday to Sunday, less the holidays.

    `yearly` holds (month, day), also (2, 29); `dated` holds dates of one year.
    ValueError, with a sentence, where a week or a day like this cannot be.
    """

    week: tuple[Hours, ...]
    zone: ZoneInfo
    yearly: frozenset[tuple[int, int]] = frozenset()
    dated: frozenset[date] = frozenset()
    _years: dict[int, DaysOff] = field(
        default_factory=dict[int, DaysOff], init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError(f"A week has seven days, not {len(self.week)}.")
        if not all(0 <= second <= DAY_SECONDS for hours in self.week for second in hours):
            raise ValueError("Hours lie between 0 and 86400 seconds of the day.")
        for month, day in self.yearly:
            date(LEAP_YEAR, month, day)

    @cached_property
    def before(self) -> tuple[int, ...]:
        """Open seconds of a week before each weekday; as eighth, of the whole week."""
        return tuple(accumulate((day.worked_by(DAY_SECONDS) for day in self.week), initial=0))

    @property
    def can_open(self) -> bool:
        """False where no weekday has hours or all 366 days of the year are holidays."""
        return self.before[7] > 0 and len(self.yearly) < 366

    def is_holiday(self, day: date) -> bool:
        """Whether the whole of this local date is closed, whatever its hours."""
        return day in self.dated or (day.month, day.day) in self.yearly

    def days_off(self, year: int) -> DaysOff:
        """The holidays of a local year; worked out once, then kept."""
        if year not in self._years:
            leap = calendar.isleap(year)
            dates = {date(year, *day) for day in self.yearly if leap or day != (2, 29)}
            dates |= {day for day in self.dated if day.year == year}
            days = sorted(day.toordinal() - 1 for day in dates)
            lost = (self.week[day % 7].worked_by(DAY_SECONDS) for day in days)
            self._years[year] = DaysOff(days, list(accumulate(lost, initial=0)))
        return self._years[year]


ALWAYS = TimeFrame(week=(Hours(0, DAY_SECONDS),) * 7, zone=ZoneInfo("UTC"))
"""Open at every second of every day: the clock of the Real… figures."""


def time_frame(
    hours: Iterable[tuple[datetime, datetime]], non_dates: Collection[datetime], zone: ZoneInfo
) -> TimeFrame:
    """The frame a priority describes: (MonStart, MonStop) to Sunday, and NonDates.

    Of a start and a stop only the time of day counts. A stop at 00:00 after a later
    start means 24:00; a stop at or before its start closes the day. A NonDate in year
    1 comes back every year, and so does the leap day of year 4, since year 1 has none;
    one in any other year closes that one date.
    """
    days = {day.date() for day in non_dates}
    yearly = {day for day in days if day.year == 1 or day == YEARLY_LEAP_DAY}
    return TimeFrame(
        week=tuple(_hours(start, stop) for start, stop in hours),
        zone=zone,
        yearly=frozenset((day.month, day.day) for day in yearly),
        dated=frozenset(days - yearly),
    )


def worked_seconds(frame: TimeFrame, start: datetime, stop: datetime) -> int:
    """Open seconds from `start` until `stop`; 0 when `stop` is not after `start`."""
    even = list(stretches(frame.zone, second_of(start), second_of(stop)))
    if not even:
        return 0
    (begin, _, first), (_, end, last) = even[0], even[-1]
    worked = _between(frame, begin + first, end + last)
    for (_, turned, before), (_, _, after) in pairwise(even):
        # What the clock skipped was not worked, what it repeated was worked again.
        worked -= _between(frame, turned + before, turned + after)
    return worked


def add_worked(frame: TimeFrame, start: datetime, seconds: int) -> datetime:
    """The earliest instant, UTC, at which so many open seconds passed since `start`.

    `start` itself for 0 or less. Ends at closing time rather than at the next opening.
    NeverOpen where the frame never opens, or not for so long before the year 10000.
    """
    if seconds <= 0:
        return instant_at(second_of(start))
    if not frame.can_open:
        raise NeverOpen("These office hours never open: every day is closed.")
    left = seconds
    for begin, end, offset in stretches(frame.zone, second_of(start), LAST_SECOND):
        local, stop = begin + offset, end + offset
        while local < stop:
            # Each round makes up for the holidays that the one before ran into.
            ahead = min(_week_inverse(frame, _week_sum(frame, local) + left), stop)
            left -= _between(frame, local, ahead)
            if not left:
                return instant_at(ahead - offset)
            today = ahead // DAY_SECONDS
            local = (today + 1) * DAY_SECONDS if frame.is_holiday(date_of(today)) else ahead
    raise NeverOpen(f"These office hours are open for less than {seconds} s from here.")


def spans(frame: TimeFrame, start: datetime, stop: datetime) -> Iterator[Span]:
    """The open spans from `start` until `stop`, in order, each as long as it can be.

    Their lengths add up to `worked_seconds`.
    """
    begin = end = 0
    for opens, closes, day in _days(frame, start, stop):
        if frame.is_holiday(day):
            continue
        if end < opens:
            if end:
                yield Span(instant_at(begin), instant_at(end))
            begin = opens
        end = closes
    if end:
        yield Span(instant_at(begin), instant_at(end))


def skipped_holidays(frame: TimeFrame, start: datetime, stop: datetime) -> list[date]:
    """The holidays, as local dates, without which more would have been worked."""
    days = (day for _, _, day in _days(frame, start, stop) if frame.is_holiday(day))
    return list(dict.fromkeys(days))


def _hours(start: datetime, stop: datetime) -> Hours:
    opens, closes = (at.hour * 3600 + at.minute * 60 + at.second for at in (start, stop))
    return Hours(opens, DAY_SECONDS if opens and not closes else closes)


def _days(frame: TimeFrame, start: datetime, stop: datetime) -> Iterator[tuple[int, int, date]]:
    """Each local day's hours, those of holidays too: opens, closes, and the date."""
    for begin, end, offset in stretches(frame.zone, second_of(start), second_of(stop)):
        for day in range((begin + offset) // DAY_SECONDS, (end + offset - 1) // DAY_SECONDS + 1):
            hours = frame.week[day % 7]
            opens = max(begin, day * DAY_SECONDS + hours.opens - offset)
            closes = min(end, day * DAY_SECONDS + hours.closes - offset)
            if opens < closes:
                yield opens, closes, date_of(day)


def _between(frame: TimeFrame, begin: int, end: int) -> int:
    """Open seconds from one local second to another; negative where it is earlier."""
    if end < begin:
        return -_between(frame, end, begin)
    worked = _week_sum(frame, end) - _week_sum(frame, begin)
    if not worked or not (frame.yearly or frame.dated):
        return worked
    first, last = date_of(begin // DAY_SECONDS).year, date_of(end // DAY_SECONDS).year
    lost = sum(frame.days_off(year).lost[-1] for year in range(first, last))
    return worked - lost - _lost(frame, last, end) + _lost(frame, first, begin)


def _week_sum(frame: TimeFrame, local: int) -> int:
    """Open seconds from EPOCH to a local second, were there no holidays."""
    week, rest = divmod(local, WEEK_SECONDS)
    weekday, second = divmod(rest, DAY_SECONDS)
    whole = week * frame.before[7] + frame.before[weekday]
    return whole + frame.week[weekday].worked_by(second)


def _week_inverse(frame: TimeFrame, total: int) -> int:
    """The first local second at which `_week_sum` has reached a total above 0."""
    week, rest = divmod(total - 1, frame.before[7])
    weekday = bisect_right(frame.before, rest) - 1
    second = frame.week[weekday].opens + rest - frame.before[weekday] + 1
    return week * WEEK_SECONDS + weekday * DAY_SECONDS + second


def _lost(frame: TimeFrame, year: int, local: int) -> int:
    """Open seconds that holidays took from the start of the year to a local second."""
    off = frame.days_off(year)
    day, second = divmod(local, DAY_SECONDS)
    count = bisect_left(off.days, day)
    if count < len(off.days) and off.days[count] == day:
        return off.lost[count] + frame.week[day % 7].worked_by(second)
    return off.lost[count]
