"""A search from what was typed to what is shown."""

from skranke.core.context import RequestContext
from skranke.db.database import value
from skranke.search.candidates import ASIDE, ENOUGH, candidates, hidden_categories
from skranke.search.carriers import FoundTickets
from skranke.search.query_parser import address_in, number_in, parts_of
from skranke.search.results import ranked, shown
from skranke.search.tsquery import terms_of

FIRST_OF_ALL = 1.0  # the rank of the ticket whose number was typed; words stay below


async def search(context: RequestContext, query: str, top: int, skip: int) -> FoundTickets:
    """The best of the newest thousand tickets that match and that the caller may see.

    A ticket's number leads to it, whatever its status; that of a merged one to what it
    has become part of. An e-mail address finds its customer's tickets, too.
    """
    parts = parts_of(query)
    terms = await terms_of(context, parts)
    if terms is None:
        return FoundTickets()
    found = await candidates(context, terms)
    itself = await numbered(context, number_in(parts))
    of_customer = await _of_customer(context, address_in(parts))
    ranks = await ranked(context, [*{*found, *of_customer} - {itself}], terms)
    every = {itself: FIRST_OF_ALL, **ranks} if itself else ranks
    page = dict(list(every.items())[skip : skip + top])
    more = ENOUGH in (len(found), len(of_customer))
    return FoundTickets(total=len(every), more=more, value=await shown(context, page, terms))


async def numbered(context: RequestContext, number: int | None) -> int:
    """The ticket of this number, or what it was merged into; 0 for none to be seen."""
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


async def _of_customer(context: RequestContext, address: str) -> list[int]:
    """The newest tickets of who has this address now."""
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
        ASIDE,
        await hidden_categories(context),
        context.user.ej_user_id,
        ENOUGH,
    )
