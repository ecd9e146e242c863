"""Retention jobs: delete rows some time after they are finished.

purge_after("purge emails", order=41, table="outbox", finished="status IN (1, 2)",
            since="created", keep_for=timedelta(days=30))
"""

from datetime import datetime, timedelta
from typing import LiteralString

from skranke.core.context import RequestContext
from skranke.core.jobs.registry import periodic_job
from skranke.db.database import Db, execute, value


def purge_after(
    name: str,
    *,
    order: int,
    table: LiteralString,
    finished: LiteralString = "true",
    since: LiteralString,
    keep_for: timedelta = timedelta(0),
) -> None:
    """Register a job that deletes rows that have been `finished` for `keep_for`.

    `finished` is an SQL condition, `since` the column with the instant at which it
    became true. An index should cover both.
    """
    claim: LiteralString = f"""
        SELECT id FROM {table} WHERE {finished} AND {since} <= $1 AND id <> ALL ($3)
        ORDER BY {since} LIMIT $2 FOR UPDATE SKIP LOCKED
    """
    next_start: LiteralString = (
        f"SELECT min({since}) FROM {table} WHERE {finished} AND {since} > $1"
    )
    remove: LiteralString = f"DELETE FROM {table} WHERE id = ANY ($1)"

    async def due(db: Db, now: datetime, limit: int, but: list[int]) -> list[int]:
        found = await db.fetch(claim, now - keep_for, limit, but)
        return [record["id"] for record in found]

    async def next_due(db: Db, after: datetime) -> datetime | None:
        first = await value(db, datetime, next_start, after - keep_for)
        return first + keep_for if first else None

    async def delete_rows(context: RequestContext, ids: list[int]) -> None:
        await execute(context.db, remove, ids)

    @periodic_job(name, order=order, due=due, next_due=next_due, do_batch=delete_rows, batch=500)
    async def do(context: RequestContext, row_id: int) -> None:
        await delete_rows(context, [row_id])
