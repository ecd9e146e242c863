"""The priority list, each with its office hours and escalation levels."""

from datetime import date, datetime, time
from typing import Any

from msgspec import Struct, field

from skranke.priorities.carriers import (
    TicketPriorityEntity,
    TicketPriorityEscalateEvent,
    TicketPriorityEscalationLevelEntity,
    TicketPriorityFlags,
    TicketPriorityStatus,
)
from skranke.priorities.timeframe import TimeFrame
from skranke.store.database import Db, Record

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVENTS = (
    "ticket_read",
    "changed_owner",
    "ticket_newinfo",
    "ticket_closed",
    "ticket_changed_priority",
    "ticket_new",
)


class Priorities(Struct, frozen=True):
    """Every priority by id, in its sort order, and the one preselected.

    `frames` keeps the office hours that were asked for, by priority and zone.
    """

    by_id: dict[int, TicketPriorityEntity]
    default: TicketPriorityEntity
    frames: dict[tuple[int, str], TimeFrame] = field(
        default_factory=dict[tuple[int, str], TimeFrame]
    )


async def priorities(db: Db) -> Priorities:
    """The priority list; deleted ones keep their place on old tickets."""
    levels = await db.fetch(
        "SELECT * FROM ticket_alert ORDER BY priority_id, alert_level"
    )
    rows = await db.fetch("SELECT * FROM ticket_priority ORDER BY sort_order, id")
    by_id = {row["id"]: _priority(row, levels) for row in rows}
    usable = [p for p in by_id.values() if p.status is TicketPriorityStatus.Normal]
    marked = [p for p in usable if TicketPriorityFlags.Default in p.flags]
    return Priorities(by_id, (marked or usable)[0])


def _priority(row: Record, levels: list[Record]) -> TicketPriorityEntity:
    hours: dict[str, Any] = {
        f"{day}_{end}": datetime.combine(date.min, row[f"{day}_{end}"])
        for day in DAYS
        for end in ("start", "stop")
    }
    events: dict[str, Any] = {name: _event(row[name]) for name in EVENTS}
    return TicketPriorityEntity(
        ticket_priority_id=row["id"],
        name=row["name"],
        status=TicketPriorityStatus.of(row["status"]),
        flags=TicketPriorityFlags.of(row["flags"]),
        sort_order=row["sort_order"],
        deadline=row["deadline"],
        non_dates=[
            _non_date(text) for text in row["non_dates"].split(",") if text.strip()
        ],
        escalation_levels=[_level(r) for r in levels if r["priority_id"] == row["id"]],
        **events,
        **hours,
    )


def _event(number: int | None) -> TicketPriorityEscalateEvent:
    return TicketPriorityEscalateEvent.of(-1 if number is None else number)


def _non_date(text: str) -> datetime:
    """`25/12` every year is year 1, or 4 for the leap day; `25/12/2026` that year."""
    day, month, *year = (int(part) for part in text.strip().split("/"))
    every_year = 4 if (day, month) == (29, 2) else 1
    return datetime.combine(date(year[0] if year else every_year, month, day), time.min)


def _level(row: Record) -> TicketPriorityEscalationLevelEntity:
    names = TicketPriorityEscalationLevelEntity.__struct_fields__
    known = {name: row[name] for name in names if name in row}
    return TicketPriorityEscalationLevelEntity(ticket_alert_id=row["id"], **known)
