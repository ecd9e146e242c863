"""Mailboxes are looked into, one worker each, as often as they say."""

import asyncio
import logging
from datetime import datetime, timedelta

from msgspec import Struct

from skranke.channels.mail.capture import captures
from skranke.channels.mail.incoming import ledger
from skranke.channels.mail.incoming.imap import (
    Fetched,
    Look,
    MailboxUnreadable,
    Progress,
    Server,
    look,
)
from skranke.channels.mail.incoming.ledger import Delivery, End
from skranke.channels.mail.service.carriers import MailboxType
from skranke.core.app_state import AppState, current_second
from skranke.db.database import Db, execute, row, transaction, value

log = logging.getLogger("skranke.mail")
LEASE = timedelta(minutes=10)
BACKOFFS = tuple(timedelta(seconds=s) for s in (5, 15, 60, 300))  # the last one again
IMAP_TYPES = [kind.number for kind in (MailboxType.Imap, MailboxType.Imaps, MailboxType.ImapOAuth)]


class _Mailbox(Struct, frozen=True, kw_only=True):
    id: int
    server_type: int
    server: str
    port: int
    username: str
    password: str
    folder: str
    checkwait: int
    first_contact: int
    uid_validity: int
    last_uid: int
    first_uid: int
    num_seq_failures: int


async def lease(db: Db, now: datetime, limit: int, but: list[int]) -> list[int]:
    """Leases the mailboxes that are due to be looked into."""
    await execute(
        db,
        """
        INSERT INTO mailbox_progress (mailbox_id, next_check)
        SELECT id, $2 FROM mail_in_filter
        WHERE server_type = ANY ($1) AND status = 0 AND server <> ''
        ON CONFLICT DO NOTHING
        """,
        IMAP_TYPES,
        now,
    )
    found = await db.fetch(
        """
        UPDATE mailbox_progress SET next_check = $4, last_try = $2
        WHERE mailbox_id IN (
            SELECT p.mailbox_id FROM mailbox_progress p
            JOIN mail_in_filter m ON m.id = p.mailbox_id
            WHERE p.next_check <= $2 AND p.mailbox_id <> ALL ($3)
              AND m.server_type = ANY ($5) AND m.status = 0 AND m.server <> ''
            ORDER BY p.next_check LIMIT $1 FOR UPDATE OF p SKIP LOCKED)
        RETURNING mailbox_id
        """,
        limit,
        now,
        but,
        now + LEASE,
        IMAP_TYPES,
    )
    return [record["mailbox_id"] for record in found]


async def next_due(db: Db, after: datetime) -> datetime | None:
    """When the next mailbox is due."""
    return await value(
        db, datetime, "SELECT min(next_check) FROM mailbox_progress WHERE next_check > $1", after
    )


async def fetch_mailbox(state: AppState, mailbox_id: int) -> None:
    """Write down what is new in a mailbox, and when it is looked into again.

    A demo and an emulator keep to themselves.
    """
    if captures(state.settings):
        return
    async with transaction(state.pool) as db:
        mailbox = await row(
            db,
            _Mailbox,
            """
            SELECT m.id, m.server_type, m.server, m.port, m.username, m.password, m.folder,
                   m.checkwait, m.first_contact, p.uid_validity, p.last_uid, p.first_uid,
                   p.num_seq_failures
            FROM mail_in_filter m JOIN mailbox_progress p ON p.mailbox_id = m.id WHERE m.id = $1
            """,
            mailbox_id,
        )
    if mailbox is None:
        return
    try:
        seen = await _look(state, mailbox)
    except MailboxUnreadable as fault:
        log.warning("Mailbox %d can't be read: %s", mailbox_id, fault)
        await _note_failure(state, mailbox, str(fault))
        return
    await _note_success(state, mailbox, seen)


async def _look(state: AppState, mailbox: _Mailbox) -> Look:
    loop = asyncio.get_running_loop()
    before = Progress(
        uid_validity=mailbox.uid_validity, last_uid=mailbox.last_uid, first_uid=mailbox.first_uid
    )

    def keep(uid_validity: int, fetched: Fetched) -> None:
        # in the thread of the connection: the next mail waits until this one is here
        written = _write_down(
            state, mailbox, uid_validity, fetched, is_old=before.uid_validity == 0
        )
        asyncio.run_coroutine_threadsafe(written, loop).result()

    server = Server(
        host=mailbox.server,
        port=mailbox.port,
        is_tls=mailbox.server_type != MailboxType.Imap.number,
        username=mailbox.username,
        password=mailbox.password,
        is_oauth=mailbox.server_type == MailboxType.ImapOAuth.number,
        folder=mailbox.folder,
    )
    takes_old = mailbox.first_contact == 1
    return await asyncio.to_thread(look, server, before, takes_old=takes_old, keep=keep)


async def _write_down(
    state: AppState, mailbox: _Mailbox, uid_validity: int, fetched: Fetched, *, is_old: bool
) -> None:
    """Commit a mail to the ledger, and that it was read; a mail that is too long as held."""
    now = current_second(state.clock)
    async with transaction(state.pool) as db:
        delivery = Delivery(
            door="imap",
            mailbox_id=mailbox.id,
            raw=fetched.raw,
            folder=mailbox.folder,
            uid_validity=uid_validity,
            uid=fetched.uid,
            is_old=is_old,
        )
        inbound_id, is_new = await ledger.accept(db, delivery, now)
        if is_new and not fetched.is_whole:
            end = End(state=ledger.QUARANTINED, reason=f"too big: {fetched.size} bytes")
            await ledger.finish(db, inbound_id, end, now)


async def _note_failure(state: AppState, mailbox: _Mailbox, error: str) -> None:
    now = current_second(state.clock)
    wait = BACKOFFS[min(mailbox.num_seq_failures, len(BACKOFFS) - 1)]
    async with transaction(state.pool) as db:
        await execute(
            db,
            """
            UPDATE mailbox_progress SET last_error = $2, next_check = $3,
                num_seq_failures = num_seq_failures + 1
            WHERE mailbox_id = $1
            """,
            mailbox.id,
            error[:1000],
            now + wait,
        )


async def _note_success(state: AppState, mailbox: _Mailbox, seen: Look) -> None:
    """Keep how far the folder was read, and compare it with the ledger."""
    now = current_second(state.clock)
    wait = timedelta(0) if seen.has_more else timedelta(minutes=mailbox.checkwait)
    async with transaction(state.pool) as db:
        await execute(
            db,
            """
            UPDATE mailbox_progress SET uid_validity = $2, last_uid = $3, first_uid = $4,
                last_success = $5, next_check = $6, last_error = '', num_seq_failures = 0,
                server_count = CASE WHEN $8 THEN server_count ELSE cardinality($7::bigint[]) END,
                ledger_count = CASE WHEN $8 THEN ledger_count ELSE (
                    SELECT count(*) FROM inbound
                    WHERE mailbox_id = $1 AND folder = $9 AND uid_validity = $2
                      AND uid = ANY ($7)) END
            WHERE mailbox_id = $1
            """,
            mailbox.id,
            seen.progress.uid_validity,
            seen.progress.last_uid,
            seen.progress.first_uid,
            now,
            now + wait,
            seen.uids,
            seen.has_more,
            mailbox.folder,
        )
