"""`/api/v1/List/TicketStatus`: the statuses over REST.

Source: reference, List resources of the REST interface.
"""

import msgspec

from skranke.archive.mdo.editing import property_names
from skranke.catalog.statuses import operations
from skranke.catalog.statuses.carriers import TicketStatusEntity
from skranke.catalog.statuses.sql import load_statuses
from skranke.core.context import Permission, RequestContext
from skranke.core.errors import require_found
from skranke.core.schema import Int32
from skranke.http.formats.json_patch import Patch, apply_patch
from skranke.http.operation import resource

ITEMS = "/api/v1/List/TicketStatus/Items"
LIST = "TicketStatusList"


@resource(
    "GET",
    ITEMS,
    permission=Permission.READ,
    query=("include_deleted",),
    about=LIST,
    name="GetAllTicketStatusEntity",
)
async def get_items(context: RequestContext, include_deleted: bool) -> list[TicketStatusEntity]:
    """The statuses in the list's order, deleted ones only when asked for."""
    if include_deleted:
        return list((await context.get_cached(load_statuses)).by_id.values())
    return await operations.get_ticket_statuses(context)


@resource(
    "GET",
    f"{ITEMS}/{{item_id}}",
    permission=Permission.READ,
    about=LIST,
    name="GetTicketStatusEntity",
)
async def get_item(context: RequestContext, item_id: Int32) -> TicketStatusEntity:
    """A status, deleted or not; NotFound without one."""
    found = await operations.get_ticket_status_entity(context, item_id)
    return require_found(found, "TicketStatus", item_id)


@resource(
    "GET",
    f"{ITEMS}/Default",
    permission=Permission.READ,
    about=LIST,
    name="CreateDefaultTicketStatusEntity",
)
async def get_default_item(context: RequestContext) -> TicketStatusEntity:
    """A blank status; nothing is saved."""
    return await operations.create_default_ticket_status_entity(context)


@resource(
    "POST", ITEMS, permission=Permission.ADMINISTER, about=LIST, name="PostTicketStatusEntity"
)
async def post_item(context: RequestContext, entity: TicketStatusEntity) -> TicketStatusEntity:
    """The status as it is saved: a new one for id 0, else the changed."""
    return await operations.save_ticket_status_entity(context, entity)


@resource(
    "PUT",
    f"{ITEMS}/{{item_id}}",
    permission=Permission.ADMINISTER,
    about=LIST,
    name="PutTicketStatusEntity",
)
async def put_item(
    context: RequestContext, item_id: Int32, entity: TicketStatusEntity
) -> TicketStatusEntity:
    """The status as it is when the posted one has replaced it; NotFound without one.

    What the body lacks becomes its default. The id is the address's.
    """
    await get_item(context, item_id)
    entity.ticket_status_id = item_id
    context = msgspec.structs.replace(context, given=property_names(TicketStatusEntity))
    return await operations.save_ticket_status_entity(context, entity)


@resource(
    "PATCH",
    f"{ITEMS}/{{item_id}}",
    permission=Permission.ADMINISTER,
    raw=True,
    about=LIST,
    name="PatchTicketStatusEntity",
)
async def patch_item(context: RequestContext, item_id: Int32, changes: Patch) -> TicketStatusEntity:
    """The status as it is when a JSON Patch or a merge patch is done; the id stays.

    NotFound without one, Clash when a `test` of the patch fails.
    """
    found = await get_item(context, item_id)
    entity, given = apply_patch(found, changes, context.locale)
    entity.ticket_status_id = item_id
    context = msgspec.structs.replace(context, given=given)
    return await operations.save_ticket_status_entity(context, entity)


@resource(
    "DELETE",
    f"{ITEMS}/{{item_id}}",
    permission=Permission.ADMINISTER,
    about=LIST,
    name="DeleteTicketStatusEntity",
)
async def delete_item(context: RequestContext, item_id: Int32) -> None:
    """Delete a status as DeleteTicketStatusEntity does; NotFound without one."""
    await get_item(context, item_id)
    await operations.delete_ticket_status_entity(context, item_id)
