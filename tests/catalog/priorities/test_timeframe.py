"""Office hours: the manual's example, tables of cases, properties, and the oracle."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skranke.catalog.priorities.timeframe import (
    ALWAYS,
    Hours,
    NeverOpen,
    Span,
    TimeFrame,
    add_worked,
    skipped_holidays,
    spans,
    time_frame,
    worked_seconds,
)
from tests.catalog.priorities.cases import ODD_ZONES, random_case

HOUR = 3600
DAY = 24 * HOUR
OSLO = ZoneInfo("Europe/Oslo")
CLOSED = Hours(0, 0)
NINE_TO_FIVE = (Hours(9 * HOUR, 17 * HOUR),) * 5 + (CLOSED, CLOSED)
OFFICE = TimeFrame(week=NINE_TO_FIVE, zone=OSLO)
FRIDAY = datetime(2026, 6, 5, 16, 0, tzinfo=OSLO)
MONDAY = datetime(2026, 6, 8, tzinfo=OSLO)


def daily(opens: float, closes: float, zone: str = "Europe/Oslo") -> TimeFrame:
    """The same hours on all seven days."""
    hours = Hours(int(opens * HOUR), int(closes * HOUR))
    return TimeFrame(week=(hours,) * 7, zone=ZoneInfo(zone))


def on(weekday: int, zone: str) -> TimeFrame:
    """Open on one weekday around the clock; 0 is Monday."""
    week = tuple(Hours(0, DAY) if day == weekday else CLOSED for day in range(7))
    return TimeFrame(week=week, zone=ZoneInfo(zone))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# The administrator's manual: Monday to Friday 09-17, a ticket on Friday at 16:00.


def test_two_hours_of_schedule_from_friday_16_end_on_monday_10():
    assert add_worked(OFFICE, FRIDAY, 2 * HOUR) == MONDAY.replace(hour=10)


def test_without_schedule_two_hours_from_friday_16_end_on_friday_18():
    assert add_worked(ALWAYS, FRIDAY, 2 * HOUR) == FRIDAY.replace(hour=18)


def test_a_deadline_of_480_minutes_from_friday_16_is_monday_16():
    assert add_worked(OFFICE, FRIDAY, 480 * 60) == MONDAY.replace(hour=16)


def test_with_monday_off_a_deadline_of_480_minutes_is_tuesday_16():
    frame = replace(OFFICE, dated=frozenset({MONDAY.date()}))
    assert add_worked(frame, FRIDAY, 480 * 60) == MONDAY.replace(day=9, hour=16)


def test_a_reply_on_monday_0930_took_90_minutes_of_work_and_3930_in_all():
    reply = MONDAY.replace(hour=9, minute=30)
    assert worked_seconds(OFFICE, FRIDAY, reply) == 90 * 60
    assert worked_seconds(ALWAYS, FRIDAY, reply) == 3930 * 60


# Where the wall clock is turned.

TURNED = {
    "a night shift lacks the hour that spring skips": (
        daily(0, 6),
        "2026-03-28 23:00",
        "2026-03-29 04:00",
        5 * HOUR,
    ),
    "a night shift has the hour of autumn twice": (
        daily(0, 6),
        "2026-10-24 22:00",
        "2026-10-25 05:00",
        7 * HOUR,
    ),
    "hours that fall into the gap are not there": (
        daily(2, 3),
        "2026-03-28 12:00",
        "2026-03-29 12:00",
        0,
    ),
    "hours that begin in the gap begin after it": (
        daily(2.5, 4),
        "2026-03-28 12:00",
        "2026-03-29 12:00",
        HOUR,
    ),
    "hours that end in the gap end before it": (
        daily(1, 2.5),
        "2026-03-28 12:00",
        "2026-03-29 12:00",
        HOUR,
    ),
    "hours in the overlap are there twice": (
        daily(2, 3),
        "2026-10-24 12:00",
        "2026-10-25 12:00",
        2 * HOUR,
    ),
    "half the overlap is there twice, with a pause": (
        daily(2, 2.5),
        "2026-10-24 12:00",
        "2026-10-25 12:00",
        HOUR,
    ),
    "office hours do not notice the turn on a Sunday": (
        OFFICE,
        "2026-03-27 00:00",
        "2026-03-31 00:00",
        16 * HOUR,
    ),
    "Lord Howe skips half an hour": (
        daily(2, 3, "Australia/Lord_Howe"),
        "2026-10-03 00:00",
        "2026-10-04 00:00",
        HOUR // 2,
    ),
    "Lord Howe repeats half an hour": (
        daily(1.5, 2, "Australia/Lord_Howe"),
        "2026-04-04 00:00",
        "2026-04-05 00:00",
        HOUR,
    ),
    "Beirut's Sunday has no midnight": (
        daily(0, 1, "Asia/Beirut"),
        "2026-03-28 12:00",
        "2026-03-29 12:00",
        0,
    ),
    "São Paulo's Saturday lasted until 23:59:59 twice": (
        daily(23, 24, "America/Sao_Paulo"),
        "2018-02-17 12:00",
        "2018-02-18 12:00",
        2 * HOUR,
    ),
    "Casablanca goes back for Ramadan": (
        daily(2, 3, "Africa/Casablanca"),
        "2024-03-09 12:00",
        "2024-03-10 12:00",
        2 * HOUR,
    ),
    "Apia never had 30 December 2011": (
        on(4, "Pacific/Apia"),
        "2011-12-27 00:00",
        "2012-01-03 00:00",
        0,
    ),
    "Kwajalein never had 21 August 1993": (
        on(5, "Pacific/Kwajalein"),
        "1993-08-17 00:00",
        "1993-08-26 00:00",
        0,
    ),
    "Juneau had most of 18 October 1867 twice": (
        on(4, "America/Juneau"),
        "1867-10-16 00:00",
        "1867-10-23 00:00",
        32 * HOUR + 26 * 60 + 28,
    ),
    "Phoenix turned the first minute of 1944 back into 1943": (
        replace(daily(0, 24, "America/Phoenix"), dated=frozenset({date(1943, 12, 31)})),
        "1944-01-01 05:00",
        "1944-01-01 08:00",
        60 + HOUR,
    ),
    "Amsterdam was 19 minutes and 32 seconds ahead": (
        daily(0, 24, "Europe/Amsterdam"),
        "1920-01-01 00:00",
        "1920-01-02 00:00",
        DAY,
    ),
    "and opened at 08:40:28 UTC": (
        daily(9, 17, "Europe/Amsterdam"),
        "1920-01-01 08:00",
        "1920-01-01 09:00",
        1172,
    ),
}


@pytest.mark.parametrize(("frame", "start", "stop", "seconds"), TURNED.values(), ids=TURNED)
def test_turned_clocks(frame: TimeFrame, start: str, stop: str, seconds: int):
    assert worked_seconds(frame, utc(start), utc(stop)) == seconds
    found = list(spans(frame, utc(start), utc(stop)))
    assert sum((span.closes - span.opens).total_seconds() for span in found) == seconds


def test_half_the_overlap_gives_two_spans_with_half_an_hour_between():
    found = spans(daily(2, 2.5), utc("2026-10-24 12:00"), utc("2026-10-25 12:00"))
    assert list(found) == [
        Span(utc("2026-10-25 00:00"), utc("2026-10-25 00:30")),
        Span(utc("2026-10-25 01:00"), utc("2026-10-25 01:30")),
    ]


# Holidays, and the edges of years.

CHRISTMAS = frozenset({(12, 25), (12, 26)})
HOLIDAYS = {
    "a holiday closes the whole of its day": (
        replace(OFFICE, yearly=CHRISTMAS),
        "2026-12-25",
        "2026-12-26",
        0,
        1,
    ),
    "a holiday on a closed day takes nothing and is not named": (
        replace(OFFICE, yearly=CHRISTMAS),
        "2026-12-26",
        "2026-12-27",
        0,
        0,
    ),
    "a holiday comes back every year": (
        replace(OFFICE, yearly=CHRISTMAS),
        "2024-01-01",
        "2026-01-01",
        (262 + 261 - 4) * 8 * HOUR,
        4,
    ),
    "a date closes only its own year": (
        replace(OFFICE, dated=frozenset({date(2026, 5, 14)})),
        "2026-05-14",
        "2026-05-15",
        0,
        1,
    ),
    "and not the next": (
        replace(OFFICE, dated=frozenset({date(2026, 5, 14)})),
        "2027-05-14",
        "2027-05-15",
        8 * HOUR,
        0,
    ),
    "29 February is off in a leap year": (
        replace(daily(0, 24), yearly=frozenset({(2, 29)})),
        "2028-02-28",
        "2028-03-02",
        2 * DAY,
        1,
    ),
    "29 February takes nothing from other years": (
        replace(daily(0, 24), yearly=frozenset({(2, 29)})),
        "2027-02-28",
        "2027-03-02",
        2 * DAY,
        0,
    ),
    "1900 was no leap year": (
        replace(daily(0, 24, "UTC"), yearly=frozenset({(2, 29)})),
        "1900-02-28",
        "1900-03-02",
        2 * DAY,
        0,
    ),
    "New Year's Eve runs into New Year's Day": (
        daily(0, 24),
        "2026-12-31",
        "2027-01-02",
        2 * DAY,
        0,
    ),
    "New Year's Day may be off by itself": (
        replace(daily(0, 24), yearly=frozenset({(1, 1)})),
        "2026-12-31",
        "2027-01-02",
        DAY,
        1,
    ),
    "a day named twice is off once": (
        replace(OFFICE, yearly=CHRISTMAS, dated=frozenset({date(2026, 12, 25)})),
        "2026-12-25",
        "2026-12-26",
        0,
        1,
    ),
    "a date that never was takes nothing": (
        replace(daily(0, 24, "Pacific/Apia"), dated=frozenset({date(2011, 12, 30)})),
        "2011-12-29",
        "2012-01-01",
        2 * DAY,
        0,
    ),
}


@pytest.mark.parametrize(
    ("frame", "start", "stop", "seconds", "off"), HOLIDAYS.values(), ids=HOLIDAYS
)
def test_holidays(frame: TimeFrame, start: str, stop: str, seconds: int, off: int):
    begin, end = (datetime.fromisoformat(day).replace(tzinfo=frame.zone) for day in (start, stop))
    assert worked_seconds(frame, begin, end) == seconds
    assert len(skipped_holidays(frame, begin, end)) == off


def test_skipped_holidays_are_named_in_order():
    frame = replace(OFFICE, yearly=CHRISTMAS | {(1, 1)})
    days = skipped_holidays(frame, utc("2025-12-20 00:00"), utc("2026-01-10 00:00"))
    assert days == [date(2025, 12, 25), date(2025, 12, 26), date(2026, 1, 1)]


def test_spans_run_on_over_midnight_where_both_days_are_open():
    week = (Hours(0, DAY),) * 5 + (CLOSED, CLOSED)
    frame = TimeFrame(week=week, zone=ZoneInfo("UTC"))
    found = spans(frame, utc("2026-06-01 00:00"), utc("2026-06-10 12:00"))
    assert list(found) == [
        Span(utc("2026-06-01 00:00"), utc("2026-06-06 00:00")),
        Span(utc("2026-06-08 00:00"), utc("2026-06-10 12:00")),
    ]


# Edges of spans, and of the calendar.


def test_nothing_is_worked_from_an_instant_to_itself_or_backwards():
    assert worked_seconds(ALWAYS, MONDAY, MONDAY) == 0
    assert worked_seconds(ALWAYS, MONDAY, FRIDAY) == 0
    assert not list(spans(ALWAYS, MONDAY, FRIDAY))
    assert not skipped_holidays(replace(OFFICE, yearly=CHRISTMAS), MONDAY, FRIDAY)


def test_no_time_from_a_closed_hour_ends_at_once():
    sunday = MONDAY - timedelta(hours=5)
    assert add_worked(OFFICE, sunday, 0) == sunday
    assert add_worked(OFFICE, sunday, -1) == sunday


def test_the_last_second_of_a_day_ends_at_closing_time():
    assert add_worked(OFFICE, FRIDAY, HOUR) == FRIDAY.replace(hour=17)
    assert add_worked(OFFICE, FRIDAY, HOUR + 1) == MONDAY.replace(hour=9, second=1)


def test_fractions_of_a_second_are_cut():
    start = FRIDAY.replace(microsecond=999_999)
    assert worked_seconds(OFFICE, start, FRIDAY.replace(second=1)) == 1
    assert add_worked(OFFICE, start, 1) == FRIDAY.replace(second=1)


def test_answers_are_in_utc_whatever_the_zone_of_the_question():
    assert add_worked(OFFICE, FRIDAY, HOUR).tzinfo is UTC
    assert add_worked(OFFICE, FRIDAY.astimezone(UTC), HOUR) == FRIDAY.replace(hour=17)


def test_a_naive_instant_is_refused():
    with pytest.raises(TypeError):
        worked_seconds(OFFICE, FRIDAY.replace(tzinfo=None), MONDAY)


@pytest.mark.parametrize("key", ODD_ZONES)
def test_the_calendar_s_first_and_last_day_are_closed_in_every_zone(key: str):
    frame = replace(daily(0, 24, key), yearly=frozenset({(1, 1), (12, 31)}))
    ends = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    inner = utc("0001-01-02 00:00"), utc("9999-12-31 00:00")
    for start, stop in [(ends[0], utc("0003-01-01 00:00")), (utc("9998-01-01 00:00"), ends[1])]:
        clipped = max(start, inner[0]), min(stop, inner[1])
        assert worked_seconds(frame, start, stop) == worked_seconds(frame, *clipped)
        assert list(spans(frame, start, stop)) == list(spans(frame, *clipped))


# What can never open says so.


@pytest.mark.parametrize(
    "frame",
    [
        TimeFrame(week=(CLOSED,) * 7, zone=OSLO),
        TimeFrame(week=(Hours(17 * HOUR, 9 * HOUR),) * 7, zone=OSLO),
        replace(
            OFFICE,
            yearly=frozenset(
                (day.month, day.day)
                for day in (date(2024, 1, 1) + timedelta(n) for n in range(366))
            ),
        ),
    ],
    ids=["no hours", "hours that end before they begin", "every day a holiday"],
)
def test_a_frame_that_never_opens_says_so(frame: TimeFrame):
    with pytest.raises(NeverOpen, match=r"never open: .*\.$"):
        add_worked(frame, FRIDAY, 1)
    assert worked_seconds(frame, FRIDAY, FRIDAY.replace(year=2036)) == 0


def test_a_frame_open_only_on_29_february_waits_for_one_on_a_weekday():
    days = (date(2024, 1, 1) + timedelta(n) for n in range(366))
    yearly = frozenset((day.month, day.day) for day in days) - {(2, 29)}
    frame = replace(OFFICE, yearly=yearly)
    opens = datetime(2028, 2, 29, 9, tzinfo=OSLO)  # a Tuesday; 2032 has a Sunday
    assert add_worked(frame, FRIDAY, 1) == opens + timedelta(seconds=1)
    later = opens.replace(year=2036, second=1)
    assert add_worked(frame, FRIDAY, 8 * HOUR + 1) == later


def test_more_time_than_the_calendar_has_never_comes():
    with pytest.raises(NeverOpen, match=r"less than 3600 s from here\.$"):
        add_worked(ALWAYS, utc("9999-12-30 23:30"), HOUR)


# From a priority's own values.


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A time of day as the wire sends it, on a date that means nothing."""
    return datetime(1999, 9, 9, hour, minute, second)  # noqa: DTZ001


