"""`/api/v1/List/TicketCategory`: the categories over REST.

Source: reference, List resources of the REST interface.
"""

from skranke.categories import operations
from skranke.categories.carriers import TicketCategoryEntity
from skranke.wire.call import Call, Right
from skranke.wire.carriers import Int32
from skranke.wire.errors import sought
from skranke.wire.operation import resource

ITEMS = "/api/v1/List/TicketCategory/Items"
LIST = "TicketCategoryList"


@resource("GET", ITEMS, right=Right.READ, about=LIST,
          name="GetAllTicketCategoryEntity")  # fmt: skip
async def get_items(call: Call) -> list[TicketCategoryEntity]:
    """The categories that the caller may know of, by their full names."""
    return await operations.get_ticket_categories(call)


@resource("GET", f"{ITEMS}/{{item_id}}", right=Right.READ,
          about=LIST, name="GetTicketCategoryEntity")  # fmt: skip
async def get_item(call: Call, item_id: Int32) -> TicketCategoryEntity:
    """A category; NotFound without one that the caller may know of."""
    found = await operations.get_ticket_category_entity(call, item_id)
    return sought(found, "TicketCategory", item_id)
