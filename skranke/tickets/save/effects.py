"""What follows from a save by itself: dates, clocks, escalation, read mark, log, event.

`follow` sees the row before and after, and the occasion; `begin` a row that is new.
"""

from datetime import datetime

from skranke.catalog.priorities.carriers import TicketPriorityEscalateAction as Action
from skranke.catalog.statuses.carriers import TicketBaseStatus as Base
from skranke.core.context import CurrentUser
from skranke.tickets.carriers import TicketReadStatus
from skranke.tickets.escalation.rules import apply_action
from skranke.tickets.row import (
    SECONDARY_PERSONS_COLUMN,
    ColumnChange,
    TicketRow,
    copy_row,
    log_text,
)
from skranke.tickets.save import status_rules, time_counters
from skranke.tickets.save.context import SaveContext

NEW_TICKET, TAKES_OWNERSHIP, CHANGE_STATUS, CHANGE_LEVEL, EDIT, DELETE = (19, 20, 21, 22, 33, 34)
ALERT_COLUMNS = frozenset({"alert_level", "alert_timeout", "alert_stop"})
STATUS_COLUMNS = ALERT_COLUMNS | {
    "status",
    "ticket_status",
    "closed_at",
    "activate",
    "time_to_close",
    "real_time_to_close",
    "time_spent_internally",
    "time_spent_externally",
    "time_spent_queue",
    "real_time_spent_internally",
    "real_time_spent_externally",
    "real_time_spent_queue",
}
OWNER_COLUMNS = ALERT_COLUMNS | {"owned_by", "read_status", "first_read_by_owner"}


def on_update(
    before: TicketRow, after: TicketRow, occasion: SaveContext
) -> time_counters.StatusPeriod | None:
    """Bring the rest of a changed ticket in line, in place; the status that it left."""
    status_rules.clear_activate(before, after)
    _reset_read_marks(before, after, occasion.user)
    _note_reading(before, after, occasion)
    _settle_suggestion(before, after)
    left = _update_time_counters(before, after, occasion)
    _update_escalation(before, after, occasion)
    return left


def on_create(row: TicketRow, occasion: SaveContext) -> None:
    """Bring a new ticket in line, in place: as if it had been open and unanswered."""
    before = copy_row(row)
    before.status = Base.Active.number
    before.replied_at = None
    hours = occasion.hours(row.priority)
    time_counters.update_reply_times(before, row, hours)
    time_counters.update_close_times(before, row, hours, occasion.now)
    chain = occasion.chain(row.priority)
    if row.deadline is None:
        minutes = chain.priority.deadline
        row.deadline = time_counters.deadline(row.created_at, minutes, hours)
    apply_action(row, Action.ActionNew, chain, occasion.now)


def _update_time_counters(
    before: TicketRow, after: TicketRow, occasion: SaveContext
) -> time_counters.StatusPeriod | None:
    hours, now = occasion.hours(after.priority), occasion.now
    time_counters.update_reply_times(before, after, hours)
    time_counters.update_close_times(before, after, hours, now)
    if after.priority != before.priority and after.deadline == before.deadline:
        minutes = occasion.lists.priorities.by_id[after.priority].deadline
        after.deadline = time_counters.deadline(after.created_at, minutes, hours)
    status = occasion.lists.statuses.by_id[before.ticket_status]
    return time_counters.leave_status(before, after, status.time_counter, hours, now)


def _update_escalation(before: TicketRow, after: TicketRow, occasion: SaveContext) -> None:
    chain, now = occasion.chain(after.priority), occasion.now
    if after.priority != before.priority:
        former = occasion.chain(before.priority).clock
        apply_action(after, Action.ActionChangedPriority, chain, now, former)
    if after.owned_by != before.owned_by and occasion.purpose.by_hand:
        apply_action(after, Action.ActionChangedOwner, chain, now)
    if after.status != before.status and after.status == Base.Closed.number:
        apply_action(after, Action.ActionClosed, chain, now)
    for action in occasion.purpose.escalation_actions:
        apply_action(after, action, chain, now)


def _settle_suggestion(before: TicketRow, after: TicketRow) -> None:
    if after.category != before.category and after.suggested_category_id:
        if after.orig_human_category_id == before.orig_human_category_id:
            after.orig_human_category_id = after.category
        after.suggested_category_id = 0


def _reset_read_marks(before: TicketRow, after: TicketRow, user: CurrentUser) -> None:
    if after.owned_by == before.owned_by:
        return
    after.first_read_by_owner = None
    if after.read_status == before.read_status:
        after.read_status = initial_read_status(after.owned_by, user)


def initial_read_status(owner: int, user: CurrentUser) -> int:
    """The read mark of a ticket that just came to its owner: Red, Green for his own."""
    mine = owner == user.ej_user_id
    return (TicketReadStatus.Green if mine else TicketReadStatus.Red).number


def _note_reading(before: TicketRow, after: TicketRow, occasion: SaveContext) -> None:
    green = TicketReadStatus.Green.number
    if after.read_status == green != before.read_status:
        set_read_times(after, occasion.user, occasion.now)


def set_read_times(row: TicketRow, user: CurrentUser, now: datetime) -> None:
    """Note when a ticket was read, by its owner or by another user."""
    if row.owned_by == user.ej_user_id:
        row.read_by_owner = now
        row.first_read_by_owner = row.first_read_by_owner or now
    row.first_read_by_user = row.first_read_by_user or now


def log_action_of(changed: list[ColumnChange], after: TicketRow, user: CurrentUser) -> int:
    """The TicketLogAction that names a save best. Source: the vendor's enum."""
    columns = {change.column for change in changed}
    if "status" in columns and after.status == Base.Deleted.number:
        return DELETE
    if columns == {"slevel"}:
        return CHANGE_LEVEL
    if "ticket_status" in columns and columns <= STATUS_COLUMNS:
        return CHANGE_STATUS
    mine = after.owned_by == user.ej_user_id
    if (
        "owned_by" in columns
        and mine
        and columns <= OWNER_COLUMNS | {"read_by_owner", "first_read_by_user"}
    ):
        return TAKES_OWNERSHIP
    return EDIT


def secondary_change(before: list[int], after: list[int]) -> list[ColumnChange]:
    """The change of secondary persons, which lie in a table of their own."""
    if before == after:
        return []
    return [ColumnChange(SECONDARY_PERSONS_COLUMN, log_text(before), log_text(after))]


def webhook_columns(changed: list[ColumnChange]) -> list[str]:
    """The changed columns as a webhook's `Changes` spells them."""
    columns = ["extraField" if c.column == "extra_fields" else c.column for c in changed]
    return [*columns, "last_changed"]
