"""Desks to measure: processes of `skranke serve` on a data directory of the bench's."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from bench.processes import children, command_line
from bench.workloads import CREDENTIAL, SAVE, sample


class AppState:
    """A running desk, and how many seconds it took to come up."""

    def __init__(self, data: Path, *flags: str, **variables: str) -> None:
        began = time.perf_counter()
        self.process = _spawn(data, flags, variables)
        self.address = _address(self.process)
        ask(f"{self.address}/_desk/health")
        self.answered = time.perf_counter() - began
        ask(f"{self.address}{SAVE}", sample())
        self.saved = time.perf_counter() - began

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.address.rpartition(":")[2])

    def workers(self) -> list[int]:
        """The processes that answer: its children for this, or itself alone."""
        started = children(self.process.pid)
        working = [pid for pid in started if " work " in command_line(pid)]
        return working or [self.process.pid]

    def stop(self) -> None:
        """End it in good order."""
        self.process.terminate()
        self.process.wait(60)


@contextmanager
def desk(data: Path, *flags: str, **variables: str) -> Generator[AppState]:
    """A desk for the while."""
    opened = AppState(data, *flags, **variables)
    try:
        yield opened
    finally:
        opened.stop()


def postmaster(data: Path) -> int:
    """The embedded server of a data directory."""
    return int((data / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def ask(url: str, body: bytes | None = None) -> bytes:
    """One request as the demo's user, on a connection of its own."""
    headers = {"Authorization": f"Basic {CREDENTIAL}", "Content-Type": "application/json"}
    request = urllib.request.Request(url, body, headers)  # noqa: S310 - a desk of ours
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        return answer.read()


def _spawn(
    data: Path, flags: tuple[str, ...], variables: dict[str, str]
) -> "subprocess.Popen[str]":
    told = {k: v for k, v in os.environ.items() if not k.startswith("SKRANKE_")}
    command = [sys.executable, "-m", "skranke", "serve", "--port", "0"]
    return subprocess.Popen(
        [*command, "--data", str(data), *flags],
        env={**told, **{f"SKRANKE_{k.upper()}": v for k, v in variables.items()}},
        stdout=subprocess.PIPE,
        text=True,
    )


def _address(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    told = process.stdout.readline()
    if " at http" not in told:
        process.terminate()
        raise RuntimeError(f"the desk did not open: {told or 'its reason is above'}")
    return told.rpartition(" ")[2].strip()
