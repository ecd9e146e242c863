"""Why a ticket's times are what they are, and what was done to it."""

from datetime import datetime, timedelta
from typing import Any

from starlette.responses import Response

from skranke.tickets.explain.routes import explain
from skranke.tickets.explain.schema import CountedTime, Figure
from skranke.tickets.log.carriers import TicketLogChange, TicketLogEntry
from skranke.tickets.log.resources import get_ticket_log
from skranke.web.choices import Choice, Choices, load_choices
from skranke.web.page import Page
from skranke.web.rendering import render_page
from skranke.web.ticket_page import left_of, load_ticket

MAX_DAYS = 14
DAY_MINUTES = 24 * 60
ACTIONS = {
    4: "Created from a mail",
    5: "Created from a mail",
    6: "Mail added",
    7: "File attached",
    8: "Woke up",
    9: "Escalated",
    10: "Merged into another ticket",
    18: "Message added",
    19: "Created",
    20: "Taken",
    21: "Status changed",
    28: "Read by a colleague",
    30: "Marked as read",
    31: "Marked as unread",
    33: "Changed",
    34: "Deleted",
    35: "Merged",
    36: "Message changed",
    37: "Closed after forwarding",
    38: "Closed after an answer to many",
    46: "Read by the customer",
    10008: "Text message sent",
    10012: "Message added",
    10015: "Message changed",
    10022: "A mail bounced",
    10023: "Mail sent",
}
PROPERTIES = {
    "ticket_status": "Status",
    "priority": "Priority",
    "category": "Category",
    "owned_by": "Owner",
    "title": "Title",
    "deadline": "Deadline",
    "activate": "Wakes",
    "ticket_type": "Type",
}


async def show_why(page: Page) -> Response:
    """`GET /ticket/{id}/why`: the deadline as drawn days, every figure in words."""
    ticket = await load_ticket(page, page.request.path_params["ticket_id"])
    explanation = await explain(page.context, ticket.ticket_id)
    deadline = next((f for f in explanation.figures if f.name == "Deadline"), None)
    return await render_page(
        page,
        "why.html",
        ticket=ticket,
        left=left_of(page, ticket),
        explanation=explanation,
        deadline=deadline,
        days=drawn_days(page, deadline, ticket.deadline) if deadline else [],
    )


def drawn_days(page: Page, figure: Figure, due: datetime | None) -> list[dict[str, Any]]:
    """Each day on which time was counted, with its spans in minutes from midnight."""
    zone = page.times.zone
    spans = [span for counted in figure.counted for span in _spans(counted)]
    by_day: dict[Any, list[tuple[int, int]]] = {}
    for opens, closes in spans:
        local, until = opens.astimezone(zone), closes.astimezone(zone)
        while local < until:
            end = min(until, (local + timedelta(days=1)).replace(hour=0, minute=0, second=0))
            start = local.hour * 60 + local.minute
            by_day.setdefault(local.date(), []).append(
                (start, round((end - local).total_seconds() / 60))
            )
            local = end
    days: list[dict[str, Any]] = []
    for day in sorted(by_day)[:MAX_DAYS]:
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=zone)
        minutes = sum(length for _, length in by_day[day])
        local_due = due.astimezone(zone) if due else None
        at = local_due.hour * 60 + local_due.minute if local_due and local_due.date() == day else -1
        days.append(
            {
                "name": page.times.day(noon),
                "spans": by_day[day],
                "counted": page.times.length(minutes),
                "due": at,
            }
        )
    return days


def _spans(counted: CountedTime) -> list[tuple[datetime, datetime]]:
    return [(span.opens, span.closes) for span in counted.spans]


async def show_log(page: Page) -> Response:
    """`GET /ticket/{id}/log`: what was done, by whom, the newest first."""
    ticket_id = page.request.path_params["ticket_id"]
    ticket = await load_ticket(page, ticket_id)
    entries = await page.call(get_ticket_log, page.context, ticket_id)
    choices = await load_choices(page)
    lines = [_line(page, entry, choices) for entry in reversed(entries)]
    return await render_page(page, "log.html", ticket=ticket, lines=lines)


def _line(page: Page, entry: TicketLogEntry, choices: Choices) -> dict[str, Any]:
    _ = page.translate
    who = entry.user_name if entry.ej_user_id != 1 else entry.person_name or _("The desk")
    changes = [_change(page, change, choices) for change in entry.changes]
    return {
        "when": page.times.when(entry.when),
        "iso": page.times.iso(entry.when),
        "exact": page.times.exact(entry.when),
        "who": who,
        "what": _(ACTIONS.get(entry.log_action, "Changed")),
        "changes": [change for change in changes if change],
    }


def _change(page: Page, change: TicketLogChange, choices: Choices) -> str:
    name = PROPERTIES.get(change.property)
    if not name:
        return ""
    known: dict[str, list[Choice]] = {
        "ticket_status": choices.statuses,
        "priority": choices.priorities,
        "category": choices.categories,
        "ticket_type": choices.types,
    }
    items = {str(value): text for value, _, text in known.get(change.property, [])}
    if change.property == "owned_by":
        return page.translate(name)
    before = items.get(change.from_value, change.from_value)
    after = items.get(change.to_value, change.to_value)
    return f"{page.translate(name)}: {before or '–'} → {after or '–'}"
