"""Full text and similar tickets over REST. Addresses of ours."""

from skranke.core.context import Permission, RequestContext
from skranke.core.errors import BadValue
from skranke.core.schema import Int32
from skranke.http.operation import resource
from skranke.search.carriers import FoundTickets, SimilarTicket
from skranke.search.service import search
from skranke.search.similar import find_similar

DEFAULT_RESULTS, MAX_RESULTS = 20, 100  # tickets that are shown at once
DEFAULT_SIMILAR, MAX_SIMILAR = 5, 20


@resource(
    "GET",
    "/api/v1/Ticket/Search",
    permission=Permission.READ,
    about="TicketEntity",
    query=("query", "top", "skip"),
    name="Search",
)
async def get_found_tickets(
    context: RequestContext, query: str, top: Int32, skip: Int32
) -> FoundTickets:
    """The tickets that a text finds, the best first, each with the place that says so.

    All words must be there, in any form, the last may go on; "words in this order",
    -not. Of many the newest thousand are ranked. BadValue for a query of more than 500
    characters, for a negative skip and a top beyond 100; 0 stands for 20.
    """
    if not 0 <= top <= MAX_RESULTS:
        raise BadValue("top", f"must be at most {MAX_RESULTS}")
    if skip < 0:
        raise BadValue("skip", "must not be negative")
    return await search(context, query, top or DEFAULT_RESULTS, skip)


@resource(
    "GET",
    "/api/v1/Ticket/{ticket_id}/Similar",
    permission=Permission.READ,
    about="TicketEntity",
    query=("top",),
    name="Similar",
)
async def get_similar_tickets(
    context: RequestContext, ticket_id: Int32, top: Int32
) -> list[SimilarTicket]:
    """Tickets that say the same, the likest first, with duplicates marked as such.

    `top` is 5 for 0 and at most 20. NotFound unless the ticket is seen. Empty for about
    a second after the ticket was written, as its words are gathered apart from saves.
    """
    if not 0 <= top <= MAX_SIMILAR:
        raise BadValue("top", f"must be at most {MAX_SIMILAR}")
    return await find_similar(context, "TicketId", ticket_id, top or DEFAULT_SIMILAR)
