"""Deadline, reply and close times, and how long a ticket lay in each status.

A save counts in the office hours of the priority that it leaves the ticket with; the
Real… figures count around the clock. Pure: rows in, figures set in place.

Source: reference, TimeToReply to RealTimeSpentQueue of TicketEntity; the admin manual
on priorities (deadline) and statuses (time counters).
"""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from skranke.catalog.priorities.timeframe import NeverOpen, TimeFrame, add_worked, worked_seconds
from skranke.catalog.priorities.wall_clock import second_of
from skranke.catalog.statuses.carriers import TicketBaseStatus as Base
from skranke.catalog.statuses.carriers import TicketStatusTimeCounter as Counter
from skranke.tickets.row import TicketRow

MOST = 2**31 - 1  # what a figure can hold, on the wire and in its column
Phase = Literal["internally", "externally", "queue"]
PHASES: dict[Counter, Phase] = {
    Counter.Internally: "internally",
    Counter.Externally: "externally",
    Counter.Queue: "queue",
}


class Spent(Struct, frozen=True):
    """Seconds between two instants: inside the office hours, and all of them."""

    worked: int
    real: int


class Left(Struct, frozen=True, kw_only=True):
    """A status that a ticket has left, for its history; both times in seconds."""

    ticket_status: int
    timespan: int
    real_timespan: int
    from_datetime: datetime


def deadline(created_at: datetime, minutes: int, hours: TimeFrame) -> datetime | None:
    """When so much office time has passed; None for 0, and where it never does."""
    if minutes <= 0:
        return None
    try:
        return add_worked(hours, created_at, 60 * minutes)
    except NeverOpen:
        return None


def spent(hours: TimeFrame, start: datetime, stop: datetime) -> Spent:
    """The time between two instants by both clocks; 0 where `stop` comes first."""
    real = max(0, second_of(stop) - second_of(start))
    return Spent(worked_seconds(hours, start, stop), real)


def replied(before: TicketRow, after: TicketRow, hours: TimeFrame) -> None:
    """Set the times to reply, in minutes, where RepliedAt has been set or moved."""
    if after.replied_at and after.replied_at != before.replied_at:
        took = spent(hours, after.created_at, after.replied_at)
        after.time_to_reply = _minutes(took.worked)
        after.real_time_to_reply = _minutes(took.real)


def closed(before: TicketRow, after: TicketRow, hours: TimeFrame, now: datetime) -> None:
    """Set ClosedAt and the times to close on closing, unset them on opening again."""
    if before.status == after.status:
        return
    if after.status == Base.Closed.number:
        took = spent(hours, after.created_at, now)
        after.closed_at = now
        after.time_to_close = _minutes(took.worked)
        after.real_time_to_close = _minutes(took.real)
    elif after.status in (Base.Active.number, Base.Postponed.number):
        after.closed_at = None
        after.time_to_close = after.real_time_to_close = 0


def left(
    before: TicketRow, after: TicketRow, counter: Counter, hours: TimeFrame, now: datetime
) -> Left | None:
    """The status that this save leaves, added to its counter; None while it stays.

    The status a ticket is in now is in no counter yet. `time_spent_calculated` is when
    it began; a ticket that has had only one began with its CreatedAt.
    """
    if before.ticket_status == after.ticket_status:
        return None
    began = before.time_spent_calculated or before.created_at
    took = spent(hours, began, now)
    if phase := PHASES.get(counter):
        _add(after, f"time_spent_{phase}", took.worked)
        _add(after, f"real_time_spent_{phase}", took.real)
    after.time_spent_calculated = now
    return Left(
        ticket_status=before.ticket_status,
        timespan=min(took.worked, MOST),
        real_timespan=min(took.real, MOST),
        from_datetime=began,
    )


def _minutes(seconds: int) -> int:
    return min(seconds // 60, MOST)


def _add(row: TicketRow, column: str, seconds: int) -> None:
    setattr(row, column, min(getattr(row, column) + seconds, MOST))
