"""Messages that wait to be understood, and what is found about them."""

from datetime import datetime, timedelta

from msgspec import Struct

from skranke.db.database import Db, execute, row, rows, value

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 3
MAX_MESSAGES = 50  # of a conversation that is summed up
EARLIER_MESSAGES = 5  # messages of a ticket in which a quotation is looked for


async def enqueue(db: Db, ticket_ids: list[int], now: datetime) -> None:
    """Write down the external messages of tickets that nobody has looked at.

    No bounces, and nothing that a machine sent by itself.
    """
    await execute(
        db,
        """
        INSERT INTO ai_queue (message_id, next_try)
        SELECT id, $2 FROM ej_message
        WHERE ticket_id = ANY ($1) AND NOT ai_seen
          AND slevel = 2 AND message_category = 0
          AND email_header !~* '(^|\n)(auto-submitted: *auto|precedence: *(bulk|junk))'
        ON CONFLICT DO NOTHING
        """,
        ticket_ids,
        now,
    )


async def lease(db: Db, now: datetime, limit: int, but: list[int]) -> list[int]:
    """Leases messages for a few minutes; gives those up that were tried too often."""
    await execute(
        db,
        """
        WITH given_up AS (
            DELETE FROM ai_queue WHERE attempts >= $1 AND next_try <= $2
            RETURNING message_id
        )
        UPDATE ej_message m SET ai_seen = true
        FROM given_up WHERE m.id = given_up.message_id
        """,
        MAX_ATTEMPTS,
        now,
    )
    found = await db.fetch(
        """
        UPDATE ai_queue SET next_try = $4, attempts = attempts + 1
        WHERE message_id IN (
            SELECT message_id FROM ai_queue
            WHERE next_try <= $2 AND message_id <> ALL ($3)
            ORDER BY next_try, message_id LIMIT $1 FOR UPDATE SKIP LOCKED)
        RETURNING message_id
        """,
        limit,
        now,
        but,
        now + LEASE,
    )
    return sorted(record["message_id"] for record in found)


async def next_due(db: Db, after: datetime) -> datetime | None:
    """When the next lease is over."""
    sql = "SELECT min(next_try) FROM ai_queue WHERE next_try > $1"
    return await value(db, datetime, sql, after)


class QueuedMessage(Struct, frozen=True, kw_only=True):
    """A message to be understood, with what its ticket says before it."""

    ticket_id: int
    title: str
    body: str
    html_body: str
    by_customer: bool
    earlier: list[str]


async def load_queued(db: Db, message_id: int) -> QueuedMessage | None:
    """A message that is in the queue; None when it is gone."""
    return await row(
        db,
        QueuedMessage,
        """
        SELECT m.ticket_id, t.title, left(m.body, 100000) AS body,
               left(m.html_body, 100000) AS html_body,
               m.customer_id IS NOT NULL OR m.badge = 4 AS by_customer,
               ARRAY(SELECT left(e.body, 100000) FROM ej_message e
                     WHERE e.ticket_id = m.ticket_id
                       AND (e.created_at, e.id) < (m.created_at, m.id)
                     ORDER BY e.created_at DESC, e.id DESC LIMIT $2) AS earlier
        FROM ai_queue q JOIN ej_message m ON m.id = q.message_id
        JOIN ticket t ON t.id = m.ticket_id WHERE q.message_id = $1
        """,
        message_id,
        EARLIER_MESSAGES,
    )


async def save_analysis(
    db: Db, message_id: int, language: str, sentiment: int, confidence: int
) -> None:
    """Write beside a message what was found, and take it from the queue."""
    await execute(
        db,
        """
        UPDATE ej_message SET language = $2, sentiment = $3, sentiment_confidence = $4,
            ai_seen = true WHERE id = $1
        """,
        message_id,
        language,
        sentiment,
        confidence,
    )
    await execute(db, "DELETE FROM ai_queue WHERE message_id = $1", message_id)


class MessagePosition(Struct, frozen=True):
    """A message's place among those of its ticket that customers see."""

    first: bool  # no earlier one has a language
    last: bool  # no later one is a customer's


async def message_position(db: Db, message_id: int) -> MessagePosition | None:
    """Where a message stands now; None without it."""
    return await row(
        db,
        MessagePosition,
        """
        SELECT NOT EXISTS (
                   SELECT FROM ej_message e WHERE e.ticket_id = m.ticket_id
                   AND e.slevel = 2 AND e.language <> ''
                   AND (e.created_at, e.id) < (m.created_at, m.id)) AS first,
               NOT EXISTS (
                   SELECT FROM ej_message l WHERE l.ticket_id = m.ticket_id
                   AND l.slevel = 2 AND (l.customer_id IS NOT NULL OR l.badge = 4)
                   AND (l.created_at, l.id) > (m.created_at, m.id)) AS last
        FROM ej_message m WHERE m.id = $1
        """,
        message_id,
    )


class TicketOpening(Struct, frozen=True):
    """What a ticket begins with."""

    title: str
    body: str
    html_body: str


async def load_opening(db: Db, ticket_id: int) -> TicketOpening | None:
    """A ticket's title and first external message; None without the ticket."""
    return await row(
        db,
        TicketOpening,
        """
        SELECT t.title, coalesce(left(m.body, 100000), '') AS body,
               coalesce(left(m.html_body, 100000), '') AS html_body
        FROM ticket t LEFT JOIN LATERAL (
            SELECT body, html_body FROM ej_message
            WHERE ticket_id = t.id AND slevel = 2 ORDER BY created_at, id LIMIT 1) m
            ON true
        WHERE t.id = $1
        """,
        ticket_id,
    )


async def load_conversation(db: Db, ticket_id: int) -> list[TicketOpening]:
    """The first messages of a ticket, the oldest first; titles are empty."""
    return await rows(
        db,
        TicketOpening,
        """
        SELECT '' AS title, left(body, 20000) AS body, left(html_body, 20000)
               AS html_body
        FROM ej_message WHERE ticket_id = $1 AND message_category = 0
        ORDER BY created_at, id LIMIT $2
        """,
        ticket_id,
        MAX_MESSAGES,
    )
