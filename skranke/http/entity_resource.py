"""The six addresses of an entity over REST, by the operations of its agent.

GET default, POST, GET, PUT, PATCH and DELETE are the same for every entity; what isn't
there is a 404 here. Source: reference, resources of the REST interface.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from skranke.core.context import Handler, Permission, RequestContext
from skranke.core.errors import require_found
from skranke.core.schema import Carrier, Int32
from skranke.http.formats.json_patch import Patch, apply_patch
from skranke.http.operation import resource

Load = Callable[[RequestContext, int], Awaitable[Any]]
CreateDefault = Callable[[RequestContext], Awaitable[Any]]
Save = Callable[[RequestContext, Any], Awaitable[Any]]
Delete = Callable[[RequestContext, int], Awaitable[None]]


def publish_entity(
    name: str,
    shape: type[Carrier],
    key: str,
    *,
    load: Load,
    create_default: CreateDefault,
    save: Save,
    delete: Delete,
    permission: Permission,
) -> None:
    """Publish `/api/v1/{name}`; `key` is the attribute that holds the entity's id."""
    path, about = f"/api/v1/{name}", f"{name}Entity"
    every = frozenset(field.encode_name for field in msgspec.structs.fields(shape))

    async def get_default(context: RequestContext) -> Any:
        """A blank entity with its defaults; nothing is saved."""
        return await create_default(context)

    async def post(context: RequestContext, entity: Any) -> Any:
        """The entity as it is saved: a new one for id 0, else the changed."""
        return await save(context, entity)

    async def get(context: RequestContext, entity_id: Int32) -> Any:
        """One entity; NotFound without it."""
        return require_found(await load(context, entity_id), name, entity_id)

    async def put(context: RequestContext, entity_id: Int32, entity: Any) -> Any:
        """The entity when the posted one has replaced it; the id is the address's."""
        await get(context, entity_id)
        setattr(entity, key, entity_id)
        return await save(msgspec.structs.replace(context, given=every), entity)

    async def patch(context: RequestContext, entity_id: Int32, changes: Patch) -> Any:
        """The entity when a JSON Patch or a merge patch is done, as one save."""
        entity, given = apply_patch(await get(context, entity_id), changes, context.locale)
        setattr(entity, key, entity_id)
        return await save(msgspec.structs.replace(context, given=given), entity)

    async def remove(context: RequestContext, entity_id: Int32) -> None:
        """Remove the entity; NotFound without it."""
        await get(context, entity_id)
        await delete(context, entity_id)

    for run in (get_default, post, get, put, patch):
        run.__annotations__["return"] = shape
    for run in (post, put):
        run.__annotations__["entity"] = shape

    def publish(method: str, address: str, verb: str, run: Handler) -> None:
        needed = Permission.READ if method == "GET" else permission
        resource(
            method,
            address,
            permission=needed,
            about=about,
            name=f"{verb}{about}",
            raw=method == "PATCH",
            transaction=method != "GET",
        )(run)

    one = f"{path}/{{entity_id}}"
    publish("GET", f"{path}/default", "Default", get_default)
    publish("POST", path, "Post", post)
    publish("GET", one, "Get", get)
    publish("PUT", one, "Put", put)
    publish("PATCH", one, "Patch", patch)
    publish("DELETE", one, "Delete", remove)
