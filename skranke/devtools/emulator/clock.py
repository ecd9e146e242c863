"""What a `POST /_desk/clock` asks of the desk's clock."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from skranke.core.clock import Clock

FIELDS = ("set", "advance", "release")
YEARS = range(1900, 9000)  # far enough from where the calendars of others end


class BadField(Exception):
    """A field of the body can't be used; `fault` says why."""

    def __init__(self, field: str, fault: str) -> None:
        super().__init__(f"{field}: {fault}")
        self.field = field
        self.fault = fault


def turn(clock: Clock, body: bytes, zone: ZoneInfo) -> None:
    """Do what the body says, or BadField and nothing.

    `{"set": "2026-03-02T10:00:00Z"}` stops the clock there; without an offset it is
    the zone's wall time. `{"advance": 90.5}` stops it so many seconds ahead of where
    it is, `{"release": true}` lets it run.
    """
    field, value = _one(body)
    if field == "set":
        clock.set(_instant(value, zone))
    elif field == "advance":
        _advance(clock, value)
    elif value is True:
        clock.release()
    else:
        raise BadField(field, "takes only true")


def _one(body: bytes) -> tuple[str, object]:
    try:
        given = msgspec.json.decode(body, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise BadField("body", f"is no JSON object: {fault}") from None
    for name in given:
        if name not in FIELDS:
            raise BadField(name, f"is none of {', '.join(FIELDS)}")
    if len(given) != 1:
        raise BadField("body", f"takes one of {', '.join(FIELDS)}")
    return next(iter(given.items()))


def _instant(value: object, zone: ZoneInfo) -> datetime:
    try:
        read = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        read = None
    if read is None or read.year not in YEARS:
        raise BadField("set", f"takes an ISO 8601 date from 1900 on, not {value!r}")
    return read if read.tzinfo else read.replace(tzinfo=zone)


def _advance(clock: Clock, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise BadField("advance", f"takes seconds, 0 or more, not {value!r}")
    try:
        year = (clock.now() + timedelta(seconds=value)).year
    except OverflowError:
        year = YEARS.stop
    if year not in YEARS:
        raise BadField("advance", f"{value} seconds lead beyond the year {YEARS.stop}")
    clock.advance(value)
