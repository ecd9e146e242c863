"""A mail server of the tests' own, on a real socket, and a desk that mails by it."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from random import Random
from socket import socket
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from msgspec.structs import replace

from skranke.channels.mail.outbox import OutgoingEmail, post_email
from skranke.core.app_state import AppState
from skranke.core.cache import ReferenceCache
from skranke.core.clock import Clock
from skranke.core.jobs.worker import context_for
from skranke.core.settings import Secret, Settings
from skranke.db import database
from skranke.db.database import transaction
from tests.cast import ANNA, NOW
from tests.tickets.make import save

SENDER = "Fjord desk <support@fjord.example>"


class PostOffice:
    """What a mail server got and what it is to answer; the handler of aiosmtpd.

    `replies` are by recipient, or by "MAIL" and "DATA"; `kill` names a step at which
    the worker with `pid` dies, before it gets an answer to it.
    """

    def __init__(self) -> None:
        self.got: list[tuple[list[str], bytes]] = []
        self.replies: dict[str, str] = {}
        self.kill = ""
        self.pid = 0
        self.url = ""

    def letters(self) -> list[EmailMessage]:
        return [message_from_bytes(b, policy=policy.default) for _, b in self.got]  # pyright: ignore[reportReturnType] # the policy makes them so

    def _perhaps_kill(self, step: str) -> None:
        if self.kill == step:
            self.kill = ""
            os.kill(self.pid, signal.SIGKILL)

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self._perhaps_kill("EHLO")
        session.host_name = hostname
        return responses

    async def handle_MAIL(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        self._perhaps_kill("MAIL")
        if "MAIL" not in self.replies:
            envelope.mail_from = address
        return self.replies.get("MAIL", "250 OK")

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        self._perhaps_kill("RCPT")
        if address not in self.replies:
            envelope.rcpt_tos.append(address)
        return self.replies.get(address, "250 OK")

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if "DATA" in self.replies:
            return self.replies["DATA"]
        self.got.append((list(envelope.rcpt_tos), envelope.content))
        self._perhaps_kill("250")
        return "250 OK"


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A mail server that takes everything; `office.url` is where."""
    handler = PostOffice()
    yield from serving_by(handler)


def serving_by(handler: PostOffice, **options: Any) -> Iterator[PostOffice]:
    """Have the handler served on a port of its own."""
    with socket() as free:  # the controller knocks at its port, which can't be 0
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port, **options)
    controller.start()
    handler.url = f"smtp://127.0.0.1:{port}"
    yield handler
    controller.stop()


class Mailing:
    """A desk that mails, by hand: `round()` is what its worker does."""

    def __init__(self, desk: AppState, dsn: str) -> None:
        self.state = desk
        self.dsn = dsn

    async def ticket(self, title: str = "Printer on fire") -> int:
        async with transaction(self.state.pool) as db:
            context = replace(context_for(self.state, db), user=ANNA)
            return (await save(context, title=title)).ticket_id

    async def post(self, **properties: Any) -> int:
        """Post a letter on a new ticket; its outbox id."""
        usual: dict[str, Any] = {"to": ["kari@fjord.example"], "subject": "Hello", "plain": "Text"}
        ticket_id = properties.pop("ticket_id", None) or await self.ticket()
        async with transaction(self.state.pool) as db:
            context = replace(context_for(self.state, db), user=ANNA)
            return await post_email(
                context, OutgoingEmail(ticket_id=ticket_id, **usual | properties)
            )

    def worker(self, url: str) -> subprocess.Popen[str]:
        """A worker process of its own that mails by this server."""
        settings = {
            "SKRANKE_DATABASE_URL": self.dsn,
            "SKRANKE_SMTP_URL": url,
            "SKRANKE_MAIL_FROM": SENDER,
        }
        return subprocess.Popen(
            [sys.executable, "-m", "skranke", "worker", "--once"],
            text=True,
            env=os.environ | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )


@pytest.fixture
async def mailing(own_database_url: str, office: PostOffice) -> AsyncIterator[Mailing]:
    pool = await database.connect(own_database_url, size=4)
    desk = AppState(
        pool=pool,
        cache=ReferenceCache(),
        clock=Clock(NOW),
        rng=Random(1),
        settings=Settings(smtp_url=Secret(office.url), mail_from=SENDER),
    )
    yield Mailing(desk, own_database_url)
    await pool.close()
