"""The rules for relations, as the List agent edits them."""

from msgspec.structs import replace

from skranke.actions.relations.carriers import TicketRelationDefinitionEntity as Definition
from skranke.actions.relations.carriers import TicketRelationDefinitionResult, TicketRelationType
from skranke.actions.relations.definitions import sql
from skranke.actions.relations.definitions.rules import conflicts
from skranke.catalog.ticket_types.sql import load_ticket_types
from skranke.core.context import Permission, RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.core.schema import Int32
from skranke.http.operation import operation

SETTABLE_PROPERTIES = {
    "Name": "name",
    "Description": "description",
    "RelationType": "relation_type",
    "IsParentMandatory": "is_parent_mandatory",
    "IsCloseParentWithChild": "is_close_parent_with_child",
    "IsPreventClosingParent": "is_prevent_closing_parent",
    "IsCloseWithParent": "is_close_with_parent",
    "SourceTicketTypes": "source_ticket_types",
    "DestinationTicketTypes": "destination_ticket_types",
}


@operation("List", permission=Permission.READ, transaction=False)
async def create_default_ticket_relation_definition_entity(context: RequestContext) -> Definition:
    """A blank rule, of related tickets; nothing is saved."""
    _ = context
    return Definition()


@operation("List", permission=Permission.ADMINISTER)
async def save_ticket_relation_definition_entity(
    context: RequestContext, entity: Definition
) -> Definition:
    """The rule as it is after the save: a new one for id 0, else the changed.

    Absent properties are kept. BadValue for a name that is empty or taken, for types
    that don't exist, and for pairs that another rule of the same type covers.
    """
    known = await sql.definitions(context.db)
    wish = await _apply_posted(context, known, entity)
    if not wish.name.strip():
        raise BadValue("Name", "must not be empty")
    others = [d for d in known.values() if d.ticket_relation_def_id != wish.ticket_relation_def_id]
    if wish.name.casefold() in [other.name.casefold() for other in others]:
        raise BadValue("Name", f"{wish.name!r} is taken")
    await _check_types(context, "SourceTicketTypes", wish.source_ticket_types)
    await _check_types(context, "DestinationTicketTypes", wish.destination_ticket_types)
    for found in conflicts(others, wish):
        if not found.is_valid:
            name = found.existing_relation_definition_name
            raise BadValue("SourceTicketTypes", f"{name!r} covers one of the pairs")
    saved = await sql.save(context.db, wish)
    return (await sql.definitions(context.db))[saved]


async def _apply_posted(
    context: RequestContext, known: dict[int, Definition], posted: Definition
) -> Definition:
    stored = Definition()
    if posted.ticket_relation_def_id:
        stored = _editable(known, posted.ticket_relation_def_id)
    given = [field for name, field in SETTABLE_PROPERTIES.items() if name in context.given]
    return replace(stored, **{field: getattr(posted, field) for field in given})


def _editable(known: dict[int, Definition], definition_id: int) -> Definition:
    found = known.get(definition_id)
    if found is None:
        raise NotFound(f"TicketRelationDefId: {definition_id} does not exist")
    if found.is_built_in:
        raise BadValue("TicketRelationDefId", f"{definition_id} is built in")
    return found


async def _check_types(context: RequestContext, name: str, type_ids: list[int]) -> None:
    known = await context.get_cached(load_ticket_types)
    for wish in type_ids:
        if wish not in known or known[wish].deleted:
            raise BadValue(name, f"{wish} does not exist")


@operation(
    "List", permission=Permission.ADMINISTER, query=("ticket_relation_definition_entity_id",)
)
async def delete_ticket_relation_definition_entity(
    context: RequestContext, ticket_relation_definition_entity_id: Int32
) -> None:
    """Remove a rule; without effect where there is none. A built-in one can't be."""
    known = await sql.definitions(context.db)
    if ticket_relation_definition_entity_id in known:
        _editable(known, ticket_relation_definition_entity_id)
        await sql.delete(context.db, ticket_relation_definition_entity_id)


@operation(
    "List",
    permission=Permission.READ,
    query=("ticket_relation_definition_entity_id",),
    transaction=False,
)
async def get_ticket_relation_definition_entity(
    context: RequestContext, ticket_relation_definition_entity_id: Int32
) -> Definition | None:
    """A rule, a built-in one too; null without one."""
    known = await sql.definitions(context.db)
    return known.get(ticket_relation_definition_entity_id)


@operation("List", permission=Permission.READ, transaction=False)
async def get_all_ticket_relation_definition_entities(context: RequestContext) -> list[Definition]:
    """The rules that aren't built in, by rank."""
    return _custom_definitions(await sql.definitions(context.db))


def _custom_definitions(known: dict[int, Definition]) -> list[Definition]:
    return [rule for rule in known.values() if not rule.is_built_in]


@operation("List", permission=Permission.ADMINISTER)
async def set_ticket_relation_definition_sort_order(
    context: RequestContext, ticket_relation_def_id: Int32, sort_order: Int32
) -> None:
    """Move a rule to a place among the rules; 1 is the first, too great the last."""
    known = await sql.definitions(context.db)
    _editable(known, ticket_relation_def_id)
    order = [rule.ticket_relation_def_id for rule in _custom_definitions(known)]
    order.remove(ticket_relation_def_id)
    order.insert(max(sort_order - 1, 0), ticket_relation_def_id)
    await sql.rank(context.db, order)


@operation("List", permission=Permission.READ, transaction=False)
async def validate_ticket_relation_definition(
    context: RequestContext,
    ticket_relation_definition_id: Int32,
    source_ticket_type_ids: list[Int32],
    destination_ticket_type_ids: list[Int32],
    relation_type: TicketRelationType,
) -> list[TicketRelationDefinitionResult]:
    """For each pair of types, whether another rule of that type covers it already.

    The id is that of the rule that would have the pairs, 0 for a new one.
    """
    wish = Definition(
        ticket_relation_def_id=ticket_relation_definition_id,
        relation_type=relation_type,
        source_ticket_types=source_ticket_type_ids,
        destination_ticket_types=destination_ticket_type_ids,
    )
    return conflicts(_custom_definitions(await sql.definitions(context.db)), wish)
