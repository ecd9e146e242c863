"""Which tickets fall due by themselves, and when the next one will.

Each question is answered from a partial index over those tickets alone that can fall
due. Base statuses therefore stand in the statements as numbers, as in the indexes:
1 Active, 3 Postponed, 4 Deleted, 6 Spam.
"""

from datetime import datetime, timedelta

from skranke.catalog.preferences.sql import load_preferences
from skranke.db.database import Db, Record, value


async def claim_postponed(db: Db, now: datetime, limit: int, but: list[int]) -> list[int]:
    """Claims postponed tickets whose Activate has come."""
    found = await db.fetch(
        """
        SELECT id FROM ticket
        WHERE status = 3 AND activate <= $1 AND id <> ALL ($3::int[])
        ORDER BY activate, id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
        """,
        now,
        limit,
        but,
    )
    return _ids(found)


async def next_reopening(db: Db, after: datetime) -> datetime | None:
    """When the next postponed ticket wakes."""
    sql = "SELECT min(activate) FROM ticket WHERE status = 3 AND activate > $1"
    return await value(db, datetime, sql, after)


async def claim_escalations(db: Db, now: datetime, limit: int, but: list[int]) -> list[int]:
    """Claims open tickets whose AlertTimeout has come."""
    found = await db.fetch(
        """
        SELECT id FROM ticket
        WHERE status = 1 AND alert_timeout <= $1 AND id <> ALL ($3::int[])
        ORDER BY alert_timeout, id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
        """,
        now,
        limit,
        but,
    )
    return _ids(found)


async def next_escalation(db: Db, after: datetime) -> datetime | None:
    """When the next open ticket escalates."""
    sql = """
        SELECT min(alert_timeout) FROM ticket WHERE status = 1 AND alert_timeout > $1
    """
    return await value(db, datetime, sql, after)


async def claim_purgeable(db: Db, now: datetime, limit: int, but: list[int]) -> list[int]:
    """Claims tickets that have lain in the bin, unchanged, for as long as is set."""
    found = await db.fetch(
        """
        SELECT id FROM ticket
        WHERE status IN (4, 6) AND last_changed <= $1 AND id <> ALL ($3::int[])
        ORDER BY last_changed, id LIMIT $2 FOR UPDATE SKIP LOCKED
        """,
        now - await trash_retention(db),
        limit,
        but,
    )
    return _ids(found)


async def next_purge(db: Db, after: datetime) -> datetime | None:
    """When the next ticket will have lain in the bin for long enough."""
    kept = await trash_retention(db)
    sql = """
        SELECT min(last_changed) FROM ticket
        WHERE status IN (4, 6) AND last_changed > $1
    """
    changed = await value(db, datetime, sql, after - kept)
    return changed + kept if changed else None


async def trash_retention(db: Db) -> timedelta:
    """How long deleted tickets and spam are kept. Source: 14 days, a setting."""
    return timedelta(days=(await load_preferences(db)).deleted_retention_days)


def _ids(found: list[Record]) -> list[int]:
    return [record["id"] for record in found]
