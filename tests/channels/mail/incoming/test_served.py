"""Mail comes in to a served desk, as clients and their tests see it."""

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from skranke.core.settings import Settings
from tests.channels.mail.incoming.conftest import written
from tests.conftest import DemoServer
from tests.messages.mails import base64_part, mail, multipart

TJE0 = ("tje0", "Tje0")


def post(demo: DemoServer, raw: bytes, mailbox: object = "", **headers: str) -> httpx.Response:
    query = f"?mailbox={mailbox}" if mailbox != "" else ""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.post(
        f"{demo.url}/_desk/inbox{query}",
        content=raw,
        headers={"content-type": "message/rfc822", **headers},
        timeout=60,
    )


def call(demo: DemoServer, name: str, body: object) -> httpx.Response:
    url = f"{demo.url}/api/v1/Agents/Ticket/{name}"
    return httpx.post(url, json=body, auth=TJE0, headers={"accept": "application/json"}, timeout=60)


def test_a_mail_becomes_a_ticket_and_a_reset_forgets_it(demo: DemoServer) -> None:
    raw = written("Message-Id: <1@x.example>", body="Hei på deg", sender="new@x.example")
    answer = post(demo, raw, Idempotency_Key="k1", X_Envelope_From="<new@x.example>")
    assert answer.status_code == 200
    row = answer.json()
    assert (row["state"], row["mailId"], row["envelopeFrom"]) == (
        "ticket",
        "1@x.example",
        "new@x.example",
    )
    ticket = call(demo, "GetTicketEntity", {"TicketEntityId": row["ticketId"]}).json()
    assert (ticket["Title"], ticket["Origin"]) == ("Pump", "Email")
    again = post(demo, b"another", Idempotency_Key="k1").json()
    assert (again["id"], again["ticketId"]) == (row["id"], row["ticketId"])
    doubled = post(demo, raw).json()
    assert (doubled["state"], doubled["reason"]) == ("ignored", f"duplicate of {row['id']}")
    listed = httpx.get(f"{demo.url}/_desk/inbox").json()
    assert [one["id"] for one in listed] == [doubled["id"], row["id"]]
    demo.reset()
    assert httpx.get(f"{demo.url}/_desk/inbox").json() == []


@pytest.mark.parametrize(
    ("raw", "mailbox", "status", "field"),
    [
        (b"", "", 400, "body"),
        (b"x", "x", 400, "mailbox"),
        (b"x", 99999, 400, "mailbox"),
        (b"x", "9" * 30, 400, "mailbox"),
    ],
)
def test_a_door_says_what_is_wrong(
    demo: DemoServer, raw: bytes, mailbox: object, status: int, field: str
) -> None:
    answer = post(demo, raw, mailbox)
    assert (answer.status_code, answer.json()["field"]) == (status, field)
    assert httpx.get(f"{demo.url}/_desk/inbox").json() == []


def test_an_answer_by_mail_goes_to_its_ticket(demo: DemoServer) -> None:
    row = post(demo, written(sender="new@x.example")).json()
    message = {
        "TicketMessageEntityId": row["messageId"],
        "To": ["new@x.example"],
        "Cc": [],
        "Bcc": [],
        "Subject": "Answer",
        "ReplyTemplateId": 0,
    }
    call(demo, "SendTicketMessage", message).raise_for_status()
    [letter, *_] = [
        one
        for one in httpx.get(f"{demo.url}/_desk/outbox").json()
        if one["ticketId"] == row["ticketId"] and one["type"] == "message"
    ]
    raw = written(f"In-Reply-To: {letter['headers']['Message-ID']}", sender="new@x.example")
    answer = post(demo, raw + b" Thanks").json()
    assert (answer["state"], answer["ticketId"]) == ("message", row["ticketId"])


def test_a_mail_that_kills_its_parser_is_quarantined_and_holds_up_nobody(tmp_path: Path) -> None:
    memory = str(128 * 1024 * 1024)
    files = [base64_part("image/png", os.urandom(9 * 1024 * 1024)) for _ in range(3)]
    deadly = mail("From: a@x.example", "Subject: deadly")[:-2] + multipart("mixed", *files)
    command = ["serve", "--emulator", "--host", "127.0.0.1", "--port", "0", "--data", str(tmp_path)]
    with subprocess.Popen(
        [sys.executable, "-m", "skranke", *command],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"SKRANKE_MAIL_PARSER_BYTES": memory},
    ) as process:
        assert process.stdout
        try:
            desk = DemoServer(process.stdout.readline().rpartition(" ")[2].strip(), tmp_path)
            row = post(desk, deadly).json()
            assert (row["state"], row["failures"]) == ("quarantined", 3)
            assert "the parser ended" in row["reason"]
            mail_health = httpx.get(f"{desk.url}/_desk/health").json()["mail"]
            assert mail_health == {"waiting": 0, "late": 0, "quarantined": 1}
            assert post(desk, written(sender="b@x.example")).json()["state"] == "ticket"
        finally:
            process.terminate()
    assert Settings().mail_parser_bytes > int(memory)
