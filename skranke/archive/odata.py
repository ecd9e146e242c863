"""`$select`, `$filter` and the other options of an address, and the rows they bring.

Source: reference, OData queries of the REST interface: result shapes, paging, modes.
"""

from typing import NamedTuple
from urllib.parse import quote, urlencode

import msgspec

from skranke.archive import cells, request, skip_token
from skranke.archive.carriers import ArchiveOptions, ArchiveRows, CountedArchiveRows, Row
from skranke.archive.columns import Column
from skranke.archive.functions import Selection
from skranke.archive.providers import Provider
from skranke.archive.query import ArchiveRow, Search, count_rows
from skranke.archive.syntax_tree import Node
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.http.formats.scalars import shorten

MODES = ("", "slim", "full", "wide")
COUNT_OPTIONS = {"": False, "false": False, "estimate": True, "true": True, "allpages": True}
UNSAFE = str.maketrans(dict.fromkeys("/:()[]{}.,;-> '\"$", "_"))


class ResultOptions(NamedTuple):
    """Options with their types: how rows are shown, and whether they are counted."""

    full: bool
    counted: bool
    json_safe: bool


async def archive_rows(
    context: RequestContext,
    provider: Provider,
    path: str,
    options: ArchiveOptions,
    implied: Node | None = None,
) -> ArchiveRows:
    """The rows that the options ask for, and the way to those behind them.

    `path` is the address of this archive, `implied` a condition that comes with it.
    """
    asked = _result_options(options)
    search, selected = await _search(context, provider, options, implied)
    rows = await request.fetch_page(context, search, selected, options.options)
    more = len(rows) > search.top > 0 and not rows[-1].entity
    rows = rows[: search.top] if more or search.top == 0 else rows
    told = ArchiveRows(
        metadata=f"{context.base_url}/api/v1/Archive/{provider.name}/$metadata",
        next_link=_next_link(context, path, options, rows[-1]) if more else None,
        value=[_row(context, search, row, asked) for row in rows],
    )
    if not asked.counted:
        return told
    shown = msgspec.structs.asdict(told)
    return CountedArchiveRows(**shown, count=await count_rows(context, search))


def _result_options(options: ArchiveOptions) -> ResultOptions:
    mode = options.mode.strip().lower()
    if mode not in MODES:
        raise BadValue("$mode", f"{shorten(options.mode)!r} is not Slim, Wide or Full")
    wanted = options.inline_count.strip().lower()
    if wanted not in COUNT_OPTIONS:
        raise BadValue("$inlineCount", f"{shorten(wanted)!r} is not False or True")
    safe = options.json_safe.strip().lower() in ("true", "1")
    return ResultOptions(mode in ("full", "wide"), COUNT_OPTIONS[wanted], safe)


async def _search(
    context: RequestContext, provider: Provider, options: ArchiveOptions, implied: Node | None
) -> tuple[Search, Selection]:
    search, selected = await request.build_search(
        context,
        provider,
        columns=request.split_names(options.select),
        where=request.read_filter("$filter", options.filter),
        order=request.read_order("$orderBy", options.order_by),
        entities=request.split_names(options.entities),
        top=request.read_count("$top", options.top, request.DEFAULT_ROWS),
        skip=request.read_count("$skip", options.skip, 0),
        implied=implied,
    )
    if options.skip_token:
        after = skip_token.read_token(options.skip_token, search)
        search = msgspec.structs.replace(search, after=after)
    return search, selected


def _next_link(
    context: RequestContext, path: str, options: ArchiveOptions, last: ArchiveRow
) -> str:
    """The same question, beginning behind the last row."""
    said = {
        field.encode_name: getattr(options, field.name)
        for field in msgspec.structs.fields(options)
        if field.name not in ("skip", "skip_token")
    }
    given = {name: value for name, value in said.items() if value}
    given[skip_token.OPTION_NAME] = skip_token.token_of(last)
    query = urlencode(given, safe="$,/()'", quote_via=quote)
    return f"{context.base_url}{path}?{query}"


def _row(context: RequestContext, search: Search, found: ArchiveRow, asked: ResultOptions) -> Row:
    provider = search.provider
    show = cells.full_value if asked.full else cells.slim_value
    cols: dict[str, object] = {
        _name(cell.column, asked): show(cell, context.locale) for cell in found.cells
    }
    entity = found.entity or provider.entity
    if not asked.full:
        key = {"PrimaryKey": str(found.key), "EntityName": entity}
        return key | cols
    mask, reason = provider.rights
    return {
        "PrimaryKey": found.key,
        "EntityName": entity,
        "StyleHint": "",
        "LinkHint": f"{provider.link}={found.key}" if provider.link else "",
        "TableRight": {"Mask": mask, "Reason": reason},
        "Column": cols,
    }


def _name(column: Column, asked: ResultOptions) -> str:
    return column.name.translate(UNSAFE) if asked.json_safe else column.name
