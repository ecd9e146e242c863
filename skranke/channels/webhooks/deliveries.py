"""Deliveries in the database: what waits, and how it went."""

from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from skranke.channels.webhooks.carriers import WebhookDelivery
from skranke.db.database import Db, execute, row, rows, value

WAITING, DELIVERED, FAILED = 0, 1, 2
STATES = {"waiting": WAITING, "delivered": DELIVERED, "failed": FAILED}
LEASE = timedelta(minutes=1)  # longer than any call may take


class Delivery(Struct, frozen=True, kw_only=True):
    """An event on its way to a hook."""

    id: int
    webhook_id: int
    event_id: str
    event: str
    body: bytes
    began: datetime
    attempts: int  # the one under way too


async def insert(
    db: Db, webhook_id: int, event_id: UUID, event: str, body: bytes, now: datetime
) -> None:
    """Write down what a hook is to be sent, due at once."""
    await execute(
        db,
        """
        INSERT INTO webhook_delivery
            (webhook_id, event_id, event, body, created, began, next_try)
        VALUES ($1, $2, $3, $4, $5, $5, $5)
        """,
        webhook_id,
        event_id,
        event,
        body,
        now,
    )


async def lease(db: Db, now: datetime, limit: int, but: list[int]) -> list[int]:
    """Lease deliveries whose time has come: up to `limit` ids, each hook in its turn.

    A receiver that is slow, or behind by much, delays no other. An attempt is counted
    when it begins, so that one that kills the worker counts.
    """
    found = await db.fetch(
        """
        WITH due AS (
            SELECT d.id, d.next_try,
                   row_number() OVER (PARTITION BY w.webhook_id
                                      ORDER BY d.next_try, d.id) AS turn
            FROM webhook w CROSS JOIN LATERAL (
                SELECT id, next_try FROM webhook_delivery
                WHERE webhook_id = w.webhook_id AND status = 0 AND next_try <= $1
                      AND id <> ALL ($3)
                ORDER BY next_try, id LIMIT $2 FOR UPDATE SKIP LOCKED) d
        ), taken AS (SELECT id FROM due ORDER BY turn, next_try, id LIMIT $2)
        UPDATE webhook_delivery d
        SET next_try = $4, last_try = $1, attempts = attempts + 1
        FROM taken WHERE d.id = taken.id RETURNING d.id
        """,
        now,
        limit,
        but,
        now + LEASE,
    )
    return sorted(record["id"] for record in found)


async def next_due(db: Db, after: datetime) -> datetime | None:
    """When the next delivery is due; None where none waits."""
    sql = "SELECT min(next_try) FROM webhook_delivery WHERE status = 0 AND next_try > $1"
    return await value(db, datetime, sql, after)


async def load_waiting(db: Db, delivery_id: int) -> Delivery | None:
    """A delivery that isn't over; None without one."""
    return await row(
        db,
        Delivery,
        """
        SELECT id, webhook_id, event_id::text AS event_id, event, body, began, attempts
        FROM webhook_delivery WHERE id = $1 AND status = 0
        """,
        delivery_id,
    )


async def postpone(
    db: Db, delivery: Delivery, until: datetime, answer_status: int, error: str
) -> None:
    """Have a delivery tried again; without effect when the attempt is not the last.

    An attempt that outlives its lease is no longer who says how it went.
    """
    await execute(
        db,
        """
        UPDATE webhook_delivery SET next_try = $3, answer_status = $4, last_error = $5
        WHERE id = $1 AND status = 0 AND attempts = $2
        """,
        delivery.id,
        delivery.attempts,
        until,
        answer_status,
        error,
    )


async def finish(db: Db, delivery: Delivery, status: int, answer_status: int, error: str) -> None:
    """Have a delivery over with; without effect when the attempt is not the last."""
    await execute(
        db,
        """
        UPDATE webhook_delivery SET status = $3, answer_status = $4, last_error = $5
        WHERE id = $1 AND status = 0 AND attempts = $2
        """,
        delivery.id,
        delivery.attempts,
        status,
        answer_status,
        error,
    )


async def replay(db: Db, webhook_id: int, event_id: UUID, now: datetime) -> int | None:
    """Have a delivery that is over tried anew, as it was; its status before.

    None without one of that hook.
    """
    return await db.fetchval(
        """
        WITH before AS (
            SELECT id, status FROM webhook_delivery
            WHERE webhook_id = $1 AND event_id = $2 FOR UPDATE
        ), again AS (
            UPDATE webhook_delivery d
            SET status = 0, attempts = 0, began = $3, next_try = $3
            FROM before WHERE d.id = before.id AND before.status <> 0
        )
        SELECT status FROM before
        """,
        webhook_id,
        event_id,
        now,
    )


async def delivery_log(
    db: Db, webhook_id: int, status: int | None, event_id: UUID | None, skip: int, top: int
) -> list[WebhookDelivery]:
    """Deliveries of a hook, the newest first: of a status, or the one of an id."""
    return await rows(
        db,
        WebhookDelivery,
        """
        SELECT event_id::text AS "EventId", event AS "Event",
               (ARRAY['Waiting', 'Delivered', 'Failed'])[status + 1] AS "State",
               created AS "Created", attempts AS "Attempts", last_try AS "LastTry",
               CASE status WHEN 0 THEN next_try END AS "NextTry",
               answer_status AS "AnswerStatus", last_error AS "LastError",
               convert_from(body, 'UTF8') AS "Body"
        FROM webhook_delivery
        WHERE webhook_id = $1 AND ($2::int IS NULL OR status = $2)
              AND ($3::uuid IS NULL OR event_id = $3)
        ORDER BY id DESC OFFSET $4 LIMIT $5
        """,
        webhook_id,
        status,
        event_id,
        skip,
        top,
    )
