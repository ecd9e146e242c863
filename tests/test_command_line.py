"""The command line as an administrator uses it, and what survives a kill."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from base64 import b64encode
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from skranke import __version__
from skranke.core.settings import InvalidSetting, Settings, load_settings

# names of what holds a secret, and of addresses with a password in them
SECRET = re.compile(r"token|password|key|secret|smtp_url|database_url")
SAVE = "/api/v1/Agents/Ticket/SaveTicketEntity"


def skranke(*words: str, given: str = "", **variables: str) -> tuple[int, str, str]:
    """Run a command to its end: exit code, standard output, standard error."""
    told = subprocess.run(
        [sys.executable, "-m", "skranke", *words],
        input=given,
        check=False,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return told.returncode, told.stdout, told.stderr


@contextmanager
def serve(*words: str, **variables: str) -> Generator[tuple[str, subprocess.Popen[str]]]:
    """A running `skranke serve` with these flags: its address and process."""
    with subprocess.Popen(
        [sys.executable, "-m", "skranke", "serve", "--port", "0", *words],
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().rpartition(" ")[2].strip(), process
        finally:
            process.terminate()


def ask(url: str, path: str, body: object = None, user: str = "tje0:Tje0") -> Any:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
    method = "GET" if body is None else "POST"  # {} asks for nothing more
    sign_in = (
        f"Bearer {user[7:]}"
        if user.startswith("Bearer ")
        else ("Basic " + b64encode(user.encode()).decode())
    )
    headers = {"Authorization": sign_in, "Content-Type": "application/json"}
    connection.request(method, path, json.dumps(body), headers)
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    return json.loads(answer.read())


def test_the_version_is_told() -> None:
    assert skranke("--version")[:2] == (0, f"skranke {__version__}\n")


def test_a_desk_without_demo_begins_with_a_user_of_its_own(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "desk"))
    code, told, _ = skranke("migrate", *data)
    assert code == 0
    assert "0001_reference_data.sql" in told
    assert skranke("migrate", *data)[1] == "The database is up to date.\n"
    code, told, fault = skranke(
        "user",
        "add",
        "kari",
        "--full-name",
        "Kari Nordmann",
        "--role",
        "administrator",
        *data,
        given="a good long password\n",
    )
    assert (code, fault) == (0, "")
    assert "kari" in skranke("user", "list", *data)[1]
    token = skranke("user", "token", "kari", "--days", "1", *data)[1].strip()
    with serve(*data) as (url, _):
        me = ask(url, "/api/v1/User/currentPrincipal", user="kari:a good long password")
        assert me["Associate"] == "kari"
        saved = ask(url, SAVE, {"Title": "first"}, user=f"Bearer {token}")
        assert (saved["TicketId"], saved["Title"]) == (1, "first")
        told = skranke("user", "password", "kari", *data, given="another long one\n")[1]
        assert told == "kari has a new password.\n"
    with serve(*data) as (url, _):
        assert ask(url, "/api/v1/User/currentAssociate", user="kari:another long one")


def test_what_was_acknowledged_survives_a_kill_of_everything(tmp_path: Path) -> None:
    with serve("--demo", "--data", str(tmp_path)) as (url, process):
        saved = ask(url, SAVE, {"Title": "written in the storm"})
        postmaster = int((tmp_path / "postgres" / "postmaster.pid").read_text().split()[0])
        os.kill(process.pid, signal.SIGKILL)
        os.kill(postmaster, signal.SIGKILL)
    with serve("--demo", "--data", str(tmp_path)) as (url, _):
        path = f"/api/v1/Agents/Ticket/GetTicketEntity?ticketEntityId={saved['TicketId']}"
        assert ask(url, path, {})["Title"] == "written in the storm"
        assert ask(url, path, {})["LastChanged"] == saved["LastChanged"]


def test_the_database_is_started_again_when_it_is_killed(tmp_path: Path) -> None:
    with serve("--demo", "--data", str(tmp_path)) as (url, _):
        saved = ask(url, SAVE, {"Title": "before"})
        postmaster = int((tmp_path / "postgres" / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
        path = f"/api/v1/Agents/Ticket/GetTicketEntity?ticketEntityId={saved['TicketId']}"
        assert until_answered(url, path)["Title"] == "before"


def until_answered(url: str, path: str) -> Any:
    """What the desk answers once it is back; 503 with Retry-After until then."""
    for _ in range(2000):
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
        headers = {"Authorization": "Basic dGplMDpUamUw"}
        connection.request("POST", path, "null", headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status == 200:
            return json.loads(body)
        assert answer.status == 503, body
        assert answer.headers["Retry-After"]
    raise AssertionError("the desk did not come back")


def test_a_second_server_on_the_same_data_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with serve("--data", str(tmp_path)):
        code, _, fault = skranke("serve", "--port", "0", "--data", str(tmp_path))
        assert code == 1
        assert fault.startswith("skranke: ")
        assert str(tmp_path) in fault
        assert "Traceback" not in fault


def test_two_workers_answer_on_one_port_and_a_dead_one_is_replaced(tmp_path: Path) -> None:
    with serve("--demo", "--workers", "2", "--data", str(tmp_path)) as (url, process):
        assert ask(url, SAVE, {"Title": "from one of two"})["TicketId"]
        told = subprocess.run(
            ["pgrep", "-P", str(process.pid), "-f", "skranke work"],
            capture_output=True,
            text=True,
            check=False,
        )
        workers = [int(pid) for pid in told.stdout.split()]
        assert len(workers) == 2
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        path = "/api/v1/Agents/Ticket/GetTicketEntity?ticketEntityId=389"
        assert until_answered(url, path)["TicketId"] == 389


def test_every_flag_has_a_variable(tmp_path: Path) -> None:
    variables = {"SKRANKE_DATA": str(tmp_path), "SKRANKE_DEMO": "1", "SKRANKE_EMULATOR": "1"}
    with serve(**variables) as (url, _):
        assert ask(url, "/_desk/clock")["frozen"] is False
        assert ask(url, SAVE, {"TicketId": 389, "Title": "x"})["TicketId"] == 389


def test_wrong_settings_are_told_by_name() -> None:
    for name, text in (
        ("SKRANKE_TIMEZONE", "Mars/Olympus"),
        ("SKRANKE_PORT", "eighty"),
        ("SKRANKE_DEMO", "perhaps"),
        ("SKRANKE_WORKERS", "0"),
    ):
        code, _, fault = skranke("serve", **{name: text})
        assert code == 1
        assert fault.startswith(f"skranke: {name}: ")


def test_an_emulator_is_not_opened_to_the_world_without_a_token() -> None:
    code, _, fault = skranke("serve", "--emulator", "--host", "0.0.0.0")
    assert code == 1
    assert "SKRANKE_EMULATOR_TOKEN" in fault


def test_settings_pass_to_workers_unchanged(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(workers=3, demo=True, timezone="Europe/Oslo", cors_enable=False)
    for name, text in settings.environment().items():
        monkeypatch.setenv(name, text)
    assert load_settings() == settings
    assert load_settings(workers=1).workers == 1
    monkeypatch.setenv("SKRANKE_POOL", "-1")
    with pytest.raises(InvalidSetting, match="SKRANKE_POOL"):
        load_settings()


def test_no_secret_of_the_settings_is_in_their_repr(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = [name for name in Settings.__struct_fields__ if SECRET.search(name)]
    for name in secrets:
        monkeypatch.setenv(f"SKRANKE_{name.upper()}", f"hush-{name}")
    settings = load_settings()
    assert settings.app_token == "hush-app_token"
    assert "hush" not in repr(settings)


def test_links_follow_the_public_address_where_one_is_set(tmp_path: Path) -> None:
    address = "https://desk.example/skranke/"
    with serve("--demo", "--data", str(tmp_path), SKRANKE_PUBLIC_URL=address) as (url, _):
        links = ask(url, "/api/v1/Ticket/389")["_Links"]
        assert links["Self"] == "https://desk.example/skranke/api/v1/Ticket/389"
