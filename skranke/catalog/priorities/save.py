"""Saving a priority with its levels, and noting what it was where times hang on it."""

from collections.abc import Mapping
from datetime import date, datetime, time

from skranke.archive.mdo.editing import edit_lists, merge_posted, require_name, require_smallint
from skranke.archive.mdo.ordering import move_item
from skranke.catalog.priorities import reschedule_event, sql
from skranke.catalog.priorities.carriers import (
    TicketPriorityEntity,
    TicketPriorityFlags,
    TicketPriorityStatus,
)
from skranke.catalog.priorities.carriers import TicketPriorityEscalateEvent as Event
from skranke.catalog.priorities.carriers import TicketPriorityEscalationLevelEntity as Level
from skranke.catalog.priorities.sql import Priorities, load_priorities
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.core.schema import Int32
from skranke.http.operation import pascal
from skranke.people.sql import load_associates_by_ej_user

MAX_NAME_CHARACTERS = 64
REASSIGN_ACTION = 1  # TicketAlertAction
Status = TicketPriorityStatus


def default_priority(known: Priorities) -> TicketPriorityEntity:
    """A new priority: offered to customers, last of the list, the default's hours."""
    hours = {name: getattr(known.default, name) for name in sql.HOUR_COLUMNS}
    return TicketPriorityEntity(
        status=Status.Normal,
        flags=TicketPriorityFlags.External,
        sort_order=1 + max(p.sort_order for p in known.by_id.values()),
        ticket_read=Event.None_,
        changed_owner=Event.None_,
        ticket_newinfo=Event.None_,
        ticket_closed=Event.None_,
        ticket_changed_priority=Event.None_,
        ticket_new=Event.Restart,
        **hours,
    )


async def save_priority(
    context: RequestContext, posted: TicketPriorityEntity
) -> TicketPriorityEntity:
    """The priority as it is after the save: a new one for id 0, else the changed.

    Levels are replaced as a whole. Where times of tickets hang on what changed, the
    open ones are counted anew by a job. NotFound and BadValue change nothing.
    """
    async with edit_lists(context):
        known = await load_priorities(context.db)
        before = _load_before(known, posted.ticket_priority_id)
        new = posted.ticket_priority_id == 0
        after = _normalize(merge_posted(context, before, posted, new=new))
        after.ticket_priority_id = before.ticket_priority_id
        _check(after)
        await _check_levels(context, before, after)
        await _check_state(context, before, after)
        return await _write(context, before, after)


def _load_before(known: Priorities, priority_id: int) -> TicketPriorityEntity:
    if priority_id == 0:
        return default_priority(known)
    if priority_id not in known.by_id:
        raise NotFound(f"TicketPriorityId: {priority_id} does not exist")
    return known.by_id[priority_id]


async def _write(
    context: RequestContext, before: TicketPriorityEntity, after: TicketPriorityEntity
) -> TicketPriorityEntity:
    if TicketPriorityFlags.Default in after.flags:
        await sql.clear_default(context.db, after.ticket_priority_id)
    if after.ticket_priority_id:
        await sql.update_priority(context.db, after)
        await reschedule_event.record_edit(context.db, before, after)
    else:
        after.ticket_priority_id = await sql.insert_priority(context.db, after)
    if after.escalation_levels != before.escalation_levels:
        await sql.replace_levels(context.db, after)
    return (await load_priorities(context.db)).by_id[after.ticket_priority_id]


def _normalize(priority: TicketPriorityEntity) -> TicketPriorityEntity:
    """With a status, each day off once, and of hours nothing but the time of day."""
    priority.name = require_name(priority.name, MAX_NAME_CHARACTERS)
    if priority.status is Status.Unknown:
        priority.status = Status.Normal
    days = (datetime.combine(day, time.min) for day in priority.non_dates)
    priority.non_dates = list(dict.fromkeys(days))
    for name in sql.HOUR_COLUMNS:
        hour = getattr(priority, name).time().replace(microsecond=0)
        setattr(priority, name, datetime.combine(date.min, hour))
    return priority


