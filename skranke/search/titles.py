"""Finds tickets by number or title, for a ticket picker."""

from skranke.core.context import RequestContext
from skranke.db.database import rows, value
from skranke.search.candidates import (
    EXCLUDED_STATUSES,
    MAX_CANDIDATES,
    find_candidates,
    hidden_categories,
)
from skranke.search.carriers import TicketInfo
from skranke.search.query_parser import parse_query, replace_control_characters, ticket_number
from skranke.search.service import find_by_number
from skranke.search.tsquery import build_terms


async def find_by_title(context: RequestContext, text: str, most: int) -> list[int]:
    """The ticket with this number, then titles that begin with the text, then others.

    The others' titles contain all the words, the last one as a prefix. The newest come
    first; if more than a thousand titles begin with the text, only the alphabetically
    first thousand are considered.
    """
    parts = parse_query(text)
    itself = await find_by_number(context, ticket_number(parts))
    found = {itself: None} if itself else {}
    found |= dict.fromkeys(await _find_by_prefix(context, replace_control_characters(text).strip()))
    if len(found) < most and (terms := await build_terms(context, parts)):
        found |= dict.fromkeys(await find_candidates(context, terms, in_titles=True))
    return [*found][:most]


async def _find_by_prefix(context: RequestContext, text: str) -> list[int]:
    if not text:
        return []
    return await value(
        context.db,
        list[int],
        """
        WITH begun AS (
            SELECT id, coalesce(last_changed, '-infinity') AS changed FROM ticket
            WHERE lower(title) ~>=~ lower($1)
                AND lower(title) ~<~ (lower($1) || chr(1114111))
                AND status <> ALL ($2)
                AND (category <> ALL ($3) OR owned_by = nullif($4, 0))
            ORDER BY lower(title) USING ~<~ LIMIT $5
        )
        SELECT coalesce(array_agg(id ORDER BY changed DESC, id DESC), '{}') FROM begun
        """,
        text,
        EXCLUDED_STATUSES,
        await hidden_categories(context),
        context.user.ej_user_id,
        MAX_CANDIDATES,
    )


async def load_infos(context: RequestContext, ticket_ids: list[int]) -> list[TicketInfo]:
    """Load short descriptions of tickets, in the order of the ids."""
    return await rows(
        context.db,
        TicketInfo,
        """
        SELECT t.id AS "TicketId", t.title AS "Title",
               coalesce(o."FullName", '') AS "OwnerName", c.name AS "CategoryName",
               y.name AS "PriorityName", $2 || '/ticket/' || t.id AS "TicketUrl",
               coalesce(p."FullName", '') AS "PersonName",
               coalesce(k.name, '') AS "ContactName"
        FROM unnest($1::int[]) WITH ORDINALITY AS wish (id, place)
        JOIN ticket t USING (id)
        JOIN ej_category c ON c.id = t.category
        JOIN ticket_priority y ON y.id = t.priority
        LEFT JOIN ejuser u ON u.id = t.owned_by
        LEFT JOIN associate a USING (associate_id)
        LEFT JOIN wire_person o ON o."PersonId" = a.person_id
        LEFT JOIN wire_person p ON p."PersonId" = t.cust_id
        LEFT JOIN contact k ON k.contact_id = t.contact_id
        ORDER BY wish.place
        """,
        ticket_ids,
        context.settings.public_url.rstrip("/") or context.base_url,
    )
