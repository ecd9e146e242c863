"""`/api/v1/List/TicketCategory`: the categories over REST.

Source: reference, List resources of the REST interface.
"""

import msgspec

from skranke.archive.mdo.editing import property_names
from skranke.catalog.categories import operations
from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.core.context import Permission, RequestContext
from skranke.core.errors import require_found
from skranke.core.schema import Int32
from skranke.http.formats.json_patch import Patch, apply_patch
from skranke.http.operation import resource

ITEMS = "/api/v1/List/TicketCategory/Items"
LIST = "TicketCategoryList"


@resource("GET", ITEMS, permission=Permission.READ, about=LIST, name="GetAllTicketCategoryEntity")
async def get_items(context: RequestContext) -> list[TicketCategoryEntity]:
    """The categories that the caller may know of, by their full names."""
    return await operations.get_ticket_categories(context)


@resource(
    "GET",
    f"{ITEMS}/{{item_id}}",
    permission=Permission.READ,
    about=LIST,
    name="GetTicketCategoryEntity",
)
async def get_item(context: RequestContext, item_id: Int32) -> TicketCategoryEntity:
    """A category; NotFound without one that the caller may know of."""
    found = await operations.get_ticket_category_entity(context, item_id)
    return require_found(found, "TicketCategory", item_id)


@resource(
    "GET",
    f"{ITEMS}/Default",
    permission=Permission.READ,
    about=LIST,
    name="CreateDefaultTicketCategoryEntity",
)
async def get_default_item(context: RequestContext) -> TicketCategoryEntity:
    """A blank category; nothing is saved."""
    return await operations.create_default_ticket_category_entity(context)


@resource(
    "POST", ITEMS, permission=Permission.ADMINISTER, about=LIST, name="PostTicketCategoryEntity"
)
async def post_item(context: RequestContext, entity: TicketCategoryEntity) -> TicketCategoryEntity:
    """The category as it is saved: a new one for id 0, else the changed."""
    return await operations.save_ticket_category_entity(context, entity)


@resource(
    "PUT",
    f"{ITEMS}/{{item_id}}",
    permission=Permission.ADMINISTER,
    about=LIST,
    name="PutTicketCategoryEntity",
)
async def put_item(
    context: RequestContext, item_id: Int32, entity: TicketCategoryEntity
) -> TicketCategoryEntity:
    """The category as it is when the posted one has replaced it; NotFound without one.

    What the body lacks becomes its default. The id is the address's.
    """
    await get_item(context, item_id)
    entity.ticket_category_id = item_id
    context = msgspec.structs.replace(context, given=property_names(TicketCategoryEntity))
    return await operations.save_ticket_category_entity(context, entity)


@resource(
    "PATCH",
    f"{ITEMS}/{{item_id}}",
    permission=Permission.ADMINISTER,
    raw=True,
    about=LIST,
    name="PatchTicketCategoryEntity",
)
async def patch_item(
    context: RequestContext, item_id: Int32, changes: Patch
) -> TicketCategoryEntity:
    """The category as it is when a JSON Patch or a merge patch is done; the id stays.

    NotFound without one, Clash when a `test` of the patch fails.
    """
    found = await get_item(context, item_id)
    entity, given = apply_patch(found, changes, context.locale)
    entity.ticket_category_id = item_id
    context = msgspec.structs.replace(context, given=given)
    return await operations.save_ticket_category_entity(context, entity)


@resource(
    "DELETE",
    f"{ITEMS}/{{item_id}}",
    permission=Permission.ADMINISTER,
    about=LIST,
    name="DeleteTicketCategoryEntity",
)
async def delete_item(context: RequestContext, item_id: Int32) -> None:
    """Delete a category as DeleteTicketCategoryEntity does; NotFound without one."""
    await get_item(context, item_id)
    await operations.delete_ticket_category_entity(context, item_id)
