"""`python -m bench`: measure, print, and write the report where a document is named."""

import argparse
import asyncio
import os
import platform
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from bench import fixture
from bench.alternating_runs import MOST, Measuring, Place, Plan
from bench.desks import AppState, ask, desk, postmaster
from bench.pgbench import script
from bench.processes import rss_mb
from bench.report import Report, write
from skranke.core.clock import Clock
from skranke.db import database
from skranke.db.embedded.server import running_dsn

USUAL = Plan(seconds=2, workloads=("sample", "partial"), rounds={1: 3, 8: 3, MOST: 5})
QUICK = Plan(seconds=1, workloads=("sample",), rounds={1: 1, 8: 1, MOST: 1})
DEMO = ("--demo", "--emulator")


def main() -> int:
    """Measure on a data directory of its own; 1 when an answer or save is missing."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round of a second each")
    parser.add_argument("--write", type=Path, metavar="FILE", help="refresh its tables")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, _end)
    data = Path(tempfile.mkdtemp(prefix="skranke-bench-"))
    try:
        report = asyncio.run(measured(data, QUICK if asked.quick else USUAL))
    finally:
        shutil.rmtree(data, ignore_errors=True)
    say(report.text())
    if asked.write:
        write(report, asked.write)
    return 1 if report.faults else 0


async def measured(data: Path, plan: Plan) -> Report:
    """Everything, from the first start of a fresh desk on."""
    report = Report(
        when=f"{Clock().now():%Y-%m-%d %H:%M} UTC",
        machine=_machine(),
        settings=[],
        seconds={},
        cache={},
        runs={},
        faults=[],
    )
    with desk(data, *DEMO) as first:
        _note_start(report, "first start", first)
        await _once(report, first, str(running_dsn(data)))
    with desk(data, *DEMO) as one:
        _note_start(report, "later start", one)
        dsn = str(running_dsn(data))
        with desk(data, "--workers", "2", database_url=dsn) as two:
            await _rounds(report, data, dsn, plan, {"1 worker": one, "2 workers": two})
    return report


def _end(*_: object) -> None:
    """Leave as on an error, so that no desk is left behind."""
    raise SystemExit(1)


def _note_start(report: Report, which: str, opened: AppState) -> None:
    report.seconds[f"{which}, until health is answered"] = opened.answered
    report.seconds[f"{which}, until the page's sample is saved"] = opened.saved
    report.cache[f"after the {which}"] = [rss_mb(pid) for pid in opened.workers()]


async def _once(report: Report, first: AppState, dsn: str) -> None:
    """What is done once in a while: reset, migrations, seed."""
    began = time.perf_counter()
    ask(f"{first.address}/_desk/state/reset", b"")
    report.seconds["state reset"] = time.perf_counter() - began
    async with database.single_connection(dsn) as db:
        migrating, seeding = await fixture.times_of_parts(db, dsn)
        report.seconds |= {"migrations": migrating, "seed of the demo": seeding}
        await fixture.widen(db)


async def _rounds(
    report: Report, data: Path, dsn: str, plan: Plan, desks: dict[str, AppState]
) -> None:
    async with database.single_connection(dsn) as db:
        await fixture.fill(db)
        report.settings = await fixture.settings(db)
        user = await fixture.user(db)
        scripts = {workload: await script(workload, user) for workload in plan.workloads}
        place = Place(db=db, dsn=dsn, postmaster=postmaster(data), desks=desks, scripts=scripts)
        measuring = Measuring(place, say)
        await measuring.measure(plan)
    report.runs, report.faults = measuring.runs, measuring.faults
    for who, opened in desks.items():
        found = [rss_mb(pid) for pid in opened.workers()]
        report.cache[f"after the load, {who}"] = found


def _machine() -> str:
    return (
        f"{os.cpu_count()} × {platform.machine()}, {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}"
    )


def say(text: str) -> None:
    """A line for whoever waits."""
    print(text, flush=True)  # noqa: T201 - the bench talks to people


if __name__ == "__main__":
    sys.exit(main())
