"""Training the category model: from closed tickets and from choices of people.

It is read in small portions, each in a transaction of its own, and thought about
between those of messages; the model in use is asked meanwhile. Anew a day after the
last time where people have chosen often enough since, or when somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from skranke.ai import models
from skranke.ai.preparing import MOST_CHARACTERS, prepared
from skranke.ai.thinking import think
from skranke.jobs.worker import call_of
from skranke.store.clock import Clock
from skranke.store.database import Db, execute, row, rows, transaction, value
from skranke.wire.server import Desk, stamp

if TYPE_CHECKING:
    from skranke.ai.categorising import Lessons
    from skranke.ai.words import Words

ENOUGH_LESSONS = 20
PAUSE = timedelta(days=1)
LEASE = timedelta(hours=1)
PORTION = 500
MOST_TICKETS = 100_000  # the newest; older ones tell of a desk that is no more
LARGEST_ID = 2**31 - 1
THE_ONE = 1


class Example(Struct, frozen=True):
    """A ticket to learn from; the category is the one that people chose."""

    ticket_id: int
    category_id: int
    title: str
    body: str
    html_body: str


class Training(Struct, frozen=True, kw_only=True):
    """When the model is trained, and how; 0 for as much as there may be."""

    began: datetime | None
    asked: bool
    lessons: int
    most_tickets: int
    most_characters: int


async def state(db: Db) -> Training:
    """How the training stands."""
    sql = "SELECT began, asked, lessons, most_tickets, most_characters FROM ai_training"
    found = await row(db, Training, sql)
    assert found  # the migration's one row
    return found


async def ask(db: Db, now: datetime, most_tickets: int, most_characters: int) -> None:
    """Have the model trained as soon as the worker comes to it."""
    await execute(
        db,
        """
        UPDATE ai_training SET asked = true, most_tickets = $2, most_characters = $3,
            next_try = CASE WHEN began IS NULL THEN $1::timestamptz ELSE next_try END
        """,
        now,
        most_tickets,
        most_characters,
    )


async def count_lessons(db: Db, more: int) -> None:
    """Note how many tickets were closed, or had their category chosen."""
    await execute(db, "UPDATE ai_training SET lessons = lessons + $1", more)


async def lease(db: Db, now: datetime, limit: int, but: list[int]) -> list[int]:
    """Leases the training where it is wanted and nobody is at it."""
    if THE_ONE in but or not limit:
        return []
    found = await db.fetch(
        """
        UPDATE ai_training SET began = $1, next_try = $2, asked = false
        WHERE id IN (SELECT id FROM ai_training
                     WHERE next_try <= $1 AND (asked OR lessons >= $3)
                     FOR UPDATE SKIP LOCKED)
        RETURNING id
        """,
        now,
        now + LEASE,
        ENOUGH_LESSONS,
    )
    return [record["id"] for record in found]


async def next_due(db: Db, after: datetime) -> datetime | None:
    """When the pause is over; None where there is nothing to learn."""
    sql = """
        SELECT next_try FROM ai_training
        WHERE next_try > $1 AND (asked OR lessons >= $2)
    """
    return await value(db, datetime, sql, after, ENOUGH_LESSONS)


async def train(desk: Desk, _: int) -> None:
    """Train a model and keep it; where there is too little, the old one stays."""
    from skranke.ai.categorising import Lessons  # brings numpy

    async with transaction(desk.pool) as db:
        training = await state(db)
        wish = min(training.most_tickets or MOST_TICKETS, MOST_TICKETS)
    characters = min(training.most_characters or MOST_CHARACTERS, MOST_CHARACTERS)
    lessons, before, left = Lessons(), LARGEST_ID, wish
    while left > 0:
        async with transaction(desk.pool) as db:
            found = await _examples(db, before, min(left, PORTION))
        if not found:
            break
        await think(_learn, lessons, found, characters)
        before, left = found[-1].ticket_id, left - len(found)
    model = await think(lessons.model)
    data = await think(model.packed) if model else b""
    async with transaction(desk.pool) as db:
        if model:
            await models.keep(db, model, data, call_of(desk, db).now)
        await _finish(db, desk.clock, training)


def _learn(lessons: Lessons, found: Sequence[Example], most_characters: int) -> None:
    lessons.learn(
        (each.category_id, opening(each.title, each.body, each.html_body,
                                   most_characters))
        for each in found
    )  # fmt: skip


def opening(
    title: str, body: str, html: str, most_characters: int = MOST_CHARACTERS
) -> Words:
    """The words that tell a ticket's category: of its title and first message."""
    from skranke.ai.words import worded

    return worded(title, prepared(body, html), most_characters)


async def _examples(db: Db, before: int, most: int) -> list[Example]:
    return await rows(
        db,
        Example,
        """
        SELECT t.id AS ticket_id, t.title, left(m.body, 6000) AS body,
               CASE WHEN m.body = '' THEN left(m.html_body, 20000) ELSE '' END
                   AS html_body,
               coalesce(nullif(t.orig_human_category_id, 0), t.category) AS category_id
        FROM ticket t CROSS JOIN LATERAL (
            SELECT body, html_body FROM ej_message
            WHERE ticket_id = t.id AND slevel = 2 ORDER BY created_at, id LIMIT 1) m
        WHERE t.id < $1 AND t.status NOT IN (4, 5, 6)
          AND (t.status = 2 OR t.orig_human_category_id <> 0
               OR t.category <> t.orig_category)
        ORDER BY t.id DESC LIMIT $2
        """,
        before,
        most,
    )


async def _finish(db: Db, clock: Clock, training: Training) -> None:
    await execute(
        db,
        """
        UPDATE ai_training SET began = NULL, lessons = greatest(lessons - $2, 0),
            next_try = CASE WHEN asked THEN $1::timestamptz ELSE $3 END
        """,
        stamp(clock),
        training.lessons,
        stamp(clock) + PAUSE,
    )
