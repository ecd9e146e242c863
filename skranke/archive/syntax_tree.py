"""A filter as a tree, whichever door it came through."""

from typing import Literal, LiteralString

from msgspec import Struct

from skranke.core.errors import BadValue


class Comparison(Struct, frozen=True, kw_only=True):
    """One column, one operator, values as text; `where` it stands in the filter."""

    column: str
    operator: str
    values: tuple[str, ...] = ()
    where: str = ""

    def error(self, fault: str) -> BadValue:
        """The refusal that points at this place."""
        return BadValue(self.where, fault)


class Junction(Struct, frozen=True):
    """Several of which all hold (`and`), or one at least (`or`)."""

    word: Literal["and", "or"]
    parts: "tuple[Node, ...]"


class Not(Struct, frozen=True):
    """What holds where the other doesn't."""

    inner: "Node"


class Keys(Struct, frozen=True):
    """The rows of these keys, which were found in advance."""

    key: LiteralString
    ids: tuple[int, ...]


Node = Comparison | Junction | Not | Keys


def all_of(*parts: Node | None) -> Node | None:
    """What holds where all of these hold; None asks for nothing."""
    given = tuple(part for part in parts if part is not None)
    if len(given) < 2:
        return given[0] if given else None
    return Junction("and", given)


def join(word: Literal["and", "or"], parts: list[Node]) -> Node:
    """The parts joined by the word; a single one is itself."""
    return parts[0] if len(parts) == 1 else Junction(word, tuple(parts))


def id_equals(column: str, number: int) -> Comparison:
    """The condition that a column is this number."""
    return Comparison(column=column, operator="=", values=(str(number),))
