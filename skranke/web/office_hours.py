"""A priority's page: name, time to solve, office hours of the week, escalation."""

from datetime import datetime, time
from typing import Any

from msgspec.structs import replace
from starlette.responses import Response

from skranke.catalog.priorities.carriers import TicketPriorityEntity
from skranke.catalog.priorities.operations import (
    get_all_ticket_priorities,
    get_ticket_priority_entity,
    save_ticket_priority_entity,
)
from skranke.core.errors import ApiError, BadValue, NotFound
from skranke.core.schema import NO_WALL_TIME
from skranke.http.i18n.translated_text import localise_text
from skranke.web.choices import priority_icon
from skranke.web.i18n.times import WEEKDAYS
from skranke.web.page import Page, redirect
from skranke.web.rendering import render_page
from skranke.web.settings import require_administrator

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WIDTH = 96  # of a drawn day: four a hour


def hours(at: datetime) -> float:
    """Hours since midnight; 23:59 counts as midnight at the end."""
    return 24.0 if (at.hour, at.minute) == (23, 59) else at.hour + at.minute / 60


async def show_priority(page: Page, error: str = "", status: int = 200) -> Response:
    """`GET /settings/priorities/{id}`, the first one without an id."""
    require_administrator(page)
    priorities = await page.call(get_all_ticket_priorities, page.context, False)
    chosen = page.request.path_params.get("priority_id", priorities[0].ticket_priority_id)
    priority = await page.call(get_ticket_priority_entity, page.context, chosen)
    if priority is None:
        raise NotFound(page.translate("There is no such priority."))
    tabs = [
        {
            "id": each.ticket_priority_id,
            "name": localise_text(each.name, page.translate.language),
            "icon": priority_icon(place, len(priorities)),
        }
        for place, each in enumerate(priorities)
    ]
    return await render_page(
        page,
        "settings_priority.html",
        "settings",
        priority=priority,
        name=localise_text(priority.name, page.translate.language),
        tabs=tabs,
        week=[week_day(page, priority, place) for place in range(7)],
        levels=priority.escalation_levels,
        zone=page.state.settings.timezone,
        error=error,
        status=status,
    )


def week_day(page: Page, priority: TicketPriorityEntity, place: int) -> dict[str, Any]:
    """A day of the week: its hours as text and as a drawn bar."""
    day = DAYS[place]
    start: datetime = getattr(priority, f"{day}_start")
    stop: datetime = getattr(priority, f"{day}_stop")
    open_ = start.time() != stop.time()
    return {
        "key": day,
        "name": page.translate(WEEKDAYS[place]),
        "open": open_,
        "start": start.strftime("%H:%M") if open_ else "",
        "stop": stop.strftime("%H:%M") if open_ else "",
        "x": round(hours(start) * 4, 2),
        "width": round((hours(stop) - hours(start)) * 4, 2) if open_ else 0,
    }


async def save_priority(page: Page) -> Response:
    """`POST /settings/priorities/{id}`: save name, time to solve and hours."""
    require_administrator(page)
    number = page.request.path_params["priority_id"]
    try:
        entity = TicketPriorityEntity(
            ticket_priority_id=number, deadline=_minutes(page, page.form.text("deadline"))
        )
        given = {"TicketPriorityId", "Deadline"}
        stored = await page.call(get_ticket_priority_entity, page.context, number)
        if stored and page.form.text("name") != localise_text(stored.name, page.translate.language):
            entity.name = page.form.text("name")
            given.add("Name")
        for place, day in enumerate(DAYS):
            start, stop = _hours(page, day, WEEKDAYS[place])
            setattr(entity, f"{day}_start", start)
            setattr(entity, f"{day}_stop", stop)
            given |= {f"{day.title()}Start", f"{day.title()}Stop"}
        context = replace(page.context, given=frozenset(given))
        await page.call(save_ticket_priority_entity, context, entity)
    except ApiError as error:
        return await show_priority(page, error.message, error.status)
    return redirect(f"/settings/priorities/{number}")


def _minutes(page: Page, text: str) -> int:
    try:
        value = float(text.replace(",", ".") or 0)
    except ValueError:
        value = -1
    if not 0 <= value <= 10_000:
        raise BadValue(page.translate("Time to solve"), page.translate("must be a number of hours"))
    return round(value * 60)


def _hours(page: Page, day: str, name: str) -> tuple[datetime, datetime]:
    """From and until of a day; both the null date for a closed one."""
    texts = page.form.text(f"{day}_start").strip(), page.form.text(f"{day}_stop").strip()
    if texts == ("", ""):
        return NO_WALL_TIME, NO_WALL_TIME
    try:
        start, stop = (time.fromisoformat(text) for text in texts)
    except ValueError:
        raise BadValue(page.translate(name), page.translate("type times as 08:00")) from None
    if stop <= start:
        raise BadValue(page.translate(name), page.translate("ends before it begins"))
    day_of_nothing = NO_WALL_TIME.date()
    return datetime.combine(day_of_nothing, start), datetime.combine(day_of_nothing, stop)
