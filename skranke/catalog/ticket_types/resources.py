"""`/api/v1/List/TicketType`: the ticket types over REST.

Source: reference, List resources of the REST interface.
"""

import msgspec

from skranke.archive.mdo.editing import property_names
from skranke.catalog.ticket_types import operations
from skranke.catalog.ticket_types.carriers import TicketTypeEntity
from skranke.catalog.ticket_types.sql import load_ticket_types
from skranke.core.context import Permission, RequestContext
from skranke.core.errors import require_found
from skranke.core.schema import Int32
from skranke.http.entity_resource import publish_entity
from skranke.http.formats.json_patch import Patch, apply_patch
from skranke.http.operation import resource

ITEMS = "/api/v1/List/TicketType/Items"
LIST = "TicketTypeList"


@resource(
    "GET",
    ITEMS,
    permission=Permission.READ,
    query=("include_deleted",),
    about=LIST,
    name="GetAllTicketTypeEntity",
)
async def get_items(context: RequestContext, include_deleted: bool) -> list[TicketTypeEntity]:
    """The types by rank, deleted ones only when asked for."""
    if include_deleted:
        known = await context.get_cached(load_ticket_types)
        return [kind.entity for kind in known.values()]
    return await operations.get_ticket_types(context)


@resource(
    "GET",
    f"{ITEMS}/{{item_id}}",
    permission=Permission.READ,
    about=LIST,
    name="GetTicketTypeEntity",
)
async def get_item(context: RequestContext, item_id: Int32) -> TicketTypeEntity:
    """A type, deleted or not; NotFound without one."""
    found = await operations.get_ticket_type_entity(context, item_id)
    return require_found(found, "TicketType", item_id)


@resource(
    "GET",
    f"{ITEMS}/Default",
    permission=Permission.READ,
    about=LIST,
    name="CreateDefaultTicketTypeEntity",
)
async def get_default_item(context: RequestContext) -> TicketTypeEntity:
    """A blank type; nothing is saved."""
    return await operations.create_default_ticket_type_entity(context)


@resource("POST", ITEMS, permission=Permission.ADMINISTER, about=LIST, name="PostTicketTypeEntity")
async def post_item(context: RequestContext, entity: TicketTypeEntity) -> TicketTypeEntity:
    """The type as it is saved: a new one for id 0, else the changed."""
    return await operations.save_ticket_type_entity(context, entity)


@resource(
    "PUT",
    f"{ITEMS}/{{item_id}}",
    permission=Permission.ADMINISTER,
    about=LIST,
    name="PutTicketTypeEntity",
)
async def put_item(
    context: RequestContext, item_id: Int32, entity: TicketTypeEntity
) -> TicketTypeEntity:
    """The type as it is when the posted one has replaced it; NotFound without one.

    What the body lacks becomes its default. The id is the address's.
    """
    await get_item(context, item_id)
    entity.ticket_type_id = item_id
    context = msgspec.structs.replace(context, given=property_names(TicketTypeEntity))
    return await operations.save_ticket_type_entity(context, entity)


@resource(
    "PATCH",
    f"{ITEMS}/{{item_id}}",
    permission=Permission.ADMINISTER,
    raw=True,
    about=LIST,
    name="PatchTicketTypeEntity",
)
async def patch_item(context: RequestContext, item_id: Int32, changes: Patch) -> TicketTypeEntity:
    """The type as it is when a JSON Patch or a merge patch is done; the id stays.

    NotFound without one, Clash when a `test` of the patch fails.
    """
    found = await get_item(context, item_id)
    entity, given = apply_patch(found, changes, context.locale)
    entity.ticket_type_id = item_id
    context = msgspec.structs.replace(context, given=given)
    return await operations.save_ticket_type_entity(context, entity)


@resource(
    "DELETE",
    f"{ITEMS}/{{item_id}}",
    permission=Permission.ADMINISTER,
    about=LIST,
    name="DeleteTicketTypeEntity",
)
async def delete_item(context: RequestContext, item_id: Int32) -> None:
    """Delete a type as DeleteTicketTypeEntity does; NotFound without one."""
    await get_item(context, item_id)
    await operations.delete_ticket_type_entity(context, item_id)


publish_entity(
    "TicketType",
    TicketTypeEntity,
    "ticket_type_id",
    load=operations.get_ticket_type_entity,
    create_default=operations.create_default_ticket_type_entity,
    save=operations.save_ticket_type_entity,
    delete=operations.delete_ticket_type_entity,
    permission=Permission.ADMINISTER,
)
