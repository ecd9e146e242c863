"""The measurements, in rounds: pgbench and the desks take turns at the same task."""

import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import asyncpg
import msgspec
from msgspec import Struct

from bench import ground, load, yardstick
from bench.desks import Desk
from bench.load import Answers
from bench.watch import Run, Watch

CONNECTIONS = (1, 8, 32)
PGBENCH = "pgbench"
PLANNING = 1.0  # seconds in which 32 connections plan two large statements
WARMING = 0.5  # seconds until the load has begun


class Task(Struct, frozen=True, kw_only=True):
    """What is measured again and again."""

    workload: str
    connections: int
    who: str  # PGBENCH, or a desk by its number of workers


class Plan(Struct, frozen=True, kw_only=True):
    """How much is measured: seconds a run, rounds by number of connections."""

    seconds: float
    rounds: dict[int, int]


class Measuring:
    """One database, the desks on it, and what has been measured so far."""

    def __init__(
        self, db: asyncpg.Connection, dsn: str, postmaster: int,
        desks: dict[str, Desk], scripts: dict[str, str], say: Callable[[str], None],
    ) -> None:  # fmt: skip
        self._db, self._dsn, self._postmaster = db, dsn, postmaster
        self._desks, self._scripts, self._say = desks, scripts, say
        self.runs: dict[Task, list[Run]] = {}
        self.faults: list[str] = []

    async def measure(self, plan: Plan) -> None:
        """All rounds; within each, numbers of connections and workloads take turns."""
        for desk in self._desks.values():
            for workload in self._scripts:
                command = load.command(desk.port, workload, 32, PLANNING)
                subprocess.run(command, check=True, capture_output=True)
        for turn in range(max(plan.rounds.values())):
            for connections in CONNECTIONS:
                if turn < plan.rounds[connections]:
                    await self._round(connections, plan.seconds)

    async def _round(self, connections: int, seconds: float) -> None:
        for workload in self._scripts:
            task = Task(workload=workload, connections=connections, who=PGBENCH)
            base = await self._pgbench(task, seconds)
            for who in self._desks:
                task = Task(workload=workload, connections=connections, who=who)
                await self._http(task, seconds, base.rate)
        if connections == max(CONNECTIONS):
            for who in self._desks:
                saved = self.runs[
                    Task(workload="sample", connections=connections, who=who)
                ]
                task = Task(workload="get", connections=connections, who=who)
                await self._http(task, seconds, saved[-1].rate)

    async def _pgbench(self, task: Task, seconds: float) -> Run:
        with tempfile.TemporaryDirectory(prefix="skranke-bench-") as name:
            place, script = Path(name), self._scripts[task.workload]
            command = yardstick.command(
                self._dsn, script, task.connections, seconds + PLANNING, place
            )
            watch = Watch([], self._postmaster)
            logged = await ground.saves(self._db)
            watch.run(command, PLANNING)
            answers = yardstick.answers(place)
        return await self._noted(task, watch.figures(answers), answers, logged)

    async def _http(self, task: Task, seconds: float, base: float) -> Run:
        desk = self._desks[task.who]
        command = load.command(
            desk.port, task.workload, task.connections, seconds + WARMING
        )
        watch = Watch(desk.workers(), self._postmaster)
        logged = await ground.saves(self._db)
        answers = msgspec.json.decode(watch.run(command, WARMING), type=Answers)
        run = watch.figures(answers)
        run.ratio = run.rate / base
        return await self._noted(task, run, answers, logged)

    async def _noted(self, task: Task, run: Run, answers: Answers, logged: int) -> Run:
        """Keep the figures; every answered save must stand in the log, once."""
        written = await ground.saves(self._db) - logged
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
