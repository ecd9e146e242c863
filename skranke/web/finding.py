"""Search and the palette: tickets by number and words, people by name, views, actions."""

from urllib.parse import quote_plus

from msgspec import Struct
from starlette.responses import Response

from skranke.actions.views.resources import get_views
from skranke.archive.mdo.operations import get_list_with_restriction
from skranke.http.i18n.translated_text import localise_text
from skranke.search.operations import find_tickets_by_title_or_id
from skranke.search.resources import get_found_tickets
from skranke.tickets.operations import save_ticket_entity
from skranke.web.page import Page, whole_number
from skranke.web.rendering import VIEW_ICONS, render, render_page, view_name

PALETTE_TICKETS, PALETTE_PEOPLE = 6, 5
FOUND = 30
MAX_QUERY_CHARACTERS = 500


class Hit(Struct, frozen=True, kw_only=True):
    """One line of the palette."""

    href: str
    icon: str
    text: str
    detail: str = ""
    key: str = ""
    id: str = ""


ACTIONS = (
    ("/new", "plus", "New ticket", "c"),
    ("/dashboard", "chart", "Dashboard", "g d"),
    ("/people", "people", "People", "g p"),
    ("/settings", "settings", "Settings", ""),
    ("/settings/me", "user", "My settings", ""),
    ("/settings/quick-replies", "zap", "Edit quick replies", ""),
)


async def show_palette(page: Page) -> Response:
    """`GET /palette?q=`: what a text finds, in groups."""
    text = page.query("q").strip()[:MAX_QUERY_CHARACTERS]
    groups: list[tuple[str, list[Hit]]] = []
    if text:
        groups.append(("People", await people(page, text)))
        groups.append(("Tickets", await tickets(page, text)))
    groups.append(("Views", await views(page, text)))
    groups.append(("Do", actions(page, text)))
    return render(page, "palette_hits.html", groups=[group for group in groups if group[1]])


async def tickets(page: Page, text: str) -> list[Hit]:
    """The ticket of this number, then those with this in the title."""
    found = await page.call(find_tickets_by_title_or_id, page.context, text, PALETTE_TICKETS)
    return [
        Hit(
            href=f"/ticket/{ticket.ticket_id}",
            icon="st-active",
            id=str(ticket.ticket_id),
            text=ticket.title,
            detail=" · ".join(name for name in (ticket.person_name, ticket.contact_name) if name),
        )
        for ticket in found
    ]


async def people(page: Page, text: str) -> list[Hit]:
    """Persons whose name begins so."""
    found = await page.call(get_list_with_restriction, page.context, "person_new", "", text)
    return [
        Hit(
            href=f"/person/{item.id}",
            icon="user",
            text=localise_text(item.name, page.translate.language),
            detail=localise_text(item.tool_tip, page.translate.language),
        )
        for item in found[:PALETTE_PEOPLE]
    ]


async def views(page: Page, text: str) -> list[Hit]:
    """Saved views with this in their name."""
    found = await page.call(get_views, page.context)
    hits = [
        Hit(
            href=f"/tickets/{view.ticket_view_id}",
            icon=VIEW_ICONS.get(view.name, "view"),
            text=view_name(page, view),
        )
        for view in found
    ]
    return [hit for hit in hits if text.lower() in hit.text.lower()]


def actions(page: Page, text: str) -> list[Hit]:
    """What one can do from here."""
    hits = [
        Hit(href=href, icon=icon, text=page.translate(words), key=key)
        for href, icon, words, key in ACTIONS
        if href != "/new" or page.may(save_ticket_entity)
    ]
    hits = [hit for hit in hits if text.lower() in hit.text.lower()]
    if text:
        words = page.translate("Search all tickets for “{text}”", text=text)
        hits.append(Hit(href=f"/search?q={quote_plus(text)}", icon="search", text=words, key="↵"))
    return hits


async def search(page: Page) -> Response:
    """`GET /search?q=`: the tickets that a text finds, the best first."""
    text = page.query("q").strip()[:MAX_QUERY_CHARACTERS]
    skip = whole_number("skip", page.query("skip"))
    found = await page.call(get_found_tickets, page.context, text, FOUND, skip) if text else None
    return await render_page(
        page, "search.html", "search", q=text, found=found, skip=skip, more=skip + FOUND
    )
