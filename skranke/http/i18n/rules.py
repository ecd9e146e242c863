"""A zone's standard and daylight-saving time within a year."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from skranke.http.i18n.carriers import TimeZoneRule

MINUTE = timedelta(minutes=1)
JANUARY_1 = (1, 1)
DECEMBER_31 = (12, 31)


def offsets(zone: ZoneInfo, year: int) -> list[int]:
    """The offsets of the year in minutes east of UTC, standard time first.

    Looked up on the first of each month: daylight saving lasts longer than one.
    """
    return sorted({_minutes(datetime(year, m, 1, 12, tzinfo=zone)) for m in range(1, 13)})


def rules(zone: ZoneInfo, year: int) -> list[TimeZoneRule]:
    """The year's standard rule, then its daylight-saving rule where it has one.

    Start and end are the days of the changes, and the year's ends without any. The
    patterns stay empty, because the reference does not describe their form.
    """
    return [_rule(zone, year, offset) for offset in offsets(zone, year)]


def _rule(zone: ZoneInfo, year: int, offset: int) -> TimeZoneRule:
    start, end = JANUARY_1, DECEMBER_31
    noon = datetime(year, 1, 1, 12, tzinfo=zone)
    before = _minutes(noon)
    while (noon := noon + timedelta(days=1)).year == year:
        now = _minutes(noon)
        if now == offset != before:
            start = (noon.month, noon.day)
        if before == offset != now:
            end = (noon.month, noon.day)
        before = now
    return TimeZoneRule(
        tz_offset=offset, start_month=start[0], start_day=start[1], end_month=end[0], end_day=end[1]
    )


def _minutes(local: datetime) -> int:
    return (local.utcoffset() or timedelta()) // MINUTE
