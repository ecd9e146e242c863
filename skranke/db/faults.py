"""What an error of the database says about the next try.

A transient error says nothing about the statement: the server was away, full, or chose
another transaction. The same work succeeds later, so nobody is blamed for it. Source:
PostgreSQL, appendix A, error codes.
"""

import errno

import asyncpg

# classes of SQLSTATE, which are its first two characters
CONNECTION = "08"
INSUFFICIENT_RESOURCES = "53"
OPERATOR_INTERVENTION = "57"
TRANSACTION_ROLLBACK = "40"
TRANSIENT_CLASSES = (
    CONNECTION,
    INSUFFICIENT_RESOURCES,
    OPERATOR_INTERVENTION,
    TRANSACTION_ROLLBACK,
)
READ_ONLY = "25006"  # a former primary that has become a replica
LOCK_NOT_AVAILABLE = "55P03"
DISK_FULL = "53100"
TOO_MANY_CONNECTIONS = "53300"
CANCELLED = "57014"  # by statement_timeout or by hand
NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})


class DatabaseUnavailable(Exception):
    """No connection could be had in time; nothing was sent to the database."""


# what it looks like when the database is away: stopped, starting, cut off
CONNECTION_ERRORS = (
    DatabaseUnavailable,
    OSError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection that was cut in the middle of a reply
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
)


def sqlstate(error: BaseException | None) -> str:
    """The five characters of PostgreSQL's error code; empty for other errors."""
    state = getattr(error, "sqlstate", None)
    return state if isinstance(state, str) else ""


def is_transient(error: BaseException | None) -> bool:
    """Whether the same work may succeed later, although nothing about it changes."""
    while error is not None:
        state = sqlstate(error)
        if state[:2] in TRANSIENT_CLASSES or state in (READ_ONLY, LOCK_NOT_AVAILABLE):
            return True
        if isinstance(error, DatabaseUnavailable | asyncpg.InternalClientError):
            return True
        # asyncpg has this class for wrong arguments, too
        if isinstance(error, asyncpg.InterfaceError) and "clos" in str(error):
            return True
        error = error.__cause__
    return False


def is_connection_lost(error: BaseException) -> bool:
    """Whether the server went away, so that nobody knows what became of a COMMIT."""
    return isinstance(error, CONNECTION_ERRORS) or sqlstate(error)[:2] in (
        CONNECTION,
        OPERATOR_INTERVENTION,
    )


def is_disk_full(error: BaseException | None) -> bool:
    """Whether there was no space left, on the database's disk or on ours."""
    while error is not None:
        if sqlstate(error) == DISK_FULL:
            return True
        if isinstance(error, OSError) and error.errno in NO_SPACE:
            return True
        error = error.__cause__
    return False
