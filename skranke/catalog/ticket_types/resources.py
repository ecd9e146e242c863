"""`/api/v1/List/TicketType`: the ticket types over REST.

Source: reference, List resources of the REST interface.
"""

import msgspec

from skranke.archive.mdo.editing import all_properties
from skranke.catalog.ticket_types import operations
from skranke.catalog.ticket_types.carriers import TicketTypeEntity
from skranke.catalog.ticket_types.sql import ticket_types
from skranke.core.context import Call, Right
from skranke.core.errors import sought
from skranke.core.schema import Int32
from skranke.http.codecs.json_patch import Patch, patched
from skranke.http.operation import resource

ITEMS = "/api/v1/List/TicketType/Items"
LIST = "TicketTypeList"


@resource(
    "GET",
    ITEMS,
    right=Right.READ,
    query=("include_deleted",),
    about=LIST,
    name="GetAllTicketTypeEntity",
)
async def get_items(call: Call, include_deleted: bool) -> list[TicketTypeEntity]:
    """The types by rank, deleted ones only when asked for."""
    if include_deleted:
        known = await call.recall(ticket_types)
        return [kind.entity for kind in known.values()]
    return await operations.get_ticket_types(call)


@resource("GET", f"{ITEMS}/{{item_id}}", right=Right.READ, about=LIST, name="GetTicketTypeEntity")
async def get_item(call: Call, item_id: Int32) -> TicketTypeEntity:
    """A type, deleted or not; NotFound without one."""
    found = await operations.get_ticket_type_entity(call, item_id)
    return sought(found, "TicketType", item_id)


@resource(
    "GET", f"{ITEMS}/Default", right=Right.READ, about=LIST, name="CreateDefaultTicketTypeEntity"
)
async def get_default_item(call: Call) -> TicketTypeEntity:
    """A blank type; nothing is saved."""
    return await operations.create_default_ticket_type_entity(call)


@resource("POST", ITEMS, right=Right.ADMINISTER, about=LIST, name="PostTicketTypeEntity")
async def post_item(call: Call, entity: TicketTypeEntity) -> TicketTypeEntity:
    """The type as it is saved: a new one for id 0, else the changed."""
    return await operations.save_ticket_type_entity(call, entity)


@resource(
    "PUT", f"{ITEMS}/{{item_id}}", right=Right.ADMINISTER, about=LIST, name="PutTicketTypeEntity"
)
async def put_item(call: Call, item_id: Int32, entity: TicketTypeEntity) -> TicketTypeEntity:
    """The type as it is when the posted one has replaced it; NotFound without one.

    What the body lacks becomes its default. The id is the address's.
    """
    await get_item(call, item_id)
    entity.ticket_type_id = item_id
    call = msgspec.structs.replace(call, given=all_properties(TicketTypeEntity))
    return await operations.save_ticket_type_entity(call, entity)


@resource(
    "PATCH",
    f"{ITEMS}/{{item_id}}",
    right=Right.ADMINISTER,
    raw=True,
    about=LIST,
    name="PatchTicketTypeEntity",
)
async def patch_item(call: Call, item_id: Int32, changes: Patch) -> TicketTypeEntity:
    """The type as it is when a JSON Patch or a merge patch is done; the id stays.

    NotFound without one, Clash when a `test` of the patch fails.
    """
    found = await get_item(call, item_id)
    entity, given = patched(found, changes, call.locale)
    entity.ticket_type_id = item_id
    call = msgspec.structs.replace(call, given=given)
    return await operations.save_ticket_type_entity(call, entity)


@resource(
    "DELETE",
    f"{ITEMS}/{{item_id}}",
    right=Right.ADMINISTER,
    about=LIST,
    name="DeleteTicketTypeEntity",
)
async def delete_item(call: Call, item_id: Int32) -> None:
    """Delete a type as DeleteTicketTypeEntity does; NotFound without one."""
    await get_item(call, item_id)
    await operations.delete_ticket_type_entity(call, item_id)
