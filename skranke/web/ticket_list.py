"""The list of a saved view: rows, order, pages; its whole state is in the address."""

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from msgspec import Struct
from starlette.responses import Response

from skranke.actions.views.carriers import TicketView
from skranke.actions.views.resources import get_view_tickets, get_views
from skranke.archive.carriers import ArchiveOptions
from skranke.channels.live.resources import get_presence
from skranke.core.errors import BadValue, NotFound
from skranke.web.page import Page, redirect, whole_number
from skranke.web.rendering import render, render_page, view_name
from skranke.web.ticket_rows import COLUMNS, TicketRow, ticket_row, with_presence

ROWS = 50
SORTS = {
    "title": "title",
    "customer": "person/fullName",
    "category": "categoryFullName",
    "owner": "ownedBy",
    "deadline": "deadline",
    "changed": "lastChanged",
}
SORT_NAMES = {
    "title": "Ticket",
    "customer": "Customer",
    "category": "Category",
    "owner": "Owner",
    "deadline": "Time left",
    "changed": "Changed",
}


class TicketList(Struct, kw_only=True):
    """A page of a view, and where the rest of it is."""

    view: TicketView
    name: str
    rows: list[TicketRow]
    sort: str
    descending: bool
    after: str  # the skip token that this page began behind
    older: str  # the address of the next page; empty without one
    query: str  # what a row's address carries, so that the ticket page shows this list
    count: str = ""

    def sort_url(self, column: str) -> str:
        """The address of this list in another order."""
        if column == self.sort:
            column = column if self.descending else f"-{column}"
        return f"/tickets/{self.view.ticket_view_id}?sort={column}"


def chosen_sort(view: TicketView, text: str) -> tuple[str, bool]:
    """The column and direction of `?sort=`, else the view's own."""
    if text.lstrip("-") in SORTS:
        return text.lstrip("-"), text.startswith("-")
    column, _, direction = view.order_by.partition(" ")
    by_column = {archive: name for name, archive in SORTS.items()}
    return by_column.get(column, ""), direction.strip().lower().startswith("desc")


async def find_view(page: Page, view_id: int) -> TicketView:
    """The view of this id, the first one for 0; NotFound."""
    views = await page.call(get_views, page.context)
    for view in views:
        if view.ticket_view_id == view_id or not view_id:
            return view
    raise NotFound(page.translate("There is no such view."))


async def load_list(page: Page, view: TicketView, top: int = ROWS) -> TicketList:
    """The rows of a view, by the address's order and page."""
    text = page.query("sort")
    sort, descending = chosen_sort(view, text)
    order = view.order_by
    if text.lstrip("-") in SORTS:
        order = SORTS[sort] + (" desc" if descending else "")
    after = page.query("after")
    options = ArchiveOptions(
        select=",".join(COLUMNS), order_by=order, top=str(top), skip_token=after, mode="full"
    )
    found = await page.call(get_view_tickets, page.context, view.ticket_view_id, options)
    rows = [ticket_row(page, row) for row in found.value]
    with_presence(rows, await page.call(get_presence, page.context), page)
    state = {"view": str(view.ticket_view_id)} | ({"sort": text} if text else {})
    older = ""
    if found.next_link:
        token = parse_qs(urlsplit(found.next_link).query)["$skipToken"][0]
        mine = {key: value for key, value in state.items() if key != "view"} | {"after": token}
        older = f"/tickets/{view.ticket_view_id}?{urlencode(mine)}"
    return TicketList(
        view=view,
        name=view_name(page, view),
        rows=rows,
        sort=sort,
        descending=descending,
        after=after,
        older=older,
        query=f"?{urlencode(state)}",
    )


async def show_tickets(page: Page) -> Response:
    """`GET /tickets/{view}`: the list; a fragment holds the rows alone."""
    view = await find_view(page, page.request.path_params.get("view_id", 0))
    try:
        tickets = await load_list(page, view)
    except BadValue:
        if not page.query("after"):
            raise
        return redirect(f"/tickets/{view.ticket_view_id}")  # a page of another order
    here = f"view-{view.ticket_view_id}"
    values: dict[str, Any] = {
        "list": tickets,
        "sorts": SORT_NAMES,
        "dense": page.settings.density == "dense",
    }
    if page.is_fragment:
        return render(page, "rows.html", here=here, **values)
    return await render_page(page, "tickets.html", here, **values)


async def first_list(page: Page) -> Response:
    """`GET /` and `/tickets`: on to the first view."""
    view = await find_view(page, 0)
    return redirect(f"/tickets/{view.ticket_view_id}")


def view_in_query(page: Page) -> int:
    """The view that a ticket was opened from; 0 for none."""
    return whole_number("view", page.query("view"))
