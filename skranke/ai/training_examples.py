"""Tickets that teach the category model, and what each of them taught.

A lesson is kept, so a training reads the texts of those tickets alone that were closed,
categorised or saved since the last; the sums are then made from lessons, which takes a
tenth of the time and has nothing to take back: a ticket that has another category by
now, or none that people chose, simply counts as it does now.
"""

from msgspec import Struct

from skranke.db.database import Db, execute, rows

FEATURE_VERSION = 1  # raise it when a text's words become other ones: all are read anew
MAX_BODY_CHARACTERS, MAX_HTML_CHARACTERS = 6_000, 20_000  # characters that are read of a message


class DecidedTicket(Struct, frozen=True):
    """A ticket whose category people have decided on; `learned` as it is now."""

    ticket_id: int
    learned: bool


class TrainingExample(Struct, frozen=True):
    """A ticket to learn from; the category is the one that people chose."""

    ticket_id: int
    version: int
    category_id: int
    title: str
    body: str
    html_body: str


class TrainingLesson(Struct, frozen=True):
    """What a ticket taught."""

    category_id: int
    words: bytes


async def decided_tickets(db: Db, before: int, most: int, characters: int) -> list[DecidedTicket]:
    """The newest tickets with a smaller id whose category people have decided on."""
    return await rows(
        db,
        DecidedTicket,
        """
        SELECT t.id AS ticket_id, l.ticket_id IS NOT NULL AS learned
        FROM ticket t LEFT JOIN ai_lesson l ON l.ticket_id = t.id
            AND l.version = t.row_version AND l.rules = $3 AND l.characters = $4
        WHERE t.id < $1 AND t.status NOT IN (4, 5, 6)
          AND (t.status = 2 OR t.orig_human_category_id <> 0
               OR t.category <> t.orig_category)
        ORDER BY t.id DESC LIMIT $2
        """,
        before,
        most,
        FEATURE_VERSION,
        characters,
    )


async def delete_lessons(db: Db, before: int, but: list[int]) -> None:
    """Forget lessons of ids below `before`, down to the least that is to be kept."""
    await execute(
        db,
        """
        DELETE FROM ai_lesson WHERE ticket_id < $1 AND ticket_id <> ALL ($2)
            AND ticket_id >= coalesce((SELECT min(id) FROM unnest($2::int[]) AS id), 0)
        """,
        before,
        but,
    )


async def load_examples(db: Db, ticket_ids: list[int]) -> list[TrainingExample]:
    """These tickets with their first external messages; without one "" is the body."""
    return await rows(
        db,
        TrainingExample,
        """
        SELECT t.id AS ticket_id, t.row_version AS version, t.title,
               coalesce(nullif(t.orig_human_category_id, 0), t.category) AS category_id,
               coalesce(left(m.body, $2), '') AS body,
               CASE WHEN m.body = '' THEN left(m.html_body, $3) ELSE '' END AS html_body
        FROM ticket t LEFT JOIN LATERAL (
            SELECT body, html_body FROM ej_message
            WHERE ticket_id = t.id AND slevel = 2 ORDER BY created_at, id LIMIT 1) m
            ON true
        WHERE t.id = ANY ($1)
        """,
        ticket_ids,
        MAX_BODY_CHARACTERS,
        MAX_HTML_CHARACTERS,
    )


async def save_lessons(
    db: Db, read: list[TrainingExample], words: list[bytes], characters: int
) -> None:
    """Keep what examples taught; of a ticket that is gone meanwhile nothing."""
    await execute(
        db,
        """
        INSERT INTO ai_lesson
            (ticket_id, version, category_id, rules, characters, words)
        SELECT l.id, l.version, l.category, $5, $6, l.words
        FROM unnest($1::int[], $2::int[], $3::int[], $4::bytea[])
            AS l (id, version, category, words) JOIN ticket t USING (id)
        ORDER BY l.id
        ON CONFLICT (ticket_id) DO UPDATE SET version = excluded.version,
            category_id = excluded.category_id, rules = excluded.rules,
            characters = excluded.characters, words = excluded.words
        """,
        [each.ticket_id for each in read],
        [each.version for each in read],
        [each.category_id for each in read],
        words,
        FEATURE_VERSION,
        characters,
    )


async def load_lessons(db: Db, ticket_ids: list[int]) -> list[TrainingLesson]:
    """What these tickets taught, the newest first."""
    sql = """
        SELECT category_id, words FROM ai_lesson WHERE ticket_id = ANY ($1)
        ORDER BY ticket_id DESC
    """
    return await rows(db, TrainingLesson, sql, ticket_ids)
