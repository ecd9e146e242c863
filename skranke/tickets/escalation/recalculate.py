"""Counting open tickets anew when their priority has been edited.

An edit notes what the priority was. From there each open ticket of it goes into a queue
and is counted by the rules of every save, over the version that was read: a save that
comes between wins, and has counted by the new priority already.

A time is moved only where the priority as it was before had given it; what somebody set
by hand, or has begun since, stays. The deadline runs from CreatedAt, a level's delay
from when the chain began to wait for it.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from skranke.catalog.priorities.carriers import TicketPriorityEntity
from skranke.catalog.priorities.office_hours import clock_of, hours_of
from skranke.catalog.statuses.carriers import TicketBaseStatus as Base
from skranke.core.context import RequestContext
from skranke.db.database import Db, execute, row
from skranke.tickets.escalation import rules
from skranke.tickets.escalation.rules import Chain
from skranke.tickets.explain.history import RECALCULATED_ACTION
from skranke.tickets.reference_data import ReferenceData
from skranke.tickets.row import TicketRow, copy_row
from skranke.tickets.save import time_counters
from skranke.tickets.save.context import SaveReason
from skranke.tickets.save.update import update_ticket

OPEN_STATUSES = (Base.Active.number, Base.Postponed.number)


class ChainWait(Struct, frozen=True, kw_only=True):
    """Since when a chain waits for its next level, and what was left of a stop then."""

    at: datetime
    rest: str | None = None  # seconds as the log has them; -1 where it wasn't stopped

    @property
    def seconds(self) -> int:
        """What was left when the chain went on; -1 for a level's whole delay."""
        return int(self.rest or rules.NOT_STOPPED)


async def claim_queued(db: Db, now: datetime, limit: int, but: list[int]) -> list[int]:
    """Claims tickets to be counted anew, passing over those that are being saved."""
    _ = now
    await _queue_tickets(db)
    found = await db.fetch(
        """
        SELECT r.ticket_id FROM ticket_recalculation r JOIN ticket t ON t.id = ticket_id
        WHERE ticket_id <> ALL ($2::int[]) ORDER BY ticket_id LIMIT $1
        FOR NO KEY UPDATE SKIP LOCKED
        """,
        limit,
        but,
    )
    if not found:
        await _delete_finished_edits(db)
    return [record["ticket_id"] for record in found]


async def _queue_tickets(db: Db) -> None:
    """Put the open tickets of edited priorities into the queue.

    Of an edit that moves no deadline those alone whose chain is waiting, or can't since
    the office hours never came.
    """
    await execute(
        db,
        """
        WITH edit AS (
            SELECT id, priority_id, deadlines FROM priority_edit WHERE NOT spread
            FOR UPDATE SKIP LOCKED
        ), spread AS (
            UPDATE priority_edit p SET spread = true FROM edit WHERE p.id = edit.id
        )
        INSERT INTO ticket_recalculation (ticket_id, edit_id)
        SELECT t.id, min(edit.id) FROM edit JOIN ticket t ON t.priority = priority_id
        WHERE t.status IN (1, 3)
          AND (edit.deadlines OR t.alert_timeout IS NOT NULL OR t.alert_stop >= 0)
        GROUP BY t.id ORDER BY t.id
        ON CONFLICT (ticket_id) DO NOTHING
        """,
    )


async def _delete_finished_edits(db: Db) -> None:
    """Drop the edits that every ticket has seen."""
    await execute(
        db,
        """
        DELETE FROM priority_edit p WHERE spread
        AND NOT EXISTS (SELECT FROM ticket_recalculation r WHERE r.edit_id <= p.id)
        """,
    )


async def recalculate_ticket(context: RequestContext, ticket_id: int) -> bool:
    """Count a ticket anew; False where nothing of it has moved."""
    befores = await _load_edits(context.db, ticket_id)
    wait = await _load_wait(context.db, ticket_id)
    zone = context.settings.zone

    def recalculate_row(after: TicketRow, lists: ReferenceData) -> SaveReason:
        if after.status in OPEN_STATUSES:
            for before in befores.get(after.priority, ()):
                _move_deadline(after, before, lists, zone)
                if wait is not None:
                    _move_alert(after, wait, before, lists, zone)
        return SaveReason(action=RECALCULATED_ACTION, by_hand=False)

    revised = await update_ticket(context, ticket_id, recalculate_row)
    await execute(context.db, "DELETE FROM ticket_recalculation WHERE ticket_id = $1", ticket_id)
    return revised is not None and revised.has_changed


def _move_deadline(
    after: TicketRow, before: TicketPriorityEntity, lists: ReferenceData, zone: ZoneInfo
) -> None:
    start, now = after.created_at, lists.priorities.by_id[after.priority]
    if after.deadline == time_counters.deadline(start, before.deadline, hours_of(before, zone)):
        after.deadline = time_counters.deadline(start, now.deadline, hours_of(now, zone))


def _move_alert(
    after: TicketRow,
    wait: ChainWait,
    before: TicketPriorityEntity,
    lists: ReferenceData,
    zone: ZoneInfo,
) -> None:
    now = lists.priorities.by_id[after.priority]
    old = Chain(before, clock_of(before, zone))
    new = Chain(now, clock_of(now, zone))
    rest, level = wait.seconds, old.level_after(after.alert_level)
    if rest != rules.NOT_STOPPED and _matches_chain(old, after, wait, rest):
        rules.schedule_level(after, new.clock, wait.at, rest)
    elif level and _matches_chain(old, after, wait, rules.delay_seconds(level)):
        rules.wait_for_next_level(after, new, wait.at)


def _matches_chain(chain: Chain, row: TicketRow, wait: ChainWait, seconds: int) -> bool:
    """Whether a ticket waits as this chain has it wait, or stands where it never opens.

    Chains that were stopped or have ended don't.
    """
    given = copy_row(row)
    rules.schedule_level(given, chain.clock, wait.at, seconds)
    told = given.alert_timeout, given.alert_stop
    return told == (row.alert_timeout, row.alert_stop)


async def _load_edits(db: Db, ticket_id: int) -> dict[int, list[TicketPriorityEntity]]:
    """By priority, what it was before each edit that a ticket hasn't seen, in order."""
    found = await db.fetch(
        """
        SELECT e.priority_id, e.before
        FROM ticket_recalculation r JOIN priority_edit e ON e.id >= r.edit_id
        WHERE r.ticket_id = $1 ORDER BY e.id
        """,
        ticket_id,
    )
    befores: dict[int, list[TicketPriorityEntity]] = {}
    for priority_id, before in map(tuple, found):
        known = msgspec.convert(before, TicketPriorityEntity)
        befores.setdefault(priority_id, []).append(known)
    return befores


async def _load_wait(db: Db, ticket_id: int) -> ChainWait | None:
    """Since when the chain waits, by the log; None where that doesn't tell."""
    return await row(
        db,
        ChainWait,
        """
        SELECT a.log_when AS at, s.from_value AS rest
        FROM ticket_log_action a
        LEFT JOIN ticket_log_change c ON c.action_id = a.id AND c.log_change = 14
        LEFT JOIN ticket_log_change s ON s.action_id = a.id AND s.log_change = 20
        WHERE a.ticket_id = $1 AND a.log_action <> $2
          AND (c.to_value <> '' OR (c.id IS NULL AND s.to_value <> '-1'))
        ORDER BY a.log_when DESC, a.id DESC LIMIT 1
        """,
        ticket_id,
        RECALCULATED_ACTION,
    )
