"""`/api/v1/List/TicketType`: the ticket types over REST.

Source: reference, List resources of the REST interface.
"""

from skranke.types import operations
from skranke.types.carriers import TicketTypeEntity
from skranke.types.sql import ticket_types
from skranke.wire.call import Call, Right
from skranke.wire.carriers import Int32
from skranke.wire.errors import sought
from skranke.wire.operation import resource

ITEMS = "/api/v1/List/TicketType/Items"
LIST = "TicketTypeList"


@resource("GET", ITEMS, right=Right.READ, query=("include_deleted",),
          about=LIST, name="GetAllTicketTypeEntity")  # fmt: skip
async def get_items(call: Call, include_deleted: bool) -> list[TicketTypeEntity]:
    """The types by rank, deleted ones only when asked for."""
    if include_deleted:
        known = await call.recall(ticket_types)
        return [kind.entity for kind in known.values()]
    return await operations.get_ticket_types(call)


@resource("GET", f"{ITEMS}/{{item_id}}", right=Right.READ,
          about=LIST, name="GetTicketTypeEntity")  # fmt: skip
async def get_item(call: Call, item_id: Int32) -> TicketTypeEntity:
    """A type, deleted or not; NotFound without one."""
    found = await operations.get_ticket_type_entity(call, item_id)
    return sought(found, "TicketType", item_id)
