"""Relating tickets: judge a wish, then write it, with nobody else in between."""

from msgspec.structs import replace

from skranke.actions.relations import sql
from skranke.actions.relations.carriers import (
    TicketRelationEntity,
    TicketRelationItem,
    TicketRelationResult,
    TicketRelationType,
)
from skranke.actions.relations.validation import RelationFault, TicketLinks, find_fault
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.tickets.visibility import require_visible, visible_ids


async def relation(context: RequestContext, relation_id: int) -> TicketRelationEntity | None:
    """A relation of which the caller may see both ends; None without one."""
    found = await sql.relation(context.db, relation_id)
    if found is None:
        return None
    ends = [found.source_ticket_id, found.destination_ticket_id]
    return found if len(await visible_ids(context, ends)) == 2 else None


async def save(context: RequestContext, wish: TicketRelationEntity) -> int:
    """Write a relation, a new one for id 0; its id. BadValue for what can't be."""
    source, destination = wish.source_ticket_id, wish.destination_ticket_id
    await require_visible(context, "SourceTicketId", [source])
    await require_visible(context, "DestinationTicketId", [destination])
    await sql.lock_relations(context.db)
    known = await sql.load_links(context.db, [source, destination], wish.ticket_relation_id)
    if fault := find_fault(known, source, destination, wish.relation_type):
        raise BadValue("DestinationTicketId", fault.message)
    if not wish.ticket_relation_id:
        return await sql.insert(context.db, wish, _change_stamp(context))
    await sql.update(context.db, wish, _change_stamp(context))
    return wish.ticket_relation_id


async def apply_posted(
    context: RequestContext, posted: TicketRelationEntity
) -> TicketRelationEntity:
    """What is posted over what is stored; NotFound without it."""
    stored = await relation(context, posted.ticket_relation_id)
    if stored is None:
        raise NotFound(f"TicketRelationId: {posted.ticket_relation_id} does not exist")
    wishes = {
        "SourceTicketId": "source_ticket_id",
        "DestinationTicketId": "destination_ticket_id",
        "RelationType": "relation_type",
        "Comment": "comment",
    }
    given = [field for name, field in wishes.items() if name in context.given]
    return replace(stored, **{field: getattr(posted, field) for field in given})


async def remove(context: RequestContext, relation_id: int) -> None:
    """Remove a relation; without effect where the caller sees none of that id."""
    if await relation(context, relation_id):
        await sql.delete(context.db, relation_id)


async def relate_all(
    context: RequestContext,
    sources: list[int],
    destination: int,
    kind: TicketRelationType,
    comment: str | None,
) -> list[TicketRelationResult]:
    """Relate tickets one after the other, as far as each may be; what came of each.

    Without a comment it is only judged, as if each had been related before the next.
    """
    await require_visible(context, "SourceTicketIds", sources)
    await require_visible(context, "DestinationTicketId", [destination])
    if comment is not None:
        await sql.lock_relations(context.db)
    known = await sql.load_links(context.db, [*sources, destination])
    faults: list[tuple[int, RelationFault | None]] = []
    for source in sources:
        fault = find_fault(known, source, destination, kind)
        faults.append((source, fault))
        if fault:
            continue
        known.add(source, destination, kind)
        if comment is not None:
            wish = TicketRelationEntity(
                source_ticket_id=source,
                destination_ticket_id=destination,
                relation_type=kind,
                comment=comment,
            )
            await sql.insert(context.db, wish, _change_stamp(context))
    return [_result(source, fault) for source, fault in faults]


def _result(source: int, fault: RelationFault | None) -> TicketRelationResult:
    if fault is None:
        return TicketRelationResult(source_ticket_id=source, is_valid=True)
    return TicketRelationResult(
        source_ticket_id=source, relation_error=fault.error, error_message=fault.message
    )


async def set_parent(context: RequestContext, ticket_id: int, parent_id: int, comment: str) -> None:
    """Give a ticket this parent in place of any other; 0 takes it away."""
    await require_visible(context, "TicketId", [ticket_id])
    if parent_id:
        await require_visible(context, "ParentTicketId", [parent_id])
    await sql.lock_relations(context.db)
    former = await sql.parent(context.db, ticket_id)
    if former:
        await sql.delete(context.db, former.relation_id)
    if not parent_id:
        return
    known: TicketLinks = await sql.load_links(context.db, [ticket_id, parent_id])
    kind = TicketRelationType.Parent
    if fault := find_fault(known, ticket_id, parent_id, kind):
        raise BadValue("ParentTicketId", fault.message)
    wish = TicketRelationEntity(
        source_ticket_id=ticket_id,
        destination_ticket_id=parent_id,
        relation_type=kind,
        comment=comment,
    )
    await sql.insert(context.db, wish, _change_stamp(context))


async def visible_items(context: RequestContext, ticket_id: int) -> list[TicketRelationItem]:
    """What a ticket is related to, as far as the caller may see it."""
    await require_visible(context, "TicketId", [ticket_id])
    found = await sql.items(context.db, ticket_id)
    seen = await visible_ids(context, [item.ticket_id for item in found])
    return [item for item in found if item.ticket_id in seen]


async def parent_id(context: RequestContext, ticket_id: int) -> int:
    """A ticket's parent; 0 without one that the caller may see."""
    await require_visible(context, "TicketId", [ticket_id])
    link = await sql.parent(context.db, ticket_id)
    return link.parent_id if link and await visible_ids(context, [link.parent_id]) else 0


def _change_stamp(context: RequestContext) -> sql.ChangeStamp:
    return sql.ChangeStamp(context.user.associate_id, context.now)
