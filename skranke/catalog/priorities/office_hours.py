"""The office hours of each priority, and the clock that its escalation runs by.

A frame is built the first time it is asked for and lives as long as the priority list
that it was read with, so a changed priority brings a new one by itself.
"""

from zoneinfo import ZoneInfo

from skranke.catalog.priorities.carriers import TicketPriorityEntity, TicketPriorityFlags
from skranke.catalog.priorities.sql import DAY_COLUMNS, Priorities
from skranke.catalog.priorities.timeframe import ALWAYS, TimeFrame, time_frame


def frame_of(known: Priorities, priority_id: int, zone: ZoneInfo) -> TimeFrame:
    """The hours and holidays of a priority, in the installation's zone."""
    key = priority_id, zone.key
    if key not in known.frames:
        known.frames[key] = hours_of(known.by_id[priority_id], zone)
    return known.frames[key]


def alert_clock(known: Priorities, priority_id: int, zone: ZoneInfo) -> TimeFrame:
    """When a priority's escalation runs: in its office hours, or around the clock.

    Source: flag AlertSchedule of TicketPriorityEntity.
    """
    flags = known.by_id[priority_id].flags
    if TicketPriorityFlags.AlertSchedule in flags:
        return frame_of(known, priority_id, zone)
    return ALWAYS


def clock_of(priority: TicketPriorityEntity, zone: ZoneInfo) -> TimeFrame:
    """As `alert_clock`, of a priority that may be as it was before an edit."""
    by_hours = TicketPriorityFlags.AlertSchedule in priority.flags
    return hours_of(priority, zone) if by_hours else ALWAYS


def hours_of(priority: TicketPriorityEntity, zone: ZoneInfo) -> TimeFrame:
    """The office hours of a priority, built anew."""
    hours = (
        (getattr(priority, f"{day}_start"), getattr(priority, f"{day}_stop")) for day in DAY_COLUMNS
    )
    return time_frame(hours, priority.non_dates, zone)
