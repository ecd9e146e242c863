"""The dashboard: figures of now, plots of the last days; every number opens its list."""

from typing import Any

from msgspec.structs import replace
from starlette.responses import Response

from skranke.actions.dashboard.carriers import DeskFigures
from skranke.actions.dashboard.resources import get_desk_figures
from skranke.http.i18n.translated_text import localise_text
from skranke.web.i18n.times import SHORT_MONTHS
from skranke.web.page import Page, whole_number
from skranke.web.rendering import rail, render

PERIODS = (7, 28, 90)
HEIGHT = 128


async def show_dashboard(page: Page) -> Response:
    """`GET /dashboard?days=`."""
    days = whole_number("days", page.query("days")) or 28
    context = replace(page.context, locale=replace(page.context.locale, zone=page.times.zone))
    figures = await page.call(get_desk_figures, context, days)
    views = await rail(page)
    by_icon = {view["icon"]: view["id"] for view in views}
    return render(
        page,
        "dashboard.html",
        views=views,
        here="dashboard",
        f=figures,
        days=days,
        periods=PERIODS,
        flow=flow(page, figures),
        view_of=by_icon,
        slowest=max((each.close_p90 for each in figures.categories), default=1) or 1,
        category_names={
            each.ticket_category_id: localise_text(each.name, page.translate.language).replace(
                "/", " / "
            )
            for each in figures.categories
        },
    )


def flow(page: Page, figures: DeskFigures) -> dict[str, Any]:
    """Bars of created and a line of closed tickets, with geometry in attributes."""
    top = max((max(day.created, day.closed) for day in figures.days), default=0)
    top = max(4, -(-top // 4) * 4)
    scale = HEIGHT / top
    width = 10 * len(figures.days)
    bars = [
        {
            "x": 10 * n + 1.5,
            "y": round(HEIGHT - day.created * scale, 1),
            "h": round(day.created * scale, 1),
            "text": f"{_day(page, day.day)}: {day.created} / {day.closed}",
        }
        for n, day in enumerate(figures.days)
    ]
    line = " ".join(
        f"{10 * n + 5},{round(HEIGHT - day.closed * scale, 1)}"
        for n, day in enumerate(figures.days)
    )
    shown = figures.days[:: max(1, len(figures.days) // 5)]
    return {
        "top": top,
        "width": width,
        "bars": bars,
        "line": line,
        "labels": [_day(page, day.day) for day in shown],
        "created": sum(day.created for day in figures.days),
        "closed": sum(day.closed for day in figures.days),
        "rows": [(_day(page, day.day), day.created, day.closed) for day in figures.days],
    }


def _day(page: Page, text: str) -> str:
    _, month, day = text.split("-")
    _m = page.translate(SHORT_MONTHS[int(month) - 1])
    return page.translate("{day} {month}", day=int(day), month=_m)
