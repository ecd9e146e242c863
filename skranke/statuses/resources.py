"""`/api/v1/List/TicketStatus`: the statuses over REST.

Source: reference, List resources of the REST interface.
"""

from skranke.statuses import operations
from skranke.statuses.carriers import TicketStatusEntity
from skranke.statuses.sql import statuses
from skranke.wire.call import Call, Right
from skranke.wire.carriers import Int32
from skranke.wire.errors import sought
from skranke.wire.operation import resource

ITEMS = "/api/v1/List/TicketStatus/Items"
LIST = "TicketStatusList"


@resource("GET", ITEMS, right=Right.READ, query=("include_deleted",),
          about=LIST, name="GetAllTicketStatusEntity")  # fmt: skip
async def get_items(call: Call, include_deleted: bool) -> list[TicketStatusEntity]:
    """The statuses in the list's order, deleted ones only when asked for."""
    if include_deleted:
        return list((await call.recall(statuses)).by_id.values())
    return await operations.get_ticket_statuses(call)


@resource("GET", f"{ITEMS}/{{item_id}}", right=Right.READ,
          about=LIST, name="GetTicketStatusEntity")  # fmt: skip
async def get_item(call: Call, item_id: Int32) -> TicketStatusEntity:
    """A status, deleted or not; NotFound without one."""
    found = await operations.get_ticket_status_entity(call, item_id)
    return sought(found, "TicketStatus", item_id)
