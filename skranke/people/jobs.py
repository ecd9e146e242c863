"""Sessions and secrets that have run out leave the database.

Each job is one sweep: there is no id to do alone, and a sweep may be done twice.
"""

from datetime import datetime
from typing import LiteralString

from skranke.core.context import RequestContext
from skranke.core.jobs.registry import periodic_job
from skranke.db.database import Db, execute, value
from skranke.people.auth.sessions import lifetime

SWEEP = 1  # the one item of each job
IDLE = "SELECT FROM login WHERE last_active <= $1"
EXPIRED = "SELECT FROM credentials WHERE type <> 'password' AND valid_until <= $1"


async def idle(db: Db, now: datetime, _: int, but: list[int]) -> list[int]:
    """The sweep, where a session has been idle for longer than it lives."""
    return await _sweep(db, IDLE, now - await lifetime(db), but)


async def next_idle(db: Db, after: datetime) -> datetime | None:
    """When the next session will have been idle for too long."""
    lives = await lifetime(db)
    sql = "SELECT min(last_active) FROM login WHERE last_active > $1"
    last_active = await value(db, datetime, sql, after - lives)
    return last_active + lives if last_active else None


@periodic_job("sign out idle users", order=2, due=idle, next_due=next_idle)
async def sign_out(context: RequestContext, _: int) -> None:
    """End every session that has been idle for too long."""
    before = context.now - await lifetime(context.db)
    await execute(context.db, "DELETE FROM login WHERE last_active <= $1", before)


async def expired(db: Db, now: datetime, _: int, but: list[int]) -> list[int]:
    """The sweep, where a token or ticket has expired."""
    return await _sweep(db, EXPIRED, now, but)


async def next_expired(db: Db, after: datetime) -> datetime | None:
    """When the next token or ticket expires."""
    return await value(
        db,
        datetime,
        """
        SELECT min(valid_until) FROM credentials
        WHERE type <> 'password' AND valid_until > $1
        """,
        after,
    )


@periodic_job("clean expired secrets", order=7, due=expired, next_due=next_expired)
async def clean(context: RequestContext, _: int) -> None:
    """Remove tokens and tickets that nobody can sign in with any more."""
    await execute(
        context.db,
        "DELETE FROM credentials WHERE type <> 'password' AND valid_until <= $1",
        context.now,
    )


async def _sweep(db: Db, any_due: LiteralString, before: datetime, but: list[int]) -> list[int]:
    if SWEEP in but or await db.fetchrow(any_due + " LIMIT 1", before) is None:
        return []
    return [SWEEP]
