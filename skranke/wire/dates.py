"""Points in time between the wire's text and UTC.

Source: reference, date-time text: no offset and whole seconds unless asked, the null
date `0001-01-01T00:00:00` never shifted, `9999-12-31T23:59:59.9999999` as open end.
"""

from datetime import UTC, datetime
from functools import cache
from typing import Any, get_args, get_type_hints
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from skranke.wire.carriers import Instant

NULL_DATE = "0001-01-01T00:00:00"
OPEN_END = datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
OPEN_END_TEXT = "9999-12-31T23:59:59.9999999"


class Locale(Struct, frozen=True):
    """In which zone dates are read and written, and whether an offset is shown."""

    zone: ZoneInfo
    offset: bool = False


def text(instant: datetime | None, locale: Locale) -> str:
    """The wire's text of an instant."""
    if instant is None:
        return NULL_DATE
    if instant >= OPEN_END:
        return OPEN_END_TEXT
    local = instant if locale.zone.key == "UTC" else instant.astimezone(locale.zone)
    shown = local.replace(tzinfo=None).isoformat()
    if "." in shown:
        shown = shown.rstrip("0")
    if not locale.offset:
        return shown
    return shown + ("Z" if locale.zone.key == "UTC" else local.isoformat()[-6:])


def instant(read: datetime | None, locale: Locale) -> datetime | None:
    """The UTC instant of a date as read: without an offset it is the zone's wall time."""
    if read is None or read.year < 2:
        return None
    if read.year == 9999 and read.month == 12 and read.day == 31:
        return OPEN_END
    if read.tzinfo is None:
        read = read.replace(tzinfo=locale.zone)
    return read.astimezone(UTC)


class Places(Struct, frozen=True):
    """Where a Struct holds instants: its own fields, and fields whose Structs may."""

    own: tuple[str, ...]
    nested: tuple[str, ...]


@cache
def places(shape: type[Struct]) -> Places | None:
    """Where instants are in this shape; None when there are none."""
    found = _places(shape, ())
    return found if found.own or found.nested else None


def _places(shape: type[Struct], above: tuple[type[Struct], ...]) -> Places:
    own: list[str] = []
    nested: list[str] = []
    for name, hint in get_type_hints(shape, include_extras=True).items():
        if name.startswith("__"):
            continue
        if hint == Instant:
            own.append(name)
        elif any(_holds_instants(s, (*above, shape)) for s in _structs(hint)):
            nested.append(name)
    return Places(tuple(own), tuple(nested))


def _holds_instants(shape: type[Struct], above: tuple[type[Struct], ...]) -> bool:
    if shape in above:
        return False
    found = _places(shape, above)
    return bool(found.own or found.nested)


def _structs(hint: Any) -> list[type[Struct]]:
    if isinstance(hint, type) and issubclass(hint, Struct):
        return [hint]
    return [s for part in get_args(hint) for s in _structs(part)]


def shown(value: Any, locale: Locale) -> Any:
    """The value with every instant as its text; what holds none is passed as it is."""
    if isinstance(value, list):
        return [shown(item, locale) for item in value]  # pyright: ignore[reportUnknownVariableType] # any list
    if not isinstance(value, Struct) or (where := places(type(value))) is None:
        return value
    copy: Any = msgspec.structs.replace(value)
    for name in where.own:
        setattr(copy, name, text(getattr(value, name), locale))
    for name in where.nested:
        setattr(copy, name, shown(getattr(value, name), locale))
    return copy


def settle(value: Any, locale: Locale) -> None:
    """Turn every date of a value just read into its UTC instant, in place."""
    if isinstance(value, list):
        for item in value:  # pyright: ignore[reportUnknownVariableType] # any list
            settle(item, locale)
        return
    if not isinstance(value, Struct) or (where := places(type(value))) is None:
        return
    for name in where.own:
        setattr(value, name, instant(getattr(value, name), locale))
    for name in where.nested:
        settle(getattr(value, name), locale)
