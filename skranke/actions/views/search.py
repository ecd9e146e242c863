"""A view as a search of the archive of tickets, and the counters of many at once."""

from datetime import UTC
from typing import LiteralString

from msgspec.structs import replace

from skranke.actions.views.carriers import TicketView, TicketViewCounter
from skranke.archive import request
from skranke.archive.providers import Bind, fetch_planned
from skranke.archive.query import Search, conditions_sql, tables
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.tickets.archive import TICKETS
from skranke.tickets.reference_data import load_reference_data

MAX_COUNT = 1000  # tickets that a counter counts
NO_CATEGORY = "'0'"


async def fill_placeholders(context: RequestContext, text: str) -> str:
    """A view's filter with the instant and the caller's categories in their places."""
    lists = await context.get_cached(load_reference_data)
    own = [i for i, c in lists.categories.items() if c.has_member(context.user.ej_user_id)]
    named = ", ".join(f"'{i}'" for i in own) or NO_CATEGORY
    now = context.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return text.replace("{now}", now).replace("{myCategories}", named)


async def view_search(context: RequestContext, view: TicketView) -> Search:
    """The view's search; BadValue points at what can't be asked."""
    search, _ = await request.build_search(
        context,
        TICKETS,
        columns=view.columns,
        entities=(),
        top=MAX_COUNT,
        skip=0,
        where=request.read_filter("Filter", await fill_placeholders(context, view.filter)),
        order=request.read_order("OrderBy", view.order_by),
    )
    return search


async def check_view(context: RequestContext, view: TicketView) -> None:
    """BadValue unless the view can be asked; a saved name must be right, so none is passed over."""
    before = len(context.passed_over)
    search = await view_search(context, view)
    for name in context.passed_over[before:]:
        field = "Columns" if name in view.columns else "OrderBy"
        raise BadValue(field, f"there is no column {name!r}")
    await conditions_sql(context, search, Bind())


async def counters(context: RequestContext, views: list[TicketView]) -> list[TicketViewCounter]:
    """How many tickets each view finds, up to a bound, by one statement."""
    if not views:
        return []
    bind = Bind()
    bound = bind(MAX_COUNT + 1)
    counts: list[LiteralString] = [
        await _count(context, await view_search(context, view), bind, bound) for view in views
    ]
    sql: LiteralString = f"SELECT {', '.join(counts)}"
    [record] = await fetch_planned(context.db, sql, bind)
    return [_counter(view, count) for view, count in zip(views, record, strict=True)]


async def _count(
    context: RequestContext, search: Search, bind: Bind, bound: LiteralString
) -> LiteralString:
    where = await conditions_sql(context, replace(search, columns=[]), bind) or ["true"]
    found: LiteralString = f"FROM {tables(search, [])} WHERE {' AND '.join(where)}"
    return f"(SELECT count(*) FROM (SELECT 1 {found} LIMIT {bound}::bigint) each)"


def _counter(view: TicketView, count: int) -> TicketViewCounter:
    return TicketViewCounter(
        ticket_view_id=view.ticket_view_id, count=min(count, MAX_COUNT), more=count > MAX_COUNT
    )
