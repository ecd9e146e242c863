"""The ticket types, as the List agent reads and changes them."""

from skranke.catalog.ticket_types import save
from skranke.catalog.ticket_types.carriers import TicketTypeEntity
from skranke.catalog.ticket_types.sql import load_ticket_types
from skranke.core.context import Permission, RequestContext
from skranke.core.schema import Int32
from skranke.http.operation import operation


@operation("List", permission=Permission.READ, query=("ticket_type_entity_id",), transaction=False)
async def get_ticket_type_entity(
    context: RequestContext, ticket_type_entity_id: Int32
) -> TicketTypeEntity | None:
    """A type with its limits, deleted or not; null without one."""
    found = (await context.get_cached(load_ticket_types)).get(ticket_type_entity_id)
    return found and found.entity


@operation("List", permission=Permission.READ, bare=True, transaction=False)
async def get_ticket_type_list(
    context: RequestContext, ticket_type_entity_ids: list[Int32]
) -> list[TicketTypeEntity]:
    """Types in the order of the ids; unknown ones are left out."""
    known = await context.get_cached(load_ticket_types)
    return [known[i].entity for i in ticket_type_entity_ids if i in known]


@operation("List", permission=Permission.READ, transaction=False)
async def get_ticket_types(context: RequestContext) -> list[TicketTypeEntity]:
    """The types that aren't deleted, by rank, whichever groups they are offered to."""
    known = (await context.get_cached(load_ticket_types)).values()
    return [kind.entity for kind in known if not kind.deleted]


@operation("List", permission=Permission.READ, transaction=False)
async def create_default_ticket_type_entity(context: RequestContext) -> TicketTypeEntity:
    """A blank type, last in rank; nothing is saved."""
    return save.default_type(await context.get_cached(load_ticket_types))


@operation("List", permission=Permission.ADMINISTER, transaction=False)
async def save_ticket_type_entity(
    context: RequestContext, entity: TicketTypeEntity
) -> TicketTypeEntity:
    """The type as it is after the save: a new one for id 0, else the changed.

    Absent properties are kept. A new default takes the mark from the old one. NotFound
    without the type, BadValue for what can't be.
    """
    return await save.save_type(context, entity)


@operation(
    "List", permission=Permission.ADMINISTER, query=("ticket_type_entity_id",), transaction=False
)
async def delete_ticket_type_entity(context: RequestContext, ticket_type_entity_id: Int32) -> None:
    """Mark a type as deleted.

    NotFound without one; BadValue for the default and for one that tickets have, which
    GlobalChangeTicketType replaces.
    """
    await save.delete_type(context, "TicketTypeEntityId", ticket_type_entity_id)


@operation("List", permission=Permission.ADMINISTER, transaction=False)
async def set_ticket_type_sort_order(
    context: RequestContext, ticket_type_id: Int32, sort_order: Int32
) -> None:
    """Give a type another rank; who has it makes room."""
    await save.move_type(context, ticket_type_id, sort_order)
