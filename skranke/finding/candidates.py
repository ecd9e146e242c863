"""Which tickets a search is about: the newest that match and that the caller may see.

First the newest day is looked through, then four days, sixteen and so on, until enough
is found; every step costs what its days hold of the words, so a common word costs no
more on a large desk than on a small one.
"""

from datetime import datetime, timedelta
from typing import LiteralString

from skranke.categories.rules import is_open_to
from skranke.finding.terms import Terms
from skranke.statuses.carriers import TicketBaseStatus as Base
from skranke.tickets.choices import choices
from skranke.wire.call import Call

ENOUGH = 1000  # tickets, of which the best are shown
LOOKED_AT = 20_000  # matches, the newest, whose tickets are asked for who may see them
READ_THROUGH = 5_000  # matches, the newest, that are read for a phrase
ASIDE = [Base.Deleted.number, Base.Merged.number, Base.Spam.number]
LEVELS = range(5)  # as search_periods numbers them: 4^level days each
DAY = timedelta(days=1)
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")

SEEN: LiteralString = """
    newest AS MATERIALIZED (
        SELECT ticket_id, written FROM found
        ORDER BY written DESC, ticket_id DESC LIMIT $4
    )
    SELECT coalesce(array_agg(ticket_id), '{}'), (SELECT count(*) FROM newest)
    FROM (
        SELECT ticket_id FROM newest n
        WHERE (SELECT t.status <> ALL ($5)
                   AND (t.category <> ALL ($2) OR t.owned_by = nullif($3, 0))
               FROM ticket t WHERE t.id = n.ticket_id)
            AND ($6::text IS NULL OR (
               SELECT CASE WHEN $8 THEN ts_filter(words, '{a}') ELSE words END
                   @@ $6::text::tsquery
               FROM search_document d WHERE d.ticket_id = n.ticket_id))
        LIMIT $7
    ) AS seen
"""
# materialized, lest the order leads the planner to read all documents by their date
EVER = f"""
    WITH found AS MATERIALIZED (
        SELECT ticket_id, written FROM search_document
        WHERE words @@ $1::text::tsquery
    ), {SEEN}
"""
WITHIN = f"""
    WITH found AS MATERIALIZED (
        SELECT ticket_id, written FROM search_document
        WHERE words @@ $1::text::tsquery AND periods && $9::int[]
    ), {SEEN}
"""


async def hidden_categories(call: Call) -> list[int]:
    """The categories whose tickets the caller sees only where he owns them."""
    lists = await call.recall(choices)
    return [
        category_id
        for category_id, category in lists.categories.items()
        if not is_open_to(category, call.caller)
    ]


async def candidates(call: Call, terms: Terms, *, in_titles: bool = False) -> list[int]:
    """The newest tickets that match, up to a thousand, in no order.

    Those in the bin and those that are merged aren't among them. With `in_titles` the
    words must be in the title.
    """
    newest: datetime | None = await call.db.fetchval(
        "SELECT max(written) FROM search_document"
    )
    if newest is None:
        return []
    exact = terms.ranking if in_titles else terms.exact
    most = READ_THROUGH if exact else LOOKED_AT
    values = (
        terms.indexed, await hidden_categories(call), call.caller.ej_user_id, most,
        ASIDE, exact, ENOUGH, in_titles,
    )  # fmt: skip
    for level in LEVELS:
        periods = _newest_two(level, newest)
        [(found, looked_at)] = await call.db.fetch(WITHIN, *values, periods)
        if len(found) == ENOUGH or looked_at == most:
            return found
    [(found, _)] = await call.db.fetch(EVER, *values)
    return found


def _newest_two(level: int, newest: datetime) -> list[int]:
    """The newest period of a level, which has only begun, and the one before it."""
    last = 100_000 * level + (newest - EPOCH) // DAY // 4**level
    return [last, last - 1]
