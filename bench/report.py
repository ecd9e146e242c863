"""What was measured, as tables; and their place in a document between two markers."""

from collections.abc import Callable
from pathlib import Path
from statistics import median

from msgspec import Struct

from bench.rounds import CONNECTIONS, PGBENCH, Task
from bench.watch import Run

BEGIN = "<!-- measured: `make bench` writes from here -->"
END = "<!-- measured: to here -->"
BODIES = {"sample": "the page's", "partial": "one property"}


class Report(Struct, kw_only=True):
    """Everything a run of the bench has found."""

    when: str
    machine: str
    settings: dict[str, str]
    seconds: dict[str, float]  # by what took them
    memory: dict[str, list[float]]  # MiB of each worker, by when
    runs: dict[Task, list[Run]]
    faults: list[str]

    def text(self) -> str:
        """All tables, in Markdown."""
        settings = ", ".join(f"{name} {value}" for name, value in self.settings.items())
        parts = [
            f"Measured {self.when} on {self.machine}. PostgreSQL: {settings}.",
            self._saves(), self._gets(), self._load(), self._times(), self._memory(), self._faults(),
        ]  # fmt: skip
        return "\n\n".join(parts)

    def _saves(self) -> str:
        lines = [
            "| body | connections | who | saves/s | of pgbench | p50 ms | p99 ms "
            "| CPU ms: desk | PostgreSQL |",
            "|---|--:|---|--:|--:|--:|--:|--:|--:|",
        ]
        for workload, body in BODIES.items():
            for connections in CONNECTIONS:
                lines += [
                    f"| {body} | {connections} | {task.who} | {_figures(runs)}"
                    for task, runs in self.runs.items()
                    if (task.workload, task.connections) == (workload, connections)
                ]
        return "\n".join(lines)

    def _gets(self) -> str:
        lines = [
            "| GetTicketEntity | gets/s | of saves | p50 ms | p99 ms "
            "| CPU ms: desk | PostgreSQL |",
            "|---|--:|--:|--:|--:|--:|--:|",
        ]
        lines += [
            f"| {task.who}, {task.connections} connections | {_figures(runs)}"
            for task, runs in self.runs.items() if task.workload == "get"
        ]  # fmt: skip
        return "\n".join(lines)

    def _load(self) -> str:
        most = {
            task: runs for task, runs in self.runs.items() if task.connections == 32
        }
        by = {own: [r.load_cpu for t, runs in most.items() for r in runs
                    if (t.who == PGBENCH) is own] for own in (True, False)}  # fmt: skip
        busiest = [
            r.busiest for t, runs in most.items() for r in runs if t.who == "2 workers"
        ]
        return (
            f"At 32 connections pgbench itself took {median(by[True]):.2f} ms of processor "
            f"an answer, the load over HTTP {median(by[False]):.2f} ms. Of two workers the "
            f"busier did {median(busiest):.0%} of the work."
        )

    def _times(self) -> str:
        lines = ["| once | seconds |", "|---|--:|"]
        lines += [f"| {what} | {took:.2f} |" for what, took in self.seconds.items()]
        return "\n".join(lines)

    def _memory(self) -> str:
        lines = ["| resident memory of a worker | MiB |", "|---|--:|"]
        for when, found in self.memory.items():
            lines.append(f"| {when} | {', '.join(f'{mib:.0f}' for mib in found)} |")
        return "\n".join(lines)

    def _faults(self) -> str:
        if not self.faults:
            return "Errors: 0; every answered save was in the log."
        return "Errors:\n" + "\n".join(f"- {fault}" for fault in self.faults)


def write(report: Report, document: Path) -> None:
    """Put the tables between the document's markers; the prose around them stays."""
    before, _, rest = document.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    document.write_text(f"{before}{BEGIN}\n{report.text()}\n{END}{after}")


def _figures(runs: list[Run]) -> str:
    """Medians over the rounds; of the ratio also the least and the greatest."""

    def middle(of: Callable[[Run], float]) -> float:
        return median(map(of, runs))

    ratios = sorted(run.ratio for run in runs)
    ratio = f"{median(ratios):.2f} ({ratios[0]:.2f}–{ratios[-1]:.2f})"
    return (
        f"{middle(lambda r: r.rate):,.0f} | {ratio} | {middle(lambda r: r.p50):.1f} "
        f"| {middle(lambda r: r.p99):.1f} | {middle(lambda r: r.desk_cpu):.2f} "
        f"| {middle(lambda r: r.postgres_cpu):.2f} |"
    )
