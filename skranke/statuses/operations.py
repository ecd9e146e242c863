"""The statuses under the base statuses, as the List agent reads them."""

from skranke.statuses.carriers import TicketStatusEntity
from skranke.statuses.sql import statuses
from skranke.wire.call import Call, Right
from skranke.wire.carriers import Int32
from skranke.wire.operation import operation


@operation(
    "List", right=Right.READ, query=("ticket_status_entity_id",), transaction=False
)
async def get_ticket_status_entity(
    call: Call, ticket_status_entity_id: Int32
) -> TicketStatusEntity | None:
    """A status, deleted or not; null without one."""
    return (await call.recall(statuses)).by_id.get(ticket_status_entity_id)


@operation("List", right=Right.READ, bare=True, transaction=False)
async def get_ticket_status_list(
    call: Call, ticket_status_entity_ids: list[Int32]
) -> list[TicketStatusEntity]:
    """Statuses in the order of the ids; unknown ones are left out."""
    known = (await call.recall(statuses)).by_id
    return [known[i] for i in ticket_status_entity_ids if i in known]


@operation("List", right=Right.READ, transaction=False)
async def get_ticket_statuses(call: Call) -> list[TicketStatusEntity]:
    """The statuses that aren't deleted, in the list's order."""
    known = await call.recall(statuses)
    return [s for i, s in known.by_id.items() if i not in known.deleted]
