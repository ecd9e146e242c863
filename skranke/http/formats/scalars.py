"""Lenient readers of single JSON values: numbers as text, dates in any spelling.

They coerce as the .NET servers do that the vendor's clients were written for: a number
or boolean for a text member becomes its spelling; null and blank text become the type's
default. Source: reference, JSON rules of the content types.
"""

import re
from binascii import Error as NotBase64
from binascii import a2b_base64
from collections.abc import Callable
from datetime import datetime
from math import isfinite
from typing import Any, cast

from msgspec import Meta

from skranke.core import dates
from skranke.core.enums import WireEnum, WireFlags, zero_member
from skranke.core.errors import ApiError, BadValue, MalformedRequest

Reader = Callable[[Any], Any]  # takes any JSON value, also null
MAX_QUOTED_CHARACTERS = 40
WHOLE_NUMBER = re.compile(r"\s*([+-]?[0-9]{1,20})(?:\.0*)?\s*")
DECIMAL_NUMBER = re.compile(r"\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*")


class Unreadable(Exception):
    """A value does not fit its member; `path` leads to it from the body."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault
        self.path = ""

    def prepend_path(self, step: str) -> None:
        """Prepend the name or `[index]` of the parent to the path."""
        dot = "." if self.path and self.path[0] != "[" else ""
        self.path = f"{step}{dot}{self.path}"

    def to_error(self) -> ApiError:
        """The error to answer with: names the property by its wire path and the reason."""
        return MalformedRequest(f"{self.path or 'The body'}: {self.fault}")


class Unstorable(Unreadable):
    """A text is of the right type but cannot be stored."""

    def to_error(self) -> ApiError:
        return BadValue(self.path or "The body", self.fault)


class Number(str):
    """The spelling of a number with a decimal point or an exponent."""

    __slots__ = ()


def whole_number(metas: tuple[Any, ...]) -> Reader:
    """A reader of integers, also `"3"` or `3.0`, within the bounds in Meta."""
    lows = [m.ge for m in metas if isinstance(m, Meta) and m.ge is not None]
    highs = [m.le for m in metas if isinstance(m, Meta) and m.le is not None]
    low, high = max(lows, default=-(2**63)), min(highs, default=2**63 - 1)

    def read(raw: Any) -> int:
        number = raw if type(raw) is int else _read_whole_number(raw)
        if not low <= number <= high:
            raise Unreadable(f"{describe(number)} is outside {low} to {high}")
        return number

    return read


def _read_whole_number(raw: Any) -> int:
    if is_blank(raw):
        return 0
    if isinstance(raw, str) and (found := WHOLE_NUMBER.fullmatch(raw)):
        return int(found[1])
    what = "whole number" if isinstance(raw, str) and DECIMAL_NUMBER.fullmatch(raw) else "number"
    raise Unreadable(f"{describe(raw)} is not a {what}")


def text(metas: tuple[Any, ...]) -> Reader:
    """A reader of storable text, no longer than Meta allows."""
    limits = [m.max_length for m in metas if isinstance(m, Meta) and m.max_length]
    limit = min(limits, default=None)

    def read(raw: Any) -> str:
        said = require_storable(raw if type(raw) is str else _spelling(raw))
        if limit is not None and len(said) > limit:
            raise Unstorable(f"{len(said)} characters are more than {limit}")
        return said

    return read


def _spelling(raw: Any) -> str:
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, Number):
        return str(raw)
    if isinstance(raw, int) and not _is_too_long(raw):
        return str(raw)
    raise Unreadable(f"{describe(raw)} is not a text")


def require_storable(said: str) -> str:
    """Return the text; Unstorable if PostgreSQL or UTF-8 cannot represent it."""
    if "\0" in said:
        raise Unstorable("it holds a NUL character")
    if not said.isascii():
        try:
            said.encode()
        except UnicodeEncodeError:
            raise Unstorable("it holds half of a surrogate pair") from None
    return said


def enum_member(kind: type[WireEnum] | type[WireFlags]) -> Reader:
    """A reader of enum members by name or number."""
    nothing = zero_member(kind)

    def read(raw: Any) -> Any:
        if is_blank(raw):
            return nothing
        key = _read_whole_number(raw) if isinstance(raw, Number) else raw
        if isinstance(key, str | int) and not isinstance(key, bool):
            try:
                return kind(key)
            except ValueError:
                pass
        raise Unreadable(
            f"{describe(raw)} is not a value of {kind.__name__}: {_allowed_names(kind)}"
        )

    return read


def _allowed_names(kind: type[WireEnum] | type[WireFlags]) -> str:
    """The values that an enum has, as a fault lists them."""
    names = [str(member.value) for member in kind if "," not in str(member.value)]
    word = "use" if len(names) == 1 else "use one of"
    return f"{word} {', '.join(names)}"


def boolean(raw: Any) -> bool:
    """Read true or false, also as text or as 1 and 0."""
    if isinstance(raw, bool):
        return raw
    said = raw.strip().lower() if isinstance(raw, str) else raw
    if is_blank(said) or said in (0, "0", "0.0", "false"):
        return False
    if said in (1, "1", "1.0", "true"):
        return True
    raise Unreadable(f"{describe(raw)} is neither true nor false")


def decimal(raw: Any) -> float:
    """Read a finite number, also as text."""
    if is_blank(raw):
        return 0.0
    if type(raw) is int or (isinstance(raw, str) and DECIMAL_NUMBER.fullmatch(raw)):
        try:
            if isfinite(number := float(raw)):
                return number
        except OverflowError:
            pass
    raise Unreadable(f"{describe(raw)} is not a number")


def base64(raw: Any) -> bytes:
    """Read bytes from base64, which may contain line breaks."""
    if raw is None:
        return b""
    if type(raw) is str:
        try:
            return a2b_base64("".join(raw.split()), strict_mode=True)
        except (NotBase64, ValueError):
            pass
    raise Unreadable(f"{describe(raw)} is not base64")


def any_value(raw: Any) -> Any:
    """Read any storable JSON value, for untyped members."""
    if isinstance(raw, Number):
        return decimal(raw)
    if isinstance(raw, str):
        return require_storable(raw)
    if isinstance(raw, list):
        return [any_value(item) for item in cast("list[Any]", raw)]
    if isinstance(raw, dict):
        items = cast("dict[str, Any]", raw).items()
        return {require_storable(key): any_value(item) for key, item in items}
    if type(raw) is int and not -(2**63) <= raw < 2**63:
        raise Unreadable(f"{describe(raw)} is outside 64 bits")
    return raw


def instant(raw: Any) -> datetime | None:
    """Read a date with `dates.parse`; it is not converted to UTC yet."""
    if raw is None:
        return None
    if type(raw) is str or type(raw) is int:
        try:
            return dates.parse(raw)
        except ValueError:
            pass
    raise Unreadable(f"{describe(raw)} is not a date")


def wall_time(raw: Any) -> datetime:
    """Read a local time, ignoring the text's offset."""
    return dates.to_wall_time(instant(raw))


def is_blank(raw: Any) -> bool:
    """Whether the value is null or blank text."""
    return raw is None or (isinstance(raw, str) and not raw.strip())


def describe(raw: Any) -> str:
    """Describe the value in an error, shortened."""
    if isinstance(raw, dict | list):
        return "an object" if isinstance(raw, dict) else "an array"
    if raw is None:
        return "null"
    if isinstance(raw, int) and _is_too_long(raw):
        return f"a number of more than {MAX_QUOTED_CHARACTERS} digits"
    if isinstance(raw, int | Number):
        return shorten(_spelling(raw))
    return repr(shorten(raw))


def shorten(said: str) -> str:
    """The start of a text, printable, for use in a message."""
    if len(said) > MAX_QUOTED_CHARACTERS:
        said = said[:MAX_QUOTED_CHARACTERS] + "…"
    return said if said.isprintable() else ascii(said)


def _is_too_long(number: int) -> bool:
    return abs(number) >= 10**MAX_QUOTED_CHARACTERS