WIRE = {
    "start and stop": (at(9), at(17, 30), Hours(32_400, 63_000)),
    "seconds count": (at(9, 0, 1), at(23, 59, 59), Hours(32_401, 86_399)),
    "a stop at 00:00 is 24:00": (at(9), at(0), Hours(32_400, 86_400)),
    "from 00:00": (at(0), at(6), Hours(0, 21_600)),
}


@pytest.mark.parametrize(("start", "stop", "hours"), WIRE.values(), ids=WIRE)
def test_hours_of_a_priority(start: datetime, stop: datetime, hours: Hours):
    assert time_frame([(start, stop)] * 7, [], OSLO).week == (hours,) * 7


@pytest.mark.parametrize(
    ("start", "stop"),
    [(at(0), at(0)), (at(9), at(9)), (at(17), at(9))],
    ids=["both 00:00", "both the same", "stop before start"],
)
def test_a_priority_s_day_is_closed_when_it_does_not_begin(start: datetime, stop: datetime):
    frame = time_frame([(start, stop)] * 7, [], OSLO)
    assert not frame.can_open
    assert worked_seconds(frame, FRIDAY, MONDAY) == 0


def test_a_priority_s_days_are_monday_to_sunday():
    hours = [(at(0), at(day)) for day in range(1, 8)]
    week = time_frame(hours, [], OSLO).week
    assert week[MONDAY.weekday()] == Hours(0, HOUR)
    assert week[6] == Hours(0, 7 * HOUR)


