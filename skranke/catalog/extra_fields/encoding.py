"""The typed text of one extra field, both ways.

Dates and times are what a clock on the desk's wall shows: naive, never moved between
zones, whatever SO-TimeZone says. Written is the one form that the vendor's servers
write; read is everything its formatter is known to read. What it would silently read
as zero is refused here.

Source: reference, encoded values of CultureDataFormatter; recorded answers, in which
extra fields of the types date, datetime and time are all `[DT:…]`, the time on
1760-01-01, and a time span is `[I:seconds]`.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from math import isfinite
from typing import Any, Literal, NamedTuple

from msgspec import Struct

from skranke.core.errors import BadValue

FieldType = Literal["string", "int", "bool", "decimal", "date", "datetime", "time", "timespan"]
Value = str | int | float | bool | None


class Field(Struct, frozen=True, kw_only=True):
    """How an extra field is defined.

    `name` is its label, `size` the most characters a string may have (0: any number),
    `default_value` the text that a new entity starts with.
    """

    id: int
    domain: str
    field_name: str
    name: str
    type: FieldType
    size: int = 0
    default_value: str = ""


def wire_text(field: Field, value: object) -> str:
    """The wire's text of a stored value; None is unset.

    A value left behind by a field of another type but the same name counts as unset.
    """
    form = FORMAT_OF_TYPE[field.type]
    if value is None:
        return form.unset
    try:
        return form.write(value)
    except (TypeError, ValueError):
        return form.unset


def parse_value(field: Field, text: str) -> Value:
    """What to store for a posted text; None where it means unset.

    Strings, dates ('2019-03-28'), datetimes ('2019-03-28T14:52:00', with six decimals
    where it has any) and times ('14:52:00') are str, time spans int seconds. A date
    drops the clock that came with it, a time the date and the fraction. BadValue names
    the field and tells what was wanted.
    """
    if field.type == "string":
        return _parse_string(field, text) or None
    form = FORMAT_OF_TYPE[field.type]
    try:
        bare = _unmarked(text, form.markers)
        return (form.read(bare) or None) if bare else None
    except ValueError:
        raise _bad_value(field, f"{text[:40]!r} is not {form.wanted}") from None


def _bad_value(field: Field, fault: str) -> BadValue:
    return BadValue(f"CustomFields.{field.field_name}", fault)


def _parse_string(field: Field, text: str) -> str:
    if "\0" in text:
        raise _bad_value(field, "NUL can't be stored")
    if 0 < field.size < len(text):
        raise _bad_value(field, f"{len(text)} characters are more than {field.size}")
    return text


MARKED_PATTERN = re.compile(r"\[([A-Za-z]+):(.*)\]", re.DOTALL)
INTEGER_PATTERN = re.compile(r"[+-]?[0-9]{1,20}")
DECIMAL_PATTERN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?")
CLOCK_PATTERN = (
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,7}))?)?"
)
DATE_TIME_PATTERNS = [
    re.compile(rf"{day}(?:[T ]{CLOCK_PATTERN})?")
    for day in (
        r"(?P<month>[0-9]{1,2})/(?P<day>[0-9]{1,2})/(?P<year>[0-9]{4})",
        r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})",
        r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4})",
        r"(?P<year>[0-9]{4})\.(?P<month>[0-9]{1,2})\.(?P<day>[0-9]{1,2})",
    )
]
DATE_OF_TIMES = "1760-01-01"


def _unmarked(text: str, markers: frozenset[str]) -> str:
    """The text between marker and bracket, or all of it where there is no marker."""
    marked = MARKED_PATTERN.fullmatch(text.strip())
    if marked is None:
        return text.strip()
    if marked[1].upper() not in markers:
        raise ValueError
    return marked[2].strip()


def _parse_int(text: str) -> int:
    if not INTEGER_PATTERN.fullmatch(text) or not -(2**31) <= int(text) < 2**31:
        raise ValueError
    return int(text)


def _parse_bool(text: str) -> bool:
    word = text.lower()
    return word == "true" if word in {"true", "false"} else _parse_int(text) != 0


def _parse_decimal(text: str) -> float:
    if not DECIMAL_PATTERN.fullmatch(text) or not isfinite(float(text)):
        raise ValueError
    return float(text)


def _parse_wall_time(text: str) -> datetime | None:
    """The wall time in any of the four orders; None for everything before year 2."""
    match = next((m for form in DATE_TIME_PATTERNS if (m := form.fullmatch(text))), None)
    if match is None:
        raise ValueError
    part = match.groupdict(default="0")
    if int(part["year"]) < 2:
        return None
    return datetime.fromisoformat(
        f"{part['year']}-{part['month']:0>2}-{part['day']:0>2}"
        f"T{part['hour']:0>2}:{part['minute']:0>2}:{part['second']:0>2}"
        f".{part['fraction'][:6]:0<6}"
    )


def _parse_datetime(text: str) -> str | None:
    moment = _parse_wall_time(text)
    return moment and moment.isoformat()


def _parse_date(text: str) -> str | None:
    moment = _parse_wall_time(text)
    return moment and moment.date().isoformat()


def _parse_time(text: str) -> str | None:
    moment = _parse_wall_time(f"{DATE_OF_TIMES} {text}" if ":" in text[:3] else text)
    return moment and moment.time().isoformat("seconds")


def _int_text(value: Any) -> str:
    return f"[I:{value:d}]"


def _bool_text(value: Any) -> str:
    return "[I:1]" if value is True else "[I:0]"


def _decimal_text(value: Any) -> str:
    return f"[F:{repr(value + 0.0).upper().removesuffix('.0')}]"


def _string_text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _datetime_text(value: Any) -> str:
    at = datetime.fromisoformat(value)
    return (
        f"[DT:{at.month:02}/{at.day:02}/{at.year:04}"
        f" {at.hour:02}:{at.minute:02}:{at.second:02}.{at.microsecond:06}0]"
    )


def _date_text(value: Any) -> str:
    return _datetime_text(date.fromisoformat(value).isoformat())


def _time_text(value: Any) -> str:
    return _datetime_text(f"{DATE_OF_TIMES}T{value}")


class FieldFormat(NamedTuple):
    """How one type is written and read; `wanted` ends the sentence of a refusal."""

    write: Callable[[Any], str]
    read: Callable[[str], Value]
    markers: frozenset[str]
    unset: str
    wanted: str


NULL_DATE_TEXT = "[DT:01/01/0001 00:00:00.0000000]"
DATE_MARKERS = frozenset({"D", "DT"})
FORMAT_OF_TYPE: dict[FieldType, FieldFormat] = {
    "string": FieldFormat(_string_text, str, frozenset(), "", "a text"),
    "int": FieldFormat(
        _int_text, _parse_int, frozenset({"I"}), "[I:0]", "a whole number of 32 bits"
    ),
    "bool": FieldFormat(_bool_text, _parse_bool, frozenset({"I"}), "[I:0]", "true or false"),
    "decimal": FieldFormat(
        _decimal_text, _parse_decimal, frozenset({"F", "I", "M"}), "[F:0]", "a number"
    ),
    "date": FieldFormat(_date_text, _parse_date, DATE_MARKERS, NULL_DATE_TEXT, "a date"),
    "datetime": FieldFormat(
        _datetime_text,
        _parse_datetime,
        DATE_MARKERS,
        NULL_DATE_TEXT,
        "a date and time without an offset",
    ),
    "time": FieldFormat(
        _time_text, _parse_time, DATE_MARKERS | {"T"}, NULL_DATE_TEXT, "a time of day"
    ),
    "timespan": FieldFormat(
        _int_text, _parse_int, frozenset({"I", "TS"}), "[I:0]", "whole seconds of 32 bits"
    ),
}
