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

MAX_FIGURE = 2**31 - 1  # what a figure can hold, on the wire and in its column
Phase = Literal["internally", "externally", "queue"]
PHASE_OF_COUNTER: dict[Counter, Phase] = {
    Counter.Internally: "internally",
    Counter.Externally: "externally",
    Counter.Queue: "queue",
}


class ElapsedTime(Struct, frozen=True):
    """Seconds between two instants: inside the office hours, and all of them."""

    worked: int
    real: int


class StatusPeriod(Struct, frozen=True, kw_only=True):
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


def elapsed_time(hours: TimeFrame, start: datetime, stop: datetime) -> ElapsedTime:
    """The time between two instants by both clocks; 0 where `stop` comes first."""
    real = max(0, second_of(stop) - second_of(start))
    return ElapsedTime(worked_seconds(hours, start, stop), real)


def update_reply_times(before: TicketRow, after: TicketRow, hours: TimeFrame) -> None:
    """Set the times to reply, in minutes, where RepliedAt has been set or moved."""
    if after.replied_at and after.replied_at != before.replied_at:
        took = elapsed_time(hours, after.created_at, after.replied_at)
        after.time_to_reply = _whole_minutes(took.worked)
        after.real_time_to_reply = _whole_minutes(took.real)


def update_close_times(
    before: TicketRow, after: TicketRow, hours: TimeFrame, now: datetime
) -> None:
    """Set ClosedAt and the times to close on closing, unset them on opening again."""
    if before.status == after.status:
        return
    if after.status == Base.Closed.number:
        took = elapsed_time(hours, after.created_at, now)
        after.closed_at = now
        after.time_to_close = _whole_minutes(took.worked)
        after.real_time_to_close = _whole_minutes(took.real)
    elif after.status in (Base.Active.number, Base.Postponed.number):
        after.closed_at = None
        after.time_to_close = after.real_time_to_close = 0


def leave_status(
    before: TicketRow, after: TicketRow, counter: Counter, hours: TimeFrame, now: datetime
) -> StatusPeriod | None:
    """The status that this save leaves, added to its counter; None while it stays.

    The status a ticket is in now is in no counter yet. `time_spent_calculated` is when
    it began; a ticket that has had only one began with its CreatedAt.
    """
    if before.ticket_status == after.ticket_status:
        return None
    began = before.time_spent_calculated or before.created_at
    took = elapsed_time(hours, began, now)
    if phase := PHASE_OF_COUNTER.get(counter):
        _add_seconds(after, f"time_spent_{phase}", took.worked)
        _add_seconds(after, f"real_time_spent_{phase}", took.real)
    after.time_spent_calculated = now
    return StatusPeriod(
        ticket_status=before.ticket_status,
        timespan=min(took.worked, MAX_FIGURE),
        real_timespan=min(took.real, MAX_FIGURE),
        from_datetime=began,
    )


def _whole_minutes(seconds: int) -> int:
    return min(seconds // 60, MAX_FIGURE)


def _add_seconds(row: TicketRow, column: str, seconds: int) -> None:
    setattr(row, column, min(getattr(row, column) + seconds, MAX_FIGURE))
