"""Failures of jobs: stored with their reason and retried after growing pauses."""

from datetime import datetime

from msgspec import Struct

from skranke.db.database import Db, execute, rows, value


class Failure(Struct, frozen=True, kw_only=True):
    """An item that a job failed on; item 0 is the whole job."""

    job: str
    item: int
    attempts: int
    error: str
    failed_at: datetime
    retry_at: datetime


async def waiting_failures(db: Db) -> list[Failure]:
    """Every item that waits for a retry, the most recent failure first."""
    return await rows(
        db,
        Failure,
        """
        SELECT job, item, attempts, error, failed_at, retry_at FROM job_failure
        ORDER BY failed_at DESC, job, item
        """,
    )


async def count_failures(db: Db) -> int:
    """The number of items that wait for a retry."""
    return await value(db, int, "SELECT count(*) FROM job_failure")


async def resting_items(db: Db, job: str, now: datetime) -> list[int]:
    """The items of a job whose retry is not due yet."""
    found = await db.fetch(
        "SELECT item FROM job_failure WHERE job = $1 AND retry_at > $2", job, now
    )
    return [record["item"] for record in found]


async def record(db: Db, job: str, item: int, fault: Exception, now: datetime) -> None:
    """Store a failure; the retry pause starts at a minute and doubles, up to a day."""
    await execute(
        db,
        """
        INSERT INTO job_failure AS f (job, item, error, failed_at, retry_at)
        VALUES ($1, $2, $3, $4, $4::timestamptz + interval '1 minute')
        ON CONFLICT (job, item) DO UPDATE SET
            attempts = f.attempts + 1, error = excluded.error,
            failed_at = excluded.failed_at,
            retry_at = excluded.failed_at + least(
                interval '1 day', interval '1 minute' * 2 ^ least(f.attempts, 11))
        """,
        job,
        item,
        f"{type(fault).__name__}: {fault}"[:1000].replace("\0", ""),
        now,
    )


async def clear(db: Db, job: str, items: list[int]) -> None:
    """Delete the failures of items that are done now."""
    await execute(db, "DELETE FROM job_failure WHERE job = $1 AND item = ANY ($2)", job, items)


async def clear_untried(db: Db, job: str, now: datetime) -> None:
    """Delete the failures that could be retried but are no longer due."""
    await execute(
        db,
        """
        DELETE FROM job_failure WHERE job = $1 AND item IN (
            SELECT item FROM job_failure WHERE job = $1 AND retry_at <= $2
            FOR UPDATE SKIP LOCKED)
        """,
        job,
        now,
    )


async def next_retry(db: Db, after: datetime) -> datetime | None:
    """The time of the next retry; None if nothing has failed."""
    sql = "SELECT min(retry_at) FROM job_failure WHERE retry_at > $1"
    return await value(db, datetime, sql, after)
