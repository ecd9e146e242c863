"""Conversion between dates as text on the wire and instants in UTC.

Source: reference, date-time text. Dates have no offset unless the client asks for one.
The null date `0001-01-01T00:00:00` is never shifted between zones; the open end is
`9999-12-31T23:59:59.9999999`.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from skranke.core.schema import NO_WALL_TIME

NULL_DATE = "0001-01-01T00:00:00"
OPEN_END = datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
OPEN_END_TEXT = "9999-12-31T23:59:59.9999999"
LAST_DAY = datetime(9999, 12, 31, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WALL_EPOCH = EPOCH.replace(tzinfo=None)
FIRST_INSTANT = datetime(2, 1, 1, tzinfo=UTC)  # anything earlier is the null date
LAST_MILLISECOND = (LAST_DAY - EPOCH) // timedelta(milliseconds=1)
FIRST_MILLISECOND = (datetime(1, 1, 1, tzinfo=UTC) - EPOCH) // timedelta(milliseconds=1)

# a date with an optional time and an optional offset, as .NET and JavaScript write them
DATE_PATTERN = re.compile(
    r"([+-]?)(\d{4,6})-(\d\d)-(\d\d)"
    r"(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d{1,20})?)?(Z|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII | re.IGNORECASE,
)
MICROSOFT_DATE = re.compile(r"/Date\((-?\d{1,18})(?:[+-]\d{4})?\)/", re.ASCII)


class Locale(Struct, frozen=True):
    """The zone, offset format, language and culture of a request.

    Dates are read and written in the zone. If the language is None, stored texts are
    sent unchanged. The culture applies to numbers and dates inside texts; it is None if
    the language is None.
    """

    zone: ZoneInfo
    offset: bool = False
    zone_name: str = "UTC"  # the vendor's code of the zone
    language: str | None = None
    culture: str | None = None


def to_text(instant: datetime | None, locale: Locale) -> str:
    """Format an instant as the wire has it; None is the null date."""
    if instant is None:
        # with offsets asked for in UTC the null date has its Z, as recordings show it
        is_utc = locale.offset and locale.zone.key == "UTC"
        return f"{NULL_DATE}Z" if is_utc else NULL_DATE
    if instant >= LAST_DAY:
        return OPEN_END_TEXT
    local = instant.astimezone(locale.zone)
    if not locale.offset:
        return _without_offset(local)
    if local.tzname() == "UTC":
        return _without_offset(local) + "Z"
    return _without_offset(whole := _in_whole_minutes(local)) + whole.isoformat()[-6:]


def _without_offset(local: datetime) -> str:
    shown = local.isoformat()
    return shown[:26].rstrip("0") if local.microsecond else shown[:19]


def _in_whole_minutes(local: datetime) -> datetime:
    """The same instant with an offset in whole minutes.

    Before about 1900 offsets of zones had odd seconds.
    """
    offset = local.utcoffset() or timedelta()
    if not offset % timedelta(minutes=1):
        return local
    return local.astimezone(timezone(offset - offset % timedelta(minutes=1)))


def parse(read: str | int) -> datetime | None:
    """Parse a date in any spelling that clients send; aware if it has an offset.

    None for blank text and years before 1; OPEN_END from year 10000 on. A number is
    JavaScript's milliseconds since 1970. Fractions are rounded to the microsecond.
    ValueError if the text is not a date.
    """
    if isinstance(read, int):
        return _from_milliseconds(read)
    try:
        return msgspec.convert(read, datetime)
    except msgspec.ValidationError:
        return _parse_lenient(read.strip())


def _parse_lenient(read: str) -> datetime | None:
    if not read:
        return None
    if found := MICROSOFT_DATE.fullmatch(read):
        return _from_milliseconds(int(found[1]))
    if not (found := DATE_PATTERN.fullmatch(read)):
        raise ValueError(f"{read!r} is not a date")
    sign, year, month, day, time, seconds, offset = found.groups()
    if sign == "-" or int(year) == 0:
        return None
    if int(year) > 9999 or (year, month, day) == ("9999", "12", "31"):
        return OPEN_END
    plain = f"{int(year):04}-{month}-{day}T{time or '00:00'}{seconds or ':00'}"
    try:
        return msgspec.convert(plain + _colon(offset or ""), datetime)
    except msgspec.ValidationError:
        raise ValueError(f"{read!r} is not a date") from None


def _from_milliseconds(number: int) -> datetime | None:
    if number >= LAST_MILLISECOND:
        return OPEN_END
    if number < FIRST_MILLISECOND:
        return None
    return EPOCH + timedelta(milliseconds=number)


def _colon(offset: str) -> str:
    """Normalise `+0200` and `+02` to `+02:00`."""
    bare = offset.replace(":", "")
    return f"{bare[:3]}:{bare[3:] or '00'}" if len(bare) > 1 else offset


def to_instant(read: datetime | None, locale: Locale) -> datetime | None:
    """Convert a parsed date to UTC; a date without an offset is local to the zone.

    None before year 2 and OPEN_END on the last day of 9999, whatever the offset:
    clients that convert the null date or the open end between zones send such values.
    """
    if read is None or read.year < 2:
        return None
    if read.year == 9999 and (read.month, read.day) == (12, 31):
        return OPEN_END
    if read.tzinfo is None:
        read = _in_utc(read, locale.zone)
    elif read.tzinfo is not UTC:
        read = read.astimezone(UTC)
    if read >= LAST_DAY:
        return OPEN_END
    return read if read >= FIRST_INSTANT else None


def _in_utc(local: datetime, zone: ZoneInfo) -> datetime:
    if zone.key == "UTC":
        return EPOCH + (local - WALL_EPOCH)  # takes a third of the time of replace()
    return local.replace(tzinfo=zone).astimezone(UTC)


def to_wall_time(read: datetime | None) -> datetime:
    """The local time that a parsed date's text shows, ignoring its offset."""
    return NO_WALL_TIME if read is None else read.replace(tzinfo=None)


def to_wire(instant: datetime | None, locale: Locale) -> datetime | str:
    """The text of an instant, or a naive datetime where msgspec writes the same faster."""
    if instant is None:
        return to_text(None, locale) if locale.offset else NO_WALL_TIME
    if instant.tzinfo is None:
        return instant
    odd = locale.offset or instant.microsecond % 10 == 0 != instant.microsecond
    if odd or instant >= LAST_DAY:
        return to_text(instant, locale)
    if locale.zone.key == "UTC":
        return WALL_EPOCH + (instant - EPOCH)
    return instant.astimezone(locale.zone).replace(tzinfo=None)
