"""Connections within bounds: many, slow, half-sent, and at the end of the process."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any

import pytest

from skranke.http.connections import (
    BODY_SILENCE_SECONDS,
    HEAD_SECONDS,
    MAX_HEAD_BYTES,
    MIN_BODY_RATE,
    Limits,
    bounded,
)
from skranke.http.uvicorn_server import BoundedServer

REQUEST = b"GET / HTTP/1.1\r\nHost: desk.example\r\n\r\n"
HALF = b"GET / HTTP/1.1\r\nHost: desk"
POST = b"POST / HTTP/1.1\r\nHost: desk.example\r\nContent-Length: 1000000\r\n\r\n"


class Served:
    """A server of this process, on a port of its own."""

    def __init__(self, server: BoundedServer, port: int) -> None:
        self.server = server
        self.limits = server.limits
        self.port = port

    async def connect(self, sent: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(sent)
        await writer.drain()
        return reader, writer

    async def status(self, sent: bytes = REQUEST) -> int:
        reader, writer = await self.connect(sent)
        line = await reader.readline()
        writer.close()
        return int(line.split()[1]) if line else 0

    async def until(self, condition: Any) -> None:
        async with asyncio.timeout(20):
            while not condition():  # noqa: ASYNC110 - what it waits for has no event
                await asyncio.sleep(0.01)


async def application(scope: Any, receive: Any, send: Any) -> None:
    while (message := await receive()).get("more_body"):
        pass
    if message["type"] == "http.request":
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})


@asynccontextmanager
async def serving(
    app: Any = application, most: int = 50, per_address: int = 40, exempt: str = "127.0.0.1"
) -> AsyncGenerator[Served]:
    listener = socket.create_server(("127.0.0.1", 0))
    opened = asyncio.Event()
    server = BoundedServer(app, exempt, opened.set)
    server.limits = Limits(most, per_address, frozenset(exempt.split()))
    server.config.http = bounded(server.limits)
    running = asyncio.create_task(server._serve([listener]))  # pyright: ignore[reportPrivateUsage] # without its signal handlers
    await opened.wait()
    yield Served(server, listener.getsockname()[1])
    server.should_exit = True
    await running


async def test_half_sent_heads_make_room_for_whoever_sends_a_whole_one() -> None:
    async with serving(most=50) as desk:
        slow = [await desk.connect(HALF) for _ in range(80)]
        for _ in range(5):
            assert await desk.status() == 204
        assert desk.limits.count <= 50
        assert desk.limits.turned_away >= 30
        for _, writer in slow:
            writer.close()


async def test_one_address_does_not_take_every_place() -> None:
    async with serving(most=50, per_address=10, exempt="") as desk:
        slow = [await desk.connect(HALF) for _ in range(30)]
        await desk.until(lambda: desk.limits.turned_away >= 20)
        assert desk.limits.count <= 10
        assert await desk.status() == 204
        for _, writer in slow:
            writer.close()


async def test_requests_under_way_are_never_cut_off_for_others() -> None:
    release = asyncio.Event()

    async def waiting(scope: Any, receive: Any, send: Any) -> None:
        await release.wait()
        await application(scope, receive, send)

    async with serving(waiting, most=5) as desk:
        busy = [await desk.connect(REQUEST) for _ in range(5)]
        await desk.until(lambda: desk.limits.count == 5 and not desk.limits.waiting)
        assert await desk.status() == 503
        release.set()
        for reader, writer in busy:
            assert (await reader.readline()).split()[1] == b"204"
            writer.close()
        await desk.until(lambda: desk.limits.count == 0)


async def test_a_head_that_does_not_end_is_refused() -> None:
    async with serving() as desk:
        reader, _ = await desk.connect(HALF)
        await desk.until(lambda: desk.limits.waiting)
        desk.limits.cut_off(monotonic() + HEAD_SECONDS - 1)
        assert desk.limits.count == 1
        desk.limits.cut_off(monotonic() + HEAD_SECONDS)
        assert (await reader.readline()).split()[1] == b"408"
        assert desk.limits.count == 0


async def test_a_head_without_end_is_refused_by_its_size() -> None:
    async with serving() as desk:
        head = b"GET / HTTP/1.1\r\n" + b"X: " + b"x" * MAX_HEAD_BYTES
        assert await desk.status(head) == 431


async def test_a_silent_body_and_one_in_drops_are_refused() -> None:
    async with serving() as desk:
        silent, _ = await desk.connect(POST)
        await desk.until(lambda: desk.limits.receiving)
        desk.limits.cut_off(monotonic() + BODY_SILENCE_SECONDS - 1)
        assert desk.limits.count == 1
        desk.limits.cut_off(monotonic() + BODY_SILENCE_SECONDS + 1)
        assert (await silent.readline()).split()[1] == b"408"
        drops, writer = await desk.connect(POST + b"x" * 10)
        await desk.until(lambda: desk.limits.receiving)
        [protocol] = desk.limits.receiving
        later = monotonic() + 10_000 / MIN_BODY_RATE + 30
        protocol.last_piece = later
        desk.limits.cut_off(later)
        assert (await drops.readline()).split()[1] == b"408"
        writer.close()


async def test_an_idle_connection_serves_again_and_has_a_head_time_of_its_own() -> None:
    async with serving() as desk:
        reader, writer = await desk.connect(REQUEST)
        await reader.readuntil(b"\r\n\r\n")
        desk.limits.cut_off(monotonic() + HEAD_SECONDS + 1)  # idle, not half-sent
        writer.write(REQUEST)
        await reader.readuntil(b"\r\n\r\n")
        writer.write(HALF)
        await desk.until(lambda: not any(p.is_idle for p in desk.limits.waiting))
        desk.limits.cut_off(monotonic() + HEAD_SECONDS + 1)
        assert (await reader.readline()).split()[1] == b"408"


async def test_an_unread_answer_is_cut_off() -> None:
    async def endless(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(10_000):
            piece = {"type": "http.response.body", "body": b"x" * 65536, "more_body": True}
            await send(piece)

    async with serving(endless) as desk:
        _, writer = await desk.connect(REQUEST)
        await desk.until(lambda: desk.limits.unread)
        desk.limits.cut_off(monotonic() + 120)
        await desk.until(lambda: desk.limits.count == 0)
        writer.close()


async def test_the_end_takes_what_waits_and_says_so_to_who_stays() -> None:
    desk: Served
    async with serving() as desk:
        reader, writer = await desk.connect(REQUEST)
        await reader.readuntil(b"\r\n\r\n")
        desk.server.should_exit = True
        await desk.until(
            lambda: any(n == b"connection" for n, _ in desk.server.server_state.default_headers)
        )
        writer.write(REQUEST)
        said = (await reader.read()).lower()
    assert said.startswith(b"http/1.1 204")
    assert b"connection: close" in said
    with pytest.raises(ConnectionRefusedError):
        await desk.status()
