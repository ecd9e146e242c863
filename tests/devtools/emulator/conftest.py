"""A desk with the emulator on, and a way to ask it as somebody from some address."""

from collections.abc import AsyncIterator, Callable
from random import Random
from typing import Any, NamedTuple

import msgspec
import pytest
from msgspec import structs
from starlette.applications import Starlette

from skranke.core.app_state import AppState
from skranke.core.cache import ReferenceCache
from skranke.core.clock import Clock
from skranke.core.settings import Settings
from skranke.db import database
from skranke.devtools.emulator.routes import routes

JSON = "application/json"


class Answer(NamedTuple):
    """What came back: the status, the headers by name, and the body, read if JSON."""

    status: int
    headers: dict[str, str]
    body: Any


class Asker:
    """Sends requests to a Starlette application as a server would."""

    def __init__(self, app: Starlette) -> None:
        self._app = app

    async def __call__(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        peer: str | None = "127.0.0.1",
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """The answer to one request; `peer` None is a socket without an address."""
        sent: list[Any] = []
        scope = {
            "type": "http",
            "http_version": "1.1",
            "scheme": "http",
            "method": method,
            "path": path,
            "root_path": "",
            "query_string": b"",
            "headers": [
                (n.encode(), t.encode())
                for n, t in ({"host": "127.0.0.1"} | (headers or {})).items()
            ],
            "client": (peer, 50000) if peer else None,
            "server": ("127.0.0.1", 8090),
        }

        async def receive() -> Any:
            return {"type": "http.request", "body": body}

        async def send(message: Any) -> None:
            sent.append(message)

        await self._app(scope, receive, send)
        return _answer(*sent)


def _answer(head: Any, *parts: Any) -> Answer:
    headers = {name.decode(): text.decode() for name, text in head["headers"]}
    content = b"".join(part["body"] for part in parts)
    is_json = headers.get("content-type") == JSON
    read = msgspec.json.decode(content) if is_json else content
    return Answer(head["status"], headers, read)


Opener = Callable[..., tuple[AppState, Asker]]


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[database.Pool]:
    """Connections to the cast's database."""
    pool = await database.connect(database_url, size=2)
    yield pool
    await pool.close()


@pytest.fixture
def opened(pool: database.Pool) -> Opener:
    """`opened(clock, **settings)`: a desk with the emulator on, and how to ask it."""

    def opened(clock: Clock | None = None, **settings: Any) -> tuple[AppState, Asker]:
        desk = AppState(
            pool=pool,
            cache=ReferenceCache(),
            clock=clock or Clock(),
            settings=structs.replace(Settings(emulator=True), **settings),
            rng=Random(1),
        )
        return desk, Asker(Starlette(routes=routes(desk, lambda: {"done": 3})))

    return opened
