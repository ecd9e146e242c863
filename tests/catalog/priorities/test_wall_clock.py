"""The stretches of a zone's wall clock against the files of the tz database."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from skranke.catalog.priorities.wall_clock import (
    FIRST_SECOND,
    LAST_SECOND,
    PROBE_SECONDS,
    instant_at,
    second_of,
    stretches,
)
from tests.catalog.priorities.cases import ALL_ZONES, ODD_ZONES
from tests.catalog.priorities.tz_file import turns


@pytest.mark.parametrize("key", ODD_ZONES)
def test_every_turn_of_the_clock_is_found_to_the_second(key: str):
    start, stop = datetime(1800, 1, 1, tzinfo=UTC), datetime(2037, 1, 1, tzinfo=UTC)
    even = stretches(ZoneInfo(key), second_of(start), second_of(stop))
    found = [
        (instant_at(at), after)
        for (_, _, before), (at, _, after) in pairwise(even)
        if before != after
    ]
    assert found == [turn for turn in turns(key) if turn[0] < stop]


def test_no_zone_is_turned_twice_between_two_probes():
    closest = min(
        second - first for key in ALL_ZONES for (first, _), (second, _) in pairwise(turns(key))
    )
    assert closest > timedelta(seconds=PROBE_SECONDS)


def test_stretches_leave_no_gap_and_end_where_they_should():
    start, stop = FIRST_SECOND + 12345, FIRST_SECOND + 10**10
    even = list(stretches(ZoneInfo("Europe/Oslo"), start, stop))
    assert (even[0][0], even[-1][1]) == (start, stop)
    assert all(left[1] == right[0] for left, right in pairwise(even))


def test_nothing_lies_between_an_instant_and_itself_or_an_earlier_one():
    assert not list(stretches(ZoneInfo("UTC"), FIRST_SECOND, FIRST_SECOND))
    assert not list(stretches(ZoneInfo("UTC"), LAST_SECOND, FIRST_SECOND))


def test_instants_are_cut_to_seconds_and_kept_off_the_calendar_s_ends():
    noon = datetime(2026, 6, 5, 12, 0, 0, 999_999, tzinfo=UTC)
    assert instant_at(second_of(noon)) == noon.replace(microsecond=0)
    earliest = second_of(datetime.min.replace(tzinfo=UTC))
    latest = second_of(datetime.max.replace(tzinfo=UTC))
    assert instant_at(earliest) == datetime(1, 1, 2, tzinfo=UTC)
    assert instant_at(latest) == datetime(9999, 12, 31, tzinfo=UTC)
