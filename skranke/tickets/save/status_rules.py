"""Base status and status of a ticket, and what entering or leaving one does.

Source: reference, BaseStatus and Status of TicketEntity; conflicts between the two are
settled as docs/differences.md says: a changed status wins, else a changed base status
brings its default status.
"""

import calendar
from datetime import datetime, timedelta

from skranke.catalog.statuses.carriers import TicketBaseStatus as Base
from skranke.catalog.statuses.carriers import TicketStatusEntity
from skranke.catalog.statuses.sql import Statuses
from skranke.catalog.ticket_types.sql import AllowedType
from skranke.core.context import CurrentUser, Permission
from skranke.core.errors import BadValue, NotAllowed
from skranke.tickets.carriers import TicketEntity
from skranke.tickets.row import TicketRow

POSTPONE_DELAYS = {
    Base.Postponed1Hour: timedelta(hours=1),
    Base.Postponed2Hours: timedelta(hours=2),
    Base.Postponed3Hours: timedelta(hours=3),
    Base.Postponed4Hours: timedelta(hours=4),
    Base.PostponedDay: timedelta(days=1),
    Base.PostponedWeek: timedelta(weeks=1),
}
BASES_OF_EVERY_TYPE = (Base.Deleted, Base.Merged, Base.Spam)  # no type can forbid these
FIRST_UI_ONLY_NUMBER = 1001


def apply_status(
    row: TicketRow,
    posted: TicketEntity,
    given: frozenset[str],
    statuses: Statuses,
    kind: AllowedType,
    now: datetime,
) -> None:
    """Set base status, status and Activate as posted; BadValue where that can't be."""
    base = posted.base_status if "BaseStatus" in given else Base.Unknown
    if base.number >= FIRST_UI_ONLY_NUMBER:
        if base is not Base.PostponedSpecific:
            row.activate = postponed_until(base, now)
        base = Base.Postponed
    status = _posted_status(row, posted, given, statuses)
    if status is None and base not in (Base.Unknown, Base.of(row.status)):
        if base is Base.Merged:
            raise BadValue("BaseStatus", "a ticket becomes Merged by MergeTickets only")
        set_base_status(row, base, statuses, kind)
    if status is not None:
        row.ticket_status = status.ticket_status_id
        row.status = status.status.number


def set_base_status(row: TicketRow, base: Base, statuses: Statuses, kind: AllowedType) -> None:
    """Set a base status with its default status, or the type's own of that base."""
    status = _status_within_type(statuses.defaults[base], statuses, kind)
    row.ticket_status = status.ticket_status_id
    row.status = base.number


def postponed_until(base: Base, now: datetime) -> datetime:
    """When a ticket wakes that is postponed by one of the UI's choices."""
    if base is Base.PostponedMonth:
        year, month = divmod(now.year * 12 + now.month, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return now.replace(year=year, month=month + 1, day=min(now.day, last))
    return now + POSTPONE_DELAYS[base]


def _posted_status(
    row: TicketRow, posted: TicketEntity, given: frozenset[str], statuses: Statuses
) -> TicketStatusEntity | None:
    """The status that the caller changes to; None when he names none or the same."""
    wanted = posted.status.ticket_status_id if posted.status else 0
    if "Status" not in given or wanted in (0, row.ticket_status):
        return None
    if wanted not in statuses.by_id:
        raise BadValue("Status.TicketStatusId", f"{wanted} does not exist")
    if wanted in statuses.deleted:
        raise BadValue("Status.TicketStatusId", f"{wanted} is deleted")
    if statuses.by_id[wanted].status is Base.Merged:
        raise BadValue("Status.TicketStatusId", f"{wanted} is set by MergeTickets only")
    return statuses.by_id[wanted]


def _status_within_type(
    default: TicketStatusEntity, statuses: Statuses, kind: AllowedType
) -> TicketStatusEntity:
    """The default status of a base, or the type's own of that base if it lists any."""
    if not kind.statuses or default.ticket_status_id in kind.statuses:
        return default
    listed = (s for s in statuses.by_id.values() if s.ticket_status_id in kind.statuses)
    return next((s for s in listed if s.status is default.status), default)


def check_trash_permission(before: TicketRow, after: TicketRow, user: CurrentUser) -> None:
    """NotAllowed when the caller may not put a ticket into or out of the bin."""
    bases = {before.status, after.status}
    moves = len(bases) == 2 and Base.Deleted.number in bases
    if moves and Permission.DELETE not in user.permissions:
        raise NotAllowed(f"{user.name} lacks a right: {Permission.DELETE.value}.")


def check_stays_merged(before: TicketRow, after: TicketRow) -> None:
    """BadValue when a merged ticket is brought back to life.

    Its messages are the other ticket's now, and what is written on it lands there.
    """
    rests = (Base.Merged.number, Base.Deleted.number)
    is_merged = bool(before.connect_id) and before.status in rests
    if is_merged and after.connect_id and after.status not in rests:
        fault = f"ticket {after.id} was merged into {after.connect_id} and stays Merged"
        raise BadValue("BaseStatus", fault)


def clear_activate(before: TicketRow, after: TicketRow) -> None:
    """Leaving Postponed empties Activate, unless the save gives one."""
    left = before.status == Base.Postponed.number != after.status
    if left and after.activate == before.activate:
        after.activate = None
