"""Drafts in the database."""

from datetime import datetime
from typing import LiteralString

from skranke.db.database import Db, execute, row, rows, value
from skranke.messages.drafts.carriers import DraftKind, MessageDraft

COLUMNS: LiteralString = """
    draft_id AS "DraftId", ticket_id AS "TicketId", kind AS "Kind", to_addresses AS "To",
    cc AS "Cc", bcc AS "Bcc", html_body AS "HtmlBody", attachment_ids AS "AttachmentIds",
    ticket_status_id AS "TicketStatusId", last_message_id AS "LastMessageId",
    changed AS "Changed", send_at AS "SendAt", failure AS "Failure"
"""


async def of_associate(db: Db, associate_id: int, ticket_id: int | None) -> list[MessageDraft]:
    """An associate's drafts, the newest first: of one ticket, or all."""
    return await rows(
        db,
        MessageDraft,
        f"""
        SELECT {COLUMNS} FROM draft
        WHERE associate_id = $1 AND ($2::int IS NULL OR ticket_id = $2)
        ORDER BY changed DESC, draft_id DESC LIMIT 500
        """,
        associate_id,
        ticket_id,
    )


async def one(db: Db, draft_id: int, associate_id: int) -> MessageDraft | None:
    """An associate's draft, locked; None where it is none of theirs."""
    return await row(
        db,
        MessageDraft,
        f"SELECT {COLUMNS} FROM draft WHERE draft_id = $1 AND associate_id = $2 FOR UPDATE",
        draft_id,
        associate_id,
    )


async def adopt_merged(db: Db, associate_id: int, ticket_id: int) -> None:
    """Move the drafts on tickets that were merged into this one, where it has none."""
    await execute(
        db,
        """
        UPDATE draft SET ticket_id = $2 WHERE draft_id IN (
            SELECT DISTINCT ON (d.kind) d.draft_id
            FROM draft d JOIN ticket t ON t.id = d.ticket_id
            WHERE d.associate_id = $1 AND t.status = 5 AND t.connect_id = $2
                AND d.send_at IS NULL AND NOT EXISTS (
                    SELECT FROM draft o WHERE o.associate_id = $1 AND o.ticket_id = $2
                        AND o.kind = d.kind AND o.send_at IS NULL)
            ORDER BY d.kind, d.changed DESC)
        """,
        associate_id,
        ticket_id,
    )


async def save(db: Db, associate_id: int, draft: MessageDraft, now: datetime) -> int:
    """Write the draft of this ticket and kind that isn't under way; its id."""
    return await value(
        db,
        int,
        """
        INSERT INTO draft (associate_id, ticket_id, kind, to_addresses, cc, bcc, html_body,
            attachment_ids, ticket_status_id, last_message_id, begun, changed)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9,
            (SELECT coalesce(max(id), 0) FROM ej_message WHERE ticket_id = $2), $10, $10)
        ON CONFLICT (associate_id, ticket_id, kind) WHERE send_at IS NULL DO UPDATE SET
            to_addresses = excluded.to_addresses, cc = excluded.cc, bcc = excluded.bcc,
            html_body = excluded.html_body, attachment_ids = excluded.attachment_ids,
            ticket_status_id = excluded.ticket_status_id, changed = excluded.changed,
            failure = ''
        RETURNING draft_id
        """,
        associate_id,
        draft.ticket_id,
        draft.kind.value,
        draft.to,
        draft.cc,
        draft.bcc,
        draft.html_body,
        draft.attachment_ids,
        draft.ticket_status_id,
        now,
    )


async def delete(db: Db, associate_id: int, ticket_id: int, kind: DraftKind) -> None:
    """Remove a draft that isn't under way."""
    await execute(
        db,
        """
        DELETE FROM draft WHERE associate_id = $1 AND ticket_id = $2 AND kind = $3
            AND send_at IS NULL
        """,
        associate_id,
        ticket_id,
        kind.value,
    )


async def set_send_at(db: Db, draft_id: int, send_at: datetime | None, failure: str = "") -> None:
    """Say when a draft is sent; None calls it back, with the reason where it failed."""
    await execute(
        db,
        "UPDATE draft SET send_at = $2, failure = $3 WHERE draft_id = $1",
        draft_id,
        send_at,
        failure,
    )


async def has_other(db: Db, draft_id: int) -> bool:
    """Whether its author has begun another draft of this kind on the ticket."""
    return await value(
        db,
        bool,
        """
        SELECT EXISTS (SELECT FROM draft d JOIN draft o
            ON o.associate_id = d.associate_id AND o.ticket_id = d.ticket_id
            AND o.kind = d.kind AND o.draft_id <> d.draft_id AND o.send_at IS NULL
        WHERE d.draft_id = $1)
        """,
        draft_id,
    )


async def due(db: Db, now: datetime, limit: int, but: list[int]) -> list[int]:
    """Claims drafts whose time to be sent has come."""
    found = await db.fetch(
        """
        SELECT draft_id FROM draft
        WHERE send_at <= $1 AND draft_id <> ALL ($3::int[])
        ORDER BY send_at LIMIT $2 FOR UPDATE SKIP LOCKED
        """,
        now,
        limit,
        but,
    )
    return [record["draft_id"] for record in found]


async def next_due(db: Db, after: datetime) -> datetime | None:
    """When the next draft is sent."""
    return await value(db, datetime, "SELECT min(send_at) FROM draft WHERE send_at > $1", after)


async def load_for_sending(db: Db, draft_id: int) -> tuple[int, MessageDraft]:
    """Whose a claimed draft is, and the draft."""
    associate_id = await value(
        db, int, "SELECT associate_id FROM draft WHERE draft_id = $1", draft_id
    )
    draft = await one(db, draft_id, associate_id)
    assert draft  # it was claimed just now
    return associate_id, draft


async def remove(db: Db, draft_id: int) -> None:
    """Remove a draft that is sent."""
    await execute(db, "DELETE FROM draft WHERE draft_id = $1", draft_id)
