"""Enums as the wire has them: a name in JSON, a number in the database.

The value of a member is its wire name, so that msgspec reads and writes it natively;
`number` is what the vendor's database, lists and restrictions use.
"""

from enum import Enum
from typing import Self


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
        for member in cls:
            if member.number == number:
                return member
        raise ValueError(f"{number} is no {cls.__name__}")

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        """Names in any case and numbers, as clients send them."""
        text = str(value).strip().lower()
        for member in cls:
            if text in (member.value.lower(), str(member.number)):
                return member
        return None


class WireFlags(Enum):
    """A set of flags, on the wire as names joined by `, ` or as one number.

    Members are declared as `Select = "Select", 1`; one that is read but never written
    (a second name for a combination) as `FULL = "FULL", 15, False`. Combinations come
    into being when they are first asked for and are the same object ever after.
    """

    number: int
    written: bool

    def __new__(cls, name: str, number: int, written: bool = True) -> Self:
        member = object.__new__(cls)
        member._value_ = name
        member.number = number
        member.written = written
        return member

    @classmethod
    def of(cls, number: int) -> Self:
        """The combination with this number; ValueError when a bit has no name."""
        return cls(cls._spelled(number))

    def __or__(self, other: Self) -> Self:
        return type(self).of(self.number | other.number)

    def __contains__(self, flag: Self) -> bool:
        return self.number & flag.number == flag.number

    @classmethod
    def _spelled(cls, number: int) -> str:
        """The names that make up the number, largest first taken, smallest written."""
        written = sorted((m for m in cls if m.written), key=lambda m: -m.number)
        if number == 0:
            return next(m.value for m in written if m.number == 0)
        names: list[str] = []
        left = number
        for member in written:
            if member.number and left & member.number == member.number:
                names.insert(0, member.value)
                left &= ~member.number
        if left:
            raise ValueError(f"{number} is no {cls.__name__}")
        return ", ".join(names)

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        """Names joined by commas or blanks in any case and order, or the number."""
        text = str(value).strip()
        number = int(text) if text.isdecimal() else cls._sum(text)
        if number is None:
            return None
        try:
            spelled = cls._spelled(number)
        except ValueError:
            return None
        if spelled in cls._value2member_map_:
            return cls(spelled)
        member = object.__new__(cls)
        member._name_ = spelled
        member._value_ = spelled
        member.number = number
        member.written = True
        return cls._value2member_map_.setdefault(spelled, member)  # pyright: ignore[reportReturnType] # an Enum types its map as Enum

    @classmethod
    def _sum(cls, text: str) -> int | None:
        number = 0
        known = {m.value.lower(): m.number for m in cls}
        for name in text.lower().replace(",", " ").split():
            if name not in known:
                return None
            number |= known[name]
        return number
