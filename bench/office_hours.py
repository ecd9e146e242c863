"""`python -m bench.office_hours`: what office hours cost, and a round on many tickets.

The engine: questions a second, over an hour and over ten years. The round: escalating a
thousand tickets on a desk that holds few, and on one that holds a million, in the same
run; what a round costs must follow from what is due.
"""

import argparse
import asyncio
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from bench.__main__ import say
from skranke import app
from skranke.catalog.priorities.timeframe import add_worked, time_frame, worked_seconds
from skranke.core.app_state import AppState
from skranke.core.clock import Clock
from skranke.core.jobs.registry import JOBS
from skranke.core.jobs.worker import run_round
from skranke.core.settings import Settings
from skranke.db.database import execute
from skranke.db.embedded.server import EmbeddedServer

FIRST = 1_000_000  # the ids of the bench's own tickets
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
DUE = 1000
# copies of one open ticket of the demo; a thousand at even distances are due
TICKETS = """
    INSERT INTO ticket
    SELECT made.* FROM ticket t
    CROSS JOIN generate_series($1::int, $2::int) n
    CROSS JOIN LATERAL jsonb_populate_record(t, jsonb_build_object(
        'id', n, 'row_version', 1, 'alert_level', 0,
        'alert_timeout', CASE WHEN n % $3 = 0 THEN $4::timestamptz
                              ELSE $4::timestamptz + interval '1 year' END)) AS made
    WHERE t.id = (SELECT min(id) FROM ticket WHERE status = 1)
"""


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.office_hours")
    parser.add_argument("--tickets", type=int, default=1_000_000)
    asked = parser.parse_args()
    say(engine() + "\n")
    data = Path(tempfile.mkdtemp(prefix="skranke-bench-"))
    server = EmbeddedServer(data)
    try:
        say(asyncio.run(rounds(server.start(), asked.tickets)))
    finally:
        server.stop()
        shutil.rmtree(data, ignore_errors=True)


def engine(seconds: float = 1.0) -> str:
    """Questions a second in Oslo's hours with a hundred holidays, as a table."""
    hours = [(NOW.replace(hour=8), NOW.replace(hour=16))] * 5 + [(NOW, NOW)] * 2
    holidays = [datetime(2020 + n % 10, 1 + n % 12, 1 + n % 28) for n in range(100)]  # noqa: DTZ001 - dates of the wall
    frame = time_frame(hours, holidays, ZoneInfo("Europe/Oslo"))
    rng = Random(1)  # noqa: S311 - questions, not secrets
    starts = [NOW + timedelta(seconds=rng.randrange(300_000_000)) for _ in range(999)]
    lines = ["| office hours | span | questions/s |", "|---|---|--:|"]
    for name, days in (("an hour", 1 / 24), ("a week", 7), ("ten years", 3652)):
        span = timedelta(days=days)
        work = int(span.total_seconds() * 40 / 168)

        def between(start: datetime, span: timedelta = span) -> object:
            return worked_seconds(frame, start, start + span)

        def after(start: datetime, work: int = work) -> object:
            return add_worked(frame, start, work)

        for what, question in (("worked between", between), ("instant after", after)):
            rate = _rate(question, starts, seconds)
            lines.append(f"| {what} | {name} | {rate:,.0f} |")
    return "\n".join(lines)


def _rate(ask: Callable[[datetime], object], starts: list[datetime], seconds: float) -> float:
    began = time.perf_counter()
    asked = 0
    while time.perf_counter() - began < seconds:
        for start in starts:
            ask(start)
        asked += len(starts)
    return asked / (time.perf_counter() - began)


async def rounds(dsn: str, many: int) -> str:
    """A round with a thousand due, on ten thousand tickets and on many, as a table."""
    settings = Settings(demo=True, pool=4)
    await app.prepare(dsn, settings)
    desk = await app.open_desk(dsn, settings)
    desk.clock = Clock(NOW)
    lines = ["| tickets | due | round s | round with nothing due ms |", "|--:|--:|--:|--:|"]
    filled = 0
    try:
        for size in (10_000, many):
            await _fill(desk, FIRST + filled, size - filled)
            filled = size
            due, full = await _round(desk)
            _, empty = await _round(desk)
            lines.append(f"| {size:,} | {due:,} | {full:.2f} | {empty * 1000:.1f} |")
    finally:
        await desk.pool.close()
    return "\n".join(lines)


async def _fill(desk: AppState, first: int, count: int) -> None:
    """Add tickets of which a thousand are due; statistics and disk up to date."""
    async with desk.pool.acquire() as db:
        async with db.transaction():
            # every reference is copied from a row that has it
            await execute(db, "SET LOCAL session_replication_role = replica")
            await execute(db, TICKETS, first, first + count - 1, count // DUE, NOW)
        await execute(db, "VACUUM ANALYZE ticket")
        await execute(db, "CHECKPOINT")


async def _round(desk: AppState) -> tuple[int, float]:
    """How many tickets a round has escalated, and the seconds that it took."""
    escalating = [job for job in JOBS if job.name == "escalate"]
    began = time.perf_counter()
    outcomes = await run_round(desk, escalating)
    return outcomes["escalate"].done, time.perf_counter() - began


if __name__ == "__main__":
    main()
