"""A real PostgreSQL, a migrated copy per worker, and a served demo desk.

Each test runs in a transaction that is rolled back. The users are those of tests/cast.py.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, LiteralString, cast

import httpx
import pytest
from msgspec.structs import replace

from skranke.core.cache import ReferenceCache
from skranke.core.context import CurrentUser, RequestContext
from skranke.core.settings import Settings
from skranke.db import database
from skranke.db.database import Db
from skranke.db.embedded.server import EmbeddedServer
from skranke.db.migrate import migrate
from tests.cast import BASE_LOCALE, CAST_SQL, NOW, ContextOf

SERVER = pytest.StashKey[EmbeddedServer]()


def pytest_configure(config: pytest.Config) -> None:
    """Start one PostgreSQL for the run, unless one is named in the environment."""
    if hasattr(config, "workerinput") or "SKRANKE_TEST_DATABASE_URL" in os.environ:
        return
    server = EmbeddedServer(Path(tempfile.mkdtemp(prefix="skranke-test-")))
    os.environ["SKRANKE_TEST_DATABASE_URL"] = server.start()
    config.stash[SERVER] = server


def pytest_unconfigure(config: pytest.Config) -> None:
    if server := config.stash.get(SERVER, None):
        server.stop()


@pytest.fixture(scope="session")
def new_database() -> Iterator[Callable[..., str]]:
    """Makes a database, empty or a copy of a template, and returns its URL."""
    url = os.environ["SKRANKE_TEST_DATABASE_URL"]
    made: list[str] = []

    def make(template: str = "template0") -> str:
        name = f"test_{os.getpid()}_{len(made)}"
        asyncio.run(_on(url, f"CREATE DATABASE {name} TEMPLATE {template}"))
        made.append(name)
        head, _, options = url.partition("?")
        return f"{head.rsplit('/', 1)[0]}/{name}?{options}"

    yield make
    for name in made:
        asyncio.run(_on(url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def template_name(new_database: Callable[[], str]) -> str:
    """The name of a migrated database with the cast in it, to copy from."""
    url = new_database()
    asyncio.run(_on(url, CAST_SQL, migrated=True))
    return url.partition("?")[0].rpartition("/")[2]


@pytest.fixture(scope="session")
def database_url(new_database: Callable[[str], str], template_name: str) -> str:
    """A migrated database with the cast in it, one a worker."""
    return new_database(template_name)


@pytest.fixture
def own_database_url(new_database: Callable[[str], str], template_name: str) -> str:
    """As `database_url`, for one test alone: what it commits stays out of others."""
    return new_database(template_name)


async def _on(url: str, sql: str, *, migrated: bool = False) -> None:
    async with database.single_connection(url) as connection:
        if migrated:
            await migrate(connection)
        await connection.execute(cast("LiteralString", sql))  # names of our own


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Db]:
    """A connection inside a transaction that is undone when the test ends."""
    pool = await database.connect(database_url, size=1)
    async with pool.acquire() as connection:
        undone: Any = connection.transaction()
        await undone.start()
        yield connection
        await undone.rollback()
    await pool.close()


class DemoServer:
    """A running `skranke serve --demo --emulator` of this test worker."""

    def __init__(self, url: str, data: Path) -> None:
        self.url = url
        self.data = data

    def reset(self) -> None:
        """Back to the seed, as `POST /_desk/state/reset` does it."""
        httpx.post(f"{self.url}/_desk/state/reset", timeout=120).raise_for_status()


@pytest.fixture(scope="session")
def demo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServer]:
    """The demo desk as a process of its own, on a real socket."""
    data = tmp_path_factory.mktemp("demo")
    command = [
        sys.executable,
        "-m",
        "skranke",
        "serve",
        "--demo",
        "--emulator",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--data",
        str(data),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            url = process.stdout.readline().rpartition(" ")[2].strip()
            assert url.startswith("http")
            yield DemoServer(url, data)
        finally:
            process.terminate()


@pytest.fixture
def demo(demo_server: DemoServer) -> DemoServer:
    """The demo desk as it was seeded."""
    demo_server.reset()
    return demo_server


@pytest.fixture
def context_of(db: Db) -> ContextOf:
    """`calling(ANNA)`: a call of hers at NOW; keywords replace any of its fields."""
    cache = ReferenceCache()

    def context(user: CurrentUser, **others: Any) -> RequestContext:
        usual = RequestContext(
            db=db,
            user=user,
            now=NOW,
            settings=Settings(),
            cache=cache,
            rng=Random(1),
            locale=BASE_LOCALE,
        )
        return replace(usual, **others)

    return context
