"""Relations as the Ticket agent makes, shows and removes them."""

import asyncio
from typing import Any

import pytest
from msgspec.structs import replace

from skranke.actions.relations.carriers import TicketRelationEntity, TicketRelationItem
from skranke.actions.relations.carriers import TicketRelationError as Error
from skranke.actions.relations.carriers import TicketRelationType as Kind
from skranke.actions.relations.operations import (
    create_default_ticket_relation_entity,
    create_ticket_relations,
    delete_ticket_relation_entity,
    get_ticket_parent_id,
    get_ticket_relation_entity,
    get_ticket_relations,
    save_ticket_relation_entity,
    set_ticket_parent,
    validate_ticket_relations,
)
from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.core.cache import ReferenceCache
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.db import database
from tests.cast import ANNA, NOW, STEN, ContextOf
from tests.tickets.make import save

NAMES = {
    "source_ticket_id": "SourceTicketId",
    "comment": "Comment",
    "destination_ticket_id": "DestinationTicketId",
    "relation_type": "RelationType",
}


async def tickets(context: RequestContext, count: int, **properties: Any) -> list[int]:
    made = [await save(context, title=f"No. {n}", **properties) for n in range(count)]
    return [ticket.ticket_id for ticket in made]


async def related(context: RequestContext, relation_id: int = 0, **wish: Any) -> int:
    given = frozenset(NAMES[name] for name in wish)
    posted = TicketRelationEntity(ticket_relation_id=relation_id, **wish)
    saved = await save_ticket_relation_entity(replace(context, given=given), posted)
    return saved.ticket_relation_id


def shape(items: list[TicketRelationItem]) -> list[tuple[int, str]]:
    return [(item.ticket_id, item.relation_type.value) for item in items]


async def test_a_blank_relation_is_flat(context_of: ContextOf) -> None:
    blank = await create_default_ticket_relation_entity(context_of(ANNA))
    assert blank == TicketRelationEntity(relation_type=Kind.Related)


