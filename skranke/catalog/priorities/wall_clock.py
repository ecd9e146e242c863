"""The wall clock of a zone, as stretches in which it runs evenly.

Instants are whole seconds since EPOCH; local time is such a number plus the offset.
The first and the last day of Python's calendar are left out, so that each local date
exists wherever on earth.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

DAY_SECONDS = 86_400
EPOCH = datetime(1, 1, 1, tzinfo=UTC)  # a Monday: day number % 7 is the weekday
FIRST_SECOND, LAST_SECOND = DAY_SECONDS, (date.max.toordinal() - 1) * DAY_SECONDS
PROBE_SECONDS = 2 * DAY_SECONDS  # no zone ever kept an offset for less than three days
BLOCK_SECONDS = 1024 * DAY_SECONDS  # changes are found for three years at a time, then kept

EvenStretch = tuple[int, int, int]
"""Begin, end, and how far the wall clock is ahead of UTC in between."""


def second_of(instant: datetime) -> int:
    """The instant in seconds; fractions are cut, and what lies outside is moved in."""
    since = instant - EPOCH
    return min(max(FIRST_SECOND, since.days * DAY_SECONDS + since.seconds), LAST_SECOND)


def instant_at(second: int) -> datetime:
    """The instant, in UTC, that lies so many seconds after EPOCH."""
    return EPOCH + timedelta(seconds=second)


def date_of(day: int) -> date:
    """The date with this day number; EPOCH's is 0."""
    return date.fromordinal(day + 1)


def stretches(zone: ZoneInfo, start: int, stop: int) -> Iterator[EvenStretch]:
    """The even stretches from `start` until `stop`, without a gap between them.

    Neighbours may have the same offset. None when `stop` is not after `start`.
    """
    while start < stop:
        starts, offsets = _changes(zone, start // BLOCK_SECONDS)
        index = bisect_right(starts, start) - 1
        end = min(starts[index + 1], stop)
        yield start, end, offsets[index]
        start = end


@cache
def _changes(zone: ZoneInfo, block: int) -> tuple[list[int], list[int]]:
    """Where a block's stretches begin, with its end as the last; and their offsets.

    zoneinfo tells the offset of an instant but no changes, so they are looked for
    every other day and then narrowed down to the second.
    """
    begin, end = (
        max(FIRST_SECOND, block * BLOCK_SECONDS),
        min(LAST_SECOND, (block + 1) * BLOCK_SECONDS),
    )
    starts, offsets = [begin], [_offset(zone, begin)]
    for probe in range(begin, end, PROBE_SECONDS):
        seconds = range(probe, min(probe + PROBE_SECONDS, end))
        after = _offset(zone, seconds.stop)
        if after != offsets[-1]:
            starts.append(_first_with(after, zone, seconds))
            offsets.append(after)
    return [*starts, end], offsets


def _first_with(offset: int, zone: ZoneInfo, seconds: range) -> int:
    changed = bisect_left(seconds, True, key=lambda at: _offset(zone, at) == offset)
    return seconds.start + changed


def _offset(zone: ZoneInfo, second: int) -> int:
    ahead = instant_at(second).astimezone(zone).utcoffset() or timedelta()
    return ahead.days * DAY_SECONDS + ahead.seconds
