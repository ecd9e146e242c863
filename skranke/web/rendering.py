"""Templates: one environment, escaping always on; what every page shows around itself."""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

import jinja2
import nh3
from markupsafe import Markup
from starlette.responses import Response

from skranke.actions.bulk.operations import batch_reply
from skranke.actions.ticket_queue.operations import get_next_in_queue
from skranke.actions.trash.operations import set_deleted_status_by_ids
from skranke.actions.views.carriers import TicketView
from skranke.actions.views.resources import get_counters, get_views
from skranke.core.context import Permission
from skranke.core.errors import ApiError
from skranke.http.i18n.translated_text import localise_text as localise
from skranke.tickets.operations import save_ticket_entity
from skranke.web.assets import asset_url
from skranke.web.page import Page, compressed
from skranke.web.script_texts import SCRIPT_TEXTS

ENVIRONMENT = jinja2.Environment(
    loader=jinja2.PackageLoader("skranke.web", "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
)
VIEW_ICONS = {
    "My open requests": "inbox",
    "Unassigned in my categories": "unassigned",
    "Overdue": "alert",
    "Waiting": "st-wait",
    "All open": "layers",
    "Closed this week": "st-closed",
}


def initials(name: str) -> str:
    """Two letters for the disc beside a name."""
    words = [word for word in name.replace("(", " ").split() if word[:1].isalnum()]
    if not words:
        return "–"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def asset(path: str) -> str:
    return asset_url(path)


def size_text(size_bytes: int) -> str:
    """`212 kB`, `1.8 MB`."""
    if size_bytes < 1000:
        return f"{size_bytes} B"
    if size_bytes < 1_000_000:
        return f"{size_bytes / 1000:.0f} kB"
    return f"{size_bytes / 1_000_000:.1f} MB"


def marked(html: str) -> Markup:
    """A search's highlight: html in which nothing but <mark> is left."""
    return Markup(nh3.clean(html, tags={"mark"}, attributes={}))  # noqa: S704 - cleaned


ENVIRONMENT.filters["marked"] = marked
GLOBALS: dict[str, Any] = {"asset": asset, "initials": initials, "size_text": size_text}
ENVIRONMENT.globals |= GLOBALS


def view_name(page: Page, view: TicketView) -> str:
    """A view's name in the reader's language."""
    return page.translate(localise(view.name, page.translate.language))


async def rail(page: Page) -> list[dict[str, Any]]:
    """The saved views with how many tickets each finds."""
    views = await page.call(get_views, page.context)
    counters = await page.call(get_counters, page.context)
    counts = {each.ticket_view_id: each for each in counters}
    items: list[dict[str, Any]] = []
    for view in views:
        counted = counts.get(view.ticket_view_id)
        number = counted.count if counted else 0
        items.append(
            {
                "id": view.ticket_view_id,
                "name": view_name(page, view),
                "icon": VIEW_ICONS.get(view.name, "view"),
                "own": not view.shared,
                "count": f"{number}+" if counted and counted.more else str(number),
                "late": view.name == "Overdue" and number > 0,
            }
        )
    return items


def _permissions(page: Page) -> dict[str, bool]:
    """Which controls are offered: those whose operation the user may run."""
    return {
        "write": page.may(save_ticket_entity),
        "delete": page.may(set_deleted_status_by_ids),
        "take": page.may(get_next_in_queue) and page.user.ej_user_id > 0,
        "reply_many": page.may(batch_reply),
        "administer": Permission.ADMINISTER in page.user.permissions,
    }


def frame(page: Page) -> dict[str, Any]:
    """What every template is given."""
    return {
        "_": page.translate,
        "times": page.times,
        "csrf": page.csrf,
        "user": page.user,
        "may": _permissions(page),
        "settings": page.settings,
        "language": page.translate.language,
        "localised": partial(localise, language=page.translate.language),
        "max_file_bytes": page.state.settings.max_attachment_bytes,
        "script_texts": {text: page.translate(text) for text in SCRIPT_TEXTS},
        "views": [],
        "here": "",
        "place": None,  # of a ticket in its list
        "oob": False,  # whether a part replaces the one of its id wherever that is
    }


def render(page: Page, template: str, status: int = 200, **values: Any) -> Response:
    """A page or a part of one."""
    headers = values.pop("headers", {})
    text = ENVIRONMENT.get_template(template).render(frame(page) | values)
    return compressed(page.request, text, status, headers)


async def render_page(page: Page, template: str, here: str = "", **values: Any) -> Response:
    """A whole page, with the rail."""
    return render(page, template, views=await rail(page), here=here, **values)


def part(page: Page, template: str, **values: Any) -> Markup:
    """The text of a part of a page, to be put beside another."""
    return Markup(ENVIRONMENT.get_template(template).render(frame(page) | values))  # noqa: S704 - escaped by the template


def toast(page: Page, text: str, *, undo: Mapping[str, str] | None = None) -> dict[str, str]:
    """The header by which a script shows a message, with an undo form's fields."""
    told = {"toast": {"text": page.translate(text), "undo": dict(undo) if undo else None}}
    return {"hx-trigger": json.dumps(told)}


def show_error(page: Page, error: ApiError) -> Response:
    """An error beside its cause: a message for scripts, a page of its own without."""
    if page.is_fragment:
        return compressed(page.request, error.message, error.status, {"hx-reswap": "none"})
    return render(page, "error.html", error.status, sentence=error.message, code=error.status)
