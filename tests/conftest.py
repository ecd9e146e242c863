"""A real PostgreSQL, a migrated copy per worker, and a small cast of callers.

Anna is an agent, Bo her colleague in the same group, Sten a stranger from another
group, Rita may only read, Ada administers; Kari is a customer of Fjord AS. Four callers
settle every permission question. Each test runs in a transaction that is undone.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, LiteralString, cast

import httpx
import pytest
from msgspec.structs import replace

from skranke.core.base_locale import base_locale
from skranke.core.cache import ReferenceCache
from skranke.core.context import CurrentUser, Permission, RequestContext
from skranke.core.settings import Settings
from skranke.db import database
from skranke.db.database import Db
from skranke.db.embedded.server import EmbeddedServer
from skranke.db.migrate import migrate

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)  # a Monday morning
BASE = base_locale(Settings())  # of a caller who asks for no other
SERVER = pytest.StashKey[EmbeddedServer]()

READER = frozenset({Permission.ANYONE, Permission.SIGNED_IN, Permission.READ})
AGENT = READER | {Permission.WRITE}
ADA = CurrentUser(
    associate_id=2,
    ej_user_id=2,
    role_id=1,
    name="ada",
    full_name="Ada Admin",
    permissions=frozenset(Permission),
    group_ids=frozenset({1}),
)
ANNA = CurrentUser(
    associate_id=3,
    ej_user_id=3,
    role_id=2,
    name="anna",
    full_name="Anna Agent",
    permissions=AGENT,
    group_ids=frozenset({1}),
)
BO = CurrentUser(
    associate_id=4,
    ej_user_id=4,
    role_id=2,
    name="bo",
    full_name="Bo Berg",
    permissions=AGENT,
    group_ids=frozenset({1}),
)
STEN = CurrentUser(
    associate_id=5,
    ej_user_id=5,
    role_id=2,
    name="sten",
    full_name="Sten Strange",
    permissions=AGENT,
    group_ids=frozenset({2}),
)
RITA = CurrentUser(
    associate_id=6,
    ej_user_id=6,
    role_id=3,
    name="rita",
    full_name="Rita Reads",
    permissions=READER,
    group_ids=frozenset({1}),
)

CAST = """
INSERT INTO usergroup (usergroup_id, name) VALUES
    (1, 'First line'), (2, 'Back office');
INSERT INTO contact (contact_id, name) VALUES (1, 'Skranke'), (2, 'Fjord AS');
INSERT INTO person (person_id, contact_id, firstname, lastname) VALUES
    (2, 1, 'Ada', 'Admin'), (3, 1, 'Anna', 'Agent'), (4, 1, 'Bo', 'Berg'),
    (5, 1, 'Sten', 'Strange'), (6, 1, 'Rita', 'Reads'), (7, 2, 'Kari', 'Kunde'),
    (8, 2, 'Ola', 'Kunde');
INSERT INTO email (person_id, email_address) VALUES (7, 'kari@fjord.example');
INSERT INTO associate (associate_id, name, person_id, group_idx, role_id) VALUES
    (2, 'ada', 2, 1, 1), (3, 'anna', 3, 1, 2), (4, 'bo', 4, 1, 2),
    (5, 'sten', 5, 2, 2), (6, 'rita', 6, 1, 3);
INSERT INTO ejuser (id, associate_id) VALUES (2, 2), (3, 3), (4, 4), (5, 5), (6, 6);
INSERT INTO category_membership (category_id, user_id) VALUES (1, 3), (1, 4);
INSERT INTO ej_category (id, name, fullname, external_name, flags) VALUES
    (2, 'Payroll', 'Payroll', 'Payroll', 128);
INSERT INTO category_membership (category_id, user_id) VALUES (2, 3), (2, 4);
SELECT setval(pg_get_serial_sequence('person', 'person_id'), 100),
       setval(pg_get_serial_sequence('associate', 'associate_id'), 100),
       setval(pg_get_serial_sequence('contact', 'contact_id'), 100),
       setval(pg_get_serial_sequence('ejuser', 'id'), 100),
       setval(pg_get_serial_sequence('ej_category', 'id'), 100);
"""


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
def new_database() -> Iterator[Callable[[], str]]:
    """Makes an empty database and yields its URL; dropped when the run ends."""
    url = os.environ["SKRANKE_TEST_DATABASE_URL"]
    made: list[str] = []

    def make() -> str:
        name = f"test_{os.getpid()}_{len(made)}"
        asyncio.run(_on(url, f"CREATE DATABASE {name}"))
        made.append(name)
        head, _, options = url.partition("?")
        return f"{head.rsplit('/', 1)[0]}/{name}?{options}"

    yield make
    for name in made:
        asyncio.run(_on(url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def database_url(new_database: Callable[[], str]) -> str:
    """A migrated database with the cast in it, one a worker."""
    url = new_database()
    asyncio.run(_on(url, CAST, migrated=True))
    return url


@pytest.fixture
def own_database_url(new_database: Callable[[], str]) -> str:
    """As `database_url`, for one test alone: what it commits stays out of others."""
    url = new_database()
    asyncio.run(_on(url, CAST, migrated=True))
    return url


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
        httpx.post(f"{self.url}/_desk/state/reset").raise_for_status()


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
def context_of(db: Db) -> Callable[..., RequestContext]:
    """`calling(ANNA)`: a call of hers at NOW; keywords replace any of its fields."""
    cache = ReferenceCache()

    def context(user: CurrentUser, **others: Any) -> RequestContext:
        usual = RequestContext(
            db=db, user=user, now=NOW, settings=Settings(), cache=cache, rng=Random(1), locale=BASE
        )
        return replace(usual, **others)

    return context
