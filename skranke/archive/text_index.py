"""Prefetches the matches of rare texts from a word index.

If few rows contain the words, their keys are fetched first and the search only looks at
those. If many rows contain them, the search checks row by row in its order and soon has
a page. PostgreSQL's planner cannot tell the two cases apart.
"""

from typing import LiteralString

from skranke.archive.columns import Column, plain_name
from skranke.archive.conditions import has_words
from skranke.archive.providers import Bind, fetch_planned
from skranke.archive.syntax_tree import Comparison, Junction, Keys, Node, Not
from skranke.core.context import RequestContext

MAX_PREFETCHED_ROWS = 2000  # rows that have all words
NEGATION_BY_OPERATOR = {"contains": False, "notcontains": True}


async def with_prefetched_keys(
    context: RequestContext, known: dict[str, Column], node: Node
) -> Node:
    """Replace conditions that few rows match by the keys of those rows."""
    match node:
        case Junction():
            parts = [await with_prefetched_keys(context, known, part) for part in node.parts]
            return Junction(node.word, tuple(parts))
        case Not():
            return Not(await with_prefetched_keys(context, known, node.inner))
        case Comparison():
            return await _keys(context, known, node) or node
        case Keys():
            return node


async def _keys(
    context: RequestContext, known: dict[str, Column], asked: Comparison
) -> Node | None:
    column = known.get(plain_name(asked.column))
    negated = NEGATION_BY_OPERATOR.get(asked.operator.strip().lower())
    if column is None or column.words is None or negated is None:
        return None
    said = asked.values[0] if len(asked.values) == 1 else ""
    if not has_words(said):
        return None
    bind = Bind()
    met = column.words.met.replace("{}", f"{bind(said)}::text")
    sql: LiteralString = (
        "SELECT count(*), coalesce(array_agg(key) FILTER (WHERE said), '{}') "
        f"FROM ({met} LIMIT {bind(MAX_PREFETCHED_ROWS + 1)}::bigint) AS met"
    )
    [(many, keys)] = await fetch_planned(context.db, sql, bind)
    if many > MAX_PREFETCHED_ROWS:
        return None
    found = Keys(column.words.key, tuple(keys))
    return Not(found) if negated else found
