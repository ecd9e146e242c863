"""Relations between tickets, as the Ticket agent has them."""

from skranke.actions.relations import closing, service
from skranke.actions.relations.carriers import (
    TicketRelationAction,
    TicketRelationEntity,
    TicketRelationItem,
    TicketRelationResult,
    TicketRelationType,
)
from skranke.core.context import Permission, RequestContext
from skranke.core.errors import require_found
from skranke.core.schema import Int32
from skranke.http.operation import operation


@operation("Ticket", permission=Permission.READ, transaction=False)
async def create_default_ticket_relation_entity(context: RequestContext) -> TicketRelationEntity:
    """A blank relation of the type Related; nothing is saved."""
    _ = context
    return TicketRelationEntity()


@operation("Ticket", permission=Permission.WRITE)
async def save_ticket_relation_entity(
    context: RequestContext, entity: TicketRelationEntity
) -> TicketRelationEntity:
    """The relation as it is after the save: a new one for id 0, else the changed.

    Absent properties are kept. BadValue for tickets that are the same or related
    already, for a second parent and for a circle.
    """
    if entity.ticket_relation_id:
        entity = await service.apply_posted(context, entity)
    saved = await service.save(context, entity)
    return require_found(await service.relation(context, saved), "TicketRelation", saved)


@operation("Ticket", permission=Permission.WRITE, query=("ticket_relation_entity_id",))
async def delete_ticket_relation_entity(
    context: RequestContext, ticket_relation_entity_id: Int32
) -> None:
    """Remove a relation; the tickets stay. Without effect where there is none."""
    await service.remove(context, ticket_relation_entity_id)


@operation(
    "Ticket", permission=Permission.READ, query=("ticket_relation_entity_id",), transaction=False
)
async def get_ticket_relation_entity(
    context: RequestContext, ticket_relation_entity_id: Int32
) -> TicketRelationEntity | None:
    """A relation as it was saved; null without one whose tickets the caller may see."""
    return await service.relation(context, ticket_relation_entity_id)


@operation("Ticket", permission=Permission.READ, transaction=False)
async def get_ticket_relations(
    context: RequestContext, ticket_id: Int32
) -> list[TicketRelationItem]:
    """The tickets that a ticket is related to: its parent, its children, the others.

    The type says what each is to the ticket, whichever of the two was the source.
    """
    return await service.visible_items(context, ticket_id)


@operation("Ticket", permission=Permission.READ, transaction=False)
async def get_ticket_parent_id(context: RequestContext, ticket_id: Int32) -> Int32:
    """The id of a ticket's parent; 0 without one."""
    return await service.parent_id(context, ticket_id)


@operation("Ticket", permission=Permission.WRITE)
async def set_ticket_parent(
    context: RequestContext, ticket_id: Int32, parent_ticket_id: Int32, comment: str
) -> None:
    """Give a ticket a parent in place of the one it has; 0 takes that away.

    BadValue for the ticket itself, one that it is related to, and a circle.
    """
    await service.set_parent(context, ticket_id, parent_ticket_id, comment)


@operation("Ticket", permission=Permission.READ, transaction=False)
async def validate_ticket_relations(
    context: RequestContext,
    source_ticket_ids: list[Int32],
    destination_ticket_id: Int32,
    relation_type: TicketRelationType,
) -> list[TicketRelationResult]:
    """What CreateTicketRelations would make of it, ticket by ticket; nothing is saved.

    Where IsValid is true the error means nothing.
    """
    return await service.relate_all(
        context, source_ticket_ids, destination_ticket_id, relation_type, None
    )


@operation("Ticket", permission=Permission.WRITE)
async def create_ticket_relations(
    context: RequestContext,
    source_ticket_ids: list[Int32],
    destination_ticket_id: Int32,
    relation_type: TicketRelationType,
    comment: str,
) -> list[TicketRelationResult]:
    """Relate tickets to one, those that may be; what came of each.

    Parent makes the one their parent, Child their child.
    """
    return await service.relate_all(
        context, source_ticket_ids, destination_ticket_id, relation_type, comment
    )


@operation("Ticket", permission=Permission.READ, transaction=False)
async def get_ticket_relation_actions(
    context: RequestContext, ticket_id: Int32, parent_ticket_id: Int32, ticket_type_id: Int32
) -> TicketRelationAction:
    """What the relation rules offer and forbid when the ticket is closed.

    Zeros stand for a new ticket, its stored parent and its stored type. The children
    are the open ones; where the ticket can't be closed, those that prevent it.
    """
    return await closing.closing_actions(context, ticket_id, parent_ticket_id, ticket_type_id)
