"""Jobs for documents that no event updates: changed messages and files, and missing ones."""

from datetime import datetime

from skranke.core.context import RequestContext
from skranke.core.jobs.registry import no_due_time, periodic_job
from skranke.db.database import Db, execute
from skranke.search.indexing import write_documents


async def claim_stale(db: Db, now: datetime, limit: int, but: list[int]) -> list[int]:
    """Claim the notes of changes, the oldest first."""
    _ = now
    found = await db.fetch(
        """
        SELECT id FROM search_stale WHERE id <> ALL ($2)
        ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
        """,
        limit,
        but,
    )
    return [record["id"] for record in found]


async def renew_all(context: RequestContext, ids: list[int]) -> None:
    """Delete notes and write the documents of their tickets, each once."""
    noted = await context.db.fetch(
        "DELETE FROM search_stale WHERE id = ANY ($1) RETURNING ticket_id", ids
    )
    await write_documents(context.db, sorted({record["ticket_id"] for record in noted}))


@periodic_job(
    "renew documents",
    order=95,
    due=claim_stale,
    next_due=no_due_time,
    do_batch=renew_all,
    batch=100,
    at_once=True,
)
async def renew(context: RequestContext, note_id: int) -> None:
    """Write the document of one note's ticket."""
    await renew_all(context, [note_id])


async def claim_missing(db: Db, now: datetime, limit: int, but: list[int]) -> list[int]:
    """Claim tickets beyond the progress mark; one worker at a time.

    No event announces them: they are older than the search documents or were imported.
    """
    _ = now
    reached = await db.fetchval("SELECT ticket_id FROM search_progress FOR UPDATE SKIP LOCKED")
    if reached is None:
        return []
    found = await db.fetch(
        """
        SELECT id FROM ticket WHERE id > $1 AND id <> ALL ($3) ORDER BY id LIMIT $2
        """,
        reached,
        limit,
        but,
    )
    return [record["id"] for record in found]


async def add_all(context: RequestContext, ids: list[int]) -> None:
    """Write the documents of tickets without one, and advance the progress mark."""
    without = await context.db.fetch(
        """
        SELECT id FROM unnest($1::int[]) AS id
        WHERE NOT EXISTS (SELECT FROM search_document WHERE ticket_id = id)
        """,
        ids,
    )
    await write_documents(context.db, [record["id"] for record in without])
    await execute(
        context.db, "UPDATE search_progress SET ticket_id = greatest(ticket_id, $1)", max(ids)
    )


@periodic_job(
    "add documents",
    order=96,
    due=claim_missing,
    next_due=no_due_time,
    do_batch=add_all,
    batch=200,
    at_once=True,
)
async def add(context: RequestContext, ticket_id: int) -> None:
    """Write the document of one ticket if it has none."""
    await add_all(context, [ticket_id])
