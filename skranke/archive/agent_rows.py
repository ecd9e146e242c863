"""Rows of the Archive agent: cells as encoded text, pages by number.

Source: reference, Archive agent. A negative page is the number of rows to skip.
"""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from skranke.archive import cells, request
from skranke.archive.carriers import (
    ArchiveColumnData,
    ArchiveListItem,
    ArchiveListResult,
    ArchiveOrderByInfo,
    OrderBySortType,
    RelatedData,
)
from skranke.archive.functions import Selection
from skranke.archive.providers import Provider, provider_of
from skranke.archive.query import ArchiveRow, Search, count_rows, fetch_rows
from skranke.archive.syntax_tree import Node
from skranke.core.context import RequestContext
from skranke.core.schema import ETableRight, TableRight


class AgentQuery(Struct, frozen=True, kw_only=True):
    """A query of the agent; without columns the provider's default columns are used."""

    provider_name: str
    columns: Iterable[str] = ()
    order: Iterable[tuple[str, bool]] = ()
    where: Node | None = None
    entities: Iterable[str] = ()
    page: int = 0
    page_size: int = 0


def orders_of(infos: list[ArchiveOrderByInfo]) -> list[tuple[str, bool]]:
    """Columns and whether each is descending."""
    return [(info.name, info.direction is OrderBySortType.DESC) for info in infos]


async def items(context: RequestContext, wanted: AgentQuery) -> list[ArchiveListItem]:
    """The rows of a page."""
    return await _items(context, *await _search(context, wanted))


async def result(context: RequestContext, wanted: AgentQuery, options: str) -> ArchiveListResult:
    """The rows of a page and, with `rowcount=true`, the number of all rows; else 0."""
    search, selected = await _search(context, wanted)
    count = await count_rows(context, search) if request.has_option(options, "rowcount") else 0
    rows = await _items(context, search, selected, options)
    return ArchiveListResult(row_count=count, rows=rows)


async def _search(context: RequestContext, wanted: AgentQuery) -> tuple[Search, Selection]:
    size = wanted.page_size if wanted.page_size > 0 else request.DEFAULT_ROWS
    return await request.build_search(
        context,
        provider_of(wanted.provider_name),
        columns=wanted.columns,
        where=wanted.where,
        order=wanted.order,
        entities=wanted.entities,
        top=size,
        skip=wanted.page * size if wanted.page >= 0 else -wanted.page,
    )


async def _items(
    context: RequestContext, search: Search, selected: Selection, options: str = ""
) -> list[ArchiveListItem]:
    rows = await request.fetch_page(context, search, selected, options)
    if not (selected.groups or selected.totals):
        rows = rows[: search.top]
    return [_item(context, search, row) for row in rows]


def _item(context: RequestContext, search: Search, row: ArchiveRow) -> ArchiveListItem:
    provider = search.provider
    return ArchiveListItem(
        entity_name=row.entity or provider.entity,
        primary_key=row.key,
        column_data={
            cell.column.name: ArchiveColumnData(display_value=cells.encode(cell, context.locale))
            for cell in row.cells
        },
        link_hint=row_link(provider, row.key),
        table_right=TableRight(mask=ETableRight.Select),
    )


def row_link(provider: Provider, key: int) -> str:
    """The link of a row: `nav=ticket&ticket_id=12`; empty without a link."""
    return f"{provider.link}={key}" if provider.link else ""


async def related_data(
    context: RequestContext, table: str, record_id: int, fields: list[str]
) -> list[RelatedData]:
    """These columns of one row; empty if the row does not exist."""
    wanted = AgentQuery(provider_name=table, columns=fields, page_size=1)
    search, _ = await _search(context, wanted)
    rows = await fetch_rows(context, replace(search, keys=[record_id]))
    if not rows:
        return []
    data = _item(context, search, rows[0]).column_data
    return [RelatedData(field=name, field_value=data[name]) for name in data]
