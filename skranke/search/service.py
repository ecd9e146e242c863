"""Full-text search, from the query to the results."""

from skranke.core.context import RequestContext
from skranke.db.database import value
from skranke.search.candidates import (
    EXCLUDED_STATUSES,
    MAX_CANDIDATES,
    find_candidates,
    hidden_categories,
)
from skranke.search.carriers import FoundTickets
from skranke.search.query_parser import email_address, parse_query, ticket_number
from skranke.search.results import load_results, rank_tickets
from skranke.search.tsquery import build_terms

NUMBER_MATCH_RANK = 1.0  # the rank of the ticket whose number was typed; words stay below


async def search(context: RequestContext, query: str, top: int, skip: int) -> FoundTickets:
    """The best of the newest thousand matching tickets that the user may see.

    A ticket number finds that ticket, whatever its status; the number of a merged ticket
    finds the ticket it was merged into. An email address also finds its customer's
    tickets.
    """
    parts = parse_query(query)
    terms = await build_terms(context, parts)
    if terms is None:
        return FoundTickets()
    found = await find_candidates(context, terms)
    itself = await find_by_number(context, ticket_number(parts))
    of_customer = await _find_by_address(context, email_address(parts))
    ranks = await rank_tickets(context, [*{*found, *of_customer} - {itself}], terms)
    every = {itself: NUMBER_MATCH_RANK, **ranks} if itself else ranks
    page = dict(list(every.items())[skip : skip + top])
    more = MAX_CANDIDATES in (len(found), len(of_customer))
    return FoundTickets(total=len(every), more=more, value=await load_results(context, page, terms))


async def find_by_number(context: RequestContext, number: int | None) -> int:
    """The ticket with this number, or the one it was merged into; 0 if not visible."""
    if number is None:
        return 0
    sql = """
        WITH RECURSIVE way (id, next) AS (
            SELECT id, CASE WHEN status = 5 THEN connect_id END FROM ticket
            WHERE id = $1
            UNION
            SELECT t.id, CASE WHEN t.status = 5 THEN t.connect_id END
            FROM way JOIN ticket t ON t.id = way.next
        )
        SELECT t.id FROM way JOIN ticket t USING (id)
        WHERE way.next IS NULL
            AND (t.category <> ALL ($2) OR t.owned_by = nullif($3, 0))
    """
    hidden, own = await hidden_categories(context), context.user.ej_user_id
    return await value(context.db, int, sql, number, hidden, own) or 0


async def _find_by_address(context: RequestContext, address: str) -> list[int]:
    """The newest tickets of the person who has this address now."""
    if not address:
        return []
    return await value(
        context.db,
        list[int],
        """
        SELECT coalesce(array_agg(id), '{}') FROM (
            SELECT t.id FROM email e JOIN ticket t ON t.cust_id = e.person_id
            WHERE lower(e.email_address) = lower($1) AND t.status <> ALL ($2)
                AND (t.category <> ALL ($3) OR t.owned_by = nullif($4, 0))
            ORDER BY t.created_at DESC, t.id DESC LIMIT $5
        ) AS newest
        """,
        address,
        EXCLUDED_STATUSES,
        await hidden_categories(context),
        context.user.ej_user_id,
        MAX_CANDIDATES,
    )
