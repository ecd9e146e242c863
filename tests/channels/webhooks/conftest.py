"""A receiver on a real socket, and a desk with hooks whose clock is turned by hand."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from random import Random
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from skranke.channels.webhooks import events, operations, resources
from skranke.channels.webhooks.carriers import Webhook, WebhookDelivery
from skranke.channels.webhooks.jobs import WEBHOOKS
from skranke.core.app_state import AppState
from skranke.core.cache import ReferenceCache
from skranke.core.clock import Clock
from skranke.core.context import CurrentUser, RequestContext
from skranke.core.jobs.registry import JOBS
from skranke.core.jobs.time_travel import run_until
from skranke.core.jobs.worker import context_for
from skranke.core.settings import Settings
from skranke.db import database
from skranke.db.database import transaction
from tests.cast import ADA, ANNA, NOW
from tests.tickets.make import save

assert WEBHOOKS
assert events.handle_events  # importing it is what publishes the listener
TELLING = [job for job in JOBS if job.name in ("events", "webhooks")]
NAMES = {f.name: f.encode_name for f in msgspec.structs.fields(Webhook)}
SETTINGS = Settings(
    webhooks_require_https=False,
    webhooks_reach_inside=True,
    mail_from="Fjord desk <support@fjord.example>",
)


class Request(msgspec.Struct, frozen=True):
    """A request as it came: the bytes of its body, and when by the desk's clock."""

    line: str
    headers: list[tuple[str, str]]
    body: bytes
    at: datetime

    def header(self, name: str) -> str | None:
        """The one value of a header; None without it."""
        found = [v for n, v in self.headers if n.lower() == name.lower()]
        assert len(found) < 2, found
        return found[0] if found else None

    def json(self) -> dict[str, Any]:
        return msgspec.json.decode(self.body)


class Receiver:
    """An HTTP server that keeps what it gets and answers with `status` and `answer`.

    `meanwhile` is done before it answers; `raw` is sent instead, where it is set; who
    is `silent` says no more than that, who is `dripping` a byte of a header every now
    and then, for ever.
    """

    def __init__(self, clock: Clock) -> None:
        self.got: list[Request] = []
        self.status = 200
        self.answer = b"taken"
        self.raw = b""
        self.silent = False
        self.dripping = False
        self.port = 0
        self.meanwhile: Callable[[], Awaitable[object]] | None = None
        self._clock = clock

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?key=1"

    def bodies(self) -> list[dict[str, Any]]:
        return [request.json() for request in self.got]

    async def serve(self, reader: asyncio.StreamReader, writer: Any) -> None:
        line, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        headers = [tuple(text.split(": ", 1)) for text in lines if text]
        length = next(int(v) for n, v in headers if n.lower() == "content-length")
        body = await reader.readexactly(length)
        self.got.append(Request(line, headers, body, self._clock.now()))  # pyright: ignore[reportArgumentType] # pairs
        if self.meanwhile:
            await self.meanwhile()
        writer.write(self.raw or (b"" if self.silent else self._usual()))
        gone = asyncio.create_task(reader.read())
        while self.dripping and not gone.done():
            writer.write(b"x")
            await asyncio.wait([gone], timeout=0.01)
        if self.silent:
            await gone
        gone.cancel()
        writer.close()

    def _usual(self) -> bytes:
        head = f"HTTP/1.1 {self.status} Said\r\nContent-Length: {len(self.answer)}"
        return f"{head}\r\nX-Mood: calm\r\n\r\n".encode() + self.answer


class Hooked:
    """A desk with hooks, by hand: `turn` is what its worker does meanwhile."""

    def __init__(self, desk: AppState, receiver: Receiver) -> None:
        self.state = desk
        self.receiver = receiver

    @asynccontextmanager
    async def context_of(
        self, user: CurrentUser = ADA, **others: Any
    ) -> AsyncGenerator[RequestContext]:
        async with transaction(self.state.pool) as db:
            yield replace(context_for(self.state, db), user=user, **others)

    async def hook(self, **properties: Any) -> Webhook:
        """Save exactly these properties of a hook for ticket events, and no test."""
        usual: dict[str, Any] = {
            "target_url": self.receiver.url,
            "name": "Ours",
            "events": ["ticket.created", "ticket.changed"],
        }
        found = properties if "webhook_id" in properties else usual | properties
        saved = await self.save(**found)
        self.receiver.got.clear()
        return saved

    async def save(self, **properties: Any) -> Webhook:
        given = frozenset(NAMES[name] for name in properties)
        async with self.context_of(given=given) as context:
            return await operations.save_webhook(context, Webhook(**properties))

    async def stored(self, webhook_id: int) -> Webhook:
        async with self.context_of() as context:
            found = await operations.get_webhook(context, webhook_id)
        assert found
        return found

    async def delete(self, webhook_id: int) -> None:
        async with self.context_of() as context:
            await operations.delete_webhook(context, webhook_id)

    async def log(self, webhook_id: int, state: str = "") -> list[WebhookDelivery]:
        async with self.context_of() as context:
            return await resources.get_deliveries(context, webhook_id, state, 0, 0)

    async def ticket(self, title: str = "Printer on fire", **others: Any) -> int:
        async with self.context_of(ANNA) as context:
            return (await save(context, title=title, **others)).ticket_id

    async def change(self, ticket_id: int, **properties: Any) -> None:
        async with self.context_of(ANNA) as context:
            await save(context, ticket_id=ticket_id, **properties)

    async def turn(self, seconds: float = 0) -> None:
        """Turn the clock on; what is due on the way is done at its own instant."""
        now = self.state.clock.now()
        then = now + timedelta(seconds=seconds)
        async with self.state.clock.turning:
            await run_until(self.state, now, then, TELLING)

    def seconds(self, requests: Iterable[Request] = ()) -> list[float]:
        """When requests came, in seconds from NOW."""
        found = list(requests) or self.receiver.got
        return [(request.at - NOW).total_seconds() for request in found]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver(Clock(NOW))
    async with listening(receiver):
        yield receiver


@asynccontextmanager
async def listening(receiver: Receiver) -> AsyncGenerator[Receiver]:
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    yield receiver
    server.close()


@pytest.fixture
async def hooked(own_database_url: str) -> AsyncIterator[Hooked]:
    pool = await database.connect(own_database_url, size=4)
    clock = Clock(NOW)
    desk = AppState(
        pool=pool, cache=ReferenceCache(), clock=clock, settings=SETTINGS, rng=Random(1)
    )
    async with listening(Receiver(clock)) as receiver:
        yield Hooked(desk, receiver)
    await pool.close()
