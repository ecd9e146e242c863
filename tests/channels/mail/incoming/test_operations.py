"""Mails by the CustomerService agent, mailboxes, settings, filters, status and the pipe."""

import os
import subprocess
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from skranke.channels.mail.incoming.operations import mail_bytes
from skranke.channels.mail.service.carriers import MailboxEntity
from skranke.channels.mail.service.operations import save_mailbox_entity
from tests.channels.mail.incoming.conftest import Desk, written
from tests.conftest import DemoServer

ADMIN = ("tje0", "Tje0")
TEXT = "From: Ny <new@x.example>\r\nSubject: Pump\r\n\r\nHei på deg"


class Client:
    def __init__(self, demo: DemoServer) -> None:
        self.url = demo.url

    def call(self, name: str, body: Any, agent: str = "CustomerService") -> httpx.Response:
        url = f"{self.url}/api/v1/Agents/{agent}/{name}"
        return httpx.post(
            url, json=body, auth=ADMIN, headers={"accept": "application/json"}, timeout=60
        )

    def get(self, path: str) -> Any:
        return httpx.get(f"{self.url}/_desk/mail{path}", auth=ADMIN)

    def put(self, path: str, body: Any) -> httpx.Response:
        return httpx.put(f"{self.url}/_desk/mail{path}", json=body, auth=ADMIN)

    def post(self, raw: bytes, mailbox: int = 0) -> Any:
        url = f"{self.url}/_desk/inbox?mailbox={mailbox}"
        return httpx.post(url, content=raw, timeout=60).json()

    def mailbox(self, **properties: Any) -> httpx.Response:
        return self.call("SaveMailboxEntity", properties)


@pytest.fixture
def client(demo: DemoServer) -> Client:
    return Client(demo)


@pytest.mark.parametrize(
    "text", [TEXT, TEXT.replace("\r\n", "\n"), b64encode(TEXT.encode()).decode()]
)
def test_mail_data_makes_a_ticket(client: Client, text: str) -> None:
    body = {"MailboxId": 0, "Data": text, "PersonId": 0}
    info = client.call("CreateTicketFromMailData", body).json()
    assert info["Title"] == "Pump"
    assert info["PersonName"] == "Ny"
    ticket = client.call("GetTicketEntity", {"TicketEntityId": info["TicketId"]}, "Ticket").json()
    message = client.call(
        "GetTicketMessageEntity",
        {"TicketMessageEntityId": ticket["Messages"][0]["TicketMessageId"]},
        "Ticket",
    ).json()
    assert message["Body"] == "Hei på deg"
    again = client.call("CreateTicketFromMailData", body).json()
    assert again["TicketId"] != info["TicketId"]


def test_eight_bit_data_is_taken_for_bytes() -> None:
    assert mail_bytes("Subject: bl\xe5") == b"Subject: bl\xe5"
    assert mail_bytes("Subject: 日") == "Subject: 日".encode()
    assert mail_bytes("QUJD") == b"QUJD"


@pytest.mark.parametrize(
    ("name", "body", "field"),
    [
        ("CreateTicketFromMailData", {"MailboxId": 999, "Data": TEXT}, "MailboxId"),
        ("CreateTicketFromMailData", {"Data": ""}, "Data"),
        ("CreateTicketFromMailData", {"Data": TEXT, "PersonId": 999_999}, "PersonId"),
        ("AddMessageFromMailData", {"TicketId": 999_999, "Data": TEXT}, "TicketId"),
        ("AddMessageFromMailData", {"TicketId": -1, "Data": TEXT}, "TicketId"),
    ],
)
def test_what_mail_data_cannot_name(client: Client, name: str, body: Any, field: str) -> None:
    answer = client.call(name, body)
    assert answer.status_code == 400
    assert field in answer.text
    assert httpx.get(f"{client.url}/_desk/inbox").json() == []


def test_mail_data_for_a_person_and_on_a_ticket(client: Client) -> None:
    person = client.call("CreateTicketFromMailData", {"Data": TEXT, "PersonId": 5}).json()
    ticket = client.call("GetTicketEntity", {"TicketEntityId": person["TicketId"]}, "Ticket").json()
    assert ticket["Person"]["PersonId"] == 5
    tagged = TEXT.replace("Subject: Pump", "Subject: [ejTag: 1] other")
    wish = {"TicketId": person["TicketId"], "Data": tagged}
    info = client.call("AddMessageFromMailData", wish).json()
    assert info["TicketId"] == person["TicketId"]
    ticket = client.call("GetTicketEntity", {"TicketEntityId": info["TicketId"]}, "Ticket").json()
    assert len(ticket["Messages"]) == 2


