"""Mail leaves a desk as it is installed: by the processes and the loop that users get."""

import os
import re
import ssl
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.channels.mail.conftest import PostOffice, serving_by

ADMIN = ("kari", "a good long password")
WAIT_SECONDS = 60


class RecordingOffice(PostOffice):
    """A mail server that lets a test wait until the client has said QUIT."""

    def __init__(self) -> None:
        super().__init__()
        self.said_quit = threading.Event()

    async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:
        self.said_quit.set()
        return "221 Bye"


@pytest.fixture
def tls_files(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate of 127.0.0.1 and its key."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=127.0.0.1",
            "-addext",
            "subjectAltName=IP:127.0.0.1",
            "-keyout",
            str(key),
            "-out",
            str(certificate),
        ],
        check=True,
        capture_output=True,
    )
    return certificate, key


@pytest.fixture(params=["smtp", "starttls", "smtps"])
def recording_office(
    request: pytest.FixtureRequest, tls_files: tuple[Path, Path]
) -> Iterator[RecordingOffice]:
    """A mail server that is reached in each of the three ways."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*tls_files)
    options: dict[str, dict[str, Any]] = {
        "smtp": {},
        "starttls": {"tls_context": context, "require_starttls": True},
        "smtps": {"ssl_context": context},
    }
    office = RecordingOffice()
    for served in serving_by(office, **options[request.param]):
        if request.param == "smtps":
            served.url = served.url.replace("smtp://", "smtps://")
        yield office


@contextmanager
def desk_serving(**variables: str) -> Generator[str]:
    """`skranke serve` with its defaults and these variables; its address."""
    with subprocess.Popen(
        [sys.executable, "-m", "skranke", "serve", "--port", "0"],
        env=os.environ | variables,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().rpartition(" ")[2].strip()
        finally:
            process.terminate()


def test_b1_a_message_leaves_a_served_desk(
    recording_office: RecordingOffice, tls_files: tuple[Path, Path], tmp_path: Path
):
    variables = {
        "SKRANKE_DATA": str(tmp_path / "desk"),
        "SKRANKE_SMTP_URL": recording_office.url,
        "SKRANKE_MAIL_FROM": "desk@fjord.example",
        "SSL_CERT_FILE": str(tls_files[0]),
    }
    subprocess.run(
        [sys.executable, "-m", "skranke", "migrate"],
        env=os.environ | variables,
        check=True,
        capture_output=True,
    )
    subprocess.run(
        [
            sys.executable,
            "-m",
            "skranke",
            "user",
            "add",
            ADMIN[0],
            "--role",
            "administrator",
            "--password",
            ADMIN[1],
        ],
        env=os.environ | variables,
        check=True,
        capture_output=True,
    )
    with (
        desk_serving(**variables) as url,
        httpx.Client(base_url=f"{url}/api/v1", auth=ADMIN, timeout=30) as client,
    ):
        ticket = client.post("/Ticket", json={"Title": "Pump"}).json()["TicketId"]
        message = {"Ticket": {"TicketId": ticket}, "Body": "It is warm again."}
        message_id = client.post("/TicketMessage", json=message).json()["EjMessageId"]
        letter = {"To": ["kari@fjord.example"], "Subject": "Your pump"}
        sent = client.post(f"/TicketMessage/{message_id}/Send", json=letter)
        assert sent.status_code == 204
        assert recording_office.said_quit.wait(WAIT_SECONDS)
    [(recipients, raw)] = recording_office.got
    assert recipients == ["kari@fjord.example"]
    assert b"It is warm again." in raw
    assert re.search(rb"Subject: .*Your pump", raw)
