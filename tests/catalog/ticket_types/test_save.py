"""An administrator edits ticket types; one of them is always the default."""

from typing import Any

import pytest

from skranke.catalog.ticket_types.carriers import TicketType, TicketTypeEntity
from skranke.catalog.ticket_types.operations import (
    create_default_ticket_type_entity,
    delete_ticket_type_entity,
    get_ticket_type_entity,
    get_ticket_types,
    save_ticket_type_entity,
    set_ticket_type_sort_order,
)
from skranke.catalog.ticket_types.resources import (
    delete_item,
    get_default_item,
    patch_item,
    post_item,
    put_item,
)
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from tests.archive.mdo.make import with_posted
from tests.cast import ADA, ContextOf
from tests.tickets.make import save as save_ticket

REQUEST = 1


async def save(context: RequestContext, **properties: Any) -> TicketTypeEntity:
    return await save_ticket_type_entity(*with_posted(context, TicketTypeEntity, **properties))


async def test_a_new_type_is_there_with_all_it_was_given(context_of: ContextOf) -> None:
    context = context_of(ADA)
    blank = await create_default_ticket_type_entity(context)
    assert blank == await get_default_item(context)
    assert (blank.ticket_type_id, blank.rank, blank.show_in_new) == (0, 2, True)
    saved = await save(
        context,
        name="Incident",
        icon="bolt",
        tooltip="It broke",
        visible_for_groups=[2, 2],
        ticket_statuses=[2, 1],
        default_ticket_status=1,
        ticket_priorities=[3],
        default_ticket_priority=3,
        exclude_signature=True,
        reply_template=4,
    )
    assert await get_ticket_type_entity(context, saved.ticket_type_id) == saved
    assert saved.ticket_statuses == [1, 2]
    assert saved.ticket_priorities == [3]
    assert saved.visible_for_groups == [2]
    assert (saved.rank, saved.exclude_signature, saved.is_default) == (2, True, False)
    again = await save(context, ticket_type_id=saved.ticket_type_id, name="Breakdown")
    assert (again.name, again.ticket_statuses) == ("Breakdown", [1, 2])
    wish = TicketType(ticket_type_id=saved.ticket_type_id)
    ticket = await save_ticket(context, title="x", ticket_type=wish)
    assert ticket.priority
    assert ticket.priority.ticket_priority_id == 3


async def test_a_new_default_takes_the_mark_from_the_old_one(context_of: ContextOf) -> None:
    context = context_of(ADA)
    new = await save(context, name="Incident", is_default=True)
    found = {t.ticket_type_id: t.is_default for t in await get_ticket_types(context)}
    assert found == {REQUEST: False, new.ticket_type_id: True}
    ticket = await save_ticket(context, title="x")
    assert ticket.ticket_type
    assert ticket.ticket_type.ticket_type_id == new.ticket_type_id


@pytest.mark.parametrize(
    ("properties", "name"),
    [
        ({"name": ""}, "Name"),
        ({"name": "Other"}, "Name"),
        ({"rank": -1}, "Rank"),
        ({"icon": "x" * 33}, "Icon"),
        ({"is_default": False}, "IsDefault"),
        ({"default_ticket_status": 99}, "TicketStatuses"),
        ({"ticket_statuses": [1]}, "DefaultTicketStatus"),
        ({"ticket_statuses": [1], "default_ticket_status": 2}, "DefaultTicketStatus"),
        ({"ticket_statuses": [1, 99], "default_ticket_status": 1}, "TicketStatuses"),
        ({"ticket_priorities": [1]}, "DefaultTicketPriority"),
        ({"ticket_priorities": [1, 99], "default_ticket_priority": 1}, "TicketPriorities"),
        ({"visible_for_groups": [99]}, "VisibleForGroups"),
    ],
)
async def test_what_cannot_be_is_refused(
    context_of: ContextOf, properties: dict[str, Any], name: str
) -> None:
    context = context_of(ADA)
    await save(context, name="Other")
    before = await get_ticket_types(context)
    with pytest.raises(BadValue) as refused:
        await save(context, ticket_type_id=REQUEST, **properties)
    assert refused.value.name == name
    assert await get_ticket_types(context) == before


async def test_one_that_is_not_there_is_named(context_of: ContextOf) -> None:
    context = context_of(ADA)
    for deed in (
        save(context, ticket_type_id=99, name="x"),
        delete_ticket_type_entity(context, 99),
        set_ticket_type_sort_order(context, 99, 1),
        delete_item(context, 99),
        put_item(context, 99, TicketTypeEntity()),
    ):
        with pytest.raises(NotFound, match="99"):
            await deed


async def test_a_deleted_one_is_offered_no_more(context_of: ContextOf) -> None:
    context = context_of(ADA)
    new = await save(context, name="Incident")
    await delete_ticket_type_entity(context, new.ticket_type_id)
    await delete_ticket_type_entity(context, new.ticket_type_id)
    assert [t.ticket_type_id for t in await get_ticket_types(context)] == [REQUEST]
    assert await get_ticket_type_entity(context, new.ticket_type_id) == new
    with pytest.raises(BadValue, match="is deleted"):
        await save(context, ticket_type_id=new.ticket_type_id, name="Back")
    wish = TicketType(ticket_type_id=new.ticket_type_id)
    with pytest.raises(BadValue, match="is deleted"):
        await save_ticket(context, title="x", ticket_type=wish)


async def test_the_default_and_one_in_use_are_not_deleted(context_of: ContextOf) -> None:
    context = context_of(ADA)
    with pytest.raises(BadValue, match="1 is the default"):
        await delete_ticket_type_entity(context, REQUEST)
    ticket = await save_ticket(context, title="x")
    await save(context, name="Incident", is_default=True)
    with pytest.raises(BadValue, match=f"in use by ticket {ticket.ticket_id}"):
        await delete_item(context, REQUEST)
    assert len(await get_ticket_types(context)) == 2


async def test_sort_order_moves_one_and_others_make_room(context_of: ContextOf) -> None:
    context = context_of(ADA)
    new = await save(context, name="Incident")
    await set_ticket_type_sort_order(context, new.ticket_type_id, 1)
    found = await get_ticket_types(context)
    assert [(t.ticket_type_id, t.rank) for t in found] == [(new.ticket_type_id, 1), (REQUEST, 2)]
    with pytest.raises(BadValue, match="SortOrder"):
        await set_ticket_type_sort_order(context, REQUEST, 40_000)


async def test_rest_creates_replaces_patches_and_deletes(context_of: ContextOf) -> None:
    context = context_of(ADA)
    new = await post_item(*with_posted(context, TicketTypeEntity, name="A", tooltip="a"))
    type_id = new.ticket_type_id
    replaced = await put_item(context, type_id, TicketTypeEntity(name="B"))
    assert (replaced.name, replaced.tooltip) == ("B", "")
    patched = await patch_item(context, type_id, b'{"Tooltip": "b"}')
    assert (patched.name, patched.tooltip) == ("B", "b")
    await delete_item(context, type_id)
    assert [t.ticket_type_id for t in await get_ticket_types(context)] == [REQUEST]
