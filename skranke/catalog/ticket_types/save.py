"""Saving and deleting ticket types: one of them is the default, and each has a name.

Source: the admin manual on request types, and TicketTypeEntity of the reference.
"""

import msgspec

from skranke.archive.mdo.editing import (
    edit_lists,
    merge_posted,
    require_length,
    require_name,
    require_smallint,
)
from skranke.archive.mdo.ordering import move_item
from skranke.catalog.ticket_types import sql
from skranke.catalog.ticket_types.carriers import TicketTypeEntity
from skranke.catalog.ticket_types.sql import AllowedType, load_ticket_types
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.db.database import Db

MAX_NAME_CHARACTERS, MAX_ICON_CHARACTERS = 255, 32


def default_type(known: dict[int, AllowedType]) -> TicketTypeEntity:
    """A new type: last of the list, for everybody, any status and priority allowed."""
    return TicketTypeEntity(
        rank=1 + max((kind.entity.rank for kind in known.values()), default=0),
        is_external_visible=True,
        show_in_new=True,
    )


async def save_type(context: RequestContext, posted: TicketTypeEntity) -> TicketTypeEntity:
    """The type as it is after the save: a new one for id 0, else the changed.

    A new default takes the mark from the old one. NotFound and BadValue change nothing.
    """
    async with edit_lists(context):
        known = await load_ticket_types(context.db)
        before = _load_before(known, posted.ticket_type_id)
        new = posted.ticket_type_id == 0
        after = _normalize(merge_posted(context, before, posted, new=new))
        _check(before, after, known)
        await _check_limits(context.db, before, after)
        if after.is_default:
            await sql.clear_default(context.db, after.ticket_type_id)
        type_id = await sql.write_type(context.db, after)
        await sql.write_limits(context.db, type_id, after)
        return (await load_ticket_types(context.db))[type_id].entity


def _load_before(known: dict[int, AllowedType], type_id: int) -> TicketTypeEntity:
    if type_id == 0:
        return default_type(known)
    if type_id not in known:
        raise NotFound(f"TicketTypeId: {type_id} does not exist")
    if known[type_id].deleted:
        raise BadValue("TicketTypeId", f"{type_id} is deleted")
    return known[type_id].entity


def _normalize(kind: TicketTypeEntity) -> TicketTypeEntity:
    return msgspec.structs.replace(
        kind,
        name=require_name(kind.name, MAX_NAME_CHARACTERS),
        ticket_statuses=sorted(set(kind.ticket_statuses)),
        ticket_priorities=sorted(set(kind.ticket_priorities)),
        visible_for_groups=sorted(set(kind.visible_for_groups)),
    )


def _check(
    before: TicketTypeEntity, after: TicketTypeEntity, known: dict[int, AllowedType]
) -> None:
    require_smallint(after.rank, "Rank")
    require_length(after.icon, MAX_ICON_CHARACTERS, "Icon")
    names = {t.entity.name: i for i, t in known.items() if i != after.ticket_type_id}
    if after.name in names:
        raise BadValue("Name", f"type {names[after.name]} has this name")
    if before.is_default and not after.is_default:
        raise BadValue("IsDefault", "make another type the default instead")


async def _check_limits(db: Db, before: TicketTypeEntity, after: TicketTypeEntity) -> None:
    """Lists and defaults must exist; a list needs a default, which must be in it."""
    _check_default("TicketStatus", after.default_ticket_status, after.ticket_statuses)
    _check_default("TicketPriority", after.default_ticket_priority, after.ticket_priorities)
    kept = {*before.ticket_statuses, before.default_ticket_status}
    wished = {*after.ticket_statuses, after.default_ticket_status} - kept
    _check_usable("TicketStatuses", await sql.first_unusable_status(db, list(wished)))
    kept = {*before.ticket_priorities, before.default_ticket_priority}
    wished = {*after.ticket_priorities, after.default_ticket_priority} - kept
    _check_usable("TicketPriorities", await sql.first_unusable_priority(db, list(wished)))
    wished = {*after.visible_for_groups} - {*before.visible_for_groups}
    _check_usable("VisibleForGroups", await sql.first_unknown_group(db, list(wished)))


def _check_default(what: str, default: int, listed: list[int]) -> None:
    if listed and default not in listed:
        raise BadValue(f"Default{what}", f"{default} is none of those that are listed")


def _check_usable(name: str, unusable: int | None) -> None:
    if unusable is not None:
        raise BadValue(name, f"{unusable} does not exist")


async def delete_type(context: RequestContext, name: str, type_id: int) -> None:
    """Mark a type as deleted; nobody can choose it any more.

    NotFound without one; BadValue for the default and for one that tickets have:
    GlobalChangeTicketType replaces it first. Without effect on a deleted one.
    """
    async with edit_lists(context):
        kind = (await load_ticket_types(context.db)).get(type_id)
        if kind is None:
            raise NotFound(f"{name}: {type_id} does not exist")
        if kind.deleted:
            return
        if kind.entity.is_default:
            raise BadValue(name, f"{type_id} is the default type")
        if ticket := await sql.any_ticket_of(context.db, type_id):
            raise BadValue(name, f"{type_id} is in use by ticket {ticket}")
        await sql.mark_deleted(context.db, type_id)


async def move_type(context: RequestContext, type_id: int, sort_order: int) -> None:
    """Give a type another rank; who has it makes room."""
    require_smallint(sort_order, "SortOrder")
    async with edit_lists(context):
        known = await load_ticket_types(context.db)
        if type_id not in known:
            raise NotFound(f"TicketTypeId: {type_id} does not exist")
        places = {i: kind.entity.rank for i, kind in known.items()}
        changed = move_item(places, type_id, sort_order)
        await sql.write_ranks(context.db, list(changed), list(changed.values()))
