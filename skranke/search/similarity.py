"""How much alike two tickets' words are: the cosine of what they say, rare words first.

A word weighs what it tells: the rarer among all documents the more, twice as much in a
title, a little more where it is repeated. How rare words are PostgreSQL knows already:
its statistics name the most common of the documents' words (ANALYZE, which autovacuum
asks for); what isn't among them is taken for half as common as the last of those. So no
save and no document costs more for it. Words of people and files don't count, nor those
that say nothing in a language of the desk. Only words are compared: the same matter in
another language isn't found.
"""

from datetime import datetime
from typing import LiteralString

from msgspec import Struct

from skranke.core.context import RequestContext
from skranke.db.database import row
from skranke.search.tsquery import load_languages

IS_STOP_WORD_SQL: LiteralString = """
    EXISTS (SELECT FROM unnest($1::text[]) AS configuration
            WHERE ts_lexize(search_stemmer(configuration), lexeme) = '{}')
"""
# how rare words are, in one value, so that looking one up costs the same whatever the
# planner expects
RARITY_SQL: LiteralString = f"""
    rare AS MATERIALIZED (
        SELECT coalesce(jsonb_object_agg(lexeme,
                   CASE WHEN {IS_STOP_WORD_SQL} THEN 0 ELSE 0.1 - ln(share) END), '{{}}') AS words,
               0.1 - ln(coalesce(min(share) / 2, 0.01)) AS others
        FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs)
            AS told (lexeme, share)
        WHERE schemaname = current_schema() AND tablename = 'search_document'
            AND attname = 'words' AND lexeme IS NOT NULL
    )
"""
# stems of messages have no place; B and C are people and files
WORD_WEIGHTS_SQL: LiteralString = """
    SELECT d.ticket_id, lexeme,
           coalesce((rare.words -> lexeme)::float8, rare.others)
           * (1 + ln(coalesce(cardinality(positions), 1)))
           * CASE WHEN 'A' = ANY (weights) THEN 2 ELSE 1 END AS weight
    FROM search_document d CROSS JOIN rare CROSS JOIN LATERAL unnest(d.words)
    WHERE (positions IS NULL OR weights && '{A,D}') AND length(lexeme) > 1
"""
OWN_WORDS_SQL = f"""
    WITH {RARITY_SQL}, weighed AS MATERIALIZED (
        SELECT lexeme, weight, {IS_STOP_WORD_SQL} OR weight = 0 AS stop
        FROM ({WORD_WEIGHTS_SQL} AND d.ticket_id = $2) AS every
    ), told AS (
        SELECT array_agg(lexeme ORDER BY weight DESC, length(lexeme) DESC, lexeme)
                   FILTER (WHERE NOT stop) AS lexemes,
               array_agg(weight ORDER BY weight DESC, length(lexeme) DESC, lexeme)
                   FILTER (WHERE NOT stop) AS weights,
               jsonb_object_agg(lexeme, 0) FILTER (WHERE stop) AS stops
        FROM weighed
    )
    SELECT d.ticket_id, t.cust_id, t.from_address, t.created_at, d.periods,
           coalesce(lexemes, '{{}}') AS lexemes, coalesce(weights, '{{}}') AS weights,
           (rare.words || coalesce(stops, '{{}}'))::text AS rare, rare.others
    FROM told CROSS JOIN rare CROSS JOIN search_document d
    JOIN ticket t ON t.id = d.ticket_id WHERE d.ticket_id = $2
"""
COSINE_SQL = f"""
    WITH rare AS MATERIALIZED (
        SELECT $4::text::jsonb AS words, $5::float8 AS others
    ), weighed AS MATERIALIZED ({WORD_WEIGHTS_SQL} AND d.ticket_id = ANY ($1)),
    own AS (SELECT * FROM unnest($2::text[], $3::float8[]) AS o (lexeme, weight))
    SELECT ticket_id,
           sum(w.weight * own.weight)
           / sqrt(sum(w.weight ^ 2) * (SELECT sum(weight ^ 2) FROM own)) AS cosine
    FROM weighed w LEFT JOIN own USING (lexeme) GROUP BY ticket_id
    HAVING sum(w.weight * own.weight) > 0
"""


class TicketWords(Struct, frozen=True, kw_only=True):
    """A ticket's words with their weights, the weightiest first, and where it lies."""

    ticket_id: int
    cust_id: int | None
    from_address: str
    created_at: datetime
    periods: list[int]
    lexemes: list[str]
    weights: list[float]
    rare: str  # how rare words are, for the next question
    others: float


async def load_ticket_words(context: RequestContext, ticket_id: int) -> TicketWords | None:
    """What a ticket says; None as long as it has no document."""
    return await row(
        context.db, TicketWords, OWN_WORDS_SQL, await context.get_cached(load_languages), ticket_id
    )


async def compute_likenesses(
    context: RequestContext, own: TicketWords, ticket_ids: list[int]
) -> dict[int, float]:
    """How alike these tickets are to it, from 0 to 1; at 0 a ticket is left out."""
    found = await context.db.fetch(
        COSINE_SQL, ticket_ids, own.lexemes, own.weights, own.rare, own.others
    )
    return {r["ticket_id"]: r["cosine"] for r in found}
