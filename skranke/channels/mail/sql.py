"""The outbox in the database."""

from datetime import datetime, timedelta

from msgspec import Struct, to_builtins

from skranke.channels.mail.addresses import MailAddress
from skranke.db.database import Db, execute, row, rows, value

WAITING, SENT, FAILED, CAPTURED = 0, 1, 2, 3
LEASE = timedelta(minutes=10)  # longer than any attempt may take


class EmailContent(Struct, frozen=True, kw_only=True):
    """What a letter consists of, fixed when it was posted."""

    sender: MailAddress
    to: list[MailAddress]
    cc: list[MailAddress] = []
    bcc: list[MailAddress] = []
    reply_to: str = ""
    message_id: str
    in_reply_to: str = ""
    references: list[str] = []
    plain: str = ""
    html: str = ""
    attachment_ids: list[int] = []


class OutboxEmail(Struct, frozen=True, kw_only=True):
    """A letter of the outbox and how far it has got."""

    id: int
    ticket_id: int | None
    message_id: int | None
    type: str
    subject: str
    from_email: str
    from_envelope: str
    rcpt: list[str]
    created: datetime
    status: int
    retries: int = 0
    last_error: str = ""
    letter: EmailContent


async def next_id(db: Db) -> int:
    """An id that no letter has."""
    return await value(db, int, "SELECT nextval(pg_get_serial_sequence('outbox', 'id'))")


async def insert(db: Db, letter: OutboxEmail) -> None:
    """Write down a letter, due at once."""
    await execute(
        db,
        """
        INSERT INTO outbox (id, ticket_id, message_id, type, subject, from_email,
            from_envelope, rcpt, created, status, next_retry, letter)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $9, $11)
        """,
        letter.id,
        letter.ticket_id,
        letter.message_id,
        letter.type,
        letter.subject,
        letter.from_email,
        letter.from_envelope,
        letter.rcpt,
        letter.created,
        letter.status,
        to_builtins(letter.letter),
    )


async def identify(db: Db, message_id: int, mail_id: str) -> None:
    """Give a message the Message-Id of its first letter, by which answers find it."""
    await execute(
        db,
        "UPDATE ej_message SET message_id = $2 WHERE id = $1 AND message_id = ''",
        message_id,
        mail_id,
    )


async def load_email(db: Db, outbox_id: int) -> OutboxEmail | None:
    """A letter; None without one."""
    return await row(
        db,
        OutboxEmail,
        """
        SELECT id, ticket_id, message_id, type, subject, from_email, from_envelope,
               rcpt, created, status, retries, last_error, letter
        FROM outbox WHERE id = $1
        """,
        outbox_id,
    )


async def load_emails(db: Db, statuses: list[int]) -> list[OutboxEmail]:
    """The letters of these statuses, the oldest first."""
    return await rows(
        db,
        OutboxEmail,
        """
        SELECT id, ticket_id, message_id, type, subject, from_email, from_envelope,
               rcpt, created, status, retries, last_error, letter
        FROM outbox WHERE status = ANY ($1) ORDER BY id
        """,
        statuses,
    )


async def lease(db: Db, now: datetime, limit: int, but: list[int]) -> list[int]:
    """Lease letters whose time has come: up to `limit` ids, the longest due first.

    An attempt is counted when it begins, so that one that kills the worker counts.
    """
    found = await db.fetch(
        """
        WITH due AS (
            SELECT id, next_retry FROM outbox
            WHERE status = 0 AND next_retry <= $1 AND id <> ALL ($3)
            ORDER BY next_retry, id LIMIT $2 FOR UPDATE SKIP LOCKED
        )
        UPDATE outbox o SET next_retry = $4, retries = retries + 1
        FROM due WHERE o.id = due.id RETURNING o.id
        """,
        now,
        limit,
        but,
        now + LEASE,
    )
    return sorted(record["id"] for record in found)


async def next_due(db: Db, after: datetime) -> datetime | None:
    """When the next letter is due; None where none waits."""
    sql = "SELECT min(next_retry) FROM outbox WHERE status = 0 AND next_retry > $1"
    return await value(db, datetime, sql, after)


async def postpone(db: Db, outbox_id: int, rcpt: list[str], until: datetime, error: str) -> None:
    """Have a letter tried again, for those who haven't got it."""
    await execute(
        db,
        """
        UPDATE outbox SET rcpt = $2, next_retry = $3, last_error = $4
        WHERE id = $1
        """,
        outbox_id,
        rcpt,
        until,
        error,
    )


async def keep_waiting(db: Db, outbox_id: int, until: datetime) -> None:
    """Have a letter wait for a way out, which is no attempt."""
    await execute(
        db, "UPDATE outbox SET next_retry = $2, retries = 0 WHERE id = $1", outbox_id, until
    )


async def finish(db: Db, outbox_id: int, status: int, error: str) -> None:
    """Have a letter over with."""
    await execute(
        db, "UPDATE outbox SET status = $2, last_error = $3 WHERE id = $1", outbox_id, status, error
    )


async def delete(db: Db, outbox_ids: list[int]) -> None:
    """Remove letters."""
    await execute(db, "DELETE FROM outbox WHERE id = ANY ($1)", outbox_ids)