def _check(priority: TicketPriorityEntity) -> None:
    require_smallint(priority.sort_order, "SortOrder")
    if priority.deadline < 0:
        raise BadValue("Deadline", f"{priority.deadline} is negative")
    for opens, closes in zip(sql.HOUR_COLUMNS[::2], sql.HOUR_COLUMNS[1::2], strict=True):
        start, stop = getattr(priority, opens).time(), getattr(priority, closes).time()
        if time.min < stop < start:
            raise BadValue(
                pascal(closes),
                f"{stop:%H:%M} is before {pascal(opens)} {start:%H:%M}; hours end on the day they"
                " begin, at midnight (00:00) at the latest: give the rest to the next day",
            )


async def _check_state(
    context: RequestContext, before: TicketPriorityEntity, after: TicketPriorityEntity
) -> None:
    default = TicketPriorityFlags.Default
    if default in before.flags and default not in after.flags:
        raise BadValue("Flags", "make another priority the default instead")
    if after.status is Status.Deleted and default in after.flags:
        raise BadValue("Status", "the default priority can't be deleted")
    if after.status is Status.Deleted is not before.status:
        await _check_deletable(context, "Status", before)


async def _check_deletable(
    context: RequestContext, name: str, priority: TicketPriorityEntity
) -> None:
    """BadValue for the default priority, and for one that a type offers."""
    priority_id = priority.ticket_priority_id
    if TicketPriorityFlags.Default in priority.flags:
        raise BadValue(name, f"{priority_id} is the default priority")
    if user := await sql.type_with(context.db, priority_id):
        raise BadValue(name, f"{priority_id} is used by ticket type {user!r}")


async def _check_levels(
    context: RequestContext, before: TicketPriorityEntity, after: TicketPriorityEntity
) -> None:
    known = {level.ticket_alert_id for level in before.escalation_levels} | {0}
    users = await load_associates_by_ej_user(context.db)
    reached, seen = 0, set[int]()
    for place, level in enumerate(after.escalation_levels):
        name = f"EscalationLevels[{place}]"
        if require_smallint(level.alert_level, f"{name}.AlertLevel") <= reached:
            raise BadValue(f"{name}.AlertLevel", "levels must ascend from 1")
        reached = level.alert_level
        alert_id = level.ticket_alert_id
        if alert_id not in known or (alert_id and alert_id in seen):
            raise BadValue(f"{name}.TicketAlertId", f"{alert_id} is none of its levels")
        seen.add(alert_id)
        _check_level(level, name, users)


def _check_level(level: Level, name: str, users: Mapping[int, object]) -> None:
    if level.alert_timeout < 0:
        raise BadValue(f"{name}.AlertTimeout", f"{level.alert_timeout} is negative")
    if level.action < 0:
        raise BadValue(f"{name}.Action", f"{level.action} is negative")
    if level.action & REASSIGN_ACTION and level.delegate_to not in users:
        raise BadValue(f"{name}.DelegateTo", f"{level.delegate_to} does not exist")


async def delete_priority(context: RequestContext, name: str, priority_id: int) -> None:
    """Mark a priority as deleted; old tickets keep it, nobody can choose it any more.

    NotFound without one, BadValue for the default one and one that a type uses.
    """
    async with edit_lists(context):
        before = (await load_priorities(context.db)).by_id.get(priority_id)
        if before is None:
            raise NotFound(f"{name}: {priority_id} does not exist")
        await _check_deletable(context, name, before)
        await sql.mark_deleted(context.db, priority_id)


async def move_priority(context: RequestContext, priority_id: Int32, sort_order: Int32) -> None:
    """Give a priority another number in the sort order; who has it makes room."""
    require_smallint(sort_order, "SortOrder")
    async with edit_lists(context):
        known = (await load_priorities(context.db)).by_id
        if priority_id not in known:
            raise NotFound(f"TicketPriorityId: {priority_id} does not exist")
        places = {i: priority.sort_order for i, priority in known.items()}
        changed = move_item(places, priority_id, sort_order)
        await sql.write_sort_order(context.db, list(changed), list(changed.values()))
