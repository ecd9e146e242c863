"""The priority list, each with its office hours and escalation levels."""

from datetime import date, datetime, time
from typing import Any

from msgspec import Struct, field

from skranke.catalog.priorities.carriers import (
    TicketPriorityEntity,
    TicketPriorityEscalateEvent,
    TicketPriorityEscalationLevelEntity,
    TicketPriorityFlags,
    TicketPriorityStatus,
)
from skranke.catalog.priorities.timeframe import TimeFrame
from skranke.db.database import Db, Record, execute, value

DAY_COLUMNS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOUR_COLUMNS = tuple(f"{day}_{end}" for day in DAY_COLUMNS for end in ("start", "stop"))
TIME_COLUMNS = (*HOUR_COLUMNS, "non_dates")
EVENT_COLUMNS = (
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


async def load_priorities(db: Db) -> Priorities:
    """The priority list; deleted ones keep their place on old tickets."""
    levels = await db.fetch("SELECT * FROM ticket_alert ORDER BY priority_id, alert_level")
    rows = await db.fetch("SELECT * FROM ticket_priority ORDER BY sort_order, id")
    by_id = {row["id"]: _priority(row, levels) for row in rows}
    usable = [p for p in by_id.values() if p.status is TicketPriorityStatus.Normal]
    marked = [p for p in usable if TicketPriorityFlags.Default in p.flags]
    return Priorities(by_id, (marked or usable)[0])


def _priority(row: Record, levels: list[Record]) -> TicketPriorityEntity:
    hours: dict[str, Any] = {name: datetime.combine(date.min, row[name]) for name in HOUR_COLUMNS}
    events: dict[str, Any] = {name: _event(row[name]) for name in EVENT_COLUMNS}
    return TicketPriorityEntity(
        ticket_priority_id=row["id"],
        name=row["name"],
        status=TicketPriorityStatus.of(row["status"]),
        flags=TicketPriorityFlags.of(row["flags"]),
        sort_order=row["sort_order"],
        deadline=row["deadline"],
        non_dates=[non_date(text) for text in row["non_dates"].split(",") if text.strip()],
        escalation_levels=[_level(r) for r in levels if r["priority_id"] == row["id"]],
        **events,
        **hours,
    )


def _event(number: int | None) -> TicketPriorityEscalateEvent:
    return TicketPriorityEscalateEvent.of(-1 if number is None else number)


def non_date_text(day: datetime) -> str:
    """A day as its column has it: `25/12` for every year, else `25/12/2026`."""
    yearly = day.year == 1 or (day.year, day.month, day.day) == (4, 2, 29)
    return f"{day:%d/%m}" if yearly else f"{day:%d/%m}/{day.year:04}"


def non_date(text: str) -> datetime:
    """`25/12` every year is year 1, or 4 for the leap day; `25/12/2026` that year."""
    day, month, *year = (int(part) for part in text.strip().split("/"))
    every_year = 4 if (day, month) == (29, 2) else 1
    return datetime.combine(date(year[0] if year else every_year, month, day), time.min)


async def insert_priority(db: Db, priority: TicketPriorityEntity) -> int:
    """Write a new priority without its levels; its id."""
    return await value(
        db,
        int,
        """
        INSERT INTO ticket_priority (name, status, flags, sort_order, ticket_read,
            changed_owner, ticket_newinfo, ticket_closed, ticket_changed_priority,
            ticket_new, deadline, mon_start, mon_stop, tue_start, tue_stop, wed_start,
            wed_stop, thu_start, thu_stop, fri_start, fri_stop, sat_start, sat_stop,
            sun_start, sun_stop, non_dates)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
                $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)
        RETURNING id
        """,
        *_columns(priority),
    )


async def update_priority(db: Db, priority: TicketPriorityEntity) -> None:
    """Write a priority without its levels."""
    await execute(
        db,
        """
        UPDATE ticket_priority SET (name, status, flags, sort_order, ticket_read,
            changed_owner, ticket_newinfo, ticket_closed, ticket_changed_priority,
            ticket_new, deadline, mon_start, mon_stop, tue_start, tue_stop, wed_start,
            wed_stop, thu_start, thu_stop, fri_start, fri_stop, sat_start, sat_stop,
            sun_start, sun_stop, non_dates)
            = ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
               $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)
        WHERE id = $27
        """,
        *_columns(priority),
        priority.ticket_priority_id,
    )


def _columns(priority: TicketPriorityEntity) -> list[object]:
    hours = [getattr(priority, name).time().replace(microsecond=0) for name in HOUR_COLUMNS]
    return [
        priority.name,
        priority.status.number,
        priority.flags.number,
        priority.sort_order,
        *(getattr(priority, name).number for name in EVENT_COLUMNS),
        priority.deadline,
        *hours,
        ",".join(non_date_text(day) for day in priority.non_dates),
    ]


async def replace_levels(db: Db, priority: TicketPriorityEntity) -> None:
    """Write all levels of a priority anew; those that had an id keep it."""
    await execute(
        db, "DELETE FROM ticket_alert WHERE priority_id = $1", priority.ticket_priority_id
    )
    for level in priority.escalation_levels:
        await _insert_level(db, priority.ticket_priority_id, level)


async def _insert_level(
    db: Db, priority_id: int, level: TicketPriorityEscalationLevelEntity
) -> None:
    await execute(
        db,
        """
        INSERT INTO ticket_alert (id, priority_id, alert_level, alert_timeout, action,
            delegate_to, script_id, email_to, sms_to, reply_template_id_customer,
            reply_template_id_user, reply_template_id_catmast,
            reply_template_id_email, rti_customer_sms, reply_template_id_user_sms,
            reply_template_id_catmast_sms, reply_template_id_sms)
        VALUES (coalesce(nullif($1, 0),
                         nextval(pg_get_serial_sequence('ticket_alert', 'id'))::int),
                $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        """,
        level.ticket_alert_id,
        priority_id,
        level.alert_level,
        level.alert_timeout,
        level.action,
        level.delegate_to,
        level.script_id,
        level.email_to,
        level.sms_to,
        level.reply_template_id_customer,
        level.reply_template_id_user,
        level.reply_template_id_catmast,
        level.reply_template_id_email,
        level.rti_customer_sms,
        level.reply_template_id_user_sms,
        level.reply_template_id_catmast_sms,
        level.reply_template_id_sms,
    )


async def clear_default(db: Db, but: int) -> None:
    """Let no priority be preselected, save this one."""
    await execute(
        db,
        """
        UPDATE ticket_priority SET flags = flags & ~2 WHERE id <> $1 AND flags & 2 > 0
        """,
        but,
    )


async def mark_deleted(db: Db, priority_id: int) -> None:
    """Let nobody choose a priority any more."""
    await execute(
        db,
        "UPDATE ticket_priority SET status = $2 WHERE id = $1",
        priority_id,
        TicketPriorityStatus.Deleted.number,
    )


async def write_sort_order(db: Db, ids: list[int], places: list[int]) -> None:
    """Give priorities their numbers in the sort order."""
    await execute(
        db,
        """
        UPDATE ticket_priority p SET sort_order = w.place
        FROM unnest($1::int[], $2::int[]) AS w (id, place) WHERE p.id = w.id
        """,
        ids,
        places,
    )


async def type_with(db: Db, priority_id: int) -> str | None:
    """The name of a ticket type in use that offers a priority; None without one."""
    return await value(
        db,
        str,
        """
        SELECT name FROM ticket_type t
        WHERE NOT deleted AND (default_ticket_priority = $1
            OR EXISTS (SELECT FROM ticket_type_priority l
                       WHERE l.ticket_type_id = t.ticket_type_id
                             AND l.ticket_priority_id = $1))
        ORDER BY ticket_type_id LIMIT 1
        """,
        priority_id,
    )


def _level(row: Record) -> TicketPriorityEscalationLevelEntity:
    names = TicketPriorityEscalationLevelEntity.__struct_fields__
    known = {name: row[name] for name in names if name in row}
    return TicketPriorityEscalationLevelEntity(ticket_alert_id=row["id"], **known)
