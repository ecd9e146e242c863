"""An administrator edits the tags by the operations on lists by name."""

import pytest

from skranke.catalog.tags.carriers import ListItemEntity, Tag
from skranke.catalog.tags.operations import (
    add_from_list_name,
    delete_from_list_name,
    get_all_from_list_name,
    get_from_list_name,
    save_from_list_name,
)
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from tests.cast import ADA, ContextOf
from tests.tickets.make import save as save_ticket
from tests.tickets.make import stored


async def add(context: RequestContext, name: str, **others: str | int) -> ListItemEntity:
    item = ListItemEntity(name=name, **others)  # pyright: ignore[reportArgumentType] # by their names
    added = await add_from_list_name(context, "Tags", item)
    assert added
    return added


async def test_a_tag_lives_from_added_to_deleted(context_of: ContextOf) -> None:
    context = context_of(ADA)
    first = await add(context, " warranty ", tooltip="Pays itself", rank=5)
    second = await add(context, "angry")
    assert (first.name, second.rank) == ("warranty", 6)
    assert await get_from_list_name(context, first.id, "tags") == first
    found = await get_all_from_list_name(context, "TAGS", include_deleted=False)
    assert found == [first, second]
    wish = ListItemEntity(name="Warranty", rank=9)
    saved = await save_from_list_name(context, first.id, "tags", wish)
    assert saved
    assert (saved.id, saved.name, saved.tooltip) == (first.id, "Warranty", "")
    ticket = await save_ticket(context, title="x", tags=[Tag(id=first.id)])
    await delete_from_list_name(context, first.id, "tags")
    assert await get_all_from_list_name(context, "tags", include_deleted=False) == [second]
    assert len(await get_all_from_list_name(context, "tags", include_deleted=True)) == 2
    assert [t.name for t in (await stored(context, ticket.ticket_id)).tags] == ["Warranty"]
    with pytest.raises(BadValue, match="is deleted"):
        await save_ticket(context, title="y", tags=[Tag(id=first.id)])


async def test_what_cannot_be_is_refused(context_of: ContextOf) -> None:
    context = context_of(ADA)
    await add(context, "angry")
    for item in (
        None,
        ListItemEntity(name=" "),
        ListItemEntity(name="x" * 240),
        ListItemEntity(name="Angry"),
        ListItemEntity(name="x", rank=-1),
    ):
        with pytest.raises(BadValue, match="Item"):
            await add_from_list_name(context, "tags", item)
    assert len(await get_all_from_list_name(context, "tags", include_deleted=True)) == 1


async def test_lists_and_tags_that_are_not_there_are_named(context_of: ContextOf) -> None:
    context = context_of(ADA)
    assert await get_from_list_name(context, 99, "tags") is None
    with pytest.raises(NotFound, match="Id: 99"):
        await save_from_list_name(context, 99, "tags", ListItemEntity(name="x"))
    with pytest.raises(NotFound, match="Id: 99"):
        await delete_from_list_name(context, 99, "tags")
    with pytest.raises(BadValue, match="UdListDefinitionName: 'sale'"):
        await get_all_from_list_name(context, "sale", include_deleted=False)
