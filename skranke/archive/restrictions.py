"""Converts posted restriction infos to the same tree as a filter.

Each info is joined to the next by its InterOperator, `and` binding tighter than `or`. A
positive InterParenthesis opens that many parentheses before the info, a negative one
closes them after it. Inactive infos are skipped. An info with SubRestrictions matches if
those match and its own condition, if any, matches as well.

Source: reference, ArchiveRestrictionInfo.
"""

from skranke.archive.carriers import ArchiveRestrictionInfo, InterRestrictionOperator
from skranke.archive.parser import MAX_CONDITIONS, MAX_DEPTH
from skranke.archive.syntax_tree import Comparison, Node, all_of, join
from skranke.core.errors import BadValue

Or = InterRestrictionOperator.Or


def restriction_tree(name: str, infos: list[ArchiveRestrictionInfo], depth: int = 0) -> Node | None:
    """The tree of the infos; None if there are none. BadValue names the invalid info."""
    if len(infos) > MAX_CONDITIONS or depth > MAX_DEPTH:
        raise BadValue(name, f"more than {MAX_CONDITIONS} infos, or {MAX_DEPTH} levels")
    levels = [_Level()]
    for place, info in enumerate(infos):
        where = f"{name}[{place}]"
        for _ in range(min(info.inter_parenthesis, MAX_CONDITIONS)):
            levels.append(_Level())
        if info.is_active is not False:
            levels[-1].add(_comparison(where, info, depth))
        for _ in range(min(-info.inter_parenthesis, MAX_CONDITIONS)):
            if len(levels) == 1:
                raise BadValue(where, "closes a parenthesis that isn't open")
            inner = levels.pop().node()
            levels[-1].add(inner)
        if info.inter_operator is Or:
            levels[-1].begin_or()
    if len(levels) > 1:
        raise BadValue(name, "leaves a parenthesis open")
    return levels[0].node()


class _Level:
    """The content of one pair of parentheses: alternatives, each of several parts."""

    def __init__(self) -> None:
        self.alternatives: list[list[Node]] = [[]]

    def add(self, node: Node | None) -> None:
        if node is not None:
            self.alternatives[-1].append(node)

    def begin_or(self) -> None:
        self.alternatives.append([])

    def node(self) -> Node | None:
        parts = [join("and", nodes) for nodes in self.alternatives if nodes]
        return join("or", parts) if parts else None


def _comparison(where: str, info: ArchiveRestrictionInfo, depth: int) -> Node | None:
    below = restriction_tree(f"{where}.SubRestrictions", info.sub_restrictions, depth + 1)
    if not info.name.strip():
        if below is None:
            raise BadValue(where, "names no column")
        return below
    asked = Comparison(
        column=info.name, operator=info.operator or "=", values=tuple(info.values), where=where
    )
    return all_of(asked, below)
