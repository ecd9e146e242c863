"""`/api/v1/List/TicketPriority`: the priorities over REST.

Source: reference, List resources of the REST interface.
"""

import msgspec

from skranke.archive.mdo.editing import all_properties
from skranke.catalog.priorities import operations
from skranke.catalog.priorities.carriers import TicketPriorityEntity
from skranke.catalog.priorities.sql import priorities
from skranke.core.context import Call, Right
from skranke.core.errors import sought
from skranke.core.schema import Int32
from skranke.http.codecs.json_patch import Patch, patched
from skranke.http.operation import resource

ITEMS = "/api/v1/List/TicketPriority/Items"
LIST = "TicketPriorityList"


@resource(
    "GET",
    ITEMS,
    right=Right.READ,
    query=("include_deleted",),
    about=LIST,
    name="GetAllTicketPriorityEntity",
)
async def get_items(call: Call, include_deleted: bool) -> list[TicketPriorityEntity]:
    """The priorities in their sort order, deleted ones only when asked for."""
    if include_deleted:
        return list((await call.recall(priorities)).by_id.values())
    return await operations.in_use(call)


@resource(
    "GET", f"{ITEMS}/{{item_id}}", right=Right.READ, about=LIST, name="GetTicketPriorityEntity"
)
async def get_item(call: Call, item_id: Int32) -> TicketPriorityEntity:
    """A priority, deleted or not; NotFound without one."""
    found = await operations.get_ticket_priority_entity(call, item_id)
    return sought(found, "TicketPriority", item_id)


@resource(
    "GET",
    f"{ITEMS}/Default",
    right=Right.READ,
    about=LIST,
    name="CreateDefaultTicketPriorityEntity",
)
async def get_default_item(call: Call) -> TicketPriorityEntity:
    """A blank priority; nothing is saved."""
    return await operations.create_default_ticket_priority_entity(call)


@resource("POST", ITEMS, right=Right.ADMINISTER, about=LIST, name="PostTicketPriorityEntity")
async def post_item(call: Call, entity: TicketPriorityEntity) -> TicketPriorityEntity:
    """The priority as it is saved: a new one for id 0, else the changed."""
    return await operations.save_ticket_priority_entity(call, entity)


@resource(
    "PUT",
    f"{ITEMS}/{{item_id}}",
    right=Right.ADMINISTER,
    about=LIST,
    name="PutTicketPriorityEntity",
)
async def put_item(
    call: Call, item_id: Int32, entity: TicketPriorityEntity
) -> TicketPriorityEntity:
    """The priority as it is when the posted one has replaced it; NotFound without one.

    What the body lacks becomes its default. The id is the address's.
    """
    await get_item(call, item_id)
    entity.ticket_priority_id = item_id
    call = msgspec.structs.replace(call, given=all_properties(TicketPriorityEntity))
    return await operations.save_ticket_priority_entity(call, entity)


@resource(
    "PATCH",
    f"{ITEMS}/{{item_id}}",
    right=Right.ADMINISTER,
    raw=True,
    about=LIST,
    name="PatchTicketPriorityEntity",
)
async def patch_item(call: Call, item_id: Int32, changes: Patch) -> TicketPriorityEntity:
    """The priority as it is when a JSON Patch or a merge patch is done; the id stays.

    NotFound without one, Clash when a `test` of the patch fails.
    """
    found = await get_item(call, item_id)
    entity, given = patched(found, changes, call.locale)
    entity.ticket_priority_id = item_id
    call = msgspec.structs.replace(call, given=given)
    return await operations.save_ticket_priority_entity(call, entity)


@resource(
    "DELETE",
    f"{ITEMS}/{{item_id}}",
    right=Right.ADMINISTER,
    about=LIST,
    name="DeleteTicketPriorityEntity",
)
async def delete_item(call: Call, item_id: Int32) -> None:
    """Delete a priority as DeleteTicketPriorityEntity does; NotFound without one."""
    await get_item(call, item_id)
    await operations.delete_ticket_priority_entity(call, item_id)
