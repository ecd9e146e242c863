"""The list of priorities. Source: reference, MDO list ticketpriority."""

from skranke.archive.mdo.carriers import MDOListItem
from skranke.archive.mdo.providers import ListQuery, mdo_list
from skranke.catalog.priorities.carriers import TicketPriorityEntity, TicketPriorityStatus
from skranke.catalog.priorities.sql import load_priorities
from skranke.catalog.ticket_types.lists import requested_type
from skranke.core.context import RequestContext

AUTOMATIC_PRIORITY_ID = -1  # as the SOAP interface of Service numbers it; a save reads it so


@mdo_list("ticketpriority", 6)
async def ticketpriority(context: RequestContext, asked: ListQuery) -> list[MDOListItem]:
    """The priorities in their sort order, which is the extra info too.

    `includeDefaultItems` begins with Automatic; `ticketType=<id>` keeps those that the
    type allows.
    """
    known = (await context.get_cached(load_priorities)).by_id
    limit = await requested_type(context, asked)
    allowed = limit.priorities if limit else frozenset[int]()
    found = [_item(p) for i, p in known.items() if not allowed or i in allowed]
    if asked.has("includeDefaultItems"):
        return [MDOListItem(id=AUTOMATIC_PRIORITY_ID, name="Automatic"), *found]
    return found


def _item(priority: TicketPriorityEntity) -> MDOListItem:
    return MDOListItem(
        id=priority.ticket_priority_id,
        name=priority.name,
        rank=priority.sort_order,
        extra_info=str(priority.sort_order),
        deleted=priority.status is TicketPriorityStatus.Deleted,
    )
