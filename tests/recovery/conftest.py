"""Desks as processes, to be broken."""

import http.client
import json
import os
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

SAVE = "/api/v1/Agents/Ticket/SaveTicketEntity"
READ = "/api/v1/Agents/Ticket/GetTicketEntity?ticketEntityId="
PATIENCE = 60.0  # seconds until something that must happen has happened


class Desk:
    """A running `skranke serve` that tests may break."""

    def __init__(self, url: str, process: subprocess.Popen[str], data: Path, log: Path) -> None:
        self.url = url
        self.process = process
        self.data = data
        self.log_file = log

    @property
    def log(self) -> str:
        return self.log_file.read_text()

    @property
    def postmaster(self) -> int:
        """The process id of its PostgreSQL; 0 while there is none."""
        with suppress(FileNotFoundError, IndexError):
            return int((self.data / "postgres" / "postmaster.pid").read_text().split()[0])
        return 0

    def ask(
        self, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any, http.client.HTTPMessage]:
        """Status, body and headers; raises OSError where nobody answers."""
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        sign_in = {
            "Authorization": "Basic " + b64encode(b"tje0:Tje0").decode(),
            "Content-Type": "application/json",
        }
        try:
            method = "GET" if body is None else "POST"
            data = None if body is None else json.dumps(body)
            connection.request(method, path, data, {**sign_in, **(headers or {})})
            answer = connection.getresponse()
            said = answer.read()
            told = json.loads(said) if said[:1] in (b"{", b"[") else said.decode()
            return answer.status, told, answer.headers
        finally:
            connection.close()

    def save(self, title: str, **headers: str) -> Any:
        """The saved ticket; asserts that it was saved."""
        status, told, _ = self.ask(SAVE, {"Title": title}, headers)
        assert status == 200, told
        return told

    def status(self, path: str, body: object = None) -> int:
        """The status of an answer; 0 where nobody answers."""
        try:
            return self.ask(path, body)[0]
        except (OSError, http.client.HTTPException):
            return 0

    def children(self) -> list[int]:
        """The process ids of its workers."""
        told = subprocess.run(
            ["pgrep", "-P", str(self.process.pid), "-f", "skranke work"],
            capture_output=True,
            text=True,
            check=False,
        )
        return [int(pid) for pid in told.stdout.split()]


def until(condition: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """What the condition answers once it is true; AssertionError when it never is."""
    end = time.monotonic() + seconds
    while not (told := condition()):
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)
    return told


def is_alive(pid: int) -> bool:
    """Whether there is such a process; a zombie is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@contextmanager
def served(data: Path, *words: str, **variables: str) -> Generator[Desk]:
    """A running desk on this data."""
    data.mkdir(exist_ok=True)
    log = data.parent / f"{data.name}.log"
    command = [sys.executable, "-m", "skranke", "serve", "--data", str(data), *words]
    if "--port" not in words:
        command += ["--port", "0"]
    with (
        log.open("a") as errors,
        subprocess.Popen(
            command,
            env={**os.environ, **variables},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        assert process.stdout
        try:
            first = process.stdout.readline()
            assert "http" in first, log.read_text()
            yield Desk(first.rpartition(" ")[2].strip(), process, data, log)
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of a demo desk, to be copied."""
    data = tmp_path_factory.mktemp("seeded") / "desk"
    with served(data, "--demo"):
        pass
    return data


@pytest.fixture
def data(seeded: Path, tmp_path: Path) -> Path:
    """A demo desk's data of this test's own."""
    copy = tmp_path / "desk"
    subprocess.run(["cp", "-a", str(seeded), str(copy)], check=True)
    return copy