def test_a_mailbox_is_made_changed_and_never_tells_its_password(client: Client) -> None:
    default = client.call("CreateDefaultMailboxEntity", {}).json()
    assert (default["ServerType"], default["Port"]) == ("Imaps", 993)
    made = client.mailbox(
        **(default | {"Address": "new@desk.example", "Server": "mx", "Password": "secret"})
    ).json()
    assert (made["Address"], made["Password"]) == ("new@desk.example", "")
    changed = client.mailbox(MailInFilterId=made["MailInFilterId"], Username="u").json()
    assert (changed["Server"], changed["Username"]) == ("mx", "u")
    client.mailbox(MailInFilterId=made["MailInFilterId"], Password=None).raise_for_status()
    listed = client.call("GetMailboxes", {}).json()
    assert "new@desk.example" in [one["Address"] for one in listed]


@pytest.mark.parametrize(("password", "kept"), [(None, "secret"), ("", ""), ("new", "new")])
async def test_a_password_is_kept_emptied_or_changed(
    desk: Desk, password: str | None, kept: str
) -> None:
    await desk.db.execute("UPDATE mail_in_filter SET password = 'secret' WHERE id = 1")
    context = replace(desk.context(), given=frozenset({"MailInFilterId", "Password"}))
    await save_mailbox_entity(context, MailboxEntity(mail_in_filter_id=1, password=password))
    stored = await desk.db.fetchval("SELECT password FROM mail_in_filter WHERE id = 1")
    assert stored == kept


@pytest.mark.parametrize(
    ("properties", "field"),
    [
        ({"Address": "no address"}, "Address"),
        ({"Address": "a@x.example, b@x.example"}, "Address"),
        ({"MailInFilterId": 999, "Address": "a@x.example"}, "MailInFilterId"),
        ({"Address": "a@x.example", "ServerType": "Mapi"}, "ServerType"),
        ({"Address": "a@x.example", "Port": 70000}, "Port"),
        ({"Address": "a@x.example", "Server": "a b"}, "Server"),
        ({"Address": "a@x.example", "Password": "a\nb"}, "Password"),
        ({"Address": "taken@desk.example"}, "Address"),
    ],
)
def test_a_mailbox_that_cannot_be(client: Client, properties: Any, field: str) -> None:
    client.mailbox(Address="taken@desk.example").raise_for_status()
    before = client.call("GetMailboxes", {}).json()
    answer = client.mailbox(**properties)
    assert answer.status_code == 400
    assert field in answer.text
    assert client.call("GetMailboxes", {}).json() == before


def test_settings_of_a_mailbox_and_a_filter_that_blocks(client: Client) -> None:
    mailbox = client.mailbox(Address="new@desk.example").json()["MailInFilterId"]
    wish = {"aliases": ["n@desk.example"], "categoryId": 1, "keepHeaders": "Subject"}
    assert client.put(f"/mailboxes/{mailbox}", wish).json()["aliases"] == ["n@desk.example"]
    for bad in ({"categoryId": 999}, {"aliases": ["x"]}, {"checkMinutes": 0}, {"nonsense": 1}):
        assert client.put(f"/mailboxes/{mailbox}", bad).status_code == 400
    rule = {"name": "no pumps", "header_regex": "^subject:.*pump", "actions": {"block": True}}
    assert client.put("/filters", [rule | {"header_regex": "("}]).status_code == 400
    client.put("/filters", [rule]).raise_for_status()
    held = client.post(written(sender="new@x.example"), mailbox)
    assert (held["state"], held["mailSorter"]) == ("blocked", "no pumps")
    status = client.get("").json()
    [own] = [one for one in status["mailboxes"] if one["mailboxId"] == mailbox]
    assert (own["received"], own["blocked"]) == (1, 1)
    replay = httpx.post(f"{client.url}/_desk/mail/inbound/{held['id']}/replay", auth=ADMIN)
    assert replay.json()["state"] == "received"
    raw = client.get(f"/inbound/{held['id']}/raw")
    assert raw.content == written(sender="new@x.example")
    assert httpx.get(f"{client.url}/_desk/mail").status_code == 401


def test_a_mail_server_pipes_a_mail_in(tmp_path: Path) -> None:
    def run(*arguments: str, raw: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "skranke", "mail", "import", *arguments]
        return subprocess.run(command, input=raw, capture_output=True, check=False, env=environment)

    environment = dict(os.environ)
    subprocess.run(
        [sys.executable, "-m", "skranke", "migrate", "--data", str(tmp_path)], check=True
    )
    good = run("--data", str(tmp_path), "--from", "a@x.example", raw=b"From: a@x.example\n\nhei")
    assert (good.returncode, good.stdout) == (0, b"Mail 1 is in the ledger.\n")
    for bad in (
        run("--data", str(tmp_path), raw=b""),
        run("--data", str(tmp_path), "--mailbox", "99", raw=b"From: a@x.example\n\nhei"),
        run("--data", str(tmp_path), str(tmp_path / "nowhere")),
    ):
        assert bad.returncode == 75
        assert b"not imported" in bad.stderr
