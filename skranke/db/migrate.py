"""Numbered SQL files, each applied once, in order, in its own transaction."""

from importlib import resources
from typing import LiteralString, cast

from skranke.db.database import Db, value

LOCK = 7_501_389  # any number: one migrator at a time on a database


def steps() -> dict[str, str]:
    """The migrations by file name, in order."""
    files = resources.files("skranke.db").joinpath("migrations").iterdir()
    return {
        f.name: f.read_text()
        for f in sorted(files, key=lambda f: f.name)
        if f.name.endswith(".sql")
    }


async def migrate(db: Db) -> list[str]:
    """Bring the database up to date; the names of the steps that were taken.

    Each step commits by itself, so an interrupted migration goes on where it was. Steps
    that only a newer program knows are left alone.
    """
    async with db.transaction():
        # a lock of the transaction: PgBouncer has sessions of its own
        await db.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
        await db.execute(
            "CREATE TABLE IF NOT EXISTS migration"
            " (name text PRIMARY KEY, applied timestamptz NOT NULL DEFAULT now())"
        )
    done = set(await value(db, list[str], "SELECT array_agg(name) FROM migration") or [])
    return [
        name for name, sql in steps().items() if name not in done and await _take(db, name, sql)
    ]


async def _take(db: Db, name: str, sql: str) -> bool:
    """Take a step; False when another process has taken it meanwhile."""
    async with db.transaction():
        await db.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
        known = "SELECT EXISTS (SELECT FROM migration WHERE name = $1)"
        if await value(db, bool, known, name):
            return False
        await db.execute(cast("LiteralString", sql))  # our own files
        await db.execute("INSERT INTO migration (name) VALUES ($1)", name)
        return True
