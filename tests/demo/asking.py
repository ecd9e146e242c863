"""Questions that the tests of the demo desk put to its database."""

from typing import Any, LiteralString

from skranke.store.database import Db, rows, value

Row = dict[str, Any]


async def number(db: Db, sql: LiteralString) -> int:
    """The number that a statement of a test yields."""
    return await value(db, int, sql)


async def found(db: Db, sql: LiteralString, *values: object) -> list[Row]:
    """The rows that a statement of a test yields."""
    return await rows(db, Row, sql, *values)
