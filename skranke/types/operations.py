"""The ticket types, as the List agent reads them."""

from skranke.types.carriers import TicketTypeEntity
from skranke.types.sql import ticket_types
from skranke.wire.call import Call, Right
from skranke.wire.carriers import Int32
from skranke.wire.operation import operation


@operation(
    "List", right=Right.READ, query=("ticket_type_entity_id",), transaction=False
)
async def get_ticket_type_entity(
    call: Call, ticket_type_entity_id: Int32
) -> TicketTypeEntity | None:
    """A type with its limits, deleted or not; null without one."""
    found = (await call.recall(ticket_types)).get(ticket_type_entity_id)
    return found and found.entity


@operation("List", right=Right.READ, bare=True, transaction=False)
async def get_ticket_type_list(
    call: Call, ticket_type_entity_ids: list[Int32]
) -> list[TicketTypeEntity]:
    """Types in the order of the ids; unknown ones are left out."""
    known = await call.recall(ticket_types)
    return [known[i].entity for i in ticket_type_entity_ids if i in known]


@operation("List", right=Right.READ, transaction=False)
async def get_ticket_types(call: Call) -> list[TicketTypeEntity]:
    """The types that aren't deleted, by rank, whichever groups they are offered to."""
    known = (await call.recall(ticket_types)).values()
    return [kind.entity for kind in known if not kind.deleted]
