"""Batches in the database."""

from datetime import datetime

import msgspec
from msgspec import Struct

from skranke.actions.bulk.carriers import BatchTask, BatchTaskFailure
from skranke.db.database import Db, execute, row, rows, value


async def create_task(
    db: Db, kind: str, ticket_ids: list[int], data: Struct, associate_id: int, at: datetime
) -> int:
    """Write down a deed on tickets, each once; the batch's id."""
    return await value(
        db,
        int,
        """
        WITH task AS (
            INSERT INTO batch_task (kind, associate_id, registered, data)
            VALUES ($1, $2, $3, $4) RETURNING batch_task_id
        ), items AS (
            INSERT INTO batch_task_item (batch_task_id, ticket_id)
            SELECT batch_task_id, w.id
            FROM task, unnest($5::int[]) WITH ORDINALITY AS w (id, place)
            ORDER BY w.place
        )
        SELECT batch_task_id FROM task
        """,
        kind,
        associate_id,
        at,
        msgspec.to_builtins(data),
        list(dict.fromkeys(ticket_ids)),
    )


class BulkItem(Struct, frozen=True, kw_only=True):
    """A ticket of a batch, and what is to be done with it."""

    ticket_id: int
    kind: str
    associate_id: int
    data: dict[str, object]


async def load_item(db: Db, item_id: int) -> BulkItem:
    """An item that was claimed."""
    found = await row(
        db,
        BulkItem,
        """
        SELECT i.ticket_id, t.kind, t.associate_id, t.data
        FROM batch_task_item i JOIN batch_task t USING (batch_task_id) WHERE i.id = $1
        """,
        item_id,
    )
    assert found  # it is locked by who claimed it
    return found


async def finish(db: Db, item_id: int, at: datetime, error: str) -> None:
    """Note that an item is over, well or with an error."""
    sql = "UPDATE batch_task_item SET done_at = $2, error = $3 WHERE id = $1"
    await execute(db, sql, item_id, at, error)


async def claim_items(db: Db, now: datetime, limit: int, but: list[int]) -> list[int]:
    """Claims items that are yet to be done; they wait for no instant."""
    _ = now
    found = await db.fetch(
        """
        SELECT id FROM batch_task_item WHERE done_at IS NULL AND id <> ALL ($2)
        ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
        """,
        limit,
        but,
    )
    return [record["id"] for record in found]


class BulkTask(Struct, frozen=True, kw_only=True):
    """A batch and how far it is."""

    batch_task_id: int
    kind: str
    associate_id: int
    registered: datetime
    total: int
    done: int


async def load_task(db: Db, batch_task_id: int) -> BulkTask | None:
    """A batch; None without one."""
    return await row(
        db,
        BulkTask,
        """
        SELECT t.batch_task_id, t.kind, t.associate_id, t.registered,
               count(i.id) AS total, count(i.done_at) AS done
        FROM batch_task t LEFT JOIN batch_task_item i USING (batch_task_id)
        WHERE t.batch_task_id = $1 GROUP BY t.batch_task_id
        """,
        batch_task_id,
    )


async def task_with_failures(db: Db, found: BulkTask) -> BatchTask:
    """A batch with the tickets at which it has failed."""
    failures = await rows(
        db,
        BatchTaskFailure,
        """
        SELECT ticket_id AS "TicketId", error AS "Error" FROM batch_task_item
        WHERE batch_task_id = $1 AND error <> '' ORDER BY id
        """,
        found.batch_task_id,
    )
    return BatchTask(
        batch_task_id=found.batch_task_id,
        kind=found.kind,
        registered=found.registered,
        total=found.total,
        done=found.done,
        failures=failures,
    )
