"""Dates between the wire's text and UTC."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from skranke.core import dates
from skranke.core.dates import OPEN_END, Locale
from skranke.core.schema import NO_WALL_TIME

OSLO = Locale(ZoneInfo("Europe/Oslo"))
OSLO_OFFSET = Locale(ZoneInfo("Europe/Oslo"), offset=True)
NEW_YORK = Locale(ZoneInfo("America/New_York"))
UTC_PLAIN = Locale(ZoneInfo("UTC"))
UTC_OFFSET = Locale(ZoneInfo("UTC"), offset=True)
EVERYWHERE = [OSLO, OSLO_OFFSET, NEW_YORK, UTC_PLAIN, UTC_OFFSET]


def read(text: str | int, locale: Locale = OSLO) -> datetime | None:
    return dates.to_instant(dates.parse(text), locale)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2022-10-17T08:26:00", "2022-10-17T06:26:00"),
        ("2022-10-17 08:26:00", "2022-10-17T06:26:00"),
        ("2022-10-17T08:26", "2022-10-17T06:26:00"),
        ("2022-10-17", "2022-10-16T22:00:00"),
        (" 2022-10-17T08:26:00 ", "2022-10-17T06:26:00"),
        ("2022-10-17T08:26:00Z", "2022-10-17T08:26:00"),
        ("2022-10-17t08:26:00z", "2022-10-17T08:26:00"),
        ("2022-10-17T08:26Z", "2022-10-17T08:26:00"),
        ("2022-10-17T08:26:00.000Z", "2022-10-17T08:26:00"),
        ("2022-10-17T08:26:00.123Z", "2022-10-17T08:26:00.123"),
        ("2022-10-17T08:26:00+02:00", "2022-10-17T06:26:00"),
        ("2022-10-17T08:26:00+0200", "2022-10-17T06:26:00"),
        ("2022-10-17T08:26:00+02", "2022-10-17T06:26:00"),
        ("2022-10-17T08:26:00-0530", "2022-10-17T13:56:00"),
        ("2022-10-17T08:26:00-00:00", "2022-10-17T08:26:00"),
        ("+002022-10-17T08:26:00Z", "2022-10-17T08:26:00"),
        ("2002-12-18T14:13:41.4070755+01:00", "2002-12-18T13:13:41.407076"),
        ("2002-12-18T14:13:41.4070754+01:00", "2002-12-18T13:13:41.407075"),
        ("2002-12-18T23:59:59.9999999Z", "2002-12-19T00:00:00"),
        ("/Date(1666000000000)/", "2022-10-17T09:46:40"),
        ("/Date(1666000000123+0200)/", "2022-10-17T09:46:40.123"),
        (1666000000000, "2022-10-17T09:46:40"),
        (-1, "1969-12-31T23:59:59.999"),
    ],
)
def test_every_spelling_of_a_date_is_its_instant(text: str | int, utc: str):
    assert read(text) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize("locale", EVERYWHERE)
@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "0001-01-01T00:00:00",
        "0001-01-01T00:00:00Z",
        "0001-01-01",
        "0001-01-01T00:00:00.000Z",
        "0001-01-01T00:00:00+05:00",
        "0001-01-01T00:00:00-14:00",
        "0000-12-31T23:06:32.000Z",
        "0001-01-01T04:56:02.000Z",
        "-000001-06-01T00:00:00Z",
        "0001-12-31T23:59:59",
        "/Date(-62135596800000)/",
        "/Date(-62135596800000+0100)/",
        "/Date(-99999999999999999)/",
    ],
)
def test_the_null_date_is_none_in_every_disguise(text: str, locale: Locale):
    assert read(text, locale) is None


@pytest.mark.parametrize("locale", EVERYWHERE)
@pytest.mark.parametrize(
    "text",
    [
        "9999-12-31T23:59:59.9999999",
        "9999-12-31T23:59:59",
        "9999-12-31",
        "9999-12-31T23:59:59.9999999Z",
        "9999-12-31T00:00:00+14:00",
        "+010000-01-01T04:59:59.999Z",
        "+275760-09-13T00:00:00.000Z",
        "/Date(253402300799999)/",
        "/Date(999999999999999999)/",
    ],
)
def test_the_open_end_is_one_instant_in_every_disguise(text: str, locale: Locale):
    assert read(text, locale) is OPEN_END


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "2022-13-01",
        "2022-02-30T00:00:00",
        "2022-10-17T25:00:00",
        "2022-10-17T08:26:61",
        "17.10.2022",
        "10/17/2022",
        "20221017",
        "2022-10-17T",
        "2022-10-17Z",
        "2022-10-17T08:26:00+2:00",
        "2022-10-17T08:26:00+99:00",
        "1e3",
        "/Date(x)/",
        "\u0662022-10-17",
        "2022-10-17T08:26:00\n2022",
        "2022-W42-1",
    ],
)
def test_what_is_no_date_is_refused(text: str):
    with pytest.raises(ValueError, match="not a date"):
        read(text)


@pytest.mark.parametrize(
    ("locale", "shown"),
    [
        (UTC_PLAIN, "2022-10-17T06:26:00"),
        (UTC_OFFSET, "2022-10-17T06:26:00Z"),
        (Locale(ZoneInfo("Etc/UTC"), offset=True), "2022-10-17T06:26:00Z"),
        (OSLO, "2022-10-17T08:26:00"),
        (OSLO_OFFSET, "2022-10-17T08:26:00+02:00"),
        (NEW_YORK, "2022-10-17T02:26:00"),
        (Locale(ZoneInfo("America/New_York"), offset=True), "2022-10-17T02:26:00-04:00"),
    ],
)
def test_an_instant_is_written_in_the_zone_asked_for(locale: Locale, shown: str):
    instant = datetime(2022, 10, 17, 6, 26, tzinfo=UTC)
    assert dates.to_text(instant, locale) == shown


def test_the_last_of_winter_and_the_first_of_summer_time_are_an_hour_apart():
    before, after = read("2022-03-27T01:59:59"), read("2022-03-27T03:00:00")
    assert before is not None
    assert after is not None
    assert after - before == timedelta(seconds=1)
    assert dates.to_text(after, OSLO_OFFSET) == "2022-03-27T03:00:00+02:00"


def test_an_hour_that_was_skipped_is_read_by_the_offset_before_it():
    assert read("2022-03-27T02:30:00") == datetime(2022, 3, 27, 1, 30, tzinfo=UTC)


def test_an_hour_that_came_twice_is_read_as_its_first():
    assert read("2022-10-30T02:30:00") == datetime(2022, 10, 30, 0, 30, tzinfo=UTC)
    assert read("2022-10-30T02:30:00+01:00") == datetime(2022, 10, 30, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("microsecond", "shown"), [(500000, ".5"), (407076, ".407076"), (120, ".00012"), (0, "")]
)
def test_a_fraction_is_written_without_trailing_zeros(microsecond: int, shown: str):
    instant = datetime(2022, 10, 17, 6, 26, 0, microsecond, UTC)
    assert dates.to_text(instant, UTC_OFFSET) == f"2022-10-17T06:26:00{shown}Z"


@pytest.mark.parametrize("locale", EVERYWHERE)
def test_null_date_and_open_end_are_never_shifted(locale: Locale):
    is_utc = locale.offset and locale.zone.key == "UTC"  # case A16
    assert dates.to_text(None, locale) == "0001-01-01T00:00:00" + ("Z" if is_utc else "")
    assert dates.to_text(OPEN_END, locale) == "9999-12-31T23:59:59.9999999"


def test_an_offset_of_odd_seconds_is_written_in_whole_minutes():
    long_ago = datetime(1850, 1, 1, tzinfo=UTC)
    shown = dates.to_text(long_ago, OSLO_OFFSET)
    assert shown == "1850-01-01T00:43:00+00:43"
    assert read(shown) == long_ago


def test_a_wall_time_is_what_the_text_says_whatever_its_offset():
    assert dates.to_wall_time(dates.parse("0001-01-01T08:00:00+02:00")) == datetime(1, 1, 1, 8)  # noqa: DTZ001 - naive by definition
    assert dates.to_wall_time(dates.parse("")) == NO_WALL_TIME
