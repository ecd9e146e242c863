"""What the definitions say of two types, and of closing a ticket that has relatives."""

from collections.abc import Iterable

from skranke.actions.relations.carriers import TicketRelationDefinitionEntity as Definition
from skranke.actions.relations.carriers import TicketRelationDefinitionResult
from skranke.actions.relations.sql import RelatedTicket
from skranke.actions.relations.validation import child_and_parent


def family_types(definition: Definition) -> tuple[list[int], list[int]] | None:
    """The types of children and those of parents; None for a flat definition."""
    ends = definition.source_ticket_types, definition.destination_ticket_types
    order = child_and_parent(0, 1, definition.relation_type)
    return (ends[order[0]], ends[order[1]]) if order else None


def covering_definitions(
    known: Iterable[Definition], child_type: int, parent_type: int
) -> list[Definition]:
    """The definitions for a child of one type and a parent of another."""
    found: list[Definition] = []
    for definition in known:
        types = family_types(definition)
        if types and child_type in types[0] and parent_type in types[1]:
            found.append(definition)
    return found


def needs_parent(known: Iterable[Definition], ticket_type: int) -> bool:
    """Whether a ticket of this type is to have a parent."""
    families = [family_types(rule) for rule in known if rule.is_parent_mandatory]
    return any(family and ticket_type in family[0] for family in families)


def conflicts(
    known: Iterable[Definition], wish: Definition
) -> list[TicketRelationDefinitionResult]:
    """For each pair of types, whether another definition of its type covers it."""
    others = [
        other
        for other in known
        if other.ticket_relation_def_id != wish.ticket_relation_def_id
        and other.relation_type is wish.relation_type
    ]
    return [
        _result(others, source, destination)
        for source in wish.source_ticket_types
        for destination in wish.destination_ticket_types
    ]


def _result(
    others: list[Definition], source: int, destination: int
) -> TicketRelationDefinitionResult:
    name = next(
        (
            other.name
            for other in others
            if source in other.source_ticket_types and destination in other.destination_ticket_types
        ),
        "",
    )
    return TicketRelationDefinitionResult(
        source_ticket_type_id=source,
        destination_ticket_type_id=destination,
        is_valid=not name,
        existing_relation_definition_name=name,
    )


def parent_to_close(
    known: Iterable[Definition],
    ticket_type: int,
    parent: RelatedTicket | None,
    siblings: Iterable[RelatedTicket],
) -> int:
    """The parent that may be closed with its last open child; 0 for none."""
    if parent is None or not parent.is_open or any(s.is_open for s in siblings):
        return 0
    rules = covering_definitions(known, ticket_type, parent.ticket_type)
    return parent.id if any(r.is_close_parent_with_child for r in rules) else 0


def blocking_children(
    known: Iterable[Definition], ticket_type: int, children: list[RelatedTicket]
) -> list[RelatedTicket]:
    """The open children without whose end the ticket can't be closed."""
    return [
        child
        for child in children
        if child.is_open
        and any(
            rule.is_prevent_closing_parent
            for rule in covering_definitions(known, child.ticket_type, ticket_type)
        )
    ]
