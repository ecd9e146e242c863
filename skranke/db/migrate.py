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
    """Bring the database up to date; the names of the steps that were taken."""
    await db.execute("SELECT pg_advisory_lock($1)", LOCK)
    try:
        await db.execute(
            "CREATE TABLE IF NOT EXISTS migration"
            " (name text PRIMARY KEY, applied timestamptz NOT NULL DEFAULT now())"
        )
        done = await value(db, list[str], "SELECT array_agg(name) FROM migration") or []
        taken = [name for name in steps() if name not in done]
        for name in taken:
            async with db.transaction():
                await db.execute(cast("LiteralString", steps()[name]))  # our own files
                await db.execute("INSERT INTO migration (name) VALUES ($1)", name)
        return taken
    finally:
        await db.execute("SELECT pg_advisory_unlock($1)", LOCK)
