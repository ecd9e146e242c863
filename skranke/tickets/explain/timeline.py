"""What a ticket's times hang on, from its log, in words without anybody's name."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from skranke.tickets.explain.formatting import duration, moment
from skranke.tickets.explain.history import RECALCULATED, History
from skranke.tickets.explain.schema import Happening
from skranke.tickets.reference_data import Choices
from skranke.tickets.row import Change

ACTIONS = {  # TicketLogAction
    8: "woke",
    9: "escalated",
    19: "came in",
    RECALCULATED: "counted anew, as its priority was changed",
}
Teller = Callable[[Change, Choices, ZoneInfo], str]


def told(history: History, lists: Choices, zone: ZoneInfo) -> list[Happening]:
    """The deeds that a time hangs on, from the oldest on."""
    happenings: list[Happening] = []
    for event in history.events:
        words = [ACTIONS[event.action]] if event.action in ACTIONS else []
        words += [
            TELLERS[change.column](change, lists, zone)
            for change in event.changes
            if change.column in TELLERS
        ]
        if words:
            happenings.append(Happening(at=event.at, action=event.action, words=words))
    return happenings


def _status(change: Change, lists: Choices, _: ZoneInfo) -> str:
    names = {str(s.ticket_status_id): s.name for s in lists.statuses.by_id.values()}
    return f"status {names.get(change.after, change.after)}"


def _priority(change: Change, lists: Choices, _: ZoneInfo) -> str:
    names = {str(key): p.name for key, p in lists.priorities.by_id.items()}
    return f"priority {names.get(change.after, change.after)}"


def _owner(change: Change, _: Choices, __: ZoneInfo) -> str:
    return "another owner"


def _level(change: Change, _: Choices, __: ZoneInfo) -> str:
    return f"escalation level {change.after}"


def _stop(change: Change, _: Choices, __: ZoneInfo) -> str:
    if int(change.after) < 0:
        return "escalation runs again"
    return f"escalation stopped with {duration(int(change.after))} left"


def _dated(set_: str, emptied: str) -> Teller:
    """Tells a date by what it means, or that it is none any more."""

    def tell(change: Change, _: Choices, zone: ZoneInfo) -> str:
        if not change.after:
            return emptied
        return f"{set_} {moment(datetime.fromisoformat(change.after), zone)}"

    return tell


TELLERS: dict[str, Teller] = {
    "ticket_status": _status,
    "priority": _priority,
    "owned_by": _owner,
    "alert_level": _level,
    "alert_stop": _stop,
    "alert_timeout": _dated("next escalation", "no escalation awaited"),
    "deadline": _dated("deadline", "no deadline"),
    "activate": _dated("waits until", "no longer waits"),
    "replied_at": _dated("first reply", "no reply"),
    "closed_at": _dated("closed", "open again"),
}
