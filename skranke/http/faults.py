"""What a client is told when the database could not do an operation."""

import logging

import asyncpg

from skranke.core.errors import (
    ApiError,
    Conflict,
    InsufficientStorage,
    MalformedRequest,
    OutcomeUnknown,
    ServiceUnavailable,
)
from skranke.db.faults import (
    READ_ONLY,
    TRANSACTION_ROLLBACK,
    is_connection_lost,
    is_disk_full,
    is_transient,
    sqlstate,
)

log = logging.getLogger("skranke.http")
UNKNOWN = (
    "The database went away in the middle of this change. It is not known whether the "
    "change was kept: look before you repeat it, or send it with an Idempotency-Key."
)


def error_for(fault: Exception, *, may_be_kept: bool) -> ApiError | None:
    """The error that says what is known; None where the fault is one of our own.

    `may_be_kept`: the operation may have been committed before the database went away.
    """
    if is_disk_full(fault):
        log.error("A disk is full: %s", fault)
        return InsufficientStorage("The desk's disk is full; nothing was changed.")
    if is_connection_lost(fault):
        if may_be_kept:
            return OutcomeUnknown(UNKNOWN)
        return ServiceUnavailable("The database can't be reached just now; nothing was changed.")
    if sqlstate(fault)[:2] == TRANSACTION_ROLLBACK:
        return ServiceUnavailable("Another change stood in the way; nothing was changed.")
    if sqlstate(fault) == READ_ONLY:
        return ServiceUnavailable("The database takes no changes just now; nothing was changed.")
    if is_transient(fault):
        log.warning("The database has too much to do: %s", fault)
        return ServiceUnavailable("The database has too much to do; nothing was changed.")
    if isinstance(fault, asyncpg.DataError):
        return MalformedRequest("A value can't be stored.", str(fault))
    if isinstance(fault, asyncpg.IntegrityConstraintViolationError):
        # all that was named was there when it was looked for
        return Conflict("Somebody else changed the same; try again.")
    return None
