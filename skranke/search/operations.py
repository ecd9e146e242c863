"""Ticket search of the CustomerService agent."""

from skranke.core.context import Permission, RequestContext
from skranke.core.errors import BadValue
from skranke.core.schema import Int32
from skranke.http.operation import operation
from skranke.search.carriers import TicketInfo
from skranke.search.titles import find_by_title, load_infos

DEFAULT_ROWS, MAX_ROWS = 50, 1000


@operation("CustomerService", permission=Permission.READ, transaction=False)
async def find_tickets_by_title_or_id(
    context: RequestContext, title_or_id: str, max_rows: Int32
) -> list[TicketInfo]:
    """The ticket of this number, then those with this in their title, the newest first.

    At most `MaxRows`, which is 50 for 0 and never more than 1,000. BadValue for a
    negative one and for a text of more than 500 characters.
    """
    if max_rows < 0:
        raise BadValue("MaxRows", "must not be negative")
    most = min(max_rows or DEFAULT_ROWS, MAX_ROWS)
    return await load_infos(context, await find_by_title(context, title_or_id, most))
