"""`/api/v1/List/TicketPriority`: the priorities over REST.

Source: reference, List resources of the REST interface.
"""

import msgspec

from skranke.archive.mdo.editing import property_names
from skranke.catalog.priorities import operations
from skranke.catalog.priorities.carriers import TicketPriorityEntity
from skranke.catalog.priorities.sql import load_priorities
from skranke.core.context import Permission, RequestContext
from skranke.core.errors import require_found
from skranke.core.schema import Int32
from skranke.http.formats.json_patch import Patch, apply_patch
from skranke.http.operation import resource

ITEMS = "/api/v1/List/TicketPriority/Items"
LIST = "TicketPriorityList"


@resource(
    "GET",
    ITEMS,
    permission=Permission.READ,
    query=("include_deleted",),
    about=LIST,
    name="GetAllTicketPriorityEntity",
)
async def get_items(context: RequestContext, include_deleted: bool) -> list[TicketPriorityEntity]:
    """The priorities in their sort order, deleted ones only when asked for."""
    if include_deleted:
        return list((await context.get_cached(load_priorities)).by_id.values())
    return await operations.usable_priorities(context)


@resource(
    "GET",
    f"{ITEMS}/{{item_id}}",
    permission=Permission.READ,
    about=LIST,
    name="GetTicketPriorityEntity",
)
async def get_item(context: RequestContext, item_id: Int32) -> TicketPriorityEntity:
    """A priority, deleted or not; NotFound without one."""
    found = await operations.get_ticket_priority_entity(context, item_id)
    return require_found(found, "TicketPriority", item_id)


@resource(
    "GET",
    f"{ITEMS}/Default",
    permission=Permission.READ,
    about=LIST,
    name="CreateDefaultTicketPriorityEntity",
)
async def get_default_item(context: RequestContext) -> TicketPriorityEntity:
    """A blank priority; nothing is saved."""
    return await operations.create_default_ticket_priority_entity(context)


@resource(
    "POST", ITEMS, permission=Permission.ADMINISTER, about=LIST, name="PostTicketPriorityEntity"
)
async def post_item(context: RequestContext, entity: TicketPriorityEntity) -> TicketPriorityEntity:
    """The priority as it is saved: a new one for id 0, else the changed."""
    return await operations.save_ticket_priority_entity(context, entity)


@resource(
    "PUT",
    f"{ITEMS}/{{item_id}}",
    permission=Permission.ADMINISTER,
    about=LIST,
    name="PutTicketPriorityEntity",
)
async def put_item(
    context: RequestContext, item_id: Int32, entity: TicketPriorityEntity
) -> TicketPriorityEntity:
    """The priority as it is when the posted one has replaced it; NotFound without one.

    What the body lacks becomes its default. The id is the address's.
    """
    await get_item(context, item_id)
    entity.ticket_priority_id = item_id
    context = msgspec.structs.replace(context, given=property_names(TicketPriorityEntity))
    return await operations.save_ticket_priority_entity(context, entity)


@resource(
    "PATCH",
    f"{ITEMS}/{{item_id}}",
    permission=Permission.ADMINISTER,
    raw=True,
    about=LIST,
    name="PatchTicketPriorityEntity",
)
async def patch_item(
    context: RequestContext, item_id: Int32, changes: Patch
) -> TicketPriorityEntity:
    """The priority as it is when a JSON Patch or a merge patch is done; the id stays.

    NotFound without one, Clash when a `test` of the patch fails.
    """
    found = await get_item(context, item_id)
    entity, given = apply_patch(found, changes, context.locale)
    entity.ticket_priority_id = item_id
    context = msgspec.structs.replace(context, given=given)
    return await operations.save_ticket_priority_entity(context, entity)


@resource(
    "DELETE",
    f"{ITEMS}/{{item_id}}",
    permission=Permission.ADMINISTER,
    about=LIST,
    name="DeleteTicketPriorityEntity",
)
async def delete_item(context: RequestContext, item_id: Int32) -> None:
    """Delete a priority as DeleteTicketPriorityEntity does; NotFound without one."""
    await get_item(context, item_id)
    await operations.delete_ticket_priority_entity(context, item_id)
