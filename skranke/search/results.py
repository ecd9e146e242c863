"""Ranks the tickets found and loads the best with their highlights."""

from datetime import datetime
from html import escape

from msgspec import Struct

from skranke.core.context import RequestContext
from skranke.db.database import rows
from skranke.search.carriers import FoundTicket
from skranke.search.indexing import default_language
from skranke.search.tsquery import SearchTerms

MAX_MESSAGES = 20  # of a ticket, the newest, in which the best place is looked for
MAX_MESSAGE_CHARACTERS = 20_000  # of a message
BEGIN, END = "\ue000", "\ue001"  # placeholders of <mark> until the text is escaped

# a word in the title weighs ten times as much as one in a message; the age factor falls
# from 1 to 0.3 with a time constant of 90 days
RANK = """
    SELECT t.id, (ts_rank('{0.1, 0.2, 0.4, 1.0}', d.words, $2::text::tsquery, 1)
        * (0.3 + 0.7 * exp(greatest(0, extract(epoch FROM
              $3 - coalesce(t.last_changed, t.created_at))) / -(90 * 86400)))
        )::double precision AS rank
    FROM unnest($1::int[]) AS wish (id)
    JOIN ticket t USING (id) LEFT JOIN search_document d ON d.ticket_id = t.id
    ORDER BY rank DESC NULLS LAST, t.id DESC
"""
SHOW = """
    SELECT t.id AS ticket_id, t.title, coalesce(m.id, 0) AS message_id,
           ts_headline(coalesce(m.configuration, 'simple')::regconfig,
               translate(coalesce(m.text, search_text(t.title, '')), $3 || $4, ''),
               $2::text::tsquery,
               format('StartSel=%s,StopSel=%s,MaxFragments=2,MinWords=6,MaxWords=20,'
                      'FragmentDelimiter=" … "', $3, $4)) AS highlight,
           t.last_changed, s.name AS status, coalesce(o."FullName", '') AS owner_name
    FROM unnest($1::int[]) WITH ORDINALITY AS wish (id, place)
    JOIN ticket t USING (id)
    JOIN ticket_status s ON s.id = t.ticket_status
    LEFT JOIN ejuser u ON u.id = t.owned_by
    LEFT JOIN associate a USING (associate_id)
    LEFT JOIN wire_person o ON o."PersonId" = a.person_id
    LEFT JOIN LATERAL (
        SELECT said.* FROM (
            SELECT m.id, m.created_at,
                   left(search_text(m.body, m.html_body), $6) AS text,
                   search_configuration(coalesce(nullif(m.language, ''),
                       nullif(t.language, ''), $7)) AS configuration
            FROM ej_message m WHERE m.ticket_id = t.id
            ORDER BY m.created_at DESC, m.id DESC LIMIT $5
        ) AS said
        CROSS JOIN LATERAL (SELECT ts_rank(
            to_tsvector('simple', said.text)
            || to_tsvector(said.configuration::regconfig, said.text),
            $2::text::tsquery)) AS r (rank)
        WHERE r.rank > 0
        ORDER BY r.rank DESC, said.created_at DESC, said.id DESC LIMIT 1
    ) AS m ON true
    ORDER BY wish.place
"""


class ResultRow(Struct, kw_only=True):
    """A ticket of the result; its highlight still contains the placeholders."""

    ticket_id: int
    title: str
    message_id: int
    highlight: str
    last_changed: datetime | None
    status: str
    owner_name: str


async def rank_tickets(
    context: RequestContext, ticket_ids: list[int], terms: SearchTerms
) -> dict[int, float]:
    """The rank of each ticket, best first: the match of its words times its recency."""
    found = await context.db.fetch(RANK, ticket_ids, terms.ranking, context.now)
    return {record["id"]: record["rank"] or 0.0 for record in found}


async def load_results(
    context: RequestContext, ranks: dict[int, float], terms: SearchTerms
) -> list[FoundTicket]:
    """Load these tickets in this order."""
    found = await rows(
        context.db,
        ResultRow,
        SHOW,
        [*ranks],
        terms.marked,
        BEGIN,
        END,
        MAX_MESSAGES,
        MAX_MESSAGE_CHARACTERS,
        await context.get_cached(default_language),
    )
    return [
        FoundTicket(
            ticket_id=row.ticket_id,
            title=row.title,
            message_id=row.message_id,
            highlight=mark_matches(row.highlight),
            rank=round(ranks[row.ticket_id], 6),
            last_changed=row.last_changed,
            status=row.status,
            owner_name=row.owner_name,
        )
        for row in found
    ]


def mark_matches(highlight: str) -> str:
    """Escape the text to HTML and mark the matches."""
    return escape(highlight).replace(BEGIN, "<mark>").replace(END, "</mark>")
