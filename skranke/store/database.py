"""The pool of connections and the few verbs in which SQL is asked.

Statements are literal strings with parameters; a row becomes a typed Struct through
msgspec, so that a wrong shape is an error here and no surprise later.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, LiteralString, TypeVar, cast

import asyncpg
import msgspec
from asyncpg.pool import PoolConnectionProxy

T = TypeVar("T")
Db = asyncpg.Connection | PoolConnectionProxy
Pool = asyncpg.Pool

# what it looks like when the database is away: stopped, starting, cut off
NO_ANSWER = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
)


async def connect(dsn: str, size: int = 16) -> Pool:
    """A pool of up to `size` connections; jsonb columns are Python values."""

    async def prepare(connection: Any) -> None:
        await connection.set_type_codec(
            "jsonb",
            schema="pg_catalog",
            encoder=_to_jsonb,
            decoder=_from_jsonb,
            format="binary",
        )

    # the default reset query costs a round trip per acquisition (15 % of a save);
    # nothing here leaves state on a connection outside a transaction
    async def leave_as_is(connection: Any) -> None: ...

    return await asyncpg.create_pool(
        dsn, min_size=1, max_size=size, init=prepare, reset=leave_as_is
    )


def _to_jsonb(value: object) -> bytes:
    return b"\x01" + msgspec.json.encode(value)


def _from_jsonb(data: bytes) -> object:
    return msgspec.json.decode(data[1:])


async def rows(db: Db, shape: type[T], sql: LiteralString, *values: object) -> list[T]:
    """Every row as `shape`; columns are matched to fields by name."""
    return [_shaped(shape, row) for row in await db.fetch(sql, *values)]


async def row(db: Db, shape: type[T], sql: LiteralString, *values: object) -> T | None:
    """The first row as `shape`, or None."""
    found = await db.fetchrow(sql, *values)
    return None if found is None else _shaped(shape, found)


async def value(db: Db, shape: type[T], sql: LiteralString, *values: object) -> T:
    """The first column of the first row; None where the statement yields nothing."""
    return cast(T, await db.fetchval(sql, *values))


async def execute(db: Db, sql: LiteralString, *values: object) -> None:
    """Run a statement whose rows nobody reads."""
    await db.execute(sql, *values)


@asynccontextmanager
async def transaction(pool: Pool) -> AsyncIterator[Db]:
    """A connection inside one transaction: committed at the end, else undone."""
    async with pool.acquire() as connection, connection.transaction():
        yield connection


def _shaped(shape: type[T], record: asyncpg.Record) -> T:
    return msgspec.convert(dict(record), shape, strict=False)
