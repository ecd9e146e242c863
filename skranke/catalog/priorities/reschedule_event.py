"""What a priority was before an edit that moves the times of its open tickets.

The tickets stand in a room above: they take it from here, count anew, and never hold
up the edit itself.
"""

from msgspec import Struct

from skranke.catalog.priorities import sql
from skranke.catalog.priorities.carriers import TicketPriorityEntity, TicketPriorityFlags
from skranke.db.database import Db, execute


class AffectedTimes(Struct, frozen=True):
    """Which times an edit moves."""

    deadlines: bool
    alerts: bool


async def record_edit(db: Db, before: TicketPriorityEntity, after: TicketPriorityEntity) -> None:
    """Keep what was before, where an edit moves times of open tickets."""
    moves = affected_times(before, after)
    if moves.deadlines or moves.alerts:
        await execute(
            db,
            """
            INSERT INTO priority_edit (priority_id, before, deadlines)
            VALUES ($1, $2, $3)
            """,
            before.ticket_priority_id,
            before,
            moves.deadlines,
        )


def affected_times(before: TicketPriorityEntity, after: TicketPriorityEntity) -> AffectedTimes:
    """Which times of open tickets hang on what differs between two states.

    Events decide only when they occur: what they did before stays.
    """
    hours = any(getattr(before, name) != getattr(after, name) for name in sql.TIME_COLUMNS)
    minutes = before.deadline != after.deadline
    schedule = TicketPriorityFlags.AlertSchedule
    by_hours = schedule in before.flags and schedule in after.flags
    clock = (schedule in before.flags) != (schedule in after.flags)
    return AffectedTimes(
        deadlines=minutes or (hours and after.deadline > 0),
        alerts=_delays(before) != _delays(after) or clock or (hours and by_hours),
    )


def _delays(priority: TicketPriorityEntity) -> list[tuple[int, int]]:
    levels = priority.escalation_levels
    return [(level.alert_level, level.alert_timeout) for level in levels]
