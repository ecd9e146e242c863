"""`python -m bench.content_negotiation`: what many content types cost a request in plain JSON.

A save of the page's body is taken apart in this process: negotiation, zone, languages,
binding and both codecs as the desk has them, beside msgspec alone reading and writing
the same shape. The difference is what the mechanism costs; its share is of the
processor time that the whole save takes here, PostgreSQL's not counted.
"""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from bench.__main__ import say
from bench.workloads import CREDENTIAL, SAVE, sample
from skranke import app
from skranke.core.settings import Settings
from skranke.db.embedded.server import EmbeddedServer
from skranke.http import negotiation
from skranke.http.i18n.request_locale import locale_of
from skranke.http.operation import OPERATIONS
from skranke.http.parameters import read_parameters
from skranke.http.request import head_of
from skranke.tickets.carriers import TicketEntity

ROUNDS, TIMES = 5, 300
BODY = sample()
SCOPE: dict[str, Any] = {
    "type": "http",
    "method": "POST",
    "path": SAVE,
    "query_string": b"",
    "client": ("127.0.0.1", 1),
    "scheme": "http",
    "headers": [
        (b"host", b"desk"),
        (b"authorization", f"Basic {CREDENTIAL}".encode()),
        (b"content-type", b"application/json; charset=utf-8"),
        (b"accept", b"application/json; charset=utf-8"),
        (b"content-length", str(len(BODY)).encode()),
    ],
}


def main() -> None:
    """Print the table."""
    data = Path(tempfile.mkdtemp(prefix="skranke-bench-"))
    server = EmbeddedServer(data)
    try:
        say(asyncio.run(measured(server.start())))
    finally:
        server.stop()
        shutil.rmtree(data, ignore_errors=True)


async def measured(dsn: str) -> str:
    """Microseconds a save, the least of a few rounds, as a table."""
    settings = Settings(demo=True, pool=2)
    await app.prepare(dsn, settings)
    desk = await app.open_desk(dsn, settings)
    desk_app = app.application(desk)
    try:
        answer = await _saved(desk_app)
        whole = min([await _whole(desk_app) for _ in range(ROUNDS)])
    finally:
        await desk.pool.close()
    mechanism, alone = _codecs(settings, msgspec.json.decode(answer, type=TicketEntity))
    extra = mechanism - alone
    return (
        "| a save of the page's body, JSON | CPU µs |\n|---|--:|\n"
        f"| whole, in the desk's process | {whole:.0f} |\n"
        f"| negotiation, zone, binding, both codecs | {mechanism:.0f} |\n"
        f"| msgspec alone, reading and writing | {alone:.0f} |\n"
        f"| the mechanism's own share | {extra:.0f} = {extra / whole:.1%} |"
    )


async def _saved(desk_app: Any) -> bytes:
    told: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": BODY, "more_body": False}

    async def send(message: Any) -> None:
        told.append(message)

    await desk_app(SCOPE, receive, send)
    if told[0]["status"] != 200:
        raise SystemExit(told[1]["body"].decode())
    return told[1]["body"]


async def _whole(desk_app: Any) -> float:
    began = time.process_time()
    for _ in range(TIMES):
        await _saved(desk_app)
    return (time.process_time() - began) / TIMES * 1e6


def _codecs(settings: Settings, entity: TicketEntity) -> tuple[float, float]:
    [save] = [o for o in OPERATIONS if o.path == SAVE]
    reader = msgspec.json.Decoder(TicketEntity)
    writer = msgspec.json.Encoder()

    def mechanism() -> None:
        head = head_of(SCOPE)
        codec, _ = negotiation.response_codec(head)
        locale = locale_of(head, settings)
        read_parameters(save, head, {}, BODY, locale)
        codec.encode(entity, locale, save.answer)

    def alone() -> None:
        reader.decode(BODY)
        writer.encode(entity)

    return _micros(mechanism), _micros(alone)


def _micros(do: Callable[[], None]) -> float:
    return min(_once(do) for _ in range(ROUNDS)) / TIMES * 1e6


def _once(do: Callable[[], None]) -> float:
    began = time.process_time()
    for _ in range(TIMES):
        do()
    return time.process_time() - began


if __name__ == "__main__":
    main()
