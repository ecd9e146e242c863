"""The chain of escalation: which level is next, when, and what stops or restarts it.

A ticket knows its level (0 before the first), when the next one is reached, and, where
the chain was stopped, the seconds that were left; -1 while it runs or has ended. A
level's minutes are the delay since the level before it, the first one's since the chain
began. They run by the priority's clock: its office hours, or around the clock.

Pure: rows are changed in place. Source: TicketPriorityEscalateEvent and …Action of the
reference, and the admin manual on escalation levels; docs/differences.md has the rest.
"""

from datetime import datetime
from enum import IntFlag

from msgspec import Struct

from skranke.catalog.priorities.carriers import TicketPriorityEntity
from skranke.catalog.priorities.carriers import TicketPriorityEscalateAction as Action
from skranke.catalog.priorities.carriers import TicketPriorityEscalateEvent as Event
from skranke.catalog.priorities.carriers import TicketPriorityEscalationLevelEntity as Level
from skranke.catalog.priorities.timeframe import NeverOpen, TimeFrame, add_worked, worked_seconds
from skranke.catalog.statuses.carriers import TicketBaseStatus
from skranke.tickets.row import TicketRow
from skranke.tickets.save.time_counters import MAX_FIGURE

NOT_STOPPED = -1  # alert_stop of a chain that isn't stopped
EVENT_PROPERTY_OF_ACTION = {
    Action.ActionRead: "ticket_read",
    Action.ActionChangedOwner: "changed_owner",
    Action.ActionNewInfo: "ticket_newinfo",
    Action.ActionClosed: "ticket_closed",
    Action.ActionChangedPriority: "ticket_changed_priority",
    Action.ActionNew: "ticket_new",
}


class Chain(Struct, frozen=True):
    """A priority's levels, lowest first, what it does on events, and its clock."""

    priority: TicketPriorityEntity
    clock: TimeFrame

    def event(self, action: Action) -> Event:
        """What this priority wants done when a ticket sees such an action."""
        return getattr(self.priority, EVENT_PROPERTY_OF_ACTION[action])

    def level_after(self, number: int) -> Level | None:
        """The level that follows a number; None after the last."""
        levels = self.priority.escalation_levels
        return next((level for level in levels if level.alert_level > number), None)

    def highest_number_up_to(self, number: int) -> int:
        """The highest level's number that isn't above this one; 0 for none."""
        levels = (level.alert_level for level in self.priority.escalation_levels)
        return max((level for level in levels if level <= number), default=0)


def apply_action(
    row: TicketRow, action: Action, chain: Chain, now: datetime, former: TimeFrame | None = None
) -> None:
    """What an action does to a ticket's chain.

    `former` is the clock that the chain has run by until now, where that was another.
    """
    event = chain.event(action)
    if event is Event.Stop:
        _stop_chain(row, former or chain.clock, now)
    elif event is Event.Restart or (event, action) == (Event.Continue, Action.ActionNew):
        row.alert_level = 0
        wait_for_next_level(row, chain, now)
    elif event is Event.Continue and action is Action.ActionChangedPriority:
        # of the old priority only the level counts, not its times
        row.alert_level = chain.highest_number_up_to(row.alert_level)
        wait_for_next_level(row, chain, now)
    elif event is Event.Continue and row.alert_stop != NOT_STOPPED:
        schedule_level(row, chain.clock, now, row.alert_stop)


def is_due(row: TicketRow, now: datetime) -> bool:
    """Whether a ticket is to escalate: open, with a running chain that has run out."""
    is_open = row.status == TicketBaseStatus.Active.number
    return is_open and row.alert_timeout is not None and row.alert_timeout <= now


def advance_level(row: TicketRow, chain: Chain, now: datetime) -> Level | None:
    """Take a ticket to its next level and wait for the one after that.

    None where the priority has no level above the ticket's: the chain has ended.
    """
    level = chain.level_after(row.alert_level)
    if level is not None:
        row.alert_level = level.alert_level
    wait_for_next_level(row, chain, now)
    return level


def wait_for_next_level(row: TicketRow, chain: Chain, now: datetime) -> None:
    """Wait, from `now` on, for the level that follows the ticket's, if there is one."""
    following = chain.level_after(row.alert_level)
    row.alert_timeout, row.alert_stop = None, NOT_STOPPED
    if following is not None:
        schedule_level(row, chain.clock, now, delay_seconds(following))


def delay_seconds(level: Level) -> int:
    """The seconds from the level before to this one."""
    return 60 * max(0, level.alert_timeout)


def schedule_level(row: TicketRow, clock: TimeFrame, now: datetime, seconds: int) -> None:
    """Let the chain reach its next level so many seconds, by this clock, from `now`."""
    try:
        row.alert_timeout = add_worked(clock, now, seconds)
        row.alert_stop = NOT_STOPPED
    except NeverOpen:  # no time passes by this clock: as if stopped
        row.alert_timeout, row.alert_stop = None, min(seconds, MAX_FIGURE)


def _stop_chain(row: TicketRow, clock: TimeFrame, now: datetime) -> None:
    if row.alert_timeout is not None:
        left = worked_seconds(clock, now, row.alert_timeout)
        row.alert_timeout, row.alert_stop = None, min(left, MAX_FIGURE)


class AlertAction(IntFlag):
    """What a level does when it is reached. Source: TicketAlertAction."""

    REASSIGN = 1
    MAIL_OTHERS = 4
    MAIL_CUSTOMER = 8
    MAIL_OWNER = 16
    MAIL_CATEGORY_MASTER = 32
    SMS_OTHERS = 64
    SMS_CUSTOMER = 128
    SMS_OWNER = 256
    SMS_CATEGORY_MASTER = 512
    SCRIPT = 1024


MESSAGE_ACTIONS = (
    AlertAction.MAIL_OTHERS,
    AlertAction.MAIL_CUSTOMER,
    AlertAction.MAIL_OWNER,
    AlertAction.MAIL_CATEGORY_MASTER,
    AlertAction.SMS_OTHERS,
    AlertAction.SMS_CUSTOMER,
    AlertAction.SMS_OWNER,
    AlertAction.SMS_CATEGORY_MASTER,
)


def new_owner(level: Level) -> int | None:
    """The ejuser id that a level hands the ticket to; None where it keeps its owner."""
    return level.delegate_to if level.action & AlertAction.REASSIGN else None


def audiences(level: Level) -> list[str]:
    """Whom a level writes to, and how: `mail_owner`, `sms_others` and their like."""
    return [bit.name.lower() for bit in MESSAGE_ACTIONS if bit.name and level.action & bit]
