"""`GET /api/v1/Ticket/Search`: full text over REST. An address of ours."""

from skranke.finding.carriers import FoundTickets
from skranke.finding.searching import search
from skranke.wire.call import Call, Right
from skranke.wire.carriers import Int32
from skranke.wire.errors import BadValue
from skranke.wire.operation import resource

USUAL, MOST = 20, 100  # tickets that are shown at once


@resource("GET", "/api/v1/Ticket/Search", right=Right.READ, about="TicketEntity",
          query=("query", "top", "skip"), name="Search")  # fmt: skip
async def get_found_tickets(
    call: Call, query: str, top: Int32, skip: Int32
) -> FoundTickets:
    """The tickets that a text finds, the best first, each with the place that says so.

    All words must be there, in any form, the last may go on; "words in this order",
    -not. Of many the newest thousand are ranked. BadValue for a query of more than 500
    characters, for a negative skip and a top beyond 100; 0 stands for 20.
    """
    if not 0 <= top <= MOST:
        raise BadValue("top", f"must be at most {MOST}")
    if skip < 0:
        raise BadValue("skip", "must not be negative")
    return await search(call, query, top or USUAL, skip)
