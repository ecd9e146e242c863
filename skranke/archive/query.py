"""A search as one SELECT: the rows that are wanted, then what is shown of each.

The inner statement picks the page by filter and order alone, the outer one joins what
people see of those few rows. Source: reference, archive lists.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, LiteralString

from msgspec import Struct

from skranke.archive.columns import Column, plain_name
from skranke.archive.conditions import CASTS
from skranke.archive.operators import condition_sql
from skranke.archive.providers import Bind, Provider, fetch_planned, join_sql
from skranke.archive.syntax_tree import Comparison, Junction, Keys, Node, Not
from skranke.archive.text_index import with_prefetched_keys
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.db.database import Record
from skranke.http.formats.scalars import shorten

Columns = dict[str, Column]
SORT_KEYS: dict[str, tuple[LiteralString, LiteralString]] = {
    "nb": ("text_sort_key(", ", 'nb')"),
    "da": ("text_sort_key(", ", 'da')"),
    "sv": ("text_sort_key(", ", 'sv')"),
    "fi": ("text_sort_key(", ", 'fi')"),
}  # languages that sort letters behind z


class Order(Struct, frozen=True):
    """One column to sort by."""

    column: Column
    descending: bool = False


class Search(Struct, frozen=True, kw_only=True):
    """What is wanted of a provider; `known` are the columns that may be asked of.

    `keys`, where given, are the only ones to pick from; `after` are the order's values
    and the key of the row before the first one.
    """

    provider: Provider
    known: Columns
    columns: list[Column]
    where: Node | None = None
    keys: list[int] | None = None
    order: list[Order] = []
    entities: frozenset[str] = frozenset()
    top: int = 100
    skip: int = 0
    after: list[Any] | None = None
    language: str | None = None  # by whose rules texts are sorted; None: by those of all


class Cell(Struct, frozen=True):
    """A column of a row: its value, and what people see where that is a text in SQL."""

    column: Column
    value: Any
    shown: Any


class ArchiveRow(Struct, frozen=True, kw_only=True):
    """A row: its key, its cells, and its place in the order.

    `entity` is what it is called where that isn't the provider's own.
    """

    key: int
    cells: list[Cell]
    order: list[Any]
    entity: str = ""


async def fetch_rows(context: RequestContext, search: Search) -> list[ArchiveRow]:
    """The rows, one more than `top` where there are more."""
    return [_row(search, record) for record in await _fetch_records(context, search)]


async def _fetch_records(context: RequestContext, search: Search) -> list[Record]:
    bind, provider = Bind(), search.provider
    inner = await _inner(context, search, bind)
    listed: list[LiteralString] = [
        provider.key,
        *[bind.value_of(column) for column in search.columns],
        *[column.text or "NULL" for column in search.columns],
        *[sort_key_sql(order.column, bind, search.language) for order in search.order],
    ]
    shown = joins_of([*search.columns, *_sorting(search)])
    joins = join_sql(provider, shown | set(provider.always))
    order = order_by_sql(search, bind)
    sql: LiteralString = (
        f"SELECT {', '.join(listed)} FROM ({inner}) {provider.alias} {joins} {order}"
    )
    return await fetch_planned(context.db, sql, bind)


async def _inner(context: RequestContext, search: Search, bind: Bind) -> LiteralString:
    where = await conditions_sql(context, search, bind)
    if search.after is not None:
        where.append(_after_sql(search, bind))
    limit, skip = bind(search.top + 1), bind(search.skip)
    alias = search.provider.alias
    return (
        f"SELECT {alias}.* FROM {tables(search, _sorting(search))} {_where(where)} "
        f"{order_by_sql(search, bind)} LIMIT {limit}::bigint OFFSET {skip}::bigint"
    )


async def count_rows(context: RequestContext, search: Search) -> int:
    """How many rows there are on all pages together."""
    bind = Bind()
    where = _where(await conditions_sql(context, search, bind))
    sql: LiteralString = f"SELECT count(*) FROM {tables(search, [])} {where}"
    [record] = await fetch_planned(context.db, sql, bind)
    return record[0]


async def conditions_sql(
    context: RequestContext, search: Search, bind: Bind
) -> list[LiteralString]:
    """What a row must be: seen by the caller, of a wanted kind, and what is asked."""
    provider = search.provider
    unwanted: list[LiteralString] = [
        sql
        for name, sql in provider.kinds.items()
        if sql and search.entities and name not in search.entities
    ]
    given: list[LiteralString] = [await provider.visible_sql(context, bind), *unwanted]
    if search.keys is not None:
        given.append(f"{provider.key} = ANY ({bind(search.keys)}::bigint[])")
    if search.where is not None:
        where = await with_prefetched_keys(context, search.known, search.where)
        given.append(_node_sql(context, bind, search, where))
    kept: list[LiteralString] = [sql for sql in given if sql]
    return kept


def _node_sql(context: RequestContext, bind: Bind, search: Search, node: Node) -> LiteralString:
    if isinstance(node, Comparison):
        return condition_sql(context, bind, compared_column(search.known, node), node)
    if isinstance(node, Keys):
        return f"{node.key} = ANY ({bind([*node.ids])}::bigint[])"
    if isinstance(node, Not):
        return f"(({_node_sql(context, bind, search, node.inner)}) IS NOT TRUE)"
    parts: list[LiteralString] = [_node_sql(context, bind, search, part) for part in node.parts]
    word: LiteralString = " AND " if node.word == "and" else " OR "
    return f"({word.join(parts)})"


def compared_column(known: Columns, asked: Comparison) -> Column:
    """The column that a condition asks of; BadValue points at one that isn't there."""
    found = known.get(plain_name(asked.column))
    if found is None:
        raise asked.error(_no_column(known, asked.column))
    return found


