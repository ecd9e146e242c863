"""`python -m bench.ai`: what training takes, and whether saves notice it.

Training reads 100,000 tickets of the large desk of `bench.large_desk`, each time in a
process of its own: from nothing, and once more when a thousand of them are new. Then a
desk of its own is saved to at an even pace, while the worker beside it has no message
to understand and while it has two thousand, in turns.
"""

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from pathlib import Path
from random import Random
from statistics import median

from bench import fixture
from bench.__main__ import say
from bench.desks import desk
from bench.large_desk import LARGE
from bench.processes import peak_mb
from bench.workloads import PARTIAL_IDS, save_partial
from skranke import app
from skranke.ai import training
from skranke.core.settings import Settings
from skranke.db import database
from skranke.db.embedded.server import EmbeddedServer, running_dsn

NEW, MESSAGES = 1_000, 2_000
TURNS, SECONDS, PACE, CONNECTIONS = 3, 5, 50, 8
Ask = Callable[[bytes], Awaitable[None]]
Turns = list[tuple[float, float]]
WAITING = """
    INSERT INTO ai_queue SELECT id, now() FROM ej_message
    WHERE slevel = 2 AND customer_id IS NOT NULL ORDER BY id DESC LIMIT $1
    ON CONFLICT DO NOTHING
"""
MAX_INT = 2**31 - 1
FORGET_NEWEST = """
    DELETE FROM ai_lesson WHERE ticket_id IN
        (SELECT ticket_id FROM ai_lesson ORDER BY ticket_id DESC LIMIT $1)
"""


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.ai", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("build/bench-million"))
    parser.add_argument("--training", action="store_true", help="only this")
    parser.add_argument("--saves", action="store_true", help="only this")
    parser.add_argument("--train", metavar="DSN", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.train:
        say(json.dumps(asyncio.run(trained(asked.train))))
        return
    if not asked.saves:
        with served(asked.data / str(LARGE)) as dsn:
            say(asyncio.run(trainings(dsn)))
    if not asked.training:
        say("\n" + saves())


@contextmanager
def served(data: Path) -> Generator[str]:
    """The database of a data directory, whoever serves it."""
    if not (data / "filled").exists():
        sys.exit(f"{data} isn't filled: make bench-data")
    if dsn := running_dsn(data):
        yield dsn
        return
    server = EmbeddedServer(data)
    try:
        yield server.start()
    finally:
        server.stop()


async def trainings(dsn: str) -> str:
    """From nothing, and with some that are new; as a table."""
    await app.prepare(dsn, Settings())
    lines = [
        "| training | seconds | tickets | longest thought ms | most memory MiB |",
        "|---|--:|--:|--:|--:|",
    ]
    async with database.single_connection(dsn) as db:
        for name, most in (("from nothing", MAX_INT), (f"{NEW:,} of them new", NEW)):
            await db.execute(FORGET_NEWEST, most)
            command = [sys.executable, "-m", "bench.ai", "--train", dsn]
            told = json.loads(await asyncio.to_thread(subprocess.check_output, command))
            lines.append(
                f"| {name} | {told['seconds']:.1f} | {told['tickets']:,} | "
                f"{told['longest']:.0f} | {told['memory']:.0f} |"
            )
    return "\n".join(lines)


async def trained(dsn: str) -> dict[str, float]:
    """One training by this process, and what it took."""
    opened, thoughts = await app.open_desk(dsn, Settings()), list[float]()
    think = training.run_in_thread

    async def timed(what: Callable[..., object], *args: object) -> object:
        began = time.perf_counter()
        try:
            return await think(what, *args)
        finally:
            thoughts.append(1000 * (time.perf_counter() - began))

    training.run_in_thread = timed
    began = time.perf_counter()
    await training.train(opened, training.TRAINING_ID)
    seconds = time.perf_counter() - began
    async with opened.pool.acquire() as db:
        learned = await db.fetchval("SELECT count(*) FROM ai_lesson")
    await opened.pool.close()
    return {
        "seconds": seconds,
        "tickets": learned,
        "longest": max(thoughts),
        "memory": peak_mb(os.getpid()),
    }


def saves() -> str:
    """How long saves take beside a worker that has nothing to think, or much."""
    lines = [
        f"| {PACE} saves a second, the worker | idle: p50 ms | p99 ms "
        "| busy: p50 ms | p99 ms | ratio p50 | p99 |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for name, apart in (("is a process of its own", True), ("is the desk's", False)):
        data = Path(tempfile.mkdtemp(prefix="skranke-bench-"))
        try:
            often = "0" if apart else "1"
            with desk(data, "--demo", worker_seconds=often) as opened:
                dsn = str(running_dsn(data))
                found, read = asyncio.run(_saves(opened.port, dsn, apart))
        finally:
            shutil.rmtree(data, ignore_errors=True)
        idle, busy = ([median(each) for each in zip(*turns, strict=True)] for turns in found)
        ratio = (b / i for i, b in zip(idle, busy, strict=True))
        told = " | ".join(f"{ms:.2f}" for ms in (*idle, *busy, *ratio))
        lines.append(f"| {name} ({read / TURNS / SECONDS:.0f} messages/s) | {told} |")
    return "\n".join(lines)


async def _saves(port: int, dsn: str, apart: bool) -> tuple[list[Turns], int]:
    """Turns without and with messages, and how many were understood."""
    idle, busy, read = Turns(), Turns(), 0
    async with database.single_connection(dsn) as db, connected(port) as ask:
        await fixture.fill(db)
        with worker(dsn) if apart else nullcontext():
            await paced(ask, SECONDS)  # and the worker comes up
            for _ in range(TURNS):
                await _emptied(db)
                idle.append(await paced(ask, SECONDS))
                await db.execute(WAITING, MESSAGES)
                busy.append(await paced(ask, SECONDS))
                read += MESSAGES - await db.fetchval("SELECT count(*) FROM ai_queue")
            await _emptied(db)
    return [idle, busy], read


@contextmanager
def worker(dsn: str) -> Generator[None]:
    """`skranke worker` beside the desk."""
    told = {k: v for k, v in os.environ.items() if not k.startswith("SKRANKE_")}
    more = {"SKRANKE_DATABASE_URL": dsn, "SKRANKE_WORKER_SECONDS": "1"}
    process = subprocess.Popen([sys.executable, "-m", "skranke", "worker"], env=told | more)
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


async def _emptied(db: database.Db) -> None:
    """Nothing to understand any more, nor under way."""
    await db.execute("DELETE FROM ai_queue")
    await asyncio.sleep(2)


@asynccontextmanager
async def connected(port: int) -> AsyncGenerator[Ask]:
    """Asks over a few connections that stay open; an answer other than 200 ends it."""
    free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]]
    free = asyncio.Queue()
    for _ in range(CONNECTIONS):
        free.put_nowait(await asyncio.open_connection("127.0.0.1", port))

    async def ask(request: bytes) -> None:
        reader, writer = await free.get()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200 "):
            raise RuntimeError(head.decode("latin-1"))
        length = head.lower().partition(b"\r\ncontent-length:")[2].split(b"\r", 1)[0]
        await reader.readexactly(int(length))
        free.put_nowait((reader, writer))

    yield ask
    while not free.empty():
        free.get_nowait()[1].close()


async def paced(ask: Ask, seconds: float) -> tuple[float, float]:
    """p50 and p99 in ms of saves that begin at even times, whether others are over."""
    make, rng, took = save_partial(), Random(1), list[float]()  # noqa: S311
    loop, turn = asyncio.get_running_loop(), time.time_ns() // 10_000_000

    async def save(due: float, number: int) -> None:
        await ask(make(rng.choice(PARTIAL_IDS), number % 10**10))
        took.append(1000 * (loop.time() - due))

    began = loop.time()
    async with asyncio.TaskGroup() as group:
        for number in range(int(seconds * PACE)):
            due = began + number / PACE
            await asyncio.sleep(max(0, due - loop.time()))
            group.create_task(save(due, turn + number))
    took.sort()
    return took[len(took) // 2], took[len(took) * 99 // 100]


if __name__ == "__main__":
    main()
