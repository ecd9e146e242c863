"""The rules for relations: edited by administrators, asked when a ticket is closed."""

from typing import Any

import pytest
from msgspec.structs import replace

from skranke.actions.relations.carriers import TicketRelationActionChild
from skranke.actions.relations.carriers import TicketRelationDefinitionEntity as Definition
from skranke.actions.relations.carriers import TicketRelationType as Kind
from skranke.actions.relations.definitions.operations import (
    SETTABLE_PROPERTIES,
    create_default_ticket_relation_definition_entity,
    delete_ticket_relation_definition_entity,
    get_all_ticket_relation_definition_entities,
    get_ticket_relation_definition_entity,
    save_ticket_relation_definition_entity,
    set_ticket_relation_definition_sort_order,
    validate_ticket_relation_definition,
)
from skranke.actions.relations.operations import get_ticket_relation_actions, set_ticket_parent
from skranke.catalog.statuses.carriers import TicketBaseStatus
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.people.carriers import Person
from skranke.tickets.message_rows import TicketSecurityLevel
from tests.cast import ADA, ANNA, ContextOf
from tests.tickets.make import save

WIRE = {field: name for name, field in SETTABLE_PROPERTIES.items()}


async def ruled(context: RequestContext, definition_id: int = 0, **wish: Any) -> Definition:
    given = frozenset(WIRE[name] for name in wish)
    posted = Definition(ticket_relation_def_id=definition_id, **wish)
    return await save_ticket_relation_definition_entity(replace(context, given=given), posted)


async def incident(context: RequestContext) -> int:
    """A second type beside the shipped one."""
    return await context.db.fetchval(
        "INSERT INTO ticket_type (name) VALUES ('Incident') RETURNING ticket_type_id"
    )


async def names(context: RequestContext) -> list[str]:
    found = await get_all_ticket_relation_definition_entities(context)
    return [rule.name for rule in found]


async def test_a_rule_is_saved_read_changed_and_removed(context_of: ContextOf) -> None:
    context = context_of(ADA)
    assert await names(context) == []
    blank = await create_default_ticket_relation_definition_entity(context)
    assert blank == Definition()
    saved = await ruled(
        context,
        name="Incident of a problem",
        relation_type=Kind.Parent,
        source_ticket_types=[1],
        destination_ticket_types=[1],
        is_parent_mandatory=True,
    )
    rule_id = saved.ticket_relation_def_id
    assert await get_ticket_relation_definition_entity(context, rule_id) == saved
    changed = await ruled(context, rule_id, description="see the manual")
    assert changed == replace(saved, description="see the manual")
    await delete_ticket_relation_definition_entity(context, rule_id)
    assert await get_ticket_relation_definition_entity(context, rule_id) is None
    await delete_ticket_relation_definition_entity(context, rule_id)


async def test_the_built_in_ones_can_be_read_and_nothing_else(context_of: ContextOf) -> None:
    context = context_of(ADA)
    built_in = await get_ticket_relation_definition_entity(context, 2)
    assert built_in is not None
    assert (built_in.relation_type, built_in.is_built_in) == (Kind.Parent, True)
    with pytest.raises(BadValue, match="TicketRelationDefId: 2 is built in"):
        await ruled(context, 2, name="Mine")
    with pytest.raises(BadValue, match="TicketRelationDefId: 2 is built in"):
        await delete_ticket_relation_definition_entity(context, 2)


async def test_a_rule_that_cannot_be_is_refused_and_named(context_of: ContextOf) -> None:
    context = context_of(ADA)
    await ruled(
        context,
        name="One",
        relation_type=Kind.Parent,
        source_ticket_types=[1],
        destination_ticket_types=[1],
    )
    with pytest.raises(BadValue, match="Name: must not be empty"):
        await ruled(context, description="nameless")
    with pytest.raises(BadValue, match="Name: 'one' is taken"):
        await ruled(context, name="one")
    with pytest.raises(BadValue, match="SourceTicketTypes: 77 does not exist"):
        await ruled(context, name="Two", source_ticket_types=[77])
    with pytest.raises(BadValue, match="SourceTicketTypes: 'One' covers one"):
        await ruled(
            context,
            name="Two",
            relation_type=Kind.Parent,
            source_ticket_types=[1],
            destination_ticket_types=[1],
        )
    with pytest.raises(NotFound, match="TicketRelationDefId: 77 does not exist"):
        await ruled(context, 77, name="Two")
    assert await names(context) == ["One"]


