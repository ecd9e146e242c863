"""Numbered SQL files, each applied once, in order, in its own transaction.

A migration is never edited once it has landed: its checksum is stored with its name, and
a database whose migration has another checksum is refused.
"""

from hashlib import sha256
from importlib import resources
from typing import LiteralString, cast

from skranke.db.database import Db, value

LOCK_ID = 7_501_389  # any number: one process at a time migrates a database


class ChangedMigration(Exception):
    """A migration was edited after this database had applied it."""


def migration_files() -> dict[str, str]:
    """The SQL of each migration by its file name, in order."""
    files = resources.files("skranke.db").joinpath("migrations").iterdir()
    return {
        file.name: file.read_text("utf-8")
        for file in sorted(files, key=lambda file: file.name)
        if file.name.endswith(".sql")
    }


def checksum(sql: str) -> str:
    """The SHA-256 of a migration's text, in hexadecimal digits."""
    return sha256(sql.encode()).hexdigest()


async def migrate(db: Db) -> list[str]:
    """Bring the database up to date and return the names of the migrations applied.

    Each commits by itself, so an interrupted run goes on where it was. Those that only a
    newer program knows are left alone. Raises ChangedMigration before anything is applied.
    """
    async with db.transaction():
        # a lock of the transaction: PgBouncer has sessions of its own
        await db.execute("SELECT pg_advisory_xact_lock($1)", LOCK_ID)
        await db.execute(
            """
            CREATE TABLE IF NOT EXISTS migration (
                name text PRIMARY KEY,
                checksum text NOT NULL,
                applied timestamptz NOT NULL DEFAULT now()
            )
            """
        )
    pending = await _pending_migrations(db)
    return [name for name, sql in pending.items() if await _apply(db, name, sql)]


async def _apply(db: Db, name: str, sql: str) -> bool:
    """Apply a migration; False when another process has applied it meanwhile."""
    async with db.transaction():
        await db.execute("SELECT pg_advisory_xact_lock($1)", LOCK_ID)
        is_known = "SELECT EXISTS (SELECT FROM migration WHERE name = $1)"
        if await value(db, bool, is_known, name):
            return False
        await db.execute(cast("LiteralString", sql))  # our own files
        await db.execute(
            "INSERT INTO migration (name, checksum) VALUES ($1, $2)", name, checksum(sql)
        )
        return True


async def _pending_migrations(db: Db) -> dict[str, str]:
    files = migration_files()
    for record in await db.fetch("SELECT name, checksum FROM migration"):
        sql = files.pop(record["name"], None)
        if sql is not None and checksum(sql) != record["checksum"]:
            raise ChangedMigration(
                f"Migration {record['name']} is not the one that this database has applied. "
                "Migrations are never edited: restore the file and add a new one."
            )
    return files
