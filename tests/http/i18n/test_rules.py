"""Standard and daylight-saving time of a year."""

from zoneinfo import ZoneInfo

import pytest

from skranke.http.i18n.carriers import TimeZoneRule
from skranke.http.i18n.rules import offsets, rules


def rule_values(rule: TimeZoneRule) -> tuple[int, tuple[int, int], tuple[int, int]]:
    """Offset, first day and day of the end, days as (month, day)."""
    start = rule.start_month, rule.start_day
    return rule.tz_offset, start, (rule.end_month, rule.end_day)


@pytest.mark.parametrize(
    ("iana", "year", "standard", "daylight"),
    [
        ("Europe/Oslo", 2026, (60, (10, 25), (3, 29)), (120, (3, 29), (10, 25))),
        ("America/New_York", 2026, (-300, (11, 1), (3, 8)), (-240, (3, 8), (11, 1))),
        ("Australia/Sydney", 2026, (600, (4, 5), (10, 4)), (660, (10, 4), (4, 5))),
        ("Europe/Dublin", 2026, (0, (10, 25), (3, 29)), (60, (3, 29), (10, 25))),
        ("Australia/Lord_Howe", 2026, (630, (4, 5), (10, 4)), (660, (10, 4), (4, 5))),
    ],
)
def test_clocks_are_moved_on_the_days_of_the_year(
    iana: str, year: int, standard: object, daylight: object
):
    found = rules(ZoneInfo(iana), year)
    assert [rule_values(rule) for rule in found] == [standard, daylight]


@pytest.mark.parametrize(
    ("iana", "minutes"), [("UTC", 0), ("Asia/Kolkata", 330), ("Pacific/Honolulu", -600)]
)
def test_a_zone_without_daylight_saving_has_one_rule_all_year(iana: str, minutes: int):
    assert offsets(ZoneInfo(iana), 2026) == [minutes]
    assert [rule_values(rule) for rule in rules(ZoneInfo(iana), 2026)] == [
        (minutes, (1, 1), (12, 31))
    ]
