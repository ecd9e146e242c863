"""What a load costs whom: rates and latencies, and the processor time behind them."""

import resource
import subprocess
import time

from msgspec import Struct

from bench.load import Answers
from bench.processes import children, cpu_seconds

LONGEST = 60  # seconds until a load that should take a few is given up


class Run(Struct, kw_only=True):
    """One measurement of a few seconds; CPU in milliseconds an answer."""

    rate: float  # answers a second
    p50: float  # milliseconds
    p99: float
    desk_cpu: float  # of all workers
    postgres_cpu: float
    load_cpu: float  # of pgbench, or of what asks over HTTP
    busiest: float  # what part of the desk's work its busiest worker has done
    ratio: float = 1.0  # to pgbench in the same round; for a get, to the desk's saves


class Watch:
    """Runs a load and looks at the desk's and PostgreSQL's processes meanwhile."""

    def __init__(self, workers: list[int], postmaster: int) -> None:
        self._workers, self._postmaster = workers, postmaster
        self._since = self._postgres_cpu = self._load_cpu = 0.0
        self._desk_cpu: list[float] = []

    def run(self, command: list[str], warming: float) -> bytes:
        """What the load printed; its first seconds warm up and count for nothing."""
        own, pipe = _cpu_of_ended(), subprocess.PIPE
        with subprocess.Popen(command, stdout=pipe, stderr=pipe) as load:
            time.sleep(warming)
            self._since, desk, postgres = time.time(), self._state(), self._postgres()
            said, complained = _end_of(load)
        if load.returncode:
            told = complained.decode()[-2000:]
            raise RuntimeError(f"{' '.join(command)} failed: {told}")
        after = zip(self._state(), desk, strict=True)
        self._desk_cpu = [now - then for now, then in after]
        self._postgres_cpu = self._postgres() - postgres
        self._load_cpu = _cpu_of_ended() - own
        return said

    def figures(self, answers: Answers) -> Run:
        """The run in figures."""
        counted = sorted(took for at, took in answers.noted if at >= self._since)
        until = max(at for at, _ in answers.noted)
        each = 1000 / len(counted)
        busy = sum(self._desk_cpu)
        return Run(
            rate=len(counted) / (until - self._since),
            p50=counted[len(counted) // 2] * 1000,
            p99=counted[len(counted) * 99 // 100] * 1000,
            desk_cpu=busy * each,
            postgres_cpu=self._postgres_cpu * each,
            load_cpu=self._load_cpu * 1000 / len(answers.noted),
            busiest=max(self._desk_cpu) / busy if busy else 0.0,
        )

    def _state(self) -> list[float]:
        return [cpu_seconds(worker) for worker in self._workers]

    def _postgres(self) -> float:
        return cpu_seconds(self._postmaster, *children(self._postmaster))


def _end_of(load: "subprocess.Popen[bytes]") -> tuple[bytes, bytes]:
    """All that it said; TimeoutExpired where an answer never comes."""
    try:
        return load.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        load.kill()
        raise


def _cpu_of_ended() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
