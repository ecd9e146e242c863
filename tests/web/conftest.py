"""One served desk, one mail server and one browser for all tests of the pages.

The desk is `skranke serve` as a process, on a database with the cast; everybody's
password is `a good long NAME`. Each test makes its own tickets over the API.
"""

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from socket import socket
from typing import Any

import httpx
import pytest
from aiosmtpd.controller import Controller
from argon2 import PasswordHasher
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from skranke.db import database
from skranke.db.migrate import migrate
from tests.cast import ADA, ANNA, BO, CAST_SQL, RITA, STEN

CHROMIUM = os.environ.get("SKRANKE_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 20_000  # milliseconds that a browser waits for what must come
KARI = 7  # the customer's person id
USERS = {user.name: user for user in (ADA, ANNA, BO, RITA, STEN)}


class MailServer:
    """A real SMTP server that keeps what it gets."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.arrived = threading.Condition()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail: Any = message_from_bytes(envelope.content, policy=policy.default)
        with self.arrived:
            self.mails.append(mail)
            self.arrived.notify_all()
        return "250 OK"

    def wait_for(self, subject: str) -> EmailMessage:
        """The mail with this in its subject, once it has arrived."""

        def found() -> EmailMessage | None:
            return next((m for m in self.mails if subject in str(m["Subject"])), None)

        with self.arrived:
            mail = self.arrived.wait_for(found, timeout=PATIENCE / 1000)
        assert mail, f"no mail about {subject}"
        return mail


def password_of(name: str) -> str:
    return f"a good long {name}"


async def prepare(url: str) -> None:
    """The cast in a migrated database, each with a password that is hashed cheaply."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    async with database.single_connection(url) as db:
        await migrate(db)
        await db.execute(CAST_SQL)
        for user in USERS.values():
            await db.execute(
                "INSERT INTO credentials (associate_id, type, value, registered) "
                "VALUES ($1, 'password', $2, now())",
                user.associate_id,
                hasher.hash(password_of(user.name)),
            )


class ServedDesk:
    """The desk under test: its process, its address, and its API as anybody."""

    def __init__(self, database_url: str, mail: MailServer, smtp_url: str) -> None:
        self.database_url = database_url
        self.mail = mail
        self.smtp_url = smtp_url
        self.url = ""
        self.port = 0
        self.process: subprocess.Popen[str] | None = None
        self.cookies: dict[str, Any] = {}

    def start(self) -> None:
        environment = {
            **os.environ,
            "SKRANKE_DATABASE_URL": self.database_url,
            "SKRANKE_SMTP_URL": self.smtp_url,
            "SKRANKE_MAIL_FROM": "Desk <desk@skranke.example>",
            "SKRANKE_WORKER_SECONDS": "1",
            "SKRANKE_PORT": str(self.port),
            "SKRANKE_TIMEZONE": "Europe/Oslo",
        }
        command = [sys.executable, "-m", "skranke", "serve"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        assert self.process.stdout
        self.url = self.process.stdout.readline().rpartition(" ")[2].strip()
        assert self.url.startswith("http")
        self.port = int(self.url.rpartition(":")[2])

    def stop(self, *, kill: bool = False) -> None:
        assert self.process
        if kill:
            self.process.kill()
        else:
            self.process.terminate()
        self.process.wait(30)
        assert self.process.stdout
        self.process.stdout.close()

    def call(self, path: str, body: object = None, user: str = "ada", method: str = "") -> Any:
        """A call of the API; the decoded answer."""
        answer = httpx.request(
            method or ("GET" if body is None else "POST"),
            f"{self.url}/api/v1/{path}",
            json=body,
            auth=(user, password_of(user)),
            timeout=30,
        )
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def make_ticket(self, title: str, body: str = "It is cold.", **fields: Any) -> int:
        """A ticket of Kari's with a message of hers; its id."""
        posted = {
            "Title": title,
            "Person": {"PersonId": KARI},
            "OwnedBy": {"AssociateId": ANNA.associate_id},
            "Category": {"TicketCategoryId": 1},
            **fields,
        }
        ticket = self.call("Agents/Ticket/SaveTicketEntity", posted)
        self.say(ticket["TicketId"], body)
        return ticket["TicketId"]

    def say(self, ticket_id: int, body: str, **fields: Any) -> int:
        """Have the customer write on a ticket; the message's id."""
        posted = {
            "Ticket": {"TicketId": ticket_id},
            "Body": body,
            "Slevel": "External",
            "Person": {"PersonId": KARI},
            "Author": "Kari Kunde",
            **fields,
        }
        saved = self.call("Agents/Ticket/SaveTicketMessageEntity", posted)
        return saved["EjMessageId"]

    def ticket(self, ticket_id: int) -> dict[str, Any]:
        return self.call(f"Ticket/{ticket_id}")


@pytest.fixture(scope="session")
def desk(new_database: Callable[[], str]) -> Iterator[ServedDesk]:
    """The desk, served for the whole run."""
    url = new_database()
    asyncio.run(prepare(url))
    mail = MailServer()
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(mail, hostname="127.0.0.1", port=port)
    controller.start()
    served = ServedDesk(url, mail, f"smtp://127.0.0.1:{port}")
    served.start()
    yield served
    served.stop()
    controller.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser of a module; while it is open no other event loop can run here."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class Visitor:
    """Opens pages as anybody of the cast, each in a browser context of its own.

    Errors of scripts and refusals of the policy are kept: there must be none.
    """

    def __init__(self, desk: ServedDesk, browser: Browser) -> None:
        self.desk = desk
        self.browser = browser
        self.contexts: list[BrowserContext] = []
        self.faults: list[str] = []

    def __call__(self, name: str, path: str = "/", **options: Any) -> Page:
        """A page of the desk as this user sees it."""
        options.setdefault("viewport", {"width": 1440, "height": 900})
        context = self.browser.new_context(base_url=self.desk.url, **options)
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        if kept := self.desk.cookies.get(name):
            context.add_cookies(kept)
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._heard)
        page.goto(path)
        if "/sign-in" in page.url:
            page.fill("#user", name)
            page.fill("#password", password_of(name))
            page.click("button[class*=primary]")
            page.wait_for_url(lambda url: "/sign-in" not in url)
            self.desk.cookies[name] = [
                c for c in context.cookies() if c.get("name") != "skranke_zone"
            ]
        page.wait_for_selector("html[data-ready]", state="attached")
        return page

    def _heard(self, message: Any) -> None:
        if message.type == "error" and "net::ERR" not in message.text:
            self.faults.append(message.text)

    def close(self) -> None:
        for context in self.contexts:
            context.close()


@pytest.fixture
def visit(desk: ServedDesk, chromium: Browser) -> Iterator[Visitor]:
    """`visit("anna", "/ticket/5")`: a page; no script may fail on any."""
    visitor = Visitor(desk, chromium)
    yield visitor
    visitor.close()
    assert not visitor.faults, json.dumps(visitor.faults, indent=1)
