"""Chores: a job of the tests' own, on a database of the test's own.

A chore is due at an instant; doing it leaves a line in `diary`: who did it and when.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime
from random import Random
from typing import Any

import pytest

from skranke.core.app_state import AppState
from skranke.core.cache import ReferenceCache
from skranke.core.clock import Clock
from skranke.core.context import RequestContext
from skranke.core.jobs.registry import BackgroundTask, PeriodicJob
from skranke.core.settings import Settings
from skranke.db import database
from skranke.db.database import Db, value
from tests.cast import NOW

CHORE_TABLES = """
CREATE TABLE chore (id integer PRIMARY KEY, due timestamptz);
CREATE TABLE diary (place serial, job text, chore integer, who text, at timestamptz);
"""
OpenState = Callable[..., Awaitable[AppState]]


@pytest.fixture
async def open_state(own_database_url: str) -> AsyncIterator[OpenState]:
    """`await opened()`: a desk, with connections of its own, on the test's database."""
    async with AsyncExitStack() as stack, database.single_connection(own_database_url) as db:
        await db.execute(CHORE_TABLES)

        async def open_state(clock: Clock | None = None) -> AppState:
            pool = await database.connect(own_database_url, size=2)
            stack.push_async_callback(pool.close)
            return AppState(
                pool=pool,
                cache=ReferenceCache(),
                clock=clock or Clock(NOW),
                settings=Settings(),
                rng=Random(1),
            )

        yield open_state


async def due(db: Db, now: datetime, limit: int, but: list[int]) -> list[int]:
    found = await db.fetch(
        """
        SELECT id FROM chore WHERE due <= $1 AND id <> ALL ($3)
        ORDER BY due, id LIMIT $2 FOR UPDATE SKIP LOCKED
        """,
        now,
        limit,
        but,
    )
    return [record["id"] for record in found]


async def next_due(db: Db, after: datetime) -> datetime | None:
    sql = "SELECT min(due) FROM chore WHERE due > $1"
    return await value(db, datetime, sql, after)


async def do(context: RequestContext, chore: int, who: str = "", job: str = "chores") -> None:
    """Write the chore down and have it over with."""
    await context.db.execute(
        "INSERT INTO diary (job, chore, who, at) VALUES ($1, $2, $3, $4)",
        job,
        chore,
        who,
        context.now,
    )
    await context.db.execute("UPDATE chore SET due = NULL WHERE id = $1", chore)


def chores(
    action: Callable[[RequestContext, int], Awaitable[object]] = do,
) -> list[PeriodicJob | BackgroundTask]:
    """The one job of a worker that only knows chores."""
    return [PeriodicJob(name="chores", order=1, do=action, due=due, next_due=next_due)]


async def add_chores(state: AppState, dues: dict[int, datetime]) -> None:
    """Make chores by id with when they are due."""
    async with state.pool.acquire() as db:
        for chore, instant in dues.items():
            await db.execute("INSERT INTO chore VALUES ($1, $2)", chore, instant)


async def diary(state: AppState) -> list[tuple[Any, ...]]:
    """What was done, in order: (chore, when)."""
    async with state.pool.acquire() as db:
        found = await db.fetch("SELECT chore, at FROM diary ORDER BY place")
    return [tuple(record) for record in found]
