"""Tickets that say the same: about the same time for common words, ever for rare ones.

Each of a ticket's most telling words is looked up by itself: first in the days around
the ticket, then in four times as many, until it was found often enough. So a rare word
is sought in all years and a common one in a few days, and what that costs is bounded
whatever the desk's size. Tickets in which the weightiest words come together are then
compared word by word.
"""

from collections import defaultdict
from datetime import timedelta
from typing import LiteralString

from skranke.core.context import RequestContext
from skranke.db.database import rows, value
from skranke.search.candidates import EXCLUDED_STATUSES, hidden_categories
from skranke.search.carriers import SimilarTicket
from skranke.search.similarity import TicketWords, compute_likenesses, load_ticket_words
from skranke.search.tsquery import quote_lexeme
from skranke.tickets.visibility import require_visible

MAX_WORDS = 10  # words, the most telling
MAX_WORD_TICKETS = 80  # of a word; then no more days are searched for it
MAX_VISIBILITY_CHECKS = 1000  # tickets with the weightiest words, checked for visibility
MAX_COMPARED_TICKETS = 50  # of them, word by word
MAX_CUSTOMER_TICKETS = 20  # tickets of the same customer's days that are compared anyway
MIN_LIKENESS = 0.05  # likeness that is told of
DUPLICATE_LIKENESS = 0.4  # likeness of duplicates; see docs/ai.md
DUPLICATE_PERIOD = timedelta(days=7)

MATCH_SQL: LiteralString = """
    SELECT ARRAY(SELECT ticket_id FROM search_document
                 WHERE words @@ w.query::tsquery AND ticket_id <> $2
"""
WORDS_SQL: LiteralString = "FROM unnest($1::text[]) WITH ORDINALITY AS w (query, place)"
WITHIN_PERIODS_SQL = f"{MATCH_SQL} AND periods && $3::int[]) {WORDS_SQL} ORDER BY place"
AT_ANY_TIME_SQL = f"{MATCH_SQL}) {WORDS_SQL} ORDER BY place"


async def find_similar(
    context: RequestContext, name: str, ticket_id: int, top: int
) -> list[SimilarTicket]:
    """Up to `top` tickets similar to this one, the most similar first.

    NotFound, naming the parameter, if the user may not see the ticket. The result has
    only visible tickets; deleted, spam and merged ones are left out.
    """
    await require_visible(context, name, [ticket_id])
    own = await load_ticket_words(context, ticket_id)
    if own is None or not own.lexemes:
        return []
    found = await _visible_tickets(context, own, await _tickets_by_weight(context, own))
    likely = await compute_likenesses(context, own, found)
    best = sorted(likely.items(), key=lambda each: (-each[1], -each[0]))[:top]
    return await _load_similar(context, own, {i: each for i, each in best if each >= MIN_LIKENESS})


async def _tickets_by_weight(context: RequestContext, own: TicketWords) -> list[int]:
    """Tickets with the most significant words, sorted by the weight of these words."""
    weights: defaultdict[int, float] = defaultdict(float)
    for word, found in (await _tickets_by_word(context, own)).items():
        for ticket_id in found:
            weights[ticket_id] += own.weights[word] ** 2
    return sorted(weights, key=lambda i: (-weights[i], -i))[:MAX_VISIBILITY_CHECKS]


async def _tickets_by_word(context: RequestContext, own: TicketWords) -> dict[int, list[int]]:
    """The tickets that contain each of the words, by the word's index."""
    found: dict[int, list[int]] = {}
    queries = [quote_lexeme(lexeme) for lexeme in own.lexemes[:MAX_WORDS]]
    rare = list(range(len(queries)))
    for period in [*own.periods, None]:
        asked = [queries[word] for word in rare], own.ticket_id
        if period is None:
            records = await context.db.fetch(AT_ANY_TIME_SQL, *asked)
        else:
            records = await context.db.fetch(
                WITHIN_PERIODS_SQL, *asked, [period - 1, period, period + 1]
            )
        found |= {word: ids for word, (ids,) in zip(rare, records, strict=True)}
        rare = [word for word in rare if len(found[word]) < MAX_WORD_TICKETS]
        if not rare:
            break
    return found


async def _visible_tickets(
    context: RequestContext, own: TicketWords, ticket_ids: list[int]
) -> list[int]:
    """The first of these that the user may see, and the customer's tickets of that time."""
    return await value(
        context.db,
        list[int],
        """
        WITH close AS (
            SELECT id FROM ticket WHERE cust_id = $6
                AND created_at BETWEEN $7::timestamptz - $8::interval AND $7 + $8
            ORDER BY abs(extract(epoch FROM created_at - $7)), id LIMIT $9
        ), wish AS (
            SELECT id, 0 AS place FROM close
            UNION ALL SELECT * FROM unnest($1::int[]) WITH ORDINALITY
        ), seen AS (
            SELECT wish.id FROM wish JOIN ticket t USING (id)
            WHERE id <> $2 AND t.status <> ALL ($3)
                AND (t.category <> ALL ($4) OR t.owned_by = nullif($5, 0))
            ORDER BY wish.place LIMIT $10
        )
        SELECT coalesce(array_agg(DISTINCT id), '{}') FROM seen
        """,
        ticket_ids,
        own.ticket_id,
        EXCLUDED_STATUSES,
        await hidden_categories(context),
        context.user.ej_user_id,
        own.cust_id,
        own.created_at,
        DUPLICATE_PERIOD,
        MAX_CUSTOMER_TICKETS,
        MAX_COMPARED_TICKETS,
    )


async def _load_similar(
    context: RequestContext, own: TicketWords, likely: dict[int, float]
) -> list[SimilarTicket]:
    return await rows(
        context.db,
        SimilarTicket,
        """
        SELECT t.id AS "TicketId", t.title AS "Title",
               round(100 * cosine)::int AS "Likeness",
               cosine >= $8
                   AND (t.cust_id = $3 OR lower(nullif(t.from_address, '')) = lower($4))
                       IS TRUE
                   AND t.created_at BETWEEN $5::timestamptz - $6::interval AND $5 + $6
                   AS "Duplicate",
               s.name AS "Status", coalesce(o."FullName", '') AS "OwnerName",
               t.last_changed AS "LastChanged"
        FROM unnest($1::int[], $2::float8[]) WITH ORDINALITY AS w (id, cosine, place)
        JOIN ticket t USING (id)
        JOIN ticket_status s ON s.id = t.ticket_status
        LEFT JOIN ejuser u ON u.id = t.owned_by
        LEFT JOIN associate a USING (associate_id)
        LEFT JOIN wire_person o ON o."PersonId" = a.person_id
        WHERE t.id <> $7
        ORDER BY place
        """,
        [*likely],
        [*likely.values()],
        own.cust_id,
        own.from_address,
        own.created_at,
        DUPLICATE_PERIOD,
        own.ticket_id,
        DUPLICATE_LIKENESS,
    )
