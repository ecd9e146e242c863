"""Saving and deleting statuses: each base status always has one, and a default.

Source: the admin manual on request statuses, and TicketStatusEntity of the reference.
"""

import msgspec

from skranke.archive.mdo.editing import edit_lists, merge_posted, require_name, require_smallint
from skranke.archive.mdo.ordering import move_item
from skranke.catalog.statuses import sql
from skranke.catalog.statuses.carriers import TicketBaseStatus as Base
from skranke.catalog.statuses.carriers import TicketStatusEntity
from skranke.catalog.statuses.sql import Statuses, load_statuses
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound

MAX_NAME_CHARACTERS = 255
ASSIGNABLE_BASES = frozenset(
    {Base.Active, Base.Closed, Base.Postponed, Base.Deleted, Base.Merged, Base.Spam}
)


def default_status() -> TicketStatusEntity:
    """A new status: open, no default, no counter."""
    return TicketStatusEntity(status=Base.Active)


async def save_status(context: RequestContext, posted: TicketStatusEntity) -> TicketStatusEntity:
    """The status as it is after the save: a new one for id 0, else the changed.

    A new default takes the mark from the old one of its base status. NotFound and
    BadValue change nothing.
    """
    async with edit_lists(context):
        known = await load_statuses(context.db)
        status_id = posted.ticket_status_id
        before = known.by_id.get(status_id) if status_id else default_status()
        if before is None:
            raise NotFound(f"TicketStatusId: {status_id} does not exist")
        if status_id in known.deleted:
            raise BadValue("TicketStatusId", f"{status_id} is deleted")
        after = merge_posted(context, before, posted, new=status_id == 0)
        after = msgspec.structs.replace(
            after, ticket_status_id=status_id, name=require_name(after.name, MAX_NAME_CHARACTERS)
        )
        await _check(context, before, after, known)
        return await _write(context, after)


async def _check(
    context: RequestContext, before: TicketStatusEntity, after: TicketStatusEntity, known: Statuses
) -> None:
    if after.status not in ASSIGNABLE_BASES:
        raise BadValue("Status", f"{after.status.value} is no base status")
    moves = after.status is not before.status
    if before.is_default and (moves or not after.is_default):
        name = "Status" if moves else "IsDefault"
        raise BadValue(name, "make another status the default of the base instead")
    if moves and before.ticket_status_id:
        if _is_last(before, known):
            raise BadValue("Status", "it is the only one of its base status")
        if await sql.has_tickets(context.db, before.ticket_status_id):
            raise BadValue("Status", "tickets have this status; change them first")


async def _write(context: RequestContext, status: TicketStatusEntity) -> TicketStatusEntity:
    if status.is_default:
        await sql.clear_default(context.db, status.status, status.ticket_status_id)
    if status.ticket_status_id:
        await sql.update_status(context.db, status)
    else:
        status.ticket_status_id = await sql.insert_status(context.db, status)
    return (await load_statuses(context.db)).by_id[status.ticket_status_id]


def _is_last(status: TicketStatusEntity, known: Statuses) -> bool:
    """Whether no other status that isn't deleted has the same base."""
    others = (s for i, s in known.by_id.items() if i not in known.deleted)
    return [s for s in others if s.status is status.status] == [status]


async def delete_status(context: RequestContext, name: str, status_id: int) -> None:
    """Mark a status as deleted; the history of old tickets keeps its name.

    NotFound without one; BadValue, which says why, for the only one of its base, a
    default, and one in use: GlobalChangeTicketStatus replaces it first. Without effect
    on one that is deleted already.
    """
    async with edit_lists(context):
        known = await load_statuses(context.db)
        status = known.by_id.get(status_id)
        if status is None:
            raise NotFound(f"{name}: {status_id} does not exist")
        if status_id in known.deleted:
            return
        if _is_last(status, known):
            raise BadValue(name, f"{status_id} is the only one of its base status")
        if status.is_default:
            raise BadValue(name, f"{status_id} is the default of its base status")
        if user := await sql.user_of(context.db, status_id):
            raise BadValue(name, f"{status_id} is in use by {user}; replace it first")
        await sql.mark_deleted(context.db, status_id)


async def move_status(context: RequestContext, status_id: int, sort_order: int) -> None:
    """Give a status another place in the list; who has it makes room."""
    require_smallint(sort_order, "SortOrder")
    async with edit_lists(context):
        places = await sql.load_ranks(context.db)
        if status_id not in places:
            raise NotFound(f"TicketStatusId: {status_id} does not exist")
        changed = move_item(places, status_id, sort_order)
        await sql.write_ranks(context.db, list(changed), list(changed.values()))
