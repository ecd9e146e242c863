"""What a save is measured by: who changes the ticket, when, why, and by which lists."""

from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from skranke.catalog.priorities.carriers import TicketPriorityEscalateAction as Action
from skranke.catalog.priorities.office_hours import alert_clock, frame_of
from skranke.catalog.priorities.timeframe import TimeFrame
from skranke.core.context import CurrentUser, RequestContext
from skranke.tickets.escalation.rules import Chain
from skranke.tickets.reference_data import ReferenceData


class SaveReason(Struct, frozen=True, kw_only=True):
    """What a save is for, beyond the properties it changes."""

    action: int | None = None  # TicketLogAction; None: the one that names it best
    by_hand: bool = True  # a new owner was chosen by a person, not by rules
    escalation_actions: tuple[Action, ...] = ()  # escalation actions that no column shows
    messages_changed: bool = False  # a message was changed: written even where no column is


class SaveContext(Struct, frozen=True, kw_only=True):
    """A save's circumstances; `zone` is the one that office hours are told in."""

    user: CurrentUser
    now: datetime
    zone: ZoneInfo
    lists: ReferenceData
    purpose: SaveReason

    def hours(self, priority_id: int) -> TimeFrame:
        """The office hours of a priority."""
        return frame_of(self.lists.priorities, priority_id, self.zone)

    def chain(self, priority_id: int) -> Chain:
        """The escalation of a priority."""
        known = self.lists.priorities
        clock = alert_clock(known, priority_id, self.zone)
        return Chain(known.by_id[priority_id], clock)


PLAIN_SAVE = SaveReason()


def save_context(
    context: RequestContext, lists: ReferenceData, purpose: SaveReason = PLAIN_SAVE
) -> SaveContext:
    """The circumstances of a save in a call."""
    return SaveContext(
        user=context.user, now=context.now, zone=context.settings.zone, lists=lists, purpose=purpose
    )
