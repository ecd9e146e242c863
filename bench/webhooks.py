"""`python -m bench.webhooks`: whether a webhook that hears every save slows one.

Saves one after another on a desk without hooks and on the same desk with one that a
slow receiver answers, in turns; the delivery runs beside them in the same process.
"""

import asyncio
import contextlib
import json
import shutil
import tempfile
import urllib.request
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median

from bench import fixture
from bench.__main__ import say
from bench.desks import AppState, desk
from bench.load import Answers, load
from bench.workloads import CREDENTIAL
from skranke.db import database
from skranke.db.embedded.server import running_dsn

ROUNDS, SECONDS = 4, 2.0
# no emulator: it does one thing at a time, as its clock must be turned with care
RELAXED = {"worker_seconds": "1", "webhooks_require_https": "0", "webhooks_reach_inside": "1"}
AGENT = "/api/v1/Agents/Webhook/"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
SLOW = 0.05  # seconds until the receiver answers


def main() -> None:
    """Print the table."""
    data = Path(tempfile.mkdtemp(prefix="skranke-bench-"))
    try:
        with desk(data, "--demo", **RELAXED) as opened:
            say(asyncio.run(measured(opened, str(running_dsn(data)))))
    finally:
        shutil.rmtree(data, ignore_errors=True)


async def measured(opened: AppState, dsn: str) -> str:
    """The median of the rounds' medians, with and without, as a table."""
    async with database.single_connection(dsn) as db:
        await fixture.fill(db)
    found: dict[bool, list[tuple[float, float]]] = {False: [], True: []}
    async with receiver() as (address, heard):
        await load(opened.port, "partial", 1, SECONDS)
        for _ in range(ROUNDS):
            for hooked in (False, True):
                hook = await _ask(opened, "SaveWebhook", _hook(address)) if hooked else 0
                answers = await load(opened.port, "partial", 1, SECONDS)
                found[hooked].append(_figures(answers))
                if hook:
                    await _ask(opened, f"DeleteWebhook?webhookId={hook['WebhookId']}", {})
    lines = ["| saves one after another | p50 ms | p99 ms |", "|---|--:|--:|"]
    for hooked, name in ((False, "without a webhook"), (True, "with one for each save")):
        p50, p99 = (median(each) for each in zip(*found[hooked], strict=True))
        lines.append(f"| {name} | {p50:.2f} | {p99:.2f} |")
    return "\n".join([*lines, "", f"{len(heard):,} deliveries were received."])


def _figures(answers: Answers) -> tuple[float, float]:
    took = sorted(note[1] * 1000 for note in answers.noted)
    return took[len(took) // 2], took[len(took) * 99 // 100]


def _hook(address: str) -> dict[str, object]:
    return {
        "Name": "Bench",
        "Events": ["ticket.changed"],
        "TargetUrl": address,
        "State": "Active",
        "Type": "webhook",
    }


async def _ask(opened: AppState, name: str, body: object) -> dict[str, object]:
    def ask() -> dict[str, object]:
        request = urllib.request.Request(  # noqa: S310 - the desk that was opened here
            f"{opened.address}{AGENT}{name}",
            json.dumps(body).encode(),
            {"Authorization": f"Basic {CREDENTIAL}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return json.loads(answer.read() or b"{}")

    return await asyncio.to_thread(ask)


@asynccontextmanager
async def receiver() -> AsyncGenerator[tuple[str, list[bytes]]]:
    """A server that takes its time and says 200; its address, and what it has heard."""
    heard: list[bytes] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        over = asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError
        with contextlib.suppress(*over):
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                line.split(b":")[1]
                for line in head.lower().splitlines()
                if line.startswith(b"content-length:")
            )
            heard.append(await reader.readexactly(int(length)))
            await asyncio.sleep(SLOW)
            writer.write(OK)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        yield f"http://127.0.0.1:{port}/", heard


if __name__ == "__main__":
    main()
