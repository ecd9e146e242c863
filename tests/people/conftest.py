"""A desk of its own, where changes are committed: signing in takes its own connections.

Anna's password is `correct horse`. Hashes are made cheap here, by the same library.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from random import Random
from typing import Any

import httpx
import pytest
import uvicorn
from argon2 import PasswordHasher
from starlette.applications import Starlette

from skranke.core.app_state import AppState
from skranke.core.cache import ReferenceCache
from skranke.core.clock import Clock
from skranke.core.settings import Settings
from skranke.db import database
from skranke.db.migrate import migrate
from skranke.http.request import Head
from skranke.http.server import HttpServer
from skranke.people import operations
from skranke.people.auth import sessions
from skranke.people.auth.accounts import store_password
from skranke.people.auth.sign_in import SignIn
from skranke.people.sql import connection
from tests.cast import ANNA, CAST_SQL, NOW

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "correct horse"
HOME, ELSEWHERE = "192.0.2.1", "198.51.100.7"
assert operations  # importing them is what publishes them

Serving = Callable[[AppState], AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture(scope="session")
def committed_url(new_database: Callable[[], str]) -> str:
    """A migrated database with the cast, for tests that commit."""
    url = new_database()

    async def fill() -> None:
        pool = await database.connect(url, size=1)
        async with connection(pool) as db:
            await migrate(db)
            await db.execute(CAST_SQL)
        await pool.close()

    asyncio.run(fill())
    return url


@pytest.fixture
async def pool(committed_url: str) -> AsyncIterator[database.Pool]:
    """Connections to it; nobody is signed in, and only Anna has a password."""
    pool = await database.connect(committed_url, size=4)
    async with connection(pool) as db:
        await db.execute("TRUNCATE login, credentials")
        await store_password(db, ANNA.associate_id, CHEAP.hash(PASSWORD), NOW)
    yield pool
    await pool.close()


@pytest.fixture
def desk(pool: database.Pool) -> AppState:
    """A desk whose clock stands at NOW."""
    return new_desk(pool)


@pytest.fixture
def sign_in(desk: AppState) -> SignIn:
    return SignIn(desk, CHEAP)


@pytest.fixture
def serving() -> Serving:
    """`async with serving(desk) as client`: the desk behind a real socket."""
    return _serving


def new_desk(pool: database.Pool, **settings: Any) -> AppState:
    """A desk as a process has it after its start."""
    return AppState(
        pool=pool,
        cache=ReferenceCache(),
        clock=Clock(NOW),
        settings=Settings(**settings),
        rng=Random(1),
    )


def application(desk: AppState) -> HttpServer:
    """The server with the routes of this room behind it."""
    sign_in = SignIn(desk, CHEAP)
    pages = Starlette(routes=sessions.routes(desk, sign_in.with_password))
    return HttpServer(desk, sign_in, pages)


def head(authorization: str = "", peer: str = HOME, **headers: str) -> Head:
    """A request's head; `_` stands for `-` in header names."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if authorization:
        named["authorization"] = authorization
    return Head(
        method="POST", path="/api/v1/Agents/Ticket/GetTicket", query={}, headers=named, peer=peer
    )


@asynccontextmanager
async def _serving(desk: AppState) -> AsyncGenerator[httpx.AsyncClient, None]:
    config = uvicorn.Config(application(desk), lifespan="off", log_config=None, port=0)
    socket = config.bind_socket()
    socket.listen()
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve([socket]))
    url = f"http://127.0.0.1:{socket.getsockname()[1]}"
    async with httpx.AsyncClient(base_url=url) as client:
        yield client
    server.should_exit = True
    await running
