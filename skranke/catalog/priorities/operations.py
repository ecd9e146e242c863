"""The priorities, as the List agent reads and changes them."""

from skranke.catalog.priorities import save
from skranke.catalog.priorities.carriers import TicketPriorityEntity, TicketPriorityStatus
from skranke.catalog.priorities.sql import load_priorities
from skranke.core.context import Permission, RequestContext
from skranke.core.schema import Int32
from skranke.http.operation import operation
from skranke.people.reference_data.carriers import TicketPriority


@operation(
    "List", permission=Permission.READ, query=("ticket_priority_entity_id",), transaction=False
)
async def get_ticket_priority_entity(
    context: RequestContext, ticket_priority_entity_id: Int32
) -> TicketPriorityEntity | None:
    """A priority with hours and escalation levels, deleted or not; null without one."""
    return (await context.get_cached(load_priorities)).by_id.get(ticket_priority_entity_id)


@operation("List", permission=Permission.READ, bare=True, transaction=False)
async def get_ticket_priority_list(
    context: RequestContext, ticket_priority_ids: list[Int32]
) -> list[TicketPriority]:
    """Priorities by name alone, in the order of the ids; unknown ones are left out."""
    known = (await context.get_cached(load_priorities)).by_id
    return [_name_only(known[i]) for i in ticket_priority_ids if i in known]


@operation("List", permission=Permission.READ, transaction=False)
async def get_ticket_priorities(context: RequestContext) -> list[TicketPriority]:
    """The priorities that aren't deleted, by name alone, in their sort order."""
    return [_name_only(priority) for priority in await usable_priorities(context)]


@operation("List", permission=Permission.READ, query=("ticket_priority_id",), transaction=False)
async def get_ticket_priority(
    context: RequestContext, ticket_priority_id: Int32
) -> TicketPriority | None:
    """A priority by name alone, deleted or not; null without one."""
    found = (await context.get_cached(load_priorities)).by_id.get(ticket_priority_id)
    return found and _name_only(found)


@operation("List", permission=Permission.READ, transaction=False)
async def get_all_ticket_priorities(
    context: RequestContext, include_deleted: bool
) -> list[TicketPriorityEntity]:
    """The priorities whole, in their sort order; deleted ones only when asked for."""
    if include_deleted:
        return list((await context.get_cached(load_priorities)).by_id.values())
    return await usable_priorities(context)


@operation("List", permission=Permission.READ, transaction=False)
async def create_default_ticket_priority_entity(context: RequestContext) -> TicketPriorityEntity:
    """A blank priority with the office hours of the default one; nothing is saved."""
    return save.default_priority(await context.get_cached(load_priorities))


@operation("List", permission=Permission.ADMINISTER, transaction=False)
async def save_ticket_priority_entity(
    context: RequestContext, entity: TicketPriorityEntity
) -> TicketPriorityEntity:
    """The priority as it is after the save: a new one for id 0, else the changed.

    Absent properties are kept; levels are replaced as a whole. Open tickets are counted
    anew by a job where office hours, deadline or levels changed. NotFound without the
    priority, BadValue for what can't be.
    """
    return await save.save_priority(context, entity)


@operation(
    "List",
    permission=Permission.ADMINISTER,
    query=("ticket_priority_entity_id",),
    transaction=False,
)
async def delete_ticket_priority_entity(
    context: RequestContext, ticket_priority_entity_id: Int32
) -> None:
    """Mark a priority as deleted; tickets that have it keep it.

    NotFound without one, BadValue for the default one and one that a type offers.
    """
    await save.delete_priority(context, "TicketPriorityEntityId", ticket_priority_entity_id)


@operation("List", permission=Permission.ADMINISTER, transaction=False)
async def set_ticket_priority_sort_order(
    context: RequestContext, ticket_priority_id: Int32, sort_order: Int32
) -> None:
    """Give a priority another number in the sort order; who has it makes room."""
    await save.move_priority(context, ticket_priority_id, sort_order)


async def usable_priorities(context: RequestContext) -> list[TicketPriorityEntity]:
    """The priorities that aren't deleted, in their sort order."""
    known = (await context.get_cached(load_priorities)).by_id.values()
    return [p for p in known if p.status is not TicketPriorityStatus.Deleted]


def _name_only(priority: TicketPriorityEntity) -> TicketPriority:
    return TicketPriority(id=priority.ticket_priority_id, value=priority.name)
