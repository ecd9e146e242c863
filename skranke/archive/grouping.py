"""The rows of groups and totals: headers and footers around groups, a total at the end.

They hold nothing but functions. Detail rows stand between them unless every GroupBy
hides them; they have no running values. Source: reference, data aggregation of the
archive providers.
"""

from typing import Any, LiteralString

from msgspec import Struct
from msgspec.structs import replace

from skranke.archive.functions import Selection
from skranke.archive.providers import Bind, fetch_planned
from skranke.archive.query import (
    ArchiveRow,
    Cell,
    Order,
    Search,
    conditions_sql,
    fetch_rows,
    sort_key_sql,
    tables,
)
from skranke.core.context import RequestContext

MAX_GROUP_ROWS = 50_000  # groups of one level


async def rows(
    context: RequestContext, search: Search, selected: Selection, *, grand_total: bool
) -> list[ArchiveRow]:
    """Detail rows in the order of their groups, with what stands around them."""
    ordered = replace(
        search,
        columns=[*selected.plain, *(g.of for g in selected.groups)],
        order=[*(Order(g.of) for g in selected.groups), *search.order],
    )
    levels = [
        await _level(context, ordered, selected, depth)
        for depth in range(1, len(selected.groups) + 1)
    ]
    told = await _page_rows(context, ordered, selected, levels)
    if grand_total:
        [total] = await _level(context, ordered, selected, 0)
        told.append(replace(total.whole, entity="grandtotal"))
    return told


class Level(Struct, frozen=True):
    """One group: the values that make it, and the row of all its functions."""

    key: tuple[Any, ...]
    whole: ArchiveRow


async def _level(
    context: RequestContext, search: Search, selected: Selection, depth: int
) -> list[Level]:
    """The groups of the first columns, in order; without any, the one of all rows."""
    bind = Bind()
    groups = selected.groups[:depth]
    totals: list[LiteralString] = [
        t.sql.replace("{}", bind.value_of(t.of)) for t in selected.totals
    ]
    keys: list[LiteralString] = [bind.value_of(g.of) for g in groups]
    shown: list[LiteralString] = [g.of.text or "NULL" for g in groups]
    sorts: list[LiteralString] = [sort_key_sql(g.of, bind, search.language) for g in groups]
    listed = ", ".join([*keys, *shown, *totals]) or "NULL"
    needed = [*(g.of for g in groups), *(t.of for t in selected.totals)]
    where = await conditions_sql(context, search, bind)
    sql: LiteralString = f"SELECT {listed} FROM {tables(search, needed)}"
    if where:
        sql = f"{sql} WHERE {' AND '.join(where)}"
    if groups:
        texts: list[LiteralString] = [g.of.text for g in groups if g.of.text]
        by = ", ".join([*keys, *texts])
        most = f"{bind(MAX_GROUP_ROWS)}::bigint"
        sql = f"{sql} GROUP BY {by} ORDER BY {', '.join(sorts)} LIMIT {most}"
    records = await fetch_planned(context.db, sql, bind)
    return [_group_row(selected, depth, tuple(record)) for record in records]


def _group_row(selected: Selection, depth: int, values: tuple[Any, ...]) -> Level:
    keys, shown, totals = values[:depth], values[depth : 2 * depth], values[2 * depth :]
    groups = zip(selected.groups, keys, shown, strict=False)
    cells = [Cell(g.column, value, text) for g, value, text in groups]
    cells += [
        Cell(t.column, value, None) for t, value in zip(selected.totals, totals, strict=False)
    ]
    return Level(tuple(map(_hashable, keys)), ArchiveRow(key=0, cells=cells, order=[]))


def _hashable(value: Any) -> Any:
    array: Any = value
    return str(array) if isinstance(value, list) else value  # an array has no hash


async def _page_rows(
    context: RequestContext, search: Search, selected: Selection, levels: list[list[Level]]
) -> list[ArchiveRow]:
    if not selected.details:
        groups = (levels or [[]])[-1][search.skip : search.skip + search.top]
        members: list[tuple[tuple[Any, ...], ArchiveRow | None]] = [
            (group.key, None) for group in groups
        ]
    else:
        details = (await fetch_rows(context, search))[: search.top]
        members = [(_key(selected, detail), _detail_row(selected, detail)) for detail in details]
    known = [{level.key: level.whole for level in groups} for groups in levels]
    return _with_group_rows(selected, members, known)


def _key(selected: Selection, detail: ArchiveRow) -> tuple[Any, ...]:
    width = len(selected.groups)
    return tuple(_hashable(c.value) for c in detail.cells[len(detail.cells) - width :])


def _detail_row(selected: Selection, detail: ArchiveRow) -> ArchiveRow:
    """A detail row with its groups under the names that were asked, but hidden ones."""
    plain = detail.cells[: len(selected.plain)]
    grouped = [
        Cell(group.column, cell.value, cell.shown)
        for group, cell in zip(selected.groups, detail.cells[len(plain) :], strict=True)
        if not group.hides_detail
    ]
    return replace(detail, cells=[*plain, *grouped])


def _with_group_rows(
    selected: Selection,
    members: list[tuple[tuple[Any, ...], ArchiveRow | None]],
    known: list[dict[tuple[Any, ...], ArchiveRow]],
) -> list[ArchiveRow]:
    """The members with the headers and footers of the groups that begin and end."""
    told: list[ArchiveRow] = []
    before: tuple[Any, ...] | None = None
    for key, detail in members:
        told += _boundary_rows(selected, before, key, known)
        told += [detail] if detail else []
        before = key
    return told + _boundary_rows(selected, before, None, known)


def _boundary_rows(
    selected: Selection,
    before: tuple[Any, ...] | None,
    after: tuple[Any, ...] | None,
    known: list[dict[tuple[Any, ...], ArchiveRow]],
) -> list[ArchiveRow]:
    """The footers of what ends between two members, then the headers of what begins."""
    ends: list[ArchiveRow] = []
    begins: list[ArchiveRow] = []
    for depth, group in enumerate(selected.groups, 1):
        if before and after and before[:depth] == after[:depth]:
            continue
        if before and group.footer and (row := known[depth - 1].get(before[:depth])):
            ends.insert(0, _total_row("footer", selected, row))
        if after and group.header and (row := known[depth - 1].get(after[:depth])):
            begins.append(_total_row("header", selected, row))
    return ends + begins


def _total_row(entity: str, selected: Selection, row: ArchiveRow) -> ArchiveRow:
    """A header or footer with the totals that are wanted there."""
    unwanted = {
        total.column.name
        for total in selected.totals
        if not (total.header if entity == "header" else total.footer)
    }
    cells = [cell for cell in row.cells if cell.column.name not in unwanted]
    return replace(row, entity=entity, cells=cells)
