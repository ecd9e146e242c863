"""How incoming mail fares, in figures that show whether anything was lost."""

from datetime import datetime, timedelta

from msgspec import Struct

from skranke.db.database import Db, row, rows, value

LATE = timedelta(minutes=10)
FAILURES_THAT_COUNT = 3  # in a row, before a mailbox is said to fail


class MailboxStatus(Struct, kw_only=True, rename="camel"):
    """A mailbox: `server_count` are the mails that the server holds since first contact,
    `ledger_count` those of them in the ledger; both null until they were compared.
    """

    mailbox_id: int
    address: str
    last_try: datetime | None
    last_success: datetime | None
    last_error: str
    failures_in_a_row: int
    server_count: int | None
    ledger_count: int | None
    received: int
    waiting: int
    quarantined: int
    blocked: int
    is_failing: bool


class HeldMail(Struct, kw_only=True, rename="camel"):
    """A mail in quarantine."""

    id: int
    mailbox_id: int | None
    received_at: datetime
    size: int
    sender: str
    subject: str
    reason: str


class MailStatus(Struct, kw_only=True, rename="camel"):
    """`is_healthy` where nothing is late, nothing in quarantine and no mailbox fails."""

    is_healthy: bool
    waiting: int
    late: int  # not at its end ten minutes after it came
    oldest_waiting: datetime | None
    states: dict[str, int]
    mailboxes: list[MailboxStatus]
    quarantined: list[HeldMail]


class MailCounts(Struct, frozen=True, kw_only=True):
    """Mails that have not ended, those of them that are late, and those in quarantine."""

    waiting: int
    late: int
    quarantined: int


async def count_mails(db: Db, now: datetime) -> MailCounts | None:
    """The figures of incoming mail that health shows."""
    return await row(
        db,
        MailCounts,
        """
        SELECT count(*) FILTER (WHERE state = 'received') AS waiting,
               count(*) FILTER (WHERE state = 'received' AND received_at < $1) AS late,
               count(*) FILTER (WHERE state = 'quarantined') AS quarantined
        FROM inbound WHERE state IN ('received', 'quarantined')
        """,
        now - LATE,
    )


async def load_status(db: Db, now: datetime) -> MailStatus:
    """The state of incoming mail now."""
    states = {
        record["state"]: record["count"]
        for record in await db.fetch("SELECT state, count(*) AS count FROM inbound GROUP BY 1")
    }
    mailboxes = await rows(
        db,
        MailboxStatus,
        """
        SELECT m.id AS "mailboxId", m.address, p.last_try AS "lastTry",
               p.last_success AS "lastSuccess", coalesce(p.last_error, '') AS "lastError",
               coalesce(p.num_seq_failures, 0) AS "failuresInARow",
               p.server_count AS "serverCount", p.ledger_count AS "ledgerCount",
               count(i.id) AS received,
               count(*) FILTER (WHERE i.state = 'received') AS waiting,
               count(*) FILTER (WHERE i.state = 'quarantined') AS quarantined,
               count(*) FILTER (WHERE i.state = 'blocked') AS blocked,
               coalesce(p.num_seq_failures, 0) >= $1 AS "isFailing"
        FROM mail_in_filter m
        LEFT JOIN mailbox_progress p ON p.mailbox_id = m.id
        LEFT JOIN inbound i ON i.mailbox_id = m.id
        WHERE m.status = 0
        GROUP BY m.id, m.address, p.mailbox_id ORDER BY m.id
        """,
        FAILURES_THAT_COUNT,
    )
    held = await rows(
        db,
        HeldMail,
        """
        SELECT id, mailbox_id AS "mailboxId", received_at AS "receivedAt", size, sender,
               subject, reason
        FROM inbound WHERE state = 'quarantined' ORDER BY id DESC LIMIT 100
        """,
    )
    oldest = await value(
        db, datetime, "SELECT min(received_at) FROM inbound WHERE state = 'received'"
    )
    late = await value(
        db,
        int,
        "SELECT count(*) FROM inbound WHERE state = 'received' AND received_at < $1",
        now - LATE,
    )
    is_failing = any(one.is_failing or one.server_count != one.ledger_count for one in mailboxes)
    return MailStatus(
        is_healthy=not (late or states.get("quarantined") or is_failing),
        waiting=states.get("received", 0),
        late=late,
        oldest_waiting=oldest,
        states=states,
        mailboxes=mailboxes,
        quarantined=held,
    )
