"""`/api/v1/TicketView`: saved views over REST. The reference has none; this is ours."""

from msgspec.structs import replace

from skranke.actions.views import search, sql
from skranke.actions.views.carriers import TicketView, TicketViewCounter
from skranke.archive.carriers import ArchiveOptions, ArchiveRows
from skranke.archive.odata import archive_rows
from skranke.core.context import Permission, RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.core.schema import Int32
from skranke.http.operation import resource
from skranke.tickets.archive import TICKETS


@resource("GET", "/api/v1/TicketView", permission=Permission.READ)
async def get_views(context: RequestContext) -> list[TicketView]:
    """Everybody's views and the caller's own, by rank."""
    return await sql.load_views(context.db, context.user.associate_id)


@resource("GET", "/api/v1/TicketView/Counters", permission=Permission.READ, transaction=True)
async def get_counters(context: RequestContext) -> list[TicketViewCounter]:
    """How many tickets each of the caller's views finds now, up to 1,000."""
    return await search.counters(context, await get_views(context))


@resource(
    "GET", "/api/v1/TicketView/{view_id}/Tickets", permission=Permission.READ, transaction=True
)
async def get_view_tickets(
    context: RequestContext, view_id: Int32, options: ArchiveOptions
) -> ArchiveRows:
    """The tickets that a view finds, as rows; NotFound without it.

    `$select` and `$orderby` win over the view's own, `$filter` narrows it.
    """
    view = await _load_view(context, view_id)
    implied = (await search.view_search(context, view)).where
    options = replace(
        options,
        select=options.select or ",".join(view.columns),
        order_by=options.order_by or view.order_by,
    )
    path = f"/api/v1/TicketView/{view_id}/Tickets"
    return await archive_rows(context, TICKETS, path, options, implied)


@resource("POST", "/api/v1/TicketView", permission=Permission.READ, transaction=True)
async def post_view(context: RequestContext, view: TicketView) -> TicketView:
    """The view as it is saved: a new one for id 0, else in place of the old.

    BadValue points at what can't be asked; everybody's are the administrators'.
    """
    if not view.name.strip():
        raise BadValue("Name", "must not be empty")
    old = await _load_view(context, view.ticket_view_id) if view.ticket_view_id else view
    for each in (old, view):
        _check_may_change(context, each)
    await search.check_view(context, view)
    owner = None if view.shared else context.user.associate_id
    return await _load_view(context, await sql.save(context.db, view, owner))


@resource("DELETE", "/api/v1/TicketView/{view_id}", permission=Permission.READ, transaction=True)
async def delete_view(context: RequestContext, view_id: Int32) -> None:
    """Remove a view; NotFound without it."""
    _check_may_change(context, await _load_view(context, view_id))
    await sql.delete(context.db, view_id)


async def _load_view(context: RequestContext, view_id: int) -> TicketView:
    for view in await get_views(context):
        if view.ticket_view_id == view_id:
            return view
    raise NotFound(f"TicketView id {view_id} not found")


def _check_may_change(context: RequestContext, view: TicketView) -> None:
    if view.shared and Permission.ADMINISTER not in context.user.permissions:
        raise BadValue("Shared", "everybody's views are the administrators' to change")
