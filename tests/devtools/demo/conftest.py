"""A demo desk in a database of its own, seeded once; the tests only read it."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime

import pytest

from skranke.db import database
from skranke.db.database import Db
from skranke.db.migrate import migrate
from skranke.devtools.demo.seed import seed
from skranke.people.sql import connection

NOW = datetime(2026, 3, 2, 10, 0, 0, 123456, tzinfo=UTC)  # a Monday morning


@pytest.fixture(scope="session")
def demo_url(new_database: Callable[[], str]) -> str:
    """The URL of a database that was seeded at NOW."""
    url = new_database()
    asyncio.run(_seed(url, NOW))
    return url


@pytest.fixture
async def demo(demo_url: str) -> AsyncIterator[Db]:
    """A connection to it."""
    async with _connected(demo_url) as db:
        yield db


@pytest.fixture
def new_demo(
    new_database: Callable[[], str],
) -> Callable[[datetime], AbstractAsyncContextManager[Db]]:
    """Seeds another database at an instant and connects to it."""

    @asynccontextmanager
    async def made(now: datetime) -> AsyncGenerator[Db, None]:
        url = await asyncio.to_thread(new_database)
        await _seed(url, now)
        async with _connected(url) as db:
            yield db

    return made


async def _seed(url: str, now: datetime) -> None:
    async with _connected(url) as db:
        await migrate(db)
        await seed(db, now)


@asynccontextmanager
async def _connected(url: str) -> AsyncGenerator[Db, None]:
    pool = await database.connect(url, size=1)
    async with connection(pool) as db:
        yield db
    await pool.close()
