"""What a ticket's figures are counted from: its history, the lists, the zone."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from skranke.catalog.priorities.office_hours import alert_clock, frame_of
from skranke.catalog.priorities.timeframe import (
    ALWAYS,
    TimeFrame,
    skipped_holidays,
    spans,
    worked_seconds,
)
from skranke.tickets.explain.history import TicketHistory
from skranke.tickets.explain.schema import CountedTime, OpenSpan
from skranke.tickets.reference_data import ReferenceData

MAX_LISTED_TIME = timedelta(days=800)  # of a stretch, whose spans and holidays are told


class ExplainContext(Struct, frozen=True):
    """What figures are counted from."""

    history: TicketHistory
    lists: ReferenceData
    zone: ZoneInfo

    def hours(self, priority_id: int) -> TimeFrame:
        """The office hours of a priority, as they are today."""
        return frame_of(self.lists.priorities, priority_id, self.zone)

    def alert_clock(self, priority_id: int) -> TimeFrame:
        """The clock of a priority's escalation."""
        return alert_clock(self.lists.priorities, priority_id, self.zone)

    def clock_name(self, clock: TimeFrame, priority_id: int) -> str:
        """How a clock is called in a sentence."""
        if clock is ALWAYS:
            return "around the clock"
        name = self.lists.priorities.by_id[priority_id].name
        return f"in the office hours of priority {name}"

    def count_time(
        self, what: str, priority_id: int, clock: TimeFrame, start: datetime, stop: datetime
    ) -> CountedTime:
        """A stretch of time, counted by a clock."""
        end = min(stop, start + MAX_LISTED_TIME)
        around = [OpenSpan(start, stop)] if start < stop else []
        inside = (OpenSpan(*span) for span in spans(clock, start, end))
        return CountedTime(
            what=what,
            clock=self.clock_name(clock, priority_id),
            start=start,
            stop=stop,
            seconds=worked_seconds(clock, start, stop),
            spans=around if clock is ALWAYS else list(inside),
            holidays=[] if clock is ALWAYS else skipped_holidays(clock, start, end),
            cut=clock is not ALWAYS and end < stop,
        )

    def matching_clock(
        self, instant: datetime, fits: Callable[[TimeFrame], bool], *, real: bool
    ) -> tuple[int, TimeFrame]:
        """The priority, and its clock, that was counted by at an instant.

        Where the ticket had several in that second, the one that fits, else the latest.
        """
        held = self.history.priorities_at(instant)
        pairs = [(one, ALWAYS if real else self.hours(one)) for one in held]
        return next((pair for pair in pairs if fits(pair[1])), pairs[0])
