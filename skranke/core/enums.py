"""Enums of the wire: a name in JSON, a number in the database.

A member's value is its wire name, so msgspec reads and writes it natively. Its
`number` is the one that the vendor's database, lists and restrictions use.
"""

import re
from enum import Enum
from functools import cache
from typing import Any, Self

# longer runs of digits cannot be a member's number and are slow to parse
NUMBER = re.compile("[+-]?[0-9]{1,10}")


class WireEnum(Enum):
    """An enum whose members are declared as `Active = "Active", 1`."""

    number: int

    def __new__(cls, name: str, number: int) -> Self:
        member = object.__new__(cls)
        member._value_ = name
        member.number = number
        return member

    @classmethod
    def of(cls, number: int) -> Self:
        """The member with this number; ValueError names the enum when there is none."""
        if (member := _members(cls).get(number)) is None:
            raise ValueError(f"{number} is not a valid {cls.__name__}")
        return member

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        """Look up a name in any case or a number, as clients send them."""
        return _members(cls).get(_lookup_key(value))


class WireFlags(Enum):
    """A set of flags, on the wire as names joined by `, ` or as one number.

    Members are declared as `Select = "Select", 1`. An alias, which is read but never
    written, is declared with the names it stands for: `UR = "Select, Update", 3`.
    Combinations are created on first use and cached, so they can be compared with `is`.
    """

    number: int

    def __new__(cls, names: str, number: int) -> Self:
        member = object.__new__(cls)
        member._value_ = names
        member.number = number
        return member

    @classmethod
    def of(cls, number: int) -> Self:
        """The combination with this number; ValueError when a bit has no name."""
        return _combination(cls, number)

    def __or__(self, other: Self) -> Self:
        return type(self).of(self.number | other.number)

    def __contains__(self, flag: Self) -> bool:
        return self.number & flag.number == flag.number

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        """Look up names in any case and order, joined by commas or blanks, or a number."""
        key = _lookup_key(value)
        number = _sum(cls, key) if isinstance(key, str) else key
        if number is None:
            return None
        try:
            return cls.of(number)
        except ValueError:
            return None


def zero_member(kind: type[WireEnum] | type[WireFlags]) -> Any:
    """The default member: the one with number 0, else the first."""
    return _members(kind).get(0) or next(iter(kind))


def _lookup_key(value: object) -> str | int | None:
    """The key to look up: a number, or a name in lower case."""
    if isinstance(value, str):
        text = value.strip().lower()
        return int(text) if NUMBER.fullmatch(text) else text
    return value if type(value) is int else None


@cache
def _members(kind: type[Enum]) -> dict[object, Any]:
    """The declared members by lower-case name and by number; of several the first."""
    found: dict[object, Any] = {}
    for name, member in kind.__members__.items():
        found[name.removesuffix("_").lower()] = member  # `None_` is named so for Python
        found.setdefault(vars(member)["number"], member)
    return found


@cache
def _combination(kind: type[WireFlags], number: int) -> Any:
    """The member for this number, created on first use."""
    spelled = _spelling(kind, number)
    known: dict[object, Any] = kind._value2member_map_  # pyright: ignore[reportAssignmentType] # an Enum types its map as Enum
    if spelled in known:
        return known[spelled]
    member = object.__new__(kind)
    member._name_ = spelled
    member._value_ = spelled
    member.number = number
    known[spelled] = member
    return member


def _spelling(kind: type[WireFlags], number: int) -> str:
    """The names of the flags in the number: matched from the largest, written from the smallest."""
    single = (member for member in kind if "," not in member.value)
    if number == 0:
        return zero_member(kind).value
    names: list[str] = []
    left = number
    for member in sorted(single, key=lambda member: -member.number):
        if member.number and left & member.number == member.number:
            names.insert(0, member.value)
            left &= ~member.number
    if left:
        raise ValueError(f"{number} is not a valid {kind.__name__}")
    return ", ".join(names)


def _sum(kind: type[WireFlags], text: str) -> int | None:
    """The sum of the named flags; None if a name is unknown."""
    number = 0
    for name in text.replace(",", " ").split():
        if (member := _members(kind).get(name)) is None:
            return None
        number |= member.number
    return number
