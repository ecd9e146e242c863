"""What a ticket's times hang on, from its log, in words without anybody's name."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from skranke.tickets.explain.formatting import duration, moment
from skranke.tickets.explain.history import RECALCULATED_ACTION, TicketHistory
from skranke.tickets.explain.schema import TimelineEntry
from skranke.tickets.reference_data import ReferenceData
from skranke.tickets.row import ColumnChange

ACTION_TEXTS = {  # TicketLogAction
    8: "woke",
    9: "escalated",
    19: "came in",
    RECALCULATED_ACTION: "counted anew, as its priority was changed",
}
ChangeText = Callable[[ColumnChange, ReferenceData, ZoneInfo], str]


def timeline(history: TicketHistory, lists: ReferenceData, zone: ZoneInfo) -> list[TimelineEntry]:
    """The deeds that a time hangs on, from the oldest on."""
    happenings: list[TimelineEntry] = []
    for event in history.events:
        words = [ACTION_TEXTS[event.action]] if event.action in ACTION_TEXTS else []
        words += [
            CHANGE_TEXTS[change.column](change, lists, zone)
            for change in event.changes
            if change.column in CHANGE_TEXTS
        ]
        if words:
            happenings.append(TimelineEntry(at=event.at, action=event.action, words=words))
    return happenings


def _status(change: ColumnChange, lists: ReferenceData, _: ZoneInfo) -> str:
    names = {str(s.ticket_status_id): s.name for s in lists.statuses.by_id.values()}
    return f"status {names.get(change.after, change.after)}"


def _priority(change: ColumnChange, lists: ReferenceData, _: ZoneInfo) -> str:
    names = {str(key): p.name for key, p in lists.priorities.by_id.items()}
    return f"priority {names.get(change.after, change.after)}"


def _owner(change: ColumnChange, _: ReferenceData, __: ZoneInfo) -> str:
    return "another owner"


def _level(change: ColumnChange, _: ReferenceData, __: ZoneInfo) -> str:
    return f"escalation level {change.after}"


def _stop(change: ColumnChange, _: ReferenceData, __: ZoneInfo) -> str:
    if int(change.after) < 0:
        return "escalation runs again"
    return f"escalation stopped with {duration(int(change.after))} left"


def _date_text(set_: str, emptied: str) -> ChangeText:
    """Tells a date by what it means, or that it is none any more."""

    def text_of_change(change: ColumnChange, _: ReferenceData, zone: ZoneInfo) -> str:
        if not change.after:
            return emptied
        return f"{set_} {moment(datetime.fromisoformat(change.after), zone)}"

    return text_of_change


CHANGE_TEXTS: dict[str, ChangeText] = {
    "ticket_status": _status,
    "priority": _priority,
    "owned_by": _owner,
    "alert_level": _level,
    "alert_stop": _stop,
    "alert_timeout": _date_text("next escalation", "no escalation awaited"),
    "deadline": _date_text("deadline", "no deadline"),
    "activate": _date_text("waits until", "no longer waits"),
    "replied_at": _date_text("first reply", "no reply"),
    "closed_at": _date_text("closed", "open again"),
}
