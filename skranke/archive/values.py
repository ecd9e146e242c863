"""Reads the values of a filter as the type of their column.

They are plain (`10`, `2020-05-28`) or encoded (`[I:10]`, `[DT:05/28/2020 …]`). Source:
reference, encoded values; dates of the OData filters.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from math import isfinite
from typing import NamedTuple
from zoneinfo import ZoneInfo

from skranke.core import dates

ENCODED_VALUE = re.compile(r"\[([A-Za-z]{1,2}):(.*)\]", re.DOTALL)
INTEGER = re.compile("[+-]?[0-9]{1,19}")
DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?")
TRUE, FALSE = ("true", "1"), ("false", "0")
MAX_INTEGER = 2**63 - 1
# the orders of year, month and day that clients and encoded values use
DAYS = (
    re.compile(r"(?P<y>\d{4})[-./](?P<m>\d{1,2})[-./](?P<d>\d{1,2})", re.ASCII),
    re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})", re.ASCII),
    re.compile(r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})", re.ASCII),
)
CLOCK = re.compile(
    r"[T Z]+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d\d:?\d\d)?",
    re.ASCII | re.IGNORECASE,
)
SECOND = timedelta(seconds=1)


class Moment(NamedTuple):
    """A date of a filter: its first instant and the first instant after it.

    A date spans a day in the user's zone, a time spans a second; the null date is None.
    """

    begins: datetime | None
    ends: datetime | None


def unwrap(said: str) -> str:
    """The text without its encoding."""
    encoded = ENCODED_VALUE.fullmatch(said.strip())
    return encoded[2] if encoded else said


def integer(said: str) -> int:
    """A whole number of 64 bits; ValueError."""
    plain = unwrap(said).strip()
    if plain.lower() in ("true", "false"):
        return int(plain.lower() == "true")
    if not INTEGER.fullmatch(plain) or abs(int(plain)) > MAX_INTEGER:
        raise ValueError("is not a whole number")
    return int(plain)


def integers(said: str) -> list[int]:
    """One whole number, or the several of an encoded array; ValueError."""
    return [integer(part) for part in unwrap(said).split(",") if part.strip()]


def decimal(said: str) -> float:
    """A finite number; ValueError."""
    plain = unwrap(said).strip()
    if not DECIMAL.fullmatch(plain) or not isfinite(float(plain)):
        raise ValueError("is not a number")
    return float(plain)


def boolean(said: str) -> bool:
    """True or false; ValueError."""
    plain = unwrap(said).strip().lower()
    if plain in (*TRUE, *FALSE):
        return plain in TRUE
    raise ValueError("is neither true nor false")


def text(said: str) -> str:
    """A text; ValueError if it contains a NUL character."""
    if "\0" in said:
        raise ValueError("holds a NUL character")
    return said


def moment(said: str, zone: ZoneInfo) -> Moment:
    """A date with an optional time, local to the user's zone unless it has an offset."""
    plain = unwrap(said).strip()
    day = next((m for form in DAYS if (m := form.match(plain))), None)
    if day is None:
        raise ValueError("is not a date")
    found = date(int(day["y"]), int(day["m"]), int(day["d"])) if int(day["y"]) else None
    if found is None or found.year < 2:
        return Moment(None, None)
    rest = plain[day.end() :].strip(" ") and plain[day.end() :]
    if found == date(9999, 12, 31):
        return Moment(dates.OPEN_END, dates.OPEN_END)
    if not rest:
        return Moment(midnight(found, zone), midnight(found + timedelta(days=1), zone))
    clock = CLOCK.fullmatch(rest)
    if clock is None:
        raise ValueError("is not a date")
    begins = _instant(found, clock, zone)
    return Moment(begins, begins + SECOND)


def _instant(found: date, clock: re.Match[str], zone: ZoneInfo) -> datetime:
    hour, minute, second, fraction, offset = clock.groups()
    micro = int((fraction or "0")[:6].ljust(6, "0"))
    at = time(int(hour), int(minute), int(second or 0), micro)
    wall = datetime.combine(found, at)
    if offset is None:
        return wall.replace(tzinfo=zone).astimezone(UTC)
    if offset.upper() == "Z":
        return wall.replace(tzinfo=UTC)
    sign = -1 if offset[0] == "-" else 1
    ahead = timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:]))
    return wall.replace(tzinfo=UTC) - sign * ahead


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a day begins in a zone."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
