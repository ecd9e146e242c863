"""The ledger of incoming mails in the database.

A row is `received` until it ends as `ticket`, `message`, `bounced`, `ignored`, `blocked`
or `quarantined`, the last four with a reason.
"""

from datetime import datetime, timedelta
from hashlib import sha256

from msgspec import Struct

from skranke.db.database import Db, execute, row, rows, value

RECEIVED, TICKET, MESSAGE, BOUNCED = "received", "ticket", "message", "bounced"
IGNORED, BLOCKED, QUARANTINED = "ignored", "blocked", "quarantined"
LEASE = timedelta(minutes=5)  # longer than any attempt takes
MAX_FAILURES = 3  # ends of the parser, or faults, that a mail has caused
MAX_ATTEMPTS = 20  # by workers that may all have died of something else
RETRY_AFTER = timedelta(seconds=30)


class Delivery(Struct, kw_only=True):
    """A mail as it came through a door; `key` is what the door knows it by.

    `envelope_from` is None where the door does not know it, "" of a bounce.
    """

    door: str
    mailbox_id: int = 0
    raw: bytes
    envelope_from: str | None = None
    rcpt: list[str] = []
    key: str | None = None
    folder: str = ""
    uid_validity: int = 0
    uid: int | None = None
    is_old: bool = False


class LedgerRow(Struct, rename="camel", kw_only=True):
    """A mail in the ledger, as `/_desk/inbox` shows it."""

    id: int
    state: str
    reason: str
    ticket_id: int | None
    message_id: int | None
    door: str
    mailbox_id: int | None
    mail_id: str | None  # its Message-Id, without brackets
    sender: str
    subject: str
    mail_sorter: str
    envelope_from: str | None
    rcpt: list[str]
    received_at: datetime
    ended_at: datetime | None
    size: int
    sha256: str
    attempts: int
    failures: int
    last_error: str
    is_old: bool
    is_replay: bool
    is_cut: bool
    skipped_filter_id: int
    took_ms: int


COLUMNS = """id, state, reason, ticket_id AS "ticketId", ej_message_id AS "messageId", door,
    mailbox_id AS "mailboxId", message_id AS "mailId", sender, subject,
    mail_sorter AS "mailSorter", envelope_from AS "envelopeFrom", rcpt,
    received_at AS "receivedAt", ended_at AS "endedAt", size, sha256, attempts, failures,
    last_error AS "lastError", is_old AS "isOld", is_replay AS "isReplay", is_cut AS "isCut",
    skipped_filter_id AS "skippedFilterId", took_ms AS "tookMs" """


async def accept(
    db: Db, delivery: Delivery, now: datetime, *, leased: bool = False
) -> tuple[int, bool]:
    """Write a mail down; its id, and whether it is new here.

    A delivery that a door knows by its key or UID is written once. The caller commits
    before the sender is told that the mail has arrived; with `leased` it brings the
    mail to its end itself.
    """
    new_id: int | None = await db.fetchval(
        """
        INSERT INTO inbound (door, mailbox_id, folder, uid_validity, uid, delivery_key,
            sha256, envelope_from, rcpt, is_old, received_at, size, next_try, attempts)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        ON CONFLICT DO NOTHING RETURNING id
        """,
        delivery.door,
        delivery.mailbox_id or None,
        delivery.folder,
        delivery.uid_validity,
        delivery.uid,
        delivery.key,
        sha256(delivery.raw).hexdigest(),
        delivery.envelope_from,
        delivery.rcpt,
        delivery.is_old,
        now,
        len(delivery.raw),
        now + LEASE if leased else now,
        int(leased),
    )
    if new_id is None:
        return await _known(db, delivery), False
    await execute(
        db,
        "INSERT INTO inbound_raw (id, raw, kept_since) VALUES ($1, $2, $3)",
        new_id,
        delivery.raw,
        now,
    )
    return new_id, True


