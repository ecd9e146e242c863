"""Replacing by the List agent."""

from skranke.core.context import Permission, RequestContext
from skranke.core.schema import Int32
from skranke.http.operation import operation
from skranke.tickets.replace import service


@operation("List", permission=Permission.ADMINISTER, transaction=False)
async def global_change_ticket_status(
    context: RequestContext, from_ticket_status_id: Int32, to_ticket_status_id: Int32
) -> None:
    """Replace a status by another: on every ticket, in types, categories, defaults.

    BadValue for a status that isn't there or is deleted; nothing is changed then.
    """
    await service.replace_status(context, from_ticket_status_id, to_ticket_status_id)


@operation("List", permission=Permission.ADMINISTER, transaction=False)
async def global_change_ticket_type(
    context: RequestContext, from_ticket_type_id: Int32, to_ticket_type_id: Int32
) -> None:
    """Replace a type by another on every ticket; BadValue as for statuses."""
    await service.replace_type(context, from_ticket_type_id, to_ticket_type_id)


@operation("List", permission=Permission.ADMINISTER, transaction=False)
async def move_all_tickets(
    context: RequestContext, from_ticket_category_id: Int32, to_ticket_category_id: Int32
) -> None:
    """Move every ticket of a category into another; BadValue where one isn't there."""
    await service.move_all(context, from_ticket_category_id, to_ticket_category_id)
