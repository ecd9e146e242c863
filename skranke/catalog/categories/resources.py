"""`/api/v1/List/TicketCategory`: the categories over REST.

Source: reference, List resources of the REST interface.
"""

import msgspec

from skranke.archive.mdo.editing import all_properties
from skranke.catalog.categories import operations
from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.core.context import Call, Right
from skranke.core.errors import sought
from skranke.core.schema import Int32
from skranke.http.codecs.json_patch import Patch, patched
from skranke.http.operation import resource

ITEMS = "/api/v1/List/TicketCategory/Items"
LIST = "TicketCategoryList"


@resource("GET", ITEMS, right=Right.READ, about=LIST, name="GetAllTicketCategoryEntity")
async def get_items(call: Call) -> list[TicketCategoryEntity]:
    """The categories that the caller may know of, by their full names."""
    return await operations.get_ticket_categories(call)


@resource(
    "GET", f"{ITEMS}/{{item_id}}", right=Right.READ, about=LIST, name="GetTicketCategoryEntity"
)
async def get_item(call: Call, item_id: Int32) -> TicketCategoryEntity:
    """A category; NotFound without one that the caller may know of."""
    found = await operations.get_ticket_category_entity(call, item_id)
    return sought(found, "TicketCategory", item_id)


@resource(
    "GET",
    f"{ITEMS}/Default",
    right=Right.READ,
    about=LIST,
    name="CreateDefaultTicketCategoryEntity",
)
async def get_default_item(call: Call) -> TicketCategoryEntity:
    """A blank category; nothing is saved."""
    return await operations.create_default_ticket_category_entity(call)


@resource("POST", ITEMS, right=Right.ADMINISTER, about=LIST, name="PostTicketCategoryEntity")
async def post_item(call: Call, entity: TicketCategoryEntity) -> TicketCategoryEntity:
    """The category as it is saved: a new one for id 0, else the changed."""
    return await operations.save_ticket_category_entity(call, entity)


@resource(
    "PUT",
    f"{ITEMS}/{{item_id}}",
    right=Right.ADMINISTER,
    about=LIST,
    name="PutTicketCategoryEntity",
)
async def put_item(
    call: Call, item_id: Int32, entity: TicketCategoryEntity
) -> TicketCategoryEntity:
    """The category as it is when the posted one has replaced it; NotFound without one.

    What the body lacks becomes its default. The id is the address's.
    """
    await get_item(call, item_id)
    entity.ticket_category_id = item_id
    call = msgspec.structs.replace(call, given=all_properties(TicketCategoryEntity))
    return await operations.save_ticket_category_entity(call, entity)


@resource(
    "PATCH",
    f"{ITEMS}/{{item_id}}",
    right=Right.ADMINISTER,
    raw=True,
    about=LIST,
    name="PatchTicketCategoryEntity",
)
async def patch_item(call: Call, item_id: Int32, changes: Patch) -> TicketCategoryEntity:
    """The category as it is when a JSON Patch or a merge patch is done; the id stays.

    NotFound without one, Clash when a `test` of the patch fails.
    """
    found = await get_item(call, item_id)
    entity, given = patched(found, changes, call.locale)
    entity.ticket_category_id = item_id
    call = msgspec.structs.replace(call, given=given)
    return await operations.save_ticket_category_entity(call, entity)


@resource(
    "DELETE",
    f"{ITEMS}/{{item_id}}",
    right=Right.ADMINISTER,
    about=LIST,
    name="DeleteTicketCategoryEntity",
)
async def delete_item(call: Call, item_id: Int32) -> None:
    """Delete a category as DeleteTicketCategoryEntity does; NotFound without one."""
    await get_item(call, item_id)
    await operations.delete_ticket_category_entity(call, item_id)