async def test_rules_are_put_in_order(context_of: ContextOf) -> None:
    context = context_of(ADA)
    made = [await ruled(context, name=name) for name in ("A", "B", "C")]
    await set_ticket_relation_definition_sort_order(context, made[2].ticket_relation_def_id, 1)
    assert await names(context) == ["C", "A", "B"]
    await set_ticket_relation_definition_sort_order(context, made[2].ticket_relation_def_id, 99)
    assert await names(context) == ["A", "B", "C"]
    with pytest.raises(NotFound, match="TicketRelationDefId: 77"):
        await set_ticket_relation_definition_sort_order(context, 77, 1)


async def test_pairs_are_validated_each_by_itself(context_of: ContextOf) -> None:
    context = context_of(ADA)
    other = await incident(context)
    one = await ruled(
        context,
        name="One",
        relation_type=Kind.Parent,
        source_ticket_types=[1],
        destination_ticket_types=[1],
    )
    found = await validate_ticket_relation_definition(context, 0, [1], [1, other], Kind.Parent)
    assert [(r.destination_ticket_type_id, r.is_valid) for r in found] == [
        (1, False),
        (other, True),
    ]
    assert found[0].existing_relation_definition_name == "One"
    own = await validate_ticket_relation_definition(
        context, one.ticket_relation_def_id, [1], [1], Kind.Parent
    )
    assert [result.is_valid for result in own] == [True]
    flat = await validate_ticket_relation_definition(context, 0, [1], [1], Kind.Related)
    assert [result.is_valid for result in flat] == [True]


async def test_the_last_child_offers_to_close_the_parent(context_of: ContextOf) -> None:
    context = context_of(ADA)
    await ruled(
        context,
        name="One",
        relation_type=Kind.Parent,
        source_ticket_types=[1],
        destination_ticket_types=[1],
        is_close_parent_with_child=True,
        is_parent_mandatory=True,
    )
    parent, first, second = [(await save(context, title=t)).ticket_id for t in "PAB"]
    await set_ticket_parent(context, first, parent, "")
    await set_ticket_parent(context, second, parent, "")
    told = await get_ticket_relation_actions(context, first, 0, 0)
    assert (told.ticket_id_to_close, told.is_parent_required) == (0, True)
    await save(context, ticket_id=second, base_status=TicketBaseStatus.Closed)
    told = await get_ticket_relation_actions(context, first, 0, 0)
    assert told.ticket_id_to_close == parent
    fresh = await get_ticket_relation_actions(context, 0, parent, 1)
    assert fresh.ticket_id_to_close == 0


async def test_open_children_prevent_closing_their_parent(context_of: ContextOf) -> None:
    context = context_of(ADA)
    other = await incident(context)
    await ruled(
        context,
        name="One",
        relation_type=Kind.Child,
        source_ticket_types=[1],
        destination_ticket_types=[1],
        is_prevent_closing_parent=True,
    )
    kari = Person(person_id=7)
    parent = (await save(context, title="P")).ticket_id
    child = (await save(context, title="A", person=kari)).ticket_id
    await set_ticket_parent(context, child, parent, "")
    told = await get_ticket_relation_actions(context, parent, 0, 0)
    assert not told.can_close_current_ticket
    assert told.children == [
        TicketRelationActionChild(
            ticket_id=child, slevel=TicketSecurityLevel.External, email_address="kari@fjord.example"
        )
    ]
    as_other = await get_ticket_relation_actions(context, parent, 0, other)
    assert as_other.can_close_current_ticket
    assert [c.ticket_id for c in as_other.children] == [child]
    await save(context, ticket_id=child, base_status=TicketBaseStatus.Closed)
    told = await get_ticket_relation_actions(context, parent, 0, 0)
    assert (told.can_close_current_ticket, told.children) == (True, [])
    with pytest.raises(NotFound, match="TicketId: 999999"):
        await get_ticket_relation_actions(context, 999999, 0, 0)
    with pytest.raises(BadValue, match="TicketTypeId: 99"):
        await get_ticket_relation_actions(context_of(ANNA), parent, 0, 99)
