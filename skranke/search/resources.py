"""Full-text search and similar tickets over REST; the addresses are Skranke's own."""

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
    """The tickets that match a query, best first, each with a highlighted excerpt.

    All words must occur, in any form, the last one also as a prefix; "quoted words" must
    occur in this order and -excluded ones must not. The newest thousand matches are
    ranked. BadValue for a query of more than 500 characters, a negative skip or a top
    above 100; top 0 means 20.
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
    """Similar tickets, the most similar first, with probable duplicates marked.

    `top` is at most 20; 0 means 5. NotFound if the user may not see the ticket. Empty for
    about a second after the ticket was created, because its words are indexed later.
    """
    if not 0 <= top <= MAX_SIMILAR:
        raise BadValue("top", f"must be at most {MAX_SIMILAR}")
    return await find_similar(context, "TicketId", ticket_id, top or DEFAULT_SIMILAR)
