"""What follows from a save by itself: dates, read mark, suggestion, log and event.

Deadline, escalation and the counters inside office hours hang on the same seam:
`follow` sees the row before and after, and the caller.
"""

from datetime import datetime

from skranke.statuses.carriers import TicketBaseStatus as Base
from skranke.tickets import state
from skranke.tickets.carriers import TicketReadStatus
from skranke.tickets.row import SECONDARY_PERSONS, Change, TicketRow, shown
from skranke.wire.call import Caller

NEW_TICKET, TAKES_OWNERSHIP, CHANGE_STATUS, CHANGE_LEVEL, EDIT, DELETE = (
    19,
    20,
    21,
    22,
    33,
    34,
)
STATUS_COLUMNS = frozenset({
    "status", "ticket_status", "closed_at", "activate", "time_to_close",
    "real_time_to_close",
})  # fmt: skip
OWNER_COLUMNS = frozenset({"owned_by", "read_status", "first_read_by_owner"})


def follow(before: TicketRow, after: TicketRow, caller: Caller, now: datetime) -> None:
    """Bring the rest of a changed ticket in line, in place."""
    state.consequences(before, after, now)
    _owner_changed(before, after, caller)
    _read(before, after, caller, now)
    if after.replied_at and after.replied_at != before.replied_at:
        minutes = state.whole_minutes(after.created_at, after.replied_at)
        after.real_time_to_reply = minutes
    if after.category != before.category and after.suggested_category_id:
        if after.orig_human_category_id == before.orig_human_category_id:
            after.orig_human_category_id = after.category
        after.suggested_category_id = 0


def _owner_changed(before: TicketRow, after: TicketRow, caller: Caller) -> None:
    if after.owned_by == before.owned_by:
        return
    after.first_read_by_owner = None
    if after.read_status == before.read_status:
        after.read_status = unread_by(after.owned_by, caller)


def unread_by(owner: int, caller: Caller) -> int:
    """The read mark of a ticket that just came to its owner: Red, Green for his own."""
    mine = owner == caller.ej_user_id
    return (TicketReadStatus.Green if mine else TicketReadStatus.Red).number


def _read(before: TicketRow, after: TicketRow, caller: Caller, now: datetime) -> None:
    green = TicketReadStatus.Green.number
    if after.read_status != green or before.read_status == green:
        return
    if after.owned_by == caller.ej_user_id:
        after.read_by_owner = now
        after.first_read_by_owner = after.first_read_by_owner or now
    after.first_read_by_user = after.first_read_by_user or now


def action_of(changed: list[Change], after: TicketRow, caller: Caller) -> int:
    """The TicketLogAction that names a save best. Source: the vendor's enum."""
    columns = {change.column for change in changed}
    if "status" in columns and after.status == Base.Deleted.number:
        return DELETE
    if columns == {"slevel"}:
        return CHANGE_LEVEL
    if "ticket_status" in columns and columns <= STATUS_COLUMNS:
        return CHANGE_STATUS
    mine = after.owned_by == caller.ej_user_id
    if (
        "owned_by" in columns
        and mine
        and columns <= OWNER_COLUMNS | {"read_by_owner", "first_read_by_user"}
    ):
        return TAKES_OWNERSHIP
    return EDIT


def secondary_change(before: list[int], after: list[int]) -> list[Change]:
    """The change of secondary persons, which lie in a table of their own."""
    if before == after:
        return []
    return [Change(SECONDARY_PERSONS, shown(before), shown(after))]


def webhook_columns(changed: list[Change]) -> list[str]:
    """The changed columns as a webhook's `Changes` spells them."""
    columns = [
        "extraField" if c.column == "extra_fields" else c.column for c in changed
    ]
    return [*columns, "last_changed"]
