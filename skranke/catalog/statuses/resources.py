"""`/api/v1/List/TicketStatus`: the statuses over REST.

Source: reference, List resources of the REST interface.
"""

import msgspec

from skranke.archive.mdo.editing import all_properties
from skranke.catalog.statuses import operations
from skranke.catalog.statuses.carriers import TicketStatusEntity
from skranke.catalog.statuses.sql import statuses
from skranke.core.context import Call, Right
from skranke.core.errors import sought
from skranke.core.schema import Int32
from skranke.http.codecs.json_patch import Patch, patched
from skranke.http.operation import resource

ITEMS = "/api/v1/List/TicketStatus/Items"
LIST = "TicketStatusList"


@resource(
    "GET",
    ITEMS,
    right=Right.READ,
    query=("include_deleted",),
    about=LIST,
    name="GetAllTicketStatusEntity",
)
async def get_items(call: Call, include_deleted: bool) -> list[TicketStatusEntity]:
    """The statuses in the list's order, deleted ones only when asked for."""
    if include_deleted:
        return list((await call.recall(statuses)).by_id.values())
    return await operations.get_ticket_statuses(call)


@resource("GET", f"{ITEMS}/{{item_id}}", right=Right.READ, about=LIST, name="GetTicketStatusEntity")
async def get_item(call: Call, item_id: Int32) -> TicketStatusEntity:
    """A status, deleted or not; NotFound without one."""
    found = await operations.get_ticket_status_entity(call, item_id)
    return sought(found, "TicketStatus", item_id)


@resource(
    "GET", f"{ITEMS}/Default", right=Right.READ, about=LIST, name="CreateDefaultTicketStatusEntity"
)
async def get_default_item(call: Call) -> TicketStatusEntity:
    """A blank status; nothing is saved."""
    return await operations.create_default_ticket_status_entity(call)


@resource("POST", ITEMS, right=Right.ADMINISTER, about=LIST, name="PostTicketStatusEntity")
async def post_item(call: Call, entity: TicketStatusEntity) -> TicketStatusEntity:
    """The status as it is saved: a new one for id 0, else the changed."""
    return await operations.save_ticket_status_entity(call, entity)


@resource(
    "PUT", f"{ITEMS}/{{item_id}}", right=Right.ADMINISTER, about=LIST, name="PutTicketStatusEntity"
)
async def put_item(call: Call, item_id: Int32, entity: TicketStatusEntity) -> TicketStatusEntity:
    """The status as it is when the posted one has replaced it; NotFound without one.

    What the body lacks becomes its default. The id is the address's.
    """
    await get_item(call, item_id)
    entity.ticket_status_id = item_id
    call = msgspec.structs.replace(call, given=all_properties(TicketStatusEntity))
    return await operations.save_ticket_status_entity(call, entity)


@resource(
    "PATCH",
    f"{ITEMS}/{{item_id}}",
    right=Right.ADMINISTER,
    raw=True,
    about=LIST,
    name="PatchTicketStatusEntity",
)
async def patch_item(call: Call, item_id: Int32, changes: Patch) -> TicketStatusEntity:
    """The status as it is when a JSON Patch or a merge patch is done; the id stays.

    NotFound without one, Clash when a `test` of the patch fails.
    """
    found = await get_item(call, item_id)
    entity, given = patched(found, changes, call.locale)
    entity.ticket_status_id = item_id
    call = msgspec.structs.replace(call, given=given)
    return await operations.save_ticket_status_entity(call, entity)


@resource(
    "DELETE",
    f"{ITEMS}/{{item_id}}",
    right=Right.ADMINISTER,
    about=LIST,
    name="DeleteTicketStatusEntity",
)
async def delete_item(call: Call, item_id: Int32) -> None:
    """Delete a status as DeleteTicketStatusEntity does; NotFound without one."""
    await get_item(call, item_id)
    await operations.delete_ticket_status_entity(call, item_id)
