"""Whether this program can run on a database, said before anybody is served.

A schema may be newer than the program: during an upgrade both versions run at once.
`schema_requirement` names the oldest migration that a program must know to run on it; a
migration that takes something away raises it (docs/operating.md, Upgrades).
"""

from msgspec import Struct

from skranke.db.database import Db, row, value
from skranke.db.embedded.binaries import OLDEST_VERSION, CannotStart
from skranke.db.migrate import migration_files

RESERVED = 8  # connections for `skranke worker`, short commands and people
MAX_PER_WORKER = 32
DEFAULT_BEHIND_POOLER = 16


class UnfitDatabase(CannotStart):
    """The database can't serve this program; the sentence says why."""


class ConnectionPlan(Struct, frozen=True, kw_only=True):
    """How many connections each worker may have, and the sum in a sentence."""

    size: int
    sentence: str


class _Server(Struct, frozen=True, kw_only=True):
    version: int
    encoding: str
    is_read_only: bool
    may_create: bool
    connections: int


async def check_server(db: Db, workers: int, wanted: int, *, is_pooled: bool) -> ConnectionPlan:
    """The plan of connections; UnfitDatabase where the server itself is not fit.

    `wanted` is the setting: connections of each worker, 0 for as many as fit.
    `is_pooled`: PgBouncer stands between, so the server's limit is not ours.
    """
    server = await row(
        db,
        _Server,
        """
        SELECT current_setting('server_version_num')::int / 10000 AS version,
               current_setting('server_encoding') AS encoding,
               pg_is_in_recovery() OR current_setting('transaction_read_only')::bool
                   AS is_read_only,
               coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS may_create,
               current_setting('max_connections')::int
                   - current_setting('superuser_reserved_connections')::int AS connections
        """,
    )
    assert server
    if server.version < OLDEST_VERSION:
        raise UnfitDatabase(
            f"PostgreSQL {server.version} is too old: Skranke needs {OLDEST_VERSION}"
        )
    if server.encoding != "UTF8":
        raise UnfitDatabase(
            f"the database's encoding is {server.encoding}: create one with ENCODING 'UTF8'"
        )
    if server.is_read_only:
        raise UnfitDatabase(
            "the database only answers reads (a replica, or default_transaction_read_only): "
            "name the primary, for instance with ?target_session_attrs=read-write"
        )
    if not server.may_create:
        raise UnfitDatabase("the database user may not create tables: GRANT CREATE ON SCHEMA")
    if is_pooled:
        size = wanted or DEFAULT_BEHIND_POOLER
        return ConnectionPlan(size=size, sentence=f"{workers} × {size}, through PgBouncer")
    return plan_connections(server.connections, workers, wanted)


def plan_connections(available: int, workers: int, wanted: int) -> ConnectionPlan:
    """Share what the server has: an equal part a worker, some for everybody else."""
    size = wanted or max(1, min(MAX_PER_WORKER, (available - RESERVED) // workers))
    told = f"up to {workers} × {size} of PostgreSQL's {available}"
    if workers * size > available:
        told += ": more than there are; those who get none wait"
    return ConnectionPlan(size=size, sentence=told)


async def check_schema(db: Db) -> None:
    """UnfitDatabase where a newer program has changed the schema beyond this one."""
    least = await value(db, str, "SELECT max(least_migration) FROM schema_requirement")
    newest = max(migration_files())
    if least and newest < least:
        raise UnfitDatabase(
            f"the database was migrated by a newer Skranke: it needs one that knows {least}, "
            f"this one knows {newest}; install the newer version"
        )
