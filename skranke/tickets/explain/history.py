"""What a ticket has been through, as its log and its status history keep it."""

from datetime import datetime

from msgspec import Struct

from skranke.db.database import Db, rows
from skranke.tickets.row import CHANGE_NUMBERS, ColumnChange, TicketRow

# a TicketLogAction of ours, as none of the vendor's says it (docs/differences.md)
RECALCULATED_ACTION = 1001
COLUMN_OF_CHANGE = {number: column for column, number in CHANGE_NUMBERS.items()}


class LogEvent(Struct, frozen=True, kw_only=True):
    """A deed from the log: a TicketLogAction, and what it changed."""

    id: int
    at: datetime
    action: int
    changes: list[ColumnChange]

    def change_of(self, column: str) -> ColumnChange | None:
        """What it did to a column; None where it left that as it was."""
        return next((c for c in self.changes if c.column == column), None)


class StatusStay(Struct, frozen=True, kw_only=True):
    """A status that the ticket was in and left; both times in seconds."""

    ticket_status: int
    timespan: int
    real_timespan: int
    from_datetime: datetime
    to_datetime: datetime


class TicketHistory(Struct, frozen=True, kw_only=True):
    """A ticket as it stands and how it came to; both lists from the oldest on."""

    row: TicketRow
    events: list[LogEvent]
    stays: list[StatusStay]

    def last_event_setting(self, column: str, value: object) -> LogEvent | None:
        """The last deed that gave a column this value."""
        for event in reversed(self.events):
            change = event.change_of(column)
            if change and _equals(change.after, value):
                return event
        return None

    def first_event_setting(self, column: str, value: object) -> LogEvent | None:
        """As `setting`; for a value counted anew, the deed that it is counted from."""
        found = self.last_event_setting(column, value)
        if found is None or found.action != RECALCULATED_ACTION:
            return found
        for event in reversed(self.events):
            change = event.change_of(column)
            if change and change.after and event.action != RECALCULATED_ACTION:
                return event
        return found

    def priorities_at(self, instant: datetime) -> list[int]:
        """The priorities that the ticket had at an instant, the latest one first.

        Several where it changed within that second.
        """
        known = [(e.at, c) for e in self.events if (c := e.change_of("priority"))]
        if not known:
            return [self.row.priority]
        first = known[0][1]
        is_new = self.events[0].change_of("priority") is first
        held = [first.after if is_new or not first.before else first.before]
        for at, change in known:
            if at > instant:
                break
            held = [change.after, *(held if at == instant else [])]
        return [int(priority) for priority in held]


async def load_history(db: Db, row: TicketRow) -> TicketHistory:
    """The history of a ticket, that of one merged into another too."""
    found = await db.fetch(
        """
        SELECT a.id, a.log_when, a.log_action, c.log_change, c.from_value, c.to_value
        FROM ticket_log_action a LEFT JOIN ticket_log_change c ON c.action_id = a.id
        WHERE a.ticket_id = ANY ($2) AND a.org_ticket_id = $1
        ORDER BY a.log_when, a.id, c.id
        """,
        row.id,
        [row.id, row.connect_id],
    )
    events: dict[int, LogEvent] = {}
    for id_, at, action, number, before, after in map(tuple, found):
        event = events.setdefault(id_, LogEvent(id=id_, at=at, action=action, changes=[]))
        if number in COLUMN_OF_CHANGE:
            event.changes.append(ColumnChange(COLUMN_OF_CHANGE[number], before, after))
    return TicketHistory(row=row, events=list(events.values()), stays=await _load_stays(db, row.id))


async def _load_stays(db: Db, ticket_id: int) -> list[StatusStay]:
    return await rows(
        db,
        StatusStay,
        """
        SELECT ticket_status, timespan, real_timespan, from_datetime, to_datetime
        FROM ticket_status_history WHERE ticket_id = $1 ORDER BY to_datetime, id
        """,
        ticket_id,
    )


def _equals(logged: str, value: object) -> bool:
    """Whether the log's text is this value; instants may bear any offset."""
    if value is None:
        return logged == ""
    if not isinstance(value, datetime):
        return logged == str(value)
    try:
        return datetime.fromisoformat(logged) == value
    except (ValueError, TypeError):
        return False
