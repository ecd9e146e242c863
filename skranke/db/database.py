"""The connection pool and the functions that run SQL.

Statements are literal strings with parameters. msgspec converts rows to typed Structs,
so a wrong shape is an error here and not a surprise later.
"""

from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, LiteralString, Protocol, TypeVar, cast
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import asyncpg
import msgspec

from skranke.db.faults import CONNECTION_ERRORS as CONNECTION_ERRORS
from skranke.db.pool import ConnectionPool

T = TypeVar("T")


class Record(Protocol):
    """A row: values by column name or index."""

    def __getitem__(self, key: str | int) -> Any: ...
    def __contains__(self, key: object) -> bool: ...
    def __iter__(self) -> Iterator[Any]: ...
    def items(self) -> Iterable[tuple[str, Any]]: ...


class Db(Protocol):
    """The typed interface of an asyncpg connection, as far as the product uses it.

    Statements are literal strings, so values can only be passed as parameters.
    """

    async def fetch(self, query: LiteralString, *args: object) -> list[Record]: ...
    async def fetchrow(self, query: LiteralString, *args: object) -> Record | None: ...
    async def fetchval(self, query: LiteralString, *args: object) -> Any: ...
    async def execute(self, query: LiteralString, *args: object) -> str: ...
    async def copy_records_to_table(
        self, table: str, /, *, records: Iterable[object], columns: list[str]
    ) -> object: ...
    def transaction(self) -> AbstractAsyncContextManager[object]: ...


class Pool(Protocol):
    """A pool of connections."""

    def acquire(self) -> AbstractAsyncContextManager[Db]: ...
    async def close(self) -> None: ...
    def terminate(self) -> None: ...


async def connect(dsn: str, size: int = 16) -> ConnectionPool:
    """A pool of up to `size` connections; jsonb columns are Python values.

    A DSN with `pgbouncer=true` is one of PgBouncer in transaction mode: nothing is left
    on a connection from one transaction to the next.
    """
    dsn, is_pooled = without_pooler(dsn)

    async def prepare(connection: Any) -> None:
        # in a transaction, as PgBouncer may change the server between two of them
        async with connection.transaction():
            await connection.set_type_codec(
                "jsonb",
                schema="pg_catalog",
                encoder=_to_jsonb,
                decoder=_from_jsonb,
                format="binary",
            )

    # the default reset query costs a round trip per acquisition (15 % of a save);
    # no code here leaves state on a connection outside a transaction
    async def leave_as_is(connection: Any) -> None: ...

    # planning the ticket read for its parameter values costs several times its execution
    planned_once = {"plan_cache_mode": "force_generic_plan"}
    kept: dict[str, Any] = (
        {"statement_cache_size": 0} if is_pooled else {"server_settings": planned_once}
    )
    pool: Any = await asyncpg.create_pool(
        dsn,
        min_size=1,
        max_size=size,
        init=prepare,
        reset=leave_as_is,
        max_inactive_connection_lifetime=0,
        **kept,
    )
    return ConnectionPool(pool, size, is_pooled=is_pooled)


def without_pooler(dsn: str) -> tuple[str, bool]:
    """The DSN as PostgreSQL's libraries read it, and whether it said `pgbouncer=true`."""
    parts = urlsplit(dsn)
    options = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, said) for name, said in options if name != "pgbouncer"]
    if len(kept) == len(options):
        return dsn, False
    said = dict(options)["pgbouncer"].lower()
    return urlunsplit(parts._replace(query=urlencode(kept))), said in ("true", "1", "yes", "on")


def _to_jsonb(value: object) -> bytes:
    return b"\x01" + msgspec.json.encode(value)


def _from_jsonb(data: bytes) -> object:
    return msgspec.json.decode(data[1:])


async def rows(db: Db, shape: type[T], sql: LiteralString, *values: object) -> list[T]:
    """Every row as `shape`; columns are matched to fields by name."""
    return [_to_shape(shape, row) for row in await db.fetch(sql, *values)]


async def row(db: Db, shape: type[T], sql: LiteralString, *values: object) -> T | None:
    """The first row as `shape`, or None."""
    found = await db.fetchrow(sql, *values)
    return None if found is None else _to_shape(shape, found)


async def value(db: Db, shape: type[T], sql: LiteralString, *values: object) -> T:
    """The first column of the first row; None if there are no rows."""
    return cast("T", await db.fetchval(sql, *values))


async def execute(db: Db, sql: LiteralString, *values: object) -> None:
    """Run a statement and ignore its result."""
    await db.execute(sql, *values)


@asynccontextmanager
async def single_connection(dsn: str) -> AsyncGenerator[Db]:
    """A single connection for a short command; closed at the end."""
    pool = await connect(dsn, size=1)
    try:
        async with pool.acquire() as connection:
            yield connection
    finally:
        await pool.close()


@asynccontextmanager
async def transaction(pool: Pool) -> AsyncGenerator[Db]:
    """A connection inside a transaction: committed at the end, rolled back on an error."""
    async with pool.acquire() as connection, connection.transaction():
        yield connection


def _to_shape(shape: type[T], record: Record) -> T:
    return msgspec.convert(dict(record.items()), shape, strict=False)
