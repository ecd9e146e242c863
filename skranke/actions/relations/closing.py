"""What closing a ticket would mean for its relatives, as the user interface asks it."""

from skranke.actions.relations import sql
from skranke.actions.relations.carriers import TicketRelationAction
from skranke.actions.relations.definitions.rules import (
    blocking_children,
    needs_parent,
    parent_to_close,
)
from skranke.actions.relations.definitions.sql import definitions
from skranke.actions.relations.sql import RelatedTicket
from skranke.catalog.ticket_types.sql import load_ticket_types
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.tickets.visibility import require_visible, visible_ids


async def closing_actions(
    context: RequestContext, ticket_id: int, parent_id: int, type_id: int
) -> TicketRelationAction:
    """What the rules offer when the ticket, of this type and parent, is closed.

    Zeros stand for a new ticket, its stored parent and its stored type.
    """
    await require_visible(context, "TicketId", [ticket_id] if ticket_id else [])
    await require_visible(context, "ParentTicketId", [parent_id] if parent_id else [])
    if type_id and type_id not in await context.get_cached(load_ticket_types):
        raise BadValue("TicketTypeId", f"{type_id} does not exist")
    rules = (await definitions(context.db)).values()
    if not parent_id and (link := await sql.parent(context.db, ticket_id)):
        parent_id = link.parent_id
    own = (await _relatives(context, [ticket_id])).get(ticket_id)
    kind = type_id or (own.ticket_type if own else 0)
    parent = (await _relatives(context, [parent_id])).get(parent_id)
    siblings = await _children(context, parent_id)
    children = [child for child in await _children(context, ticket_id) if child.is_open]
    blockers = blocking_children(rules, kind, children)
    return TicketRelationAction(
        ticket_id_to_close=parent_to_close(
            rules, kind, parent, [s for s in siblings if s.id != ticket_id]
        ),
        is_parent_required=needs_parent(rules, kind),
        can_close_current_ticket=not blockers,
        children=[child.as_child() for child in blockers or children],
    )


async def _children(context: RequestContext, ticket_id: int) -> list[RelatedTicket]:
    found = await sql.children(context.db, ticket_id)
    known = await _relatives(context, found)
    return [known[child] for child in found if child in known]


async def _relatives(context: RequestContext, ticket_ids: list[int]) -> dict[int, RelatedTicket]:
    return await sql.related_tickets(context.db, await visible_ids(context, ticket_ids))