async def _known(db: Db, delivery: Delivery) -> int:
    return await value(
        db,
        int,
        """
        SELECT id FROM inbound
        WHERE (mailbox_id = $1 AND folder = $2 AND uid_validity = $3 AND uid = $4)
           OR (door = $5 AND coalesce(mailbox_id, 0) = $1 AND delivery_key = $6)
        ORDER BY id LIMIT 1
        """,
        delivery.mailbox_id,
        delivery.folder,
        delivery.uid_validity,
        delivery.uid,
        delivery.door,
        delivery.key,
    )


async def lease(db: Db, now: datetime, limit: int, but: list[int]) -> list[int]:
    """Leases mails for a few minutes; each lease counts as an attempt.

    A mail on which the lease has ended too often goes to quarantine: whatever ends
    those who look at it does so before they can say so.
    """
    await execute(
        db,
        """
        UPDATE inbound SET state = 'quarantined', reason = 'every attempt was cut off',
            ended_at = $1
        WHERE state = 'received' AND attempts >= $2 AND next_try <= $1
        """,
        now,
        MAX_ATTEMPTS,
    )
    found = await db.fetch(
        """
        UPDATE inbound SET next_try = $4, attempts = attempts + 1
        WHERE id IN (
            SELECT id FROM inbound
            WHERE state = 'received' AND next_try <= $2 AND id <> ALL ($3)
            ORDER BY next_try, id LIMIT $1 FOR UPDATE SKIP LOCKED)
        RETURNING id
        """,
        limit,
        now,
        but,
        now + LEASE,
    )
    return sorted(record["id"] for record in found)


async def next_due(db: Db, after: datetime) -> datetime | None:
    """When the next mail is tried again."""
    return await value(
        db,
        datetime,
        "SELECT min(next_try) FROM inbound WHERE state = 'received' AND next_try > $1",
        after,
    )


async def claim(db: Db, inbound_id: int, now: datetime) -> bool:
    """Lease one mail; False where it has ended or another holds it."""
    return bool(
        await db.fetchval(
            """
            UPDATE inbound SET next_try = $3, attempts = attempts + 1
            WHERE id = $1 AND state = 'received' AND next_try <= $2 RETURNING true
            """,
            inbound_id,
            now,
            now + LEASE,
        )
    )


async def load(db: Db, inbound_id: int) -> LedgerRow | None:
    """A mail's row; None without one."""
    return await row(db, LedgerRow, f"SELECT {COLUMNS} FROM inbound WHERE id = $1", inbound_id)


async def lock(db: Db, inbound_id: int) -> LedgerRow | None:
    """As `load`, and nobody else ends the mail until the transaction does."""
    return await row(
        db, LedgerRow, f"SELECT {COLUMNS} FROM inbound WHERE id = $1 FOR UPDATE", inbound_id
    )


async def load_raw(db: Db, inbound_id: int) -> bytes | None:
    """A mail's bytes; None where they are forgotten."""
    raw: bytes | None = await db.fetchval("SELECT raw FROM inbound_raw WHERE id = $1", inbound_id)
    return raw


async def list_rows(
    db: Db, limit: int, *, before_id: int | None = None, state: str = ""
) -> list[LedgerRow]:
    """The newest mails of a state ("": all) that are older than an id."""
    return await rows(
        db,
        LedgerRow,
        f"""
        SELECT {COLUMNS} FROM inbound
        WHERE ($2::bigint IS NULL OR id < $2) AND ($3 = '' OR state = $3)
        ORDER BY id DESC LIMIT $1
        """,
        limit,
        before_id,
        state,
    )


class End(Struct, kw_only=True):
    """What a mail has come to."""

    state: str
    reason: str = ""
    ticket_id: int | None = None
    message_id: int | None = None
    mail_sorter: str = ""
    has_reopened: bool = False


async def note_content(
    db: Db, inbound_id: int, *, mail_id: str | None, body_hash: str, sender: str, subject: str
) -> None:
    """Keep what a mail says of itself, for the list and to know it again."""
    await execute(
        db,
        """
        UPDATE inbound SET message_id = $2, body_hash = $3, sender = $4, subject = $5
        WHERE id = $1
        """,
        inbound_id,
        mail_id,
        body_hash,
        sender,
        subject[:500],
    )


