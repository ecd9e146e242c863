"""What closing a ticket would mean for its relatives, as the user interface asks it."""

from skranke.actions.relations import sql
from skranke.actions.relations.carriers import TicketRelationAction
from skranke.actions.relations.definitions.rules import needs_parent, parent_to_close, that_prevent
from skranke.actions.relations.definitions.sql import definitions
from skranke.actions.relations.sql import Relative
from skranke.catalog.ticket_types.sql import ticket_types
from skranke.core.context import Call
from skranke.core.errors import BadValue
from skranke.tickets.visibility import see_all, visible


async def actions(call: Call, ticket_id: int, parent_id: int, type_id: int) -> TicketRelationAction:
    """What the rules offer when the ticket, of this type and parent, is closed.

    Zeros stand for a new ticket, its stored parent and its stored type.
    """
    await see_all(call, "TicketId", [ticket_id] if ticket_id else [])
    await see_all(call, "ParentTicketId", [parent_id] if parent_id else [])
    if type_id and type_id not in await call.recall(ticket_types):
        raise BadValue("TicketTypeId", f"{type_id} does not exist")
    rules = (await definitions(call.db)).values()
    if not parent_id and (link := await sql.parent(call.db, ticket_id)):
        parent_id = link.parent_id
    own = (await _relatives(call, [ticket_id])).get(ticket_id)
    kind = type_id or (own.ticket_type if own else 0)
    parent = (await _relatives(call, [parent_id])).get(parent_id)
    siblings = await _children(call, parent_id)
    children = [child for child in await _children(call, ticket_id) if child.is_open]
    blockers = that_prevent(rules, kind, children)
    return TicketRelationAction(
        ticket_id_to_close=parent_to_close(
            rules, kind, parent, [s for s in siblings if s.id != ticket_id]
        ),
        is_parent_required=needs_parent(rules, kind),
        can_close_current_ticket=not blockers,
        children=[child.as_child() for child in blockers or children],
    )


async def _children(call: Call, ticket_id: int) -> list[Relative]:
    found = await sql.children(call.db, ticket_id)
    known = await _relatives(call, found)
    return [known[child] for child in found if child in known]


async def _relatives(call: Call, ticket_ids: list[int]) -> dict[int, Relative]:
    return await sql.relatives(call.db, await visible(call, ticket_ids))
