"""The tags, as the List agent's operations on lists by name read and change them.

Of the lists that have no operations of their own the desk keeps this one; its name is
read in any case. Source: reference, …FromListName of the List agent.
"""

from skranke.archive.mdo.editing import edit_lists, require_name, require_smallint
from skranke.catalog.tags import sql
from skranke.catalog.tags.carriers import ListItemEntity
from skranke.core.context import Permission, RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.core.schema import Int32
from skranke.http.operation import operation

LIST_NAME = "tags"
MAX_NAME_CHARACTERS = 239
MAX_QUOTED_CHARACTERS = 60


@operation("List", permission=Permission.READ, transaction=False)
async def get_all_from_list_name(
    context: RequestContext, ud_list_definition_name: str, include_deleted: bool
) -> list[ListItemEntity]:
    """The tags by rank and name, deleted ones only when asked for."""
    _check_name(ud_list_definition_name)
    found = await sql.load_items(context.db)
    return [item for item in found if include_deleted or not item.deleted]


@operation("List", permission=Permission.READ, transaction=False)
async def get_from_list_name(
    context: RequestContext, id: Int32, ud_list_definition_name: str
) -> ListItemEntity | None:
    """A tag, deleted or not; null without one."""
    _check_name(ud_list_definition_name)
    return await sql.load_item(context.db, id)


@operation("List", permission=Permission.ADMINISTER, transaction=False)
async def add_from_list_name(
    context: RequestContext, ud_list_definition_name: str, item: ListItemEntity | None
) -> ListItemEntity | None:
    """The new tag, last in rank unless it says otherwise; BadValue if it can't be."""
    _check_name(ud_list_definition_name)
    return await _save(context, 0, item)


@operation("List", permission=Permission.ADMINISTER, transaction=False)
async def save_from_list_name(
    context: RequestContext, id: Int32, ud_list_definition_name: str, item: ListItemEntity | None
) -> ListItemEntity | None:
    """The tag as it is when the posted one has replaced it; NotFound without one."""
    _check_name(ud_list_definition_name)
    await _check_id(context, id)
    return await _save(context, id, item)


@operation("List", permission=Permission.ADMINISTER, transaction=False)
async def delete_from_list_name(
    context: RequestContext, id: Int32, ud_list_definition_name: str
) -> None:
    """Mark a tag as deleted; tickets that have it keep it. NotFound without one."""
    _check_name(ud_list_definition_name)
    await _check_id(context, id)
    async with edit_lists(context):
        await sql.mark_deleted(context.db, id)


def _check_name(name: str) -> None:
    if name.strip().lower() != LIST_NAME:
        shown = name[:MAX_QUOTED_CHARACTERS]
        raise BadValue("UdListDefinitionName", f"{shown!r} has no items to be edited")


async def _check_id(context: RequestContext, tag_id: int) -> None:
    if await sql.load_item(context.db, tag_id) is None:
        raise NotFound(f"Id: {tag_id} does not exist")


async def _save(
    context: RequestContext, tag_id: int, item: ListItemEntity | None
) -> ListItemEntity | None:
    if item is None:
        raise BadValue("Item", "is missing")
    item.name = require_name(item.name, MAX_NAME_CHARACTERS, "Item.Name")
    require_smallint(item.rank, "Item.Rank")
    async with edit_lists(context):
        for other in await sql.load_items(context.db):
            same = other.name.lower() == item.name.lower()
            if same and other.id != tag_id and not other.deleted:
                raise BadValue("Item.Name", f"tag {other.id} has this name")
        saved = await sql.write_tag(context.db, tag_id, item)
        return await sql.load_item(context.db, saved)
