"""`/api/v1/TicketView`: saved views over REST. The reference has none; this is ours."""

from msgspec.structs import replace

from skranke.actions.views import search, sql
from skranke.actions.views.carriers import TicketView, TicketViewCounter
from skranke.archive.carriers import ArchiveOptions, ArchiveRows
from skranke.archive.odata import answer
from skranke.core.context import Call, Right
from skranke.core.errors import BadValue, NotFound
from skranke.core.schema import Int32
from skranke.http.operation import resource
from skranke.tickets.archive import TICKETS


@resource("GET", "/api/v1/TicketView", right=Right.READ)
async def get_views(call: Call) -> list[TicketView]:
    """Everybody's views and the caller's own, by rank."""
    return await sql.views(call.db, call.caller.associate_id)


@resource("GET", "/api/v1/TicketView/Counters", right=Right.READ, transaction=True)
async def get_counters(call: Call) -> list[TicketViewCounter]:
    """How many tickets each of the caller's views finds now, up to 1,000."""
    return await search.counters(call, await get_views(call))


@resource("GET", "/api/v1/TicketView/{view_id}/Tickets", right=Right.READ, transaction=True)
async def get_view_tickets(call: Call, view_id: Int32, options: ArchiveOptions) -> ArchiveRows:
    """The tickets that a view finds, as rows; NotFound without it.

    `$select` and `$orderby` win over the view's own, `$filter` narrows it.
    """
    view = await _found(call, view_id)
    implied = (await search.search_of(call, view)).where
    options = replace(
        options,
        select=options.select or ",".join(view.columns),
        order_by=options.order_by or view.order_by,
    )
    path = f"/api/v1/TicketView/{view_id}/Tickets"
    return await answer(call, TICKETS, path, options, implied)


@resource("POST", "/api/v1/TicketView", right=Right.READ, transaction=True)
async def post_view(call: Call, view: TicketView) -> TicketView:
    """The view as it is saved: a new one for id 0, else in place of the old.

    BadValue points at what can't be asked; everybody's are the administrators'.
    """
    if not view.name.strip():
        raise BadValue("Name", "must not be empty")
    old = await _found(call, view.ticket_view_id) if view.ticket_view_id else view
    for each in (old, view):
        _check_may_change(call, each)
    await search.check(call, view)
    owner = None if view.shared else call.caller.associate_id
    return await _found(call, await sql.save(call.db, view, owner))


@resource("DELETE", "/api/v1/TicketView/{view_id}", right=Right.READ, transaction=True)
async def delete_view(call: Call, view_id: Int32) -> None:
    """Remove a view; NotFound without it."""
    _check_may_change(call, await _found(call, view_id))
    await sql.delete(call.db, view_id)


async def _found(call: Call, view_id: int) -> TicketView:
    for view in await get_views(call):
        if view.ticket_view_id == view_id:
            return view
    raise NotFound(f"TicketView id {view_id} not found")


def _check_may_change(call: Call, view: TicketView) -> None:
    if view.shared and Right.ADMINISTER not in call.caller.rights:
        raise BadValue("Shared", "everybody's views are the administrators' to change")
