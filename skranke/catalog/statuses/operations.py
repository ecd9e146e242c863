"""The statuses under the base statuses, as the List agent reads and changes them."""

from skranke.catalog.statuses import save
from skranke.catalog.statuses.carriers import TicketStatusEntity
from skranke.catalog.statuses.sql import load_statuses
from skranke.core.context import Permission, RequestContext
from skranke.core.schema import Int32
from skranke.http.operation import operation


@operation(
    "List", permission=Permission.READ, query=("ticket_status_entity_id",), transaction=False
)
async def get_ticket_status_entity(
    context: RequestContext, ticket_status_entity_id: Int32
) -> TicketStatusEntity | None:
    """A status, deleted or not; null without one."""
    return (await context.get_cached(load_statuses)).by_id.get(ticket_status_entity_id)


@operation("List", permission=Permission.READ, bare=True, transaction=False)
async def get_ticket_status_list(
    context: RequestContext, ticket_status_entity_ids: list[Int32]
) -> list[TicketStatusEntity]:
    """Statuses in the order of the ids; unknown ones are left out."""
    known = (await context.get_cached(load_statuses)).by_id
    return [known[i] for i in ticket_status_entity_ids if i in known]


@operation("List", permission=Permission.READ, transaction=False)
async def get_ticket_statuses(context: RequestContext) -> list[TicketStatusEntity]:
    """The statuses that aren't deleted, in the list's order."""
    known = await context.get_cached(load_statuses)
    return [s for i, s in known.by_id.items() if i not in known.deleted]


@operation("List", permission=Permission.READ, transaction=False)
async def create_default_ticket_status_entity(context: RequestContext) -> TicketStatusEntity:
    """A blank status, open; nothing is saved."""
    _ = context
    return save.default_status()


@operation("List", permission=Permission.ADMINISTER, transaction=False)
async def save_ticket_status_entity(
    context: RequestContext, entity: TicketStatusEntity
) -> TicketStatusEntity:
    """The status as it is after the save: a new one for id 0, else the changed.

    Absent properties are kept. A new default takes the mark from the old one of its
    base. NotFound without the status, BadValue for what can't be.
    """
    return await save.save_status(context, entity)


@operation(
    "List", permission=Permission.ADMINISTER, query=("ticket_status_entity_id",), transaction=False
)
async def delete_ticket_status_entity(
    context: RequestContext, ticket_status_entity_id: Int32
) -> None:
    """Mark a status as deleted.

    NotFound without one; BadValue for the only one of its base, a default, and one in
    use, which GlobalChangeTicketStatus replaces.
    """
    await save.delete_status(context, "TicketStatusEntityId", ticket_status_entity_id)


@operation("List", permission=Permission.ADMINISTER, transaction=False)
async def set_ticket_status_sort_order(
    context: RequestContext, ticket_status_id: Int32, sort_order: Int32
) -> None:
    """Give a status another place in the list; who has it makes room."""
    await save.move_status(context, ticket_status_id, sort_order)
