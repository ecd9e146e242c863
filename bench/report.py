"""What was measured, as tables; and their place in a document between two markers."""

from collections.abc import Callable
from pathlib import Path
from statistics import median

from msgspec import Struct

from bench.alternating_runs import MOST, PGBENCH, Task
from bench.fixture import Setting
from bench.watch import Run

BEGIN = "<!-- the tables from here on are written by `python -m bench --write` -->"
END = "<!-- the tables end here -->"
BODIES = {"sample": "the page's", "partial": "one property"}


class Report(Struct, kw_only=True):
    """Everything a run of the bench has found."""

    when: str
    machine: str
    settings: list[Setting]
    seconds: dict[str, float]  # by what took them
    cache: dict[str, list[float]]  # MiB of each worker, by when
    runs: dict[Task, list[Run]]
    faults: list[str]

    def text(self) -> str:
        """All tables, in Markdown."""
        settings = ", ".join(f"{one.name} {one.value}" for one in self.settings)
        about = f"Measured {self.when} on {self.machine}. PostgreSQL: {settings}."
        parts = [
            about,
            self._saves(),
            self._gets(),
            self._shares(),
            self._times(),
            self._memory(),
            self._faults(),
        ]
        return "\n\n".join(parts)

    def _saves(self) -> str:
        lines = [
            "| body | connections | who | saves/s | of pgbench | p50 ms | p99 ms "
            "| CPU ms: desk | PostgreSQL |",
            "|---|--:|---|--:|--:|--:|--:|--:|--:|",
        ]
        found = [task for task in self.runs if task.workload in BODIES]
        lines += [
            f"| {BODIES[task.workload]} | {task.connections} | {task.who} "
            f"| {_figures(self.runs[task])}"
            for task in sorted(found, key=_place)
        ]
        return "\n".join(lines)

    def _gets(self) -> str:
        lines = [
            "| GetTicketEntity | gets/s | of saves | p50 ms | p99 ms | CPU ms: desk | PostgreSQL |",
            "|---|--:|--:|--:|--:|--:|--:|",
        ]
        lines += [
            f"| {task.who}, {task.connections} connections | {_figures(runs)}"
            for task, runs in self.runs.items()
            if task.workload == "get"
        ]
        return "\n".join(lines)

    def _shares(self) -> str:
        most = [(t, run) for t, runs in self.runs.items() for run in runs if t.connections == MOST]
        pgbench = median(run.load_cpu for t, run in most if t.who == PGBENCH)
        http = median(run.load_cpu for t, run in most if t.who != PGBENCH)
        busiest = median(run.busiest for t, run in most if t.who.startswith("2"))
        return (
            f"At {MOST} connections pgbench itself took {pgbench:.2f} ms of processor "
            f"an answer, the load over HTTP {http:.2f} ms. Of two workers the busier "
            f"did {busiest:.0%} of the work."
        )

    def _times(self) -> str:
        lines = ["| once | seconds |", "|---|--:|"]
        lines += [f"| {what} | {took:.2f} |" for what, took in self.seconds.items()]
        return "\n".join(lines)

    def _memory(self) -> str:
        lines = ["| resident memory of a worker | MiB |", "|---|--:|"]
        for when, found in self.cache.items():
            lines.append(f"| {when} | {', '.join(f'{mib:.0f}' for mib in found)} |")
        return "\n".join(lines)

    def _faults(self) -> str:
        if not self.faults:
            return "Errors: none; every answered save was in the log."
        return "Errors:\n" + "\n".join(f"- {fault}" for fault in self.faults)


def write(report: Report, document: Path) -> None:
    """Put the tables between the document's markers; the prose around them stays."""
    before, begun, rest = document.read_text().partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not (begun and ended):
        raise ValueError(f"{document} lacks the lines that enclose its tables")
    document.write_text(f"{before}{BEGIN}\n\n{report.text()}\n\n{END}{after}")


def _place(task: Task) -> tuple[int, int]:
    """Where a task stands in its table; pgbench and the desks keep their order."""
    return list(BODIES).index(task.workload), task.connections


def _figures(runs: list[Run]) -> str:
    """Medians over the rounds; of the ratio also the least and the greatest."""

    def middle(of: Callable[[Run], float]) -> float:
        return median(map(of, runs))

    ratios = sorted(run.ratio for run in runs)
    spread = f" ({ratios[0]:.2f}–{ratios[-1]:.2f})" if ratios[0] != ratios[-1] else ""
    desk, postgres = middle(lambda r: r.desk_cpu), middle(lambda r: r.postgres_cpu)
    return (
        f"{middle(lambda r: r.rate):,.0f} | {median(ratios):.2f}{spread} "
        f"| {middle(lambda r: r.p50):.1f} | {middle(lambda r: r.p99):.1f} "
        f"| {desk:.2f} | {postgres:.2f} |"
    )
