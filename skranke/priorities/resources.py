"""`/api/v1/List/TicketPriority`: the priorities over REST.

Source: reference, List resources of the REST interface.
"""

from skranke.priorities import operations
from skranke.priorities.carriers import TicketPriorityEntity
from skranke.priorities.sql import priorities
from skranke.wire.call import Call, Right
from skranke.wire.carriers import Int32
from skranke.wire.errors import sought
from skranke.wire.operation import resource

ITEMS = "/api/v1/List/TicketPriority/Items"
LIST = "TicketPriorityList"


@resource("GET", ITEMS, right=Right.READ, query=("include_deleted",),
          about=LIST, name="GetAllTicketPriorityEntity")  # fmt: skip
async def get_items(call: Call, include_deleted: bool) -> list[TicketPriorityEntity]:
    """The priorities in their sort order, deleted ones only when asked for."""
    if include_deleted:
        return list((await call.recall(priorities)).by_id.values())
    return await operations.in_use(call)


@resource("GET", f"{ITEMS}/{{item_id}}", right=Right.READ,
          about=LIST, name="GetTicketPriorityEntity")  # fmt: skip
async def get_item(call: Call, item_id: Int32) -> TicketPriorityEntity:
    """A priority, deleted or not; NotFound without one."""
    found = await operations.get_ticket_priority_entity(call, item_id)
    return sought(found, "TicketPriority", item_id)
