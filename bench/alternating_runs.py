"""The measurements, in rounds: pgbench and the desks take turns at the same task."""

import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec import Struct

from bench import fixture, load, pgbench
from bench.desks import AppState
from bench.load import Answers
from bench.watch import Run, Watch
from skranke.db.database import Db

PGBENCH = "pgbench"
MOST = 32  # connections
PLANNING = 1.0  # seconds in which so many connections plan large statements
WARMING = 0.5  # seconds until the load has begun


class Task(Struct, frozen=True, kw_only=True):
    """What is measured again and again."""

    workload: str
    connections: int
    who: str  # PGBENCH, or a desk by its number of workers


class Plan(Struct, frozen=True, kw_only=True):
    """How much is measured: seconds a run, workloads, rounds by connections."""

    seconds: float
    workloads: tuple[str, ...]
    rounds: dict[int, int]


class Place(Struct, frozen=True, kw_only=True):
    """One database and the desks on it."""

    db: Db
    dsn: str
    postmaster: int
    desks: dict[str, AppState]
    scripts: dict[str, str]  # pgbench's, by workload


class Measuring:
    """What has been measured so far, and the next."""

    def __init__(self, place: Place, say: Callable[[str], None]) -> None:
        self._place, self._say = place, say
        self.runs: dict[Task, list[Run]] = {}
        self.faults: list[str] = []

    async def measure(self, plan: Plan) -> None:
        """All rounds; within each, numbers of connections and workloads take turns."""
        for desk in self._place.desks.values():
            _warm(desk, plan)
        for turn in range(max(plan.rounds.values())):
            for connections, rounds in plan.rounds.items():
                if turn < rounds:
                    await self._round(plan, connections)

    async def _round(self, plan: Plan, connections: int) -> None:
        saved: dict[str, float] = {}
        for workload in plan.workloads:
            task = Task(workload=workload, connections=connections, who=PGBENCH)
            base = await self._pgbench(task, plan.seconds)
            for who in self._place.desks:
                task = Task(workload=workload, connections=connections, who=who)
                run = await self._http(task, plan.seconds, base.rate)
                saved.setdefault(who, run.rate)
        if connections == MOST:
            for who, rate in saved.items():
                task = Task(workload="get", connections=connections, who=who)
                await self._http(task, plan.seconds, rate)

    async def _pgbench(self, task: Task, seconds: float) -> Run:
        place, watch = self._place, Watch([], self._place.postmaster)
        script = place.scripts[task.workload]
        logged = await fixture.saves(place.db)
        with tempfile.TemporaryDirectory(prefix="skranke-bench-") as name:
            aside, whole = Path(name), seconds + PLANNING
            watch.run(pgbench.command(place.dsn, script, task.connections, whole, aside), PLANNING)
            answers = pgbench.answers(aside)
        return await self._noted(task, watch.figures(answers), answers, logged)

    async def _http(self, task: Task, seconds: float, base: float) -> Run:
        place, desk = self._place, self._place.desks[task.who]
        watch = Watch(desk.workers(), place.postmaster)
        logged = await fixture.saves(place.db)
        command = load.command(desk.port, task.workload, task.connections, seconds + WARMING)
        answers = msgspec.json.decode(watch.run(command, WARMING), type=Answers)
        run = watch.figures(answers)
        run.ratio = run.rate / base
        return await self._noted(task, run, answers, logged)

    async def _noted(self, task: Task, run: Run, answers: Answers, logged: int) -> Run:
        """Keep the figures; every answered save must stand in the log, once."""
        written = await fixture.saves(self._place.db) - logged
        wanted = 0 if task.workload == "get" else len(answers.noted)
        if written != wanted:
            self.faults.append(f"{task}: {wanted} saves answered, {written} in the log")
        self.faults += [f"{task}: {fault}" for fault in answers.faults[:3]]
        self.runs.setdefault(task, []).append(run)
        self._say(
            f"{task.workload:8}{task.connections:3} × {task.who:10}{run.rate:7,.0f}/s"
            f"  ratio {run.ratio:.2f}  p50 {run.p50:.1f}  p99 {run.p99:.1f} ms"
        )
        return run


def _warm(desk: AppState, plan: Plan) -> None:
    """Let a desk open and plan all its connections; a desk that runs has done so."""
    for workload in plan.workloads:
        command = load.command(desk.port, workload, MOST, PLANNING)
        subprocess.run(command, check=True, capture_output=True)