async def test_a_relation_is_seen_from_both_ends(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    pump, house, valve = await tickets(context, 3)
    one = await related(
        context,
        source_ticket_id=pump,
        destination_ticket_id=house,
        relation_type=Kind.Parent,
        comment="same house",
    )
    await related(context, source_ticket_id=pump, destination_ticket_id=valve)
    stored = await get_ticket_relation_entity(context, one)
    assert stored == TicketRelationEntity(
        ticket_relation_id=one,
        source_ticket_id=pump,
        destination_ticket_id=house,
        relation_type=Kind.Parent,
        comment="same house",
    )
    assert shape(await get_ticket_relations(context, pump)) == [
        (house, "Parent"),
        (valve, "Related"),
    ]
    [child] = await get_ticket_relations(context, house)
    assert (child.ticket_id, child.relation_type) == (pump, Kind.Child)
    assert (child.has_parent, child.child_count, child.related_count) == (True, 0, 1)
    assert (child.relation_comment, child.relation_created_at) == ("same house", NOW)
    assert (child.title, child.ticket_status_display_value) == ("No. 0", "Open")
    assert await get_ticket_parent_id(context, pump) == house
    assert await get_ticket_parent_id(context, house) == 0


async def test_a_changed_relation_keeps_what_is_not_given(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    pump, house, _ = await tickets(context, 3)
    one = await related(
        context, source_ticket_id=pump, destination_ticket_id=house, relation_type=Kind.Child
    )
    assert await related(context, one, comment="moved") == one
    stored = await get_ticket_relation_entity(context, one)
    assert stored is not None
    assert (stored.relation_type, stored.comment) == (Kind.Child, "moved")
    assert await get_ticket_parent_id(context, house) == pump


async def test_what_cannot_be_related_is_refused_and_named(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    pump, house, other = await tickets(context, 3)
    await set_ticket_parent(context, pump, house, "")
    with pytest.raises(BadValue, match=f"DestinationTicketId: Ticket {pump} has a par"):
        await related(
            context, source_ticket_id=pump, destination_ticket_id=other, relation_type=Kind.Parent
        )
    with pytest.raises(NotFound, match="SourceTicketId: 999999 does not exist"):
        await related(context, source_ticket_id=999999, destination_ticket_id=other)
    with pytest.raises(NotFound, match="TicketRelationId: 999999 does not exist"):
        await related(context, 999999, comment="?")
    assert shape(await get_ticket_relations(context, other)) == []


async def test_a_removed_relation_leaves_the_tickets(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    pump, house = await tickets(context, 2)
    one = await related(context, source_ticket_id=pump, destination_ticket_id=house)
    await delete_ticket_relation_entity(context, one)
    assert await get_ticket_relation_entity(context, one) is None
    assert await get_ticket_relations(context, pump) == []
    await delete_ticket_relation_entity(context, one)


async def test_a_new_parent_takes_the_place_of_the_old(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    pump, house, street = await tickets(context, 3)
    await set_ticket_parent(context, pump, house, "")
    await set_ticket_parent(context, house, street, "above")
    with pytest.raises(BadValue, match=r"ParentTicketId: .* is above"):
        await set_ticket_parent(context, street, pump, "")
    await set_ticket_parent(context, pump, street, "moved")
    assert await get_ticket_parent_id(context, pump) == street
    await set_ticket_parent(context, pump, 0, "")
    assert await get_ticket_parent_id(context, pump) == 0
    with pytest.raises(NotFound, match="TicketId: 999999"):
        await set_ticket_parent(context, 999999, 0, "")


async def test_many_are_judged_as_they_would_be_related(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    pump, valve, house = await tickets(context, 3)
    wish = [pump, house, pump], house, Kind.Parent
    judged = await validate_ticket_relations(context, *wish)
    assert await get_ticket_relations(context, house) == []
    assert [(r.is_valid, r.relation_error) for r in judged] == [
        (True, Error.ParentExists),
        (False, Error.SameTicket),
        (False, Error.RelationExists),
    ]
    assert await create_ticket_relations(context, *wish, "together") == judged
    assert shape(await get_ticket_relations(context, house)) == [(pump, "Child")]
    children = await create_ticket_relations(context, [pump, house], valve, Kind.Child, "")
    assert [r.is_valid for r in children] == [True, False]
    assert await get_ticket_parent_id(context, valve) == pump


async def test_a_stranger_learns_nothing_of_hidden_tickets(context_of: ContextOf) -> None:
    context, strange = context_of(ANNA), context_of(STEN)
    payroll = TicketCategoryEntity(ticket_category_id=2)
    [hidden] = await tickets(context, 1, category=payroll)
    [open_one] = await tickets(context, 1)
    await set_ticket_parent(context, open_one, hidden, "")
    assert await get_ticket_relations(strange, open_one) == []
    assert await get_ticket_parent_id(strange, open_one) == 0
    with pytest.raises(NotFound):
        await get_ticket_relations(strange, hidden)
    [mine] = await get_ticket_relations(context, open_one)
    found = await get_ticket_relation_entity(strange, mine.ticket_relation_id)
    assert found is None
    await delete_ticket_relation_entity(strange, mine.ticket_relation_id)
    assert await get_ticket_parent_id(context, open_one) == hidden


async def test_two_that_close_a_circle_at_once_do_not_both_succeed(
    own_database_url: str, context_of: ContextOf
) -> None:
    pool = await database.connect(own_database_url, size=2)
    context = replace(context_of(ANNA), cache=ReferenceCache())
    async with pool.acquire() as db:
        one, two = await tickets(replace(context, db=db), 2)

    async def adopt(child: int, parent: int) -> bool:
        async with database.transaction(pool) as db:
            try:
                await set_ticket_parent(replace(context, db=db), child, parent, "")
            except BadValue:
                return False
            return True

    went = await asyncio.gather(adopt(one, two), adopt(two, one))
    assert sorted(went) == [False, True]
    await pool.close()


async def test_relations_go_when_a_ticket_goes(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    pump, house = await tickets(context, 2)
    await set_ticket_parent(context, pump, house, "")
    await context.db.execute("DELETE FROM ticket WHERE id = $1", house)
    assert await get_ticket_relations(context, pump) == []