def test_a_priority_s_non_dates_of_year_1_come_every_year_others_once():
    non_dates = [datetime(1, 12, 25), datetime(2026, 5, 14, 12, 30)]  # noqa: DTZ001
    frame = time_frame([(at(9), at(17))] * 7, non_dates, OSLO)
    assert frame.yearly == {(12, 25)}
    assert frame.dated == {date(2026, 5, 14)}


@pytest.mark.parametrize(
    ("week", "yearly", "sentence"),
    [
        ((CLOSED,) * 6, frozenset[tuple[int, int]](), r"seven days, not 6\."),
        ((Hours(0, DAY + 1),) * 7, frozenset[tuple[int, int]](), "86400"),
        ((CLOSED,) * 7, frozenset({(2, 30)}), "day"),
    ],
    ids=["six days", "more than 24 hours", "30 February"],
)
def test_a_frame_that_cannot_be_is_refused(
    week: tuple[Hours, ...], yearly: frozenset[tuple[int, int]], sentence: str
):
    with pytest.raises(ValueError, match=sentence):
        TimeFrame(week=week, zone=OSLO, yearly=yearly)


# Properties.

unhurried = settings(deadline=None)  # a zone's turns are looked for once, in passing

instants = st.datetimes(
    min_value=datetime(1850, 1, 1),  # noqa: DTZ001
    max_value=datetime(2150, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
seconds_of_day = st.sampled_from(range(0, DAY + 1, 900)) | st.integers(0, DAY)
frames = st.builds(
    TimeFrame,
    week=st.tuples(*[st.builds(Hours, seconds_of_day, seconds_of_day)] * 7),
    zone=st.sampled_from(ODD_ZONES).map(ZoneInfo),
    yearly=st.frozensets(
        st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda day: (day.month, day.day))
    ),
    dated=st.frozensets(st.dates(date(1850, 1, 1), date(2150, 1, 1))),
)
open_frames = frames.filter(lambda frame: frame.can_open)
amounts = st.integers(1, 3 * 365 * DAY)


@unhurried
@given(frames, instants, instants, instants)
def test_work_adds_up_over_any_instant_between(
    frame: TimeFrame, one: datetime, two: datetime, three: datetime
):
    start, between, stop = sorted((one, two, three))
    first = worked_seconds(frame, start, between)
    assert first + worked_seconds(frame, between, stop) == worked_seconds(frame, start, stop)


@unhurried
@given(frames, instants, st.integers(0, 10**9), st.integers(0, 10**6))
def test_work_never_shrinks_and_never_outruns_the_clock(
    frame: TimeFrame, start: datetime, length: int, more: int
):
    stop = start + timedelta(seconds=length)
    worked = worked_seconds(frame, start, stop)
    longer = worked_seconds(frame, start, stop + timedelta(seconds=more))
    assert 0 <= worked <= length
    assert worked <= longer <= worked + more


@unhurried
@given(open_frames, instants, amounts)
def test_adding_and_counting_are_each_other_s_inverse(
    frame: TimeFrame, start: datetime, seconds: int
):
    then = add_worked(frame, start, seconds)
    assert worked_seconds(frame, start, then) == seconds
    second_before = then - timedelta(seconds=1)
    assert worked_seconds(frame, start, second_before) == seconds - 1


@unhurried
@given(open_frames, instants, amounts, amounts)
def test_adding_in_two_steps_is_adding_at_once(
    frame: TimeFrame, start: datetime, first: int, second: int
):
    between = add_worked(frame, start, first)
    assert add_worked(frame, between, second) == add_worked(frame, start, first + second)


@unhurried
@given(frames, instants, st.integers(0, 400 * DAY))
def test_spans_are_apart_in_order_and_add_up(frame: TimeFrame, start: datetime, length: int):
    stop = start + timedelta(seconds=length)
    found = list(spans(frame, start, stop))
    edges = [edge for span in found for edge in span]
    assert edges == sorted(set(edges))
    total = sum((span.closes - span.opens).total_seconds() for span in found)
    assert total == worked_seconds(frame, start, stop)


@unhurried
@given(frames, instants, st.integers(0, 400 * DAY))
def test_skipped_holidays_account_for_all_that_is_missing(
    frame: TimeFrame, start: datetime, length: int
):
    stop = start + timedelta(seconds=length)
    none = frozenset[tuple[int, int]]()
    without = replace(frame, yearly=none, dated=frozenset[date]())
    only = replace(without, dated=frozenset(skipped_holidays(frame, start, stop)))
    worked = worked_seconds(frame, start, stop)
    assert worked_seconds(only, start, stop) == worked
    if not only.dated:
        assert worked_seconds(without, start, stop) == worked


@unhurried
@given(instants, instants)
def test_always_open_counts_every_second(one: datetime, two: datetime):
    start, stop = (at.replace(microsecond=0) for at in sorted((one, two)))
    assert worked_seconds(ALWAYS, start, stop) == (stop - start).total_seconds()


# The oracle; a million of these run in scripts/prove_timeframe.py.


@pytest.mark.parametrize("seed", range(3))
def test_random_cases_equal_the_oracle(seed: int):
    random = Random(seed)
    for case in (random_case(random) for _ in range(1000)):
        assert not case.fault(), case
