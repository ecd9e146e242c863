"""Training the category model: from closed tickets and from choices of people.

Tickets are gone through in small portions, in short transactions, and thought about
between messages; the model in use is asked meanwhile. What a ticket taught is kept
(`lessons`), so the texts are read of what is new alone, and a training that was broken
off goes on when its lease is over. Anew a day after the last time where people have
chosen often enough since, or when somebody asks for it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from skranke.ai import models
from skranke.ai import training_examples as lessons
from skranke.ai.clean_text import MAX_TEXT_CHARACTERS, prepare_text
from skranke.ai.executor import run_in_thread
from skranke.core.app_state import AppState, current_second
from skranke.core.clock import Clock
from skranke.core.jobs.worker import context_for
from skranke.db.database import Db, execute, row, transaction, value

if TYPE_CHECKING:
    from skranke.ai.classifier import CategoryTrainer
    from skranke.ai.features import TextFeatures

MIN_NEW_LESSONS = 20
TRAINING_PAUSE = timedelta(days=1)
TRAINING_LEASE = timedelta(hours=1)
PORTION_SIZE = 500
MAX_TICKETS = 100_000  # the newest; older ones tell of a desk that is no more
LARGEST_ID = 2**31 - 1
TRAINING_ID = 1


class TrainingState(Struct, frozen=True, kw_only=True):
    """When the model is trained, and how; 0 for as much as there may be."""

    began: datetime | None
    asked: bool
    lessons: int
    most_tickets: int
    most_characters: int


async def training_state(db: Db) -> TrainingState:
    """How the training stands."""
    sql = "SELECT began, asked, lessons, most_tickets, most_characters FROM ai_training"
    found = await row(db, TrainingState, sql)
    assert found  # the migration's one row
    return found


async def request_training(db: Db, now: datetime, most_tickets: int, most_characters: int) -> None:
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
    if TRAINING_ID in but or not limit:
        return []
    found = await db.fetch(
        """
        UPDATE ai_training SET began = $1, next_try = $2, asked = false
        WHERE id IN (SELECT id FROM ai_training
                     WHERE next_try <= $1
                         AND (asked OR began IS NOT NULL OR lessons >= $3)
                     FOR UPDATE SKIP LOCKED)
        RETURNING id
        """,
        now,
        now + TRAINING_LEASE,
        MIN_NEW_LESSONS,
    )
    return [record["id"] for record in found]


async def next_due(db: Db, after: datetime) -> datetime | None:
    """When the pause is over; None where there is nothing to learn."""
    sql = """
        SELECT next_try FROM ai_training
        WHERE next_try > $1 AND (asked OR began IS NOT NULL OR lessons >= $2)
    """
    return await value(db, datetime, sql, after, MIN_NEW_LESSONS)


async def train(state: AppState, _: int) -> None:
    """Train a model and keep it; where there is too little, the old one stays."""
    from skranke.ai.classifier import CategoryTrainer  # brings numpy

    async with transaction(state.pool) as db:
        training = await training_state(db)
    left = min(training.most_tickets or MAX_TICKETS, MAX_TICKETS)
    characters = min(training.most_characters or MAX_TEXT_CHARACTERS, MAX_TEXT_CHARACTERS)
    sums, before, all_of_them = CategoryTrainer(), LARGEST_ID, left == MAX_TICKETS
    while left and (ids := await _learn(state, sums, before, left, characters)):
        before, left = ids[-1], left - len(ids)
    model = await run_in_thread(sums.model)
    data = await run_in_thread(model.to_bytes) if model else b""
    async with transaction(state.pool) as db:
        if all_of_them:
            await lessons.delete_lessons(db, before, [])
        if model:
            await models.save_model(db, model, data, context_for(state, db).now)
        await _finish(db, state.clock, training)


async def _learn(
    state: AppState, sums: CategoryTrainer, before: int, most: int, characters: int
) -> list[int]:
    """Learn from a portion of tickets, reading what isn't learned yet; their ids."""
    from skranke.ai.fit import add_lessons, encode_examples

    async with transaction(state.pool) as db:
        found = await lessons.decided_tickets(db, before, min(most, PORTION_SIZE), characters)
        ids = [each.ticket_id for each in found]
        if ids:
            await lessons.delete_lessons(db, before, ids)
        late = [each.ticket_id for each in found if not each.learned]
        examples = await lessons.load_examples(db, late) if late else []
    if examples:
        words = await run_in_thread(encode_examples, examples, characters)
        async with transaction(state.pool) as db:
            await lessons.save_lessons(db, examples, words, characters)
    async with transaction(state.pool) as db:
        kept = await lessons.load_lessons(db, ids)
    await run_in_thread(add_lessons, sums, kept)
    return ids


def opening_features(
    title: str, body: str, html: str, most_characters: int = MAX_TEXT_CHARACTERS
) -> TextFeatures:
    """The words that tell a ticket's category: of its title and first message."""
    from skranke.ai.features import ticket_features

    return ticket_features(title, prepare_text(body, html), most_characters)


async def _finish(db: Db, clock: Clock, training: TrainingState) -> None:
    await execute(
        db,
        """
        UPDATE ai_training SET began = NULL, lessons = greatest(lessons - $2, 0),
            next_try = CASE WHEN asked THEN $1::timestamptz ELSE $3 END
        """,
        current_second(clock),
        training.lessons,
        current_second(clock) + TRAINING_PAUSE,
    )
