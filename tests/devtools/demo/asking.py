"""Questions that the tests of the demo desk put to its database."""

from typing import Any, LiteralString

from skranke.db.database import Db, rows, value

Row = dict[str, Any]


async def number(db: Db, sql: LiteralString) -> int:
    """The number that a statement of a test yields."""
    return await value(db, int, sql)


async def found(db: Db, sql: LiteralString, *values: object) -> list[Row]:
    """The rows that a statement of a test yields."""
    return await rows(db, Row, sql, *values)


TABLES = """
SELECT quote_ident(table_name) AS table_name FROM information_schema.tables
WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
      AND table_name <> 'migration'
"""
DUMP = "SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM {} t"


async def digests(db: Db) -> dict[str, str]:
    """A digest of each table's rows."""
    tables = [row["table_name"] for row in await found(db, TABLES)]
    return {
        table: await value(db, str, DUMP.format(table))  # pyright: ignore[reportArgumentType] # a name of the catalog
        for table in tables
    }
