"""The syntax tree of filters."""

from typing import Literal, LiteralString

from msgspec import Struct

from skranke.core.errors import BadValue


class Comparison(Struct, frozen=True, kw_only=True):
    """One column, one operator and values as text; `where` is its position in the filter."""

    column: str
    operator: str
    values: tuple[str, ...] = ()
    where: str = ""

    def error(self, fault: str) -> BadValue:
        """An error with this comparison's position."""
        return BadValue(self.where, fault)


class Junction(Struct, frozen=True):
    """Parts that must all match (`and`), or at least one (`or`)."""

    word: Literal["and", "or"]
    parts: "tuple[Node, ...]"


class Not(Struct, frozen=True):
    """The negation of a node."""

    inner: "Node"


class Keys(Struct, frozen=True):
    """The rows with these keys, which were prefetched."""

    key: LiteralString
    ids: tuple[int, ...]


Node = Comparison | Junction | Not | Keys


def all_of(*parts: Node | None) -> Node | None:
    """Join the parts with `and`; None parts are ignored."""
    given = tuple(part for part in parts if part is not None)
    if len(given) < 2:
        return given[0] if given else None
    return Junction("and", given)


def join(word: Literal["and", "or"], parts: list[Node]) -> Node:
    """Join the parts by the word; a single part is returned unchanged."""
    return parts[0] if len(parts) == 1 else Junction(word, tuple(parts))


def id_equals(column: str, number: int) -> Comparison:
    """The comparison of a column with a number."""
    return Comparison(column=column, operator="=", values=(str(number),))
