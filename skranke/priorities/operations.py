"""The priorities, as the List agent reads them."""

from skranke.priorities.carriers import (
    TicketPriority,
    TicketPriorityEntity,
    TicketPriorityStatus,
)
from skranke.priorities.sql import priorities
from skranke.wire.call import Call, Right
from skranke.wire.carriers import Int32
from skranke.wire.operation import operation


@operation(
    "List", right=Right.READ, query=("ticket_priority_entity_id",), transaction=False
)
async def get_ticket_priority_entity(
    call: Call, ticket_priority_entity_id: Int32
) -> TicketPriorityEntity | None:
    """A priority with hours and escalation levels, deleted or not; null without one."""
    return (await call.recall(priorities)).by_id.get(ticket_priority_entity_id)


@operation("List", right=Right.READ, bare=True, transaction=False)
async def get_ticket_priority_list(
    call: Call, ticket_priority_ids: list[Int32]
) -> list[TicketPriority]:
    """Priorities by name alone, in the order of the ids; unknown ones are left out."""
    known = (await call.recall(priorities)).by_id
    return [_named(known[i]) for i in ticket_priority_ids if i in known]


@operation("List", right=Right.READ, transaction=False)
async def get_ticket_priorities(call: Call) -> list[TicketPriority]:
    """The priorities that aren't deleted, by name alone, in their sort order."""
    return [_named(priority) for priority in await in_use(call)]


async def in_use(call: Call) -> list[TicketPriorityEntity]:
    """The priorities that aren't deleted, in their sort order."""
    known = (await call.recall(priorities)).by_id.values()
    return [p for p in known if p.status is not TicketPriorityStatus.Deleted]


def _named(priority: TicketPriorityEntity) -> TicketPriority:
    return TicketPriority(id=priority.ticket_priority_id, value=priority.name)
