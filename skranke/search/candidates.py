"""Finds a search's candidates: the newest matching tickets that the user may see.

The newest days are searched first, then the days before them, ring by ring. Each ring is
about three times as long as all inner rings, and the search stops when enough tickets are
found. A ring costs as much as its days contain matches, so a common word costs no more
in a large installation than in a small one. After a ring with few matches several rings
are searched at once.
"""

from datetime import datetime, timedelta
from math import ceil, log
from typing import LiteralString

from msgspec import Struct

from skranke.catalog.categories.rules import is_open_to
from skranke.catalog.statuses.carriers import TicketBaseStatus as Base
from skranke.core.context import RequestContext
from skranke.search.tsquery import SearchTerms
from skranke.tickets.reference_data import load_reference_data

MAX_CANDIDATES = 1000  # tickets, of which the best are shown
MAX_MATCHES = 20_000  # the newest matches, whose tickets are checked for visibility
MAX_PHRASE_MATCHES = 5_000  # matches, the newest, that are read for a phrase
EXCLUDED_STATUSES = [Base.Deleted.number, Base.Merged.number, Base.Spam.number]
PERIOD_LEVELS = 5  # as search_periods numbers them: 4^level days each
DAY = timedelta(days=1)
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")

VISIBLE_SQL: LiteralString = """
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
# materialized, otherwise the planner may read all documents in the order of their dates
RING_SQL = f"""
    WITH found AS MATERIALIZED (
        SELECT ticket_id, written FROM search_document
        WHERE words @@ $1::text::tsquery AND periods && $9::int[]
    ), {VISIBLE_SQL}
"""
OLDER_SQL = f"""
    WITH ever AS MATERIALIZED (
        SELECT ticket_id, written FROM search_document
        WHERE words @@ $1::text::tsquery
    ), found AS (
        SELECT * FROM ever WHERE written < $9
    ), {VISIBLE_SQL}
"""


class Rings(Struct, frozen=True):
    """The periods of each ring, from the inside out, and the start of the oldest one."""

    periods: list[list[int]]
    before: datetime


async def hidden_categories(context: RequestContext) -> list[int]:
    """The categories whose tickets the user sees only if they own them."""
    lists = await context.get_cached(load_reference_data)
    return [
        category_id
        for category_id, category in lists.categories.items()
        if not is_open_to(category, context.user)
    ]


async def find_candidates(
    context: RequestContext, terms: SearchTerms, *, in_titles: bool = False
) -> list[int]:
    """The newest matching tickets, up to a thousand, in no particular order.

    Deleted and merged tickets are left out. With `in_titles` the words must be in the
    title.
    """
    newest: datetime | None = await context.db.fetchval("SELECT max(written) FROM search_document")
    if newest is None:
        return []
    exact = terms.ranking if in_titles else terms.exact
    most = MAX_PHRASE_MATCHES if exact else MAX_MATCHES
    hidden, own = await hidden_categories(context), context.user.ej_user_id
    found, looked_at = list[int](), 0

    async def look(sql: LiteralString, where: object) -> None:
        nonlocal looked_at
        [(some, many)] = await context.db.fetch(
            sql,
            terms.indexed,
            hidden,
            own,
            most - looked_at,
            EXCLUDED_STATUSES,
            exact,
            MAX_CANDIDATES - len(found),
            in_titles,
            where,
        )
        found.extend(some)
        looked_at += many

    rings, steps = rings_around(newest), 1
    inner = rings.periods
    while inner and len(found) < MAX_CANDIDATES and looked_at < most:
        await look(RING_SQL, [period for ring in inner[:steps] for period in ring])
        inner = inner[steps:]
        steps = _steps(max(len(found) / MAX_CANDIDATES, looked_at / most))
    if len(found) < MAX_CANDIDATES and looked_at < most:
        await look(OLDER_SQL, rings.before)
    return found


def _steps(reached: float) -> int:
    """The number of rings to search next, given the share reached; each quadruples it."""
    return max(1, ceil(-log(reached, 4))) if reached else PERIOD_LEVELS


def rings_around(newest: datetime) -> Rings:
    """The newest day and the one before it; then, level by level, what is missing to
    the newest two periods of the next.
    """
    day = (newest - EPOCH) // DAY
    last = [day // 4**level for level in range(PERIOD_LEVELS)]
    rings = [[day, day - 1]]
    for level in range(PERIOD_LEVELS - 1):
        begin = 4 * (last[level + 1] - 1)
        rings.append([100_000 * level + p for p in range(begin, last[level] - 1)])
    return Rings(rings, EPOCH + (last[-1] - 1) * 4 ** (PERIOD_LEVELS - 1) * DAY)