async def find_duplicate(
    db: Db, mail: LedgerRow, body_hash: str, now: datetime, *, across_mailboxes: bool
) -> LedgerRow | None:
    """The earlier row of the same mail; None where this is the first.

    The same bytes, or the same Message-Id and body, in the same mailbox; in another one
    only the latter, within a day. The transaction holds off others with the same mail.
    """
    for key in (mail.sha256, mail.mail_id or ""):
        if key:
            await execute(
                db, "SELECT pg_advisory_xact_lock(hashtextextended('mail ' || $1, 15))", key
            )
    return await row(
        db,
        LedgerRow,
        f"""
        SELECT {COLUMNS} FROM inbound
        WHERE id < $1 AND state IN ('ticket', 'message', 'bounced', 'ignored', 'blocked')
          AND reason NOT LIKE 'duplicate of%'
          AND ((mailbox_id IS NOT DISTINCT FROM $2 AND sha256 = $3)
               OR (message_id = $4 AND body_hash = $5
                   AND (mailbox_id IS NOT DISTINCT FROM $2
                        OR ($6 AND received_at > $7))))
        ORDER BY id LIMIT 1
        """,
        mail.id,
        mail.mailbox_id,
        mail.sha256,
        mail.mail_id,
        body_hash,
        across_mailboxes,
        now - timedelta(days=1),
    )


async def count_reopenings(db: Db, ticket_id: int, since: datetime) -> int:
    """How often mails have opened a ticket since then."""
    return await value(
        db,
        int,
        "SELECT count(*) FROM inbound WHERE ticket_id = $1 AND has_reopened AND ended_at >= $2",
        ticket_id,
        since,
    )


async def count_recent(
    db: Db, sender: str, subject: str, body_hash: str, since: datetime
) -> tuple[int, int]:
    """How many tickets a sender's mails have made since then; those of the same text."""
    found = await db.fetchrow(
        """
        SELECT count(*), count(*) FILTER (WHERE subject = $2 AND body_hash = $3) FROM inbound
        WHERE sender = $1 AND received_at >= $4 AND state = 'ticket' AND door <> 'api'
        """,
        sender,
        subject[:500],
        body_hash,
        since,
    )
    assert found  # an aggregate always has a row
    return found[0], found[1]


async def finish(db: Db, inbound_id: int, end: End, now: datetime) -> None:
    """Write a mail's end."""
    await execute(
        db,
        """
        UPDATE inbound SET state = $2, reason = $3, ticket_id = $4, ej_message_id = $5,
            mail_sorter = $6, ended_at = $7, has_reopened = $8, last_error = ''
        WHERE id = $1
        """,
        inbound_id,
        end.state,
        end.reason,
        end.ticket_id,
        end.message_id,
        end.mail_sorter,
        now,
        end.has_reopened,
    )


async def fail(db: Db, inbound_id: int, error: str, now: datetime) -> None:
    """Note that a mail has ended an attempt; after the last one it is quarantined."""
    await execute(
        db,
        """
        UPDATE inbound SET failures = failures + 1, last_error = $2, next_try = $4,
            state = CASE WHEN failures + 1 >= $5 THEN 'quarantined' ELSE state END,
            reason = CASE WHEN failures + 1 >= $5 THEN $2 ELSE reason END,
            ended_at = CASE WHEN failures + 1 >= $5 THEN $3::timestamptz END
        WHERE id = $1 AND state = 'received'
        """,
        inbound_id,
        error[:1000],
        now,
        now + RETRY_AFTER,
        MAX_FAILURES,
    )


async def replay(db: Db, inbound_id: int, now: datetime, *, skipped_filter_id: int = 0) -> bool:
    """Have a held or ignored mail imported after all; False where there is none such."""
    return bool(
        await db.fetchval(
            """
            UPDATE inbound SET state = 'received', reason = '', attempts = 0, failures = 0,
                is_replay = true, next_try = $2, ended_at = NULL, skipped_filter_id = $3
            WHERE id = $1 AND state IN ('ignored', 'blocked', 'quarantined')
              AND EXISTS (SELECT FROM inbound_raw r WHERE r.id = $1)
            RETURNING true
            """,
            inbound_id,
            now,
            skipped_filter_id,
        )
    )
