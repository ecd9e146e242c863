"""A desk that mails come in to: mailboxes, a ticket of Kari's, and the import by hand.

Mailbox 1 is support@desk.example (alias help@desk.example), category 2, with a reply
template; mailbox 2 is sales@desk.example without one.
"""

from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import LiteralString

import pytest
from msgspec import Struct
from msgspec.structs import replace

from skranke.catalog.statuses.carriers import TicketBaseStatus
from skranke.channels.mail.incoming import ledger
from skranke.channels.mail.incoming.importer import import_mail
from skranke.channels.mail.incoming.ledger import Delivery, LedgerRow
from skranke.channels.mail.signing import mail_key, new_message_id, reply_address
from skranke.core.cache import ReferenceCache
from skranke.core.context import RequestContext
from skranke.core.jobs.worker import SYSTEM
from skranke.core.settings import Settings
from skranke.db.database import Db, rows
from skranke.messages.carriers import TicketMessageEntity
from skranke.messages.load import load_message_entities
from skranke.messages.mime.parser import parse_mail
from skranke.people.carriers import Person
from skranke.tickets.carriers import TicketEntity
from tests.cast import ANNA, BASE_LOCALE, NOW
from tests.messages.mails import mail
from tests.tickets.make import save, stored

SUPPORT, KARI = "support@desk.example", "kari@fjord.example"
MAILBOXES = f"""
INSERT INTO reply_template (id, name) VALUES (70, 'got it');
INSERT INTO reply_template_body (reply_template_id, subject, plain)
    VALUES (70, 'We have your mail', 'Thank you.');
INSERT INTO mail_in_filter (id, address, category_id, reply_template_id)
    VALUES (1, '{SUPPORT}', 2, 70), (2, 'sales@desk.example', 1, 0);
INSERT INTO mail_alias (mail_in_filter_id, address) VALUES (1, 'help@desk.example');
"""


class Letter(Struct, frozen=True):
    type: str
    rcpt: list[str]
    subject: str


class Log(Struct, frozen=True):
    log_action: int
    description: str


class Desk(Struct):
    """`receive` is what the doors and the worker do with a mail, in one transaction."""

    db: Db
    data: Path
    now: datetime = NOW

    def context(self) -> RequestContext:
        return RequestContext(
            db=self.db,
            user=SYSTEM,
            now=self.now,
            settings=Settings(data=self.data, mail_from=SUPPORT),
            cache=ReferenceCache(),
            rng=Random(1),
            locale=BASE_LOCALE,
        )

    async def receive(
        self,
        raw: bytes,
        *,
        mailbox: int = 1,
        rcpt: list[str] | None = None,
        envelope: str | None = None,
        is_old: bool = False,
    ) -> LedgerRow:
        delivery = Delivery(
            door="http",
            mailbox_id=mailbox,
            raw=raw,
            rcpt=rcpt or [],
            envelope_from=envelope,
            is_old=is_old,
        )
        inbound_id, _ = await ledger.accept(self.db, delivery, self.now)
        return await self.end(inbound_id)

    async def end(self, inbound_id: int) -> LedgerRow:
        raw = await ledger.load_raw(self.db, inbound_id)
        row = await ledger.load(self.db, inbound_id)
        assert raw is not None
        assert row is not None
        async with self.db.transaction():
            end = await import_mail(self.context(), row, parse_mail(raw))
            await ledger.finish(self.db, inbound_id, end, self.now)
        found = await ledger.load(self.db, inbound_id)
        assert found is not None
        return found

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)

    async def ticket(self, ticket_id: int | None) -> TicketEntity:
        assert ticket_id
        return await stored(replace(self.context(), user=ANNA), ticket_id)

    async def message(self, row: LedgerRow) -> TicketMessageEntity:
        found = await load_message_entities(
            self.context(), row.ticket_id or 0, [row.message_id or 0]
        )
        return found[0]

    async def make_ticket(self, **properties: object) -> int:
        """A ticket of Kari's in the state that the properties say."""
        usual: dict[str, object] = {"title": "Cold pump", "person": Person(person_id=7)}
        context = replace(self.context(), user=SYSTEM)
        return (await save(context, **(usual | properties))).ticket_id

    async def set_status(self, ticket_id: int, base: TicketBaseStatus) -> None:
        await save(self.context(), ticket_id=ticket_id, base_status=base)

    async def reply_to(self, ticket_id: int) -> str:
        return reply_address(await mail_key(self.db), SUPPORT, ticket_id)

    async def message_id(self, ticket_id: int) -> str:
        return new_message_id(await mail_key(self.db), ticket_id, "desk.example")

    async def letters(self, ticket_id: int | None) -> list[Letter]:
        return await rows(
            self.db,
            Letter,
            "SELECT type, rcpt, subject FROM outbox WHERE ticket_id = $1 ORDER BY id",
            ticket_id,
        )

    async def log(self, ticket_id: int | None) -> list[Log]:
        return await rows(
            self.db,
            Log,
            """
            SELECT log_action, description FROM ticket_log_action
            WHERE ticket_id = $1 ORDER BY id
            """,
            ticket_id,
        )

    async def count(self, table: LiteralString) -> int:
        return await self.db.fetchval(f"SELECT count(*) FROM {table}")

    async def events(self, ticket_id: int | None) -> list[str]:
        found = await self.db.fetch(
            "SELECT event FROM event_outbox WHERE primary_key = $1 ORDER BY id", ticket_id
        )
        return [record["event"] for record in found]


@pytest.fixture
async def desk(db: Db, tmp_path: Path) -> Desk:
    await db.execute(MAILBOXES)
    return Desk(db, tmp_path)


def written(*lines: str, body: str = "It is cold.", sender: str = KARI, to: str = SUPPORT) -> bytes:
    """A mail from Kari to support, unless said otherwise."""
    subject = () if any(line.startswith("Subject:") for line in lines) else ("Subject: Pump",)
    return mail(f"From: {sender}", f"To: {to}", *subject, *lines, body=body)
