"""`skranke mail import`: a mail server pipes a mail into the ledger.

Exit code 0 means that the mail is written down; 75 (EX_TEMPFAIL) that it is not, and that
the mail server is to keep it and try again. There is no other.
"""

import asyncio
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from skranke.channels.mail.incoming import ledger
from skranke.channels.mail.incoming.ledger import Delivery
from skranke.channels.mail.incoming.mailboxes import load_mailboxes
from skranke.core.clock import Clock
from skranke.db import database
from skranke.messages.mime.parsed import MAX_MAIL_BYTES

TEMPORARY_FAILURE = 75


class NotAccepted(Exception):
    """Why a mail was not written down."""


def import_mail_file(
    open_database: Callable[[], AbstractContextManager[str]],
    *,
    mailbox_id: int,
    path: str,
    sender: str | None,
    rcpt: list[str],
) -> int:
    """Write a mail down; the exit code. `path` of "-" is standard input."""
    try:
        stream = sys.stdin.buffer if path == "-" else Path(path).open("rb")  # noqa: SIM115 - closed below
        with stream:
            raw = stream.read(MAX_MAIL_BYTES + 1)
        if not raw or len(raw) > MAX_MAIL_BYTES:
            raise NotAccepted(f"a mail has from 1 to {MAX_MAIL_BYTES} bytes")
        delivery = Delivery(
            door="pipe", mailbox_id=mailbox_id, raw=raw, envelope_from=sender, rcpt=rcpt
        )
        with open_database() as dsn:
            inbound_id = asyncio.run(_accept(dsn, delivery))
    except Exception as fault:
        print(f"skranke: not imported: {fault}", file=sys.stderr)  # noqa: T201 - a command's answer
        return TEMPORARY_FAILURE
    print(f"Mail {inbound_id} is in the ledger.")  # noqa: T201
    return 0


async def _accept(dsn: str, delivery: Delivery) -> int:
    async with database.single_connection(dsn) as db:
        if delivery.mailbox_id and delivery.mailbox_id not in await load_mailboxes(db):
            raise NotAccepted(f"there is no mailbox {delivery.mailbox_id}")
        async with db.transaction():
            now = Clock().now().replace(microsecond=0)
            inbound_id, _ = await ledger.accept(db, delivery, now)
        return inbound_id
