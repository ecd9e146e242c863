"""Sessions and secrets that have run out leave the database.

Each job is one sweep: there is no id to do alone, and a sweep may be done twice.
"""

from datetime import datetime
from typing import LiteralString

from skranke.core.context import RequestContext
from skranke.core.jobs.registry import periodic_job
from skranke.db.database import Db, execute, value
from skranke.people.auth.sessions import session_lifetime

SWEEP_ID = 1  # the one item of each job
IDLE_QUERY = "SELECT FROM login WHERE last_active <= $1"
EXPIRED_QUERY = "SELECT FROM credentials WHERE type <> 'password' AND valid_until <= $1"


async def idle_sweep(db: Db, now: datetime, _: int, but: list[int]) -> list[int]:
    """The sweep, where a session has been idle for longer than it lives."""
    return await _sweep_if_any(db, IDLE_QUERY, now - await session_lifetime(db), but)


async def next_idle_session(db: Db, after: datetime) -> datetime | None:
    """When the next session will have been idle for too long."""
    lives = await session_lifetime(db)
    sql = "SELECT min(last_active) FROM login WHERE last_active > $1"
    last_active = await value(db, datetime, sql, after - lives)
    return last_active + lives if last_active else None


@periodic_job("sign out idle users", order=2, due=idle_sweep, next_due=next_idle_session)
async def end_idle_sessions(context: RequestContext, _: int) -> None:
    """End every session that has been idle for too long."""
    before = context.now - await session_lifetime(context.db)
    await execute(context.db, "DELETE FROM login WHERE last_active <= $1", before)


async def expired_sweep(db: Db, now: datetime, _: int, but: list[int]) -> list[int]:
    """The sweep, where a token or ticket has expired."""
    return await _sweep_if_any(db, EXPIRED_QUERY, now, but)


async def next_expiry(db: Db, after: datetime) -> datetime | None:
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


@periodic_job("clean expired secrets", order=7, due=expired_sweep, next_due=next_expiry)
async def delete_expired_secrets(context: RequestContext, _: int) -> None:
    """Remove tokens and tickets that nobody can sign in with any more."""
    await execute(
        context.db,
        "DELETE FROM credentials WHERE type <> 'password' AND valid_until <= $1",
        context.now,
    )


async def _sweep_if_any(
    db: Db, any_due: LiteralString, before: datetime, but: list[int]
) -> list[int]:
    if SWEEP_ID in but or await db.fetchrow(any_due + " LIMIT 1", before) is None:
        return []
    return [SWEEP_ID]
