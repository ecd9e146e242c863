"""Replacing by the List agent."""

from skranke.core.context import Call, Right
from skranke.core.schema import Int32
from skranke.http.operation import operation
from skranke.tickets.replace import service


@operation("List", right=Right.ADMINISTER, transaction=False)
async def global_change_ticket_status(
    call: Call, from_ticket_status_id: Int32, to_ticket_status_id: Int32
) -> None:
    """Replace a status by another: on every ticket, in types, categories, defaults.

    BadValue for a status that isn't there or is deleted; nothing is changed then.
    """
    await service.replace_status(call, from_ticket_status_id, to_ticket_status_id)


@operation("List", right=Right.ADMINISTER, transaction=False)
async def global_change_ticket_type(
    call: Call, from_ticket_type_id: Int32, to_ticket_type_id: Int32
) -> None:
    """Replace a type by another on every ticket; BadValue as for statuses."""
    await service.replace_type(call, from_ticket_type_id, to_ticket_type_id)


@operation("List", right=Right.ADMINISTER, transaction=False)
async def move_all_tickets(
    call: Call, from_ticket_category_id: Int32, to_ticket_category_id: Int32
) -> None:
    """Move every ticket of a category into another; BadValue where one isn't there."""
    await service.move_all(call, from_ticket_category_id, to_ticket_category_id)
