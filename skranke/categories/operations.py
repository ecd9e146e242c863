"""The categories, as the List agent reads them.

One that is open to its members only isn't there for anybody else.
"""

from skranke.categories.carriers import TicketCategoryEntity
from skranke.categories.rules import is_open_to
from skranke.categories.sql import categories
from skranke.wire.call import Call, Right
from skranke.wire.carriers import Int32
from skranke.wire.operation import operation


@operation(
    "List", right=Right.READ, query=("ticket_category_entity_id",), transaction=False
)
async def get_ticket_category_entity(
    call: Call, ticket_category_entity_id: Int32
) -> TicketCategoryEntity | None:
    """A category; null without one that the caller may know of."""
    return (await _open(call)).get(ticket_category_entity_id)


@operation("List", right=Right.READ, bare=True, transaction=False)
async def get_ticket_category_list(
    call: Call, ticket_category_entity_ids: list[Int32]
) -> list[TicketCategoryEntity]:
    """Categories in the order of the ids; unknown ones are left out."""
    known = await _open(call)
    return [known[i] for i in ticket_category_entity_ids if i in known]


@operation("List", right=Right.READ, transaction=False)
async def get_ticket_categories(call: Call) -> list[TicketCategoryEntity]:
    """The categories by their full names."""
    return list((await _open(call)).values())


async def _open(call: Call) -> dict[int, TicketCategoryEntity]:
    """The categories that the caller may know of, by id."""
    known = await call.recall(categories)
    return {i: c.carrier for i, c in known.items() if is_open_to(c, call.caller)}
