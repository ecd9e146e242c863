"""The desk comes back by itself, and goes in order."""

import http.client
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.recovery.conftest import READ, SAVE, Desk, is_alive, served, until


def test_postgres_is_started_again_for_as_long_as_it_takes(data: Path) -> None:
    with served(data) as desk:
        ticket = desk.save("before")["TicketId"]
        aside = data / "aside"
        cluster = data / "postgres"
        postmaster = desk.postmaster
        cluster.rename(aside)
        os.kill(postmaster, signal.SIGKILL)
        until(lambda: desk.log.count("The next try to start PostgreSQL") >= 2)
        assert desk.status(READ + str(ticket), {}) == 503
        assert desk.status("/_desk/health") == 503
        aside.rename(cluster)
        until(lambda: desk.status(READ + str(ticket), {}) == 200)
        assert desk.ask(READ + str(ticket), {})[1]["Title"] == "before"
        assert desk.status("/_desk/health") == 200
        assert "PostgreSQL answers again" in desk.log


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_workers_end_with_their_parent_and_the_port_is_free(
    data: Path, turn: int, unused_port: int
) -> None:
    _ = turn
    port = str(unused_port)
    with served(data, "--workers", "2", "--port", port) as desk:
        ticket = desk.save("kept")["TicketId"]
        workers = desk.children()
        assert len(workers) == 2
        os.kill(desk.process.pid, signal.SIGKILL)
        desk.process.wait()
        with served(data, "--workers", "2", "--port", port) as again:
            assert again.ask(READ + str(ticket), {})[1]["Title"] == "kept"
        until(lambda: not any(map(is_alive, workers)))


@pytest.fixture
def unused_port() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


class Client(threading.Thread):
    """Saves on one connection until stopped; counts what went wrong."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(daemon=True)
        self.desk = desk
        self.stop = threading.Event()
        self.answered = 0
        self.refused = 0
        self.faults: list[str] = []

    def run(self) -> None:
        connection = http.client.HTTPConnection(urlsplit(self.desk.url).netloc, timeout=30)
        headers = {"Authorization": "Basic dGplMDpUamUw", "Content-Type": "application/json"}
        while not self.stop.is_set():
            try:
                connection.request("POST", READ + "389", "{}", headers)
                answer = connection.getresponse()
                answer.read()
            except ConnectionRefusedError:  # the listener is closed: nothing was sent
                self.refused += 1
                return
            except (OSError, http.client.HTTPException) as fault:
                self.faults.append(repr(fault))
                return
            if answer.status != 200:
                self.faults.append(str(answer.status))
                return
            self.answered += 1


def test_a_rolling_restart_answers_every_request(data: Path) -> None:
    with served(data, "--workers", "2") as desk:
        before = desk.children()
        clients = [Client(desk) for _ in range(4)]
        for client in clients:
            client.start()
        until(lambda: all(client.answered > 2 for client in clients))
        desk.process.send_signal(signal.SIGUSR2)
        until(lambda: "Every worker has been replaced" in desk.log)
        counts = [client.answered for client in clients]
        until(lambda: all(c.answered > n + 2 for c, n in zip(clients, counts, strict=True)))
        for client in clients:
            client.stop.set()
        for client in clients:
            client.join(30)
        assert [client.faults for client in clients] == [[]] * 4
        assert not set(before) & set(desk.children())


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGHUP])
def test_the_end_resets_no_connection(data: Path, workers: str, sign: signal.Signals) -> None:
    with served(data, "--workers", workers) as desk:
        clients = [Client(desk) for _ in range(4)]
        for client in clients:
            client.start()
        until(lambda: all(client.answered > 2 for client in clients))
        postmaster = desk.postmaster
        desk.process.send_signal(sign)
        assert desk.process.wait(30) == 0
        for client in clients:
            client.join(30)
        assert [client.faults for client in clients] == [[]] * 4
        assert not is_alive(postmaster)


def test_serve_refuses_what_it_cannot_run_on_before_it_listens(tmp_path: Path) -> None:
    data = tmp_path / "desk"
    with served(data) as desk:
        dsn = (data / "skranke.lock").read_text().splitlines()[1]
        newer = "UPDATE schema_requirement SET least_migration = '9000_newer.sql'"
        subprocess.run([_psql(), dsn, "-c", newer], check=True, capture_output=True)
        desk.process.terminate()
        desk.process.wait(30)
    told = subprocess.run(
        [sys.executable, "-m", "skranke", "serve", "--data", str(data), "--port", "0"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert told.returncode == 1
    assert "newer Skranke" in told.stderr
    assert "9000_newer.sql" in told.stderr
    assert told.stdout == ""


def _psql() -> str:
    from skranke.db.embedded.binaries import installed_binaries

    return str(next(installed_binaries()).folder / "psql")


def test_this_program_goes_on_when_a_newer_one_adds_a_column(data: Path) -> None:
    with served(data) as desk:
        dsn = (data / "skranke.lock").read_text().splitlines()[1]
        newer = (
            "ALTER TABLE ticket ADD mood text NOT NULL DEFAULT 'calm';"
            "ALTER TABLE ej_message ADD mood text; ALTER TABLE person ADD mood text;"
            "ALTER TABLE event_outbox ADD mood text; ALTER TABLE ticket_log_action ADD mood text;"
            "INSERT INTO migration (name, checksum) VALUES ('9000_newer.sql', '')"
        )
        subprocess.run([_psql(), dsn, "-c", newer], check=True, capture_output=True)
        ticket = desk.save("made by the older one")
        status, told, _ = desk.ask(SAVE, {"TicketId": ticket["TicketId"], "Title": "changed"})
        assert (status, told["Title"]) == (200, "changed")
        read = subprocess.run(
            [_psql(), dsn, "-Atc", f"SELECT mood FROM ticket WHERE id = {ticket['TicketId']}"],
            check=True,
            capture_output=True,
            text=True,
        )
        assert read.stdout == "calm\n"
    with served(data) as again:  # a restart finds a step that only the newer one knows
        assert again.save("after a restart")["TicketId"] > ticket["TicketId"]
