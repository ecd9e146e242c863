"""One JSON value read as what its member takes: numbers as text, dates in disguise.

It reads as the .NET servers do that the vendor's clients grew up with: a number or
truth value for a text is its spelling; null and blank text are a type's zero. Source:
reference, JSON rules of the content types.
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

Reader = Callable[[Any], Any]  # takes what JSON holds, null too
LONGEST_SHOWN = 40
WHOLE = re.compile(r"\s*([+-]?[0-9]{1,20})(?:\.0*)?\s*")
DECIMAL = re.compile(r"\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*")


class Unreadable(Exception):
    """A value is not what its member takes; `path` leads to it from the body."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault
        self.path = ""

    def under(self, step: str) -> None:
        """Put the name or `[index]` that holds the value before its path."""
        dot = "." if self.path and self.path[0] != "[" else ""
        self.path = f"{step}{dot}{self.path}"

    def refusal(self) -> ApiError:
        """What the caller is told: the property by its wire path, and the fault."""
        return MalformedRequest(f"{self.path or 'The body'}: {self.fault}")


class Unstorable(Unreadable):
    """A text is of the right type, but can't be kept."""

    def refusal(self) -> ApiError:
        return BadValue(self.path or "The body", self.fault)


class Number(str):
    """A number with a point or an exponent, as it was spelled."""

    __slots__ = ()


def whole_number(metas: tuple[Any, ...]) -> Reader:
    """Integers, also as `"3"` or `3.0`, in the bounds that Meta names."""
    lows = [m.ge for m in metas if isinstance(m, Meta) and m.ge is not None]
    highs = [m.le for m in metas if isinstance(m, Meta) and m.le is not None]
    low, high = max(lows, default=-(2**63)), min(highs, default=2**63 - 1)

    def read(raw: Any) -> int:
        number = raw if type(raw) is int else _whole(raw)
        if not low <= number <= high:
            raise Unreadable(f"{shown(number)} is outside {low} to {high}")
        return number

    return read


def _whole(raw: Any) -> int:
    if blank(raw):
        return 0
    if isinstance(raw, str) and (found := WHOLE.fullmatch(raw)):
        return int(found[1])
    what = "whole number" if isinstance(raw, str) and DECIMAL.fullmatch(raw) else "number"
    raise Unreadable(f"{shown(raw)} is not a {what}")


def text(metas: tuple[Any, ...]) -> Reader:
    """Text that can be stored, no longer than Meta allows."""
    limits = [m.max_length for m in metas if isinstance(m, Meta) and m.max_length]
    limit = min(limits, default=None)

    def read(raw: Any) -> str:
        said = storable(raw if type(raw) is str else _spelling(raw))
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
    if isinstance(raw, int) and not _endless(raw):
        return str(raw)
    raise Unreadable(f"{shown(raw)} is not a text")


def storable(said: str) -> str:
    """The text itself; Unstorable where it holds what PostgreSQL and UTF-8 can't."""
    if "\0" in said:
        raise Unstorable("it holds a NUL character")
    if not said.isascii():
        try:
            said.encode()
        except UnicodeEncodeError:
            raise Unstorable("it holds half of a surrogate pair") from None
    return said


def named(kind: type[WireEnum] | type[WireFlags]) -> Reader:
    """Members of an enum by name or number."""
    nothing = zero_member(kind)

    def read(raw: Any) -> Any:
        if blank(raw):
            return nothing
        key = _whole(raw) if isinstance(raw, Number) else raw
        if isinstance(key, str | int) and not isinstance(key, bool):
            try:
                return kind(key)
            except ValueError:
                pass
        raise Unreadable(f"{shown(raw)} is not a value of {kind.__name__}: {_allowed(kind)}")

    return read


def _allowed(kind: type[WireEnum] | type[WireFlags]) -> str:
    """The values that an enum has, as a fault lists them."""
    names = [str(member.value) for member in kind if "," not in str(member.value)]
    word = "use" if len(names) == 1 else "use one of"
    return f"{word} {', '.join(names)}"


def truth(raw: Any) -> bool:
    """True and false, also as text or as 1 and 0."""
    if isinstance(raw, bool):
        return raw
    said = raw.strip().lower() if isinstance(raw, str) else raw
    if blank(said) or said in (0, "0", "0.0", "false"):
        return False
    if said in (1, "1", "1.0", "true"):
        return True
    raise Unreadable(f"{shown(raw)} is neither true nor false")


def decimal(raw: Any) -> float:
    """A finite number, also as text with a point."""
    if blank(raw):
        return 0.0
    if type(raw) is int or (isinstance(raw, str) and DECIMAL.fullmatch(raw)):
        try:
            if isfinite(number := float(raw)):
                return number
        except OverflowError:
            pass
    raise Unreadable(f"{shown(raw)} is not a number")


def base64(raw: Any) -> bytes:
    """Bytes from base64, which may be broken into lines."""
    if raw is None:
        return b""
    if type(raw) is str:
        try:
            return a2b_base64("".join(raw.split()), strict_mode=True)
        except (NotBase64, ValueError):
            pass
    raise Unreadable(f"{shown(raw)} is not base64")


def anything(raw: Any) -> Any:
    """Whatever JSON holds, as far as it can be stored: for members without a type."""
    if isinstance(raw, Number):
        return decimal(raw)
    if isinstance(raw, str):
        return storable(raw)
    if isinstance(raw, list):
        return [anything(item) for item in cast("list[Any]", raw)]
    if isinstance(raw, dict):
        items = cast("dict[str, Any]", raw).items()
        return {storable(key): anything(item) for key, item in items}
    if type(raw) is int and not -(2**63) <= raw < 2**63:
        raise Unreadable(f"{shown(raw)} is outside 64 bits")
    return raw


def instant(raw: Any) -> datetime | None:
    """A date as `dates.parse` reads it; still in the zone that it was sent in."""
    if raw is None:
        return None
    if type(raw) is str or type(raw) is int:
        try:
            return dates.parse(raw)
        except ValueError:
            pass
    raise Unreadable(f"{shown(raw)} is not a date")


def wall(raw: Any) -> datetime:
    """A wall time: what the text says, whatever its offset."""
    return dates.to_wall_time(instant(raw))


def blank(raw: Any) -> bool:
    """Null, or text that is empty where it may not be text."""
    return raw is None or (isinstance(raw, str) and not raw.strip())


def shown(raw: Any) -> str:
    """The value as a fault names it, shortened."""
    if isinstance(raw, dict | list):
        return "an object" if isinstance(raw, dict) else "an array"
    if raw is None:
        return "null"
    if isinstance(raw, int) and _endless(raw):
        return f"a number of more than {LONGEST_SHOWN} digits"
    if isinstance(raw, int | Number):
        return short(_spelling(raw))
    return repr(short(raw))


def short(said: str) -> str:
    """The start of a text, fit for a sentence."""
    if len(said) > LONGEST_SHOWN:
        said = said[:LONGEST_SHOWN] + "…"
    return said if said.isprintable() else ascii(said)


def _endless(number: int) -> bool:
    return abs(number) >= 10**LONGEST_SHOWN