def _no_column(known: Columns, name: str) -> str:
    """The sentence about a column that isn't there, with the ones of a similar name."""
    near = get_close_matches(plain_name(name), known, n=3)
    hint = f"; did you mean {' or '.join(known[n].name for n in near)}?" if near else ""
    return f"there is no column {shorten(name)!r}{hint}"


def filter_columns(node: Node | None, known: Columns) -> list[Column]:
    """Every column that a filter mentions."""
    if node is None or isinstance(node, Keys):
        return []
    if isinstance(node, Comparison):
        return [compared_column(known, node)]
    parts = node.parts if isinstance(node, Junction) else (node.inner,)
    return [column for part in parts for column in filter_columns(part, known)]


def tables(search: Search, others: list[Column]) -> LiteralString:
    """The provider's table with the joins that sight, filter and others need."""
    filtered = filter_columns(search.where, search.known)
    names = joins_of([*filtered, *others]) | set(search.provider.always)
    return f"{search.provider.table} {join_sql(search.provider, names)}"


def joins_of(columns: Iterable[Column]) -> set[str]:
    """The joins that these columns need."""
    return {name for column in columns for name in column.joins}


def _sorting(search: Search) -> list[Column]:
    return [order.column for order in search.order]


def _where(conditions: list[LiteralString]) -> LiteralString:
    return f"WHERE {' AND '.join(conditions)}" if conditions else ""


def sort_key_sql(column: Column, bind: Bind, language: str | None = None) -> LiteralString:
    """What a column is sorted by: what people see, as a language sorts it; never NULL."""
    if column.text:
        return _sort_key(f"coalesce({column.text}, '')", language)
    sql = bind.value_of(column)
    if column.nullable:
        sql = f"coalesce({sql}, {column.zero})"
    return _sort_key(sql, language) if column.kind == "text" else sql


def _sort_key(sql: LiteralString, language: str | None) -> LiteralString:
    before, behind = SORT_KEYS.get(language or "", ("text_fold(", ")"))
    return f"{before}{sql}{behind}"


def order_by_sql(search: Search, bind: Bind) -> LiteralString:
    """ORDER BY, which ends with the key in the direction of the last column."""
    words: list[LiteralString] = [
        f"{sort_key_sql(order.column, bind, search.language)}{_direction(order.descending)}"
        for order in search.order
    ]
    last = _direction(search.order[-1].descending if search.order else False)
    words.append(f"{search.provider.key}{last}")
    return f"ORDER BY {', '.join(words)}"


def _direction(descending: bool) -> LiteralString:
    return " DESC" if descending else ""


def _after_sql(search: Search, bind: Bind) -> LiteralString:
    """What is behind a row in the order.

    One direction throughout is one comparison of rows, where an index can begin.
    """
    downs = [order.descending for order in search.order]
    downs.append(downs[-1] if downs else False)
    keys: list[LiteralString] = [
        sort_key_sql(o.column, bind, search.language) for o in search.order
    ]
    keys.append(search.provider.key)
    columns = [*_sorting(search), None]
    marks: list[LiteralString] = [
        _mark(bind(value), column)
        for value, column in zip(search.after or [], columns, strict=True)
    ]
    if len(set(downs)) == 1:
        symbol: LiteralString = "<" if downs[0] else ">"
        return f"({', '.join(keys)}) {symbol} ({', '.join(marks)})"
    return _after_mixed_sql(keys, marks, downs)


def _after_mixed_sql(
    keys: list[LiteralString], marks: list[LiteralString], downs: list[bool]
) -> LiteralString:
    symbol: LiteralString = "<" if downs[0] else ">"
    first: LiteralString = f"{keys[0]} {symbol} {marks[0]}"
    if len(keys) == 1:
        return first
    rest = _after_mixed_sql(keys[1:], marks[1:], downs[1:])
    return f"({first} OR ({keys[0]} = {marks[0]} AND {rest}))"


def _mark(placed: LiteralString, column: Column | None) -> LiteralString:
    """A value of the order, or the key, as SQL compares it."""
    if column is None:
        return f"{placed}::bigint"
    if column.text:
        return f"{placed}::text"
    if column.kind == "moment":
        return f"coalesce({placed}::timestamptz, '-infinity')"
    return f"{placed}{CASTS[column.kind]}"


def _row(search: Search, record: Record) -> ArchiveRow:
    key, *values = tuple(record)
    width = len(search.columns)
    shown = values[width : 2 * width]
    cells = map(Cell, search.columns, values, shown)
    return ArchiveRow(key=key, cells=list(cells), order=values[2 * width :])


def require_column(known: Columns, name: str, where: str) -> Column:
    """The column of a name in any case; BadValue says where it was named."""
    found = known.get(plain_name(name))
    if found is None:
        raise BadValue(where, _no_column(known, name))
    return found
