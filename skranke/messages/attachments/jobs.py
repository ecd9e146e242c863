"""Files that hang on nothing leave the desk, and so does content that none names."""

from datetime import datetime, timedelta

from skranke.core.app_state import AppState, current_second
from skranke.core.context import RequestContext
from skranke.core.jobs.registry import background_task, no_due_time, periodic_job
from skranke.db.database import Db, execute, transaction, value
from skranke.messages.attachments.content import lock_content, queue_for_removal
from skranke.messages.attachments.storage import store_of

DEFAULT_RETENTION = timedelta(days=7)
SEARCH_INTERVAL = timedelta(days=1)  # between two searches; no upload takes as long
SEARCH_ITEM_ID = 1  # the one item of the search


async def orphan_retention(db: Db) -> timedelta:
    """How long a file may hang on nothing. Source: ours; a draft may take a week."""
    sql = "SELECT value::int FROM registry WHERE name = 'attachmentRetentionDays'"
    days: int | None = await db.fetchval(sql)
    return DEFAULT_RETENTION if days is None else timedelta(days=days)


async def claim_orphans(db: Db, now: datetime, limit: int, but: list[int]) -> list[int]:
    """Claims files that have hung on nothing for long enough."""
    found = await db.fetch(
        """
        SELECT id FROM attachment WHERE orphaned_since <= $1 AND id <> ALL ($3)
        ORDER BY orphaned_since, id LIMIT $2 FOR UPDATE SKIP LOCKED
        """,
        now - await orphan_retention(db),
        limit,
        but,
    )
    return [record["id"] for record in found]


async def next_orphan_removal(db: Db, after: datetime) -> datetime | None:
    """When the next file will have hung on nothing for long enough."""
    kept = await orphan_retention(db)
    sql = "SELECT min(orphaned_since) FROM attachment WHERE orphaned_since > $1"
    since = await value(db, datetime, sql, after - kept)
    return since + kept if since else None


@periodic_job("clean files", order=70, due=claim_orphans, next_due=next_orphan_removal)
async def remove_orphan(context: RequestContext, attachment_id: int) -> None:
    """Remove a file, unless somebody has hung it on a message meanwhile."""
    content_hash: str | None = await context.db.fetchval(
        """
        DELETE FROM attachment a WHERE id = $1
            AND NOT EXISTS (SELECT FROM ticket_attachment WHERE attachment_id = a.id)
            AND NOT EXISTS (SELECT FROM reply_template_attachment
                            WHERE attachment_id = a.id)
        RETURNING content_hash
        """,
        attachment_id,
    )
    if content_hash:
        await queue_for_removal(context.db, content_hash)
    sql = "UPDATE attachment SET orphaned_since = NULL WHERE id = $1"
    await execute(context.db, sql, attachment_id)


async def claim_garbage(db: Db, now: datetime, limit: int, but: list[int]) -> list[int]:
    """Claims content that may be named by no file any more."""
    _ = now
    found = await db.fetch(
        """
        SELECT id FROM attachment_garbage WHERE id <> ALL ($2)
        ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
        """,
        limit,
        but,
    )
    return [record["id"] for record in found]


@periodic_job("clean content", order=71, due=claim_garbage, next_due=no_due_time)
async def remove_unused_content(context: RequestContext, garbage_id: int) -> None:
    """Remove content that no file names; once it is gone, it may be told so twice."""
    sql = "DELETE FROM attachment_garbage WHERE id = $1 RETURNING content_hash"
    content_hash = await value(context.db, str, sql, garbage_id)
    await lock_content(context.db, content_hash)
    named = "SELECT EXISTS (SELECT FROM attachment WHERE content_hash = $1)"
    if not await value(context.db, bool, named, content_hash):
        await store_of(context.settings).remove(content_hash)


async def lease_search(db: Db, now: datetime, limit: int, but: list[int]) -> list[int]:
    """Leases the search of the store, where the last one was a day ago."""
    _ = limit, but
    found = await db.fetch(
        """
        UPDATE attachment_search SET searched = $1 WHERE searched <= $2
        RETURNING searched
        """,
        now,
        now - SEARCH_INTERVAL,
    )
    return [SEARCH_ITEM_ID] if found else []


async def next_search(db: Db, after: datetime) -> datetime | None:
    """When the store is to be searched again."""
    sql = "SELECT searched FROM attachment_search WHERE searched > $1"
    searched = await value(db, datetime, sql, after - SEARCH_INTERVAL)
    return searched + SEARCH_INTERVAL if searched else None


@background_task("search lost content", order=99, due=lease_search, next_due=next_search)
async def search_lost_content(state: AppState, _: int) -> None:
    """Find what no row has ever named: what a crash or an undone request has left."""
    store = store_of(state.settings)
    before = current_second(state.clock) - SEARCH_INTERVAL
    await store.drop_drafts(before)
    async for hashes in store.hashes(before):
        async with transaction(state.pool) as db:
            await execute(
                db,
                """
                INSERT INTO attachment_garbage (content_hash)
                SELECT lost FROM unnest($1::text[]) AS lost
                WHERE NOT EXISTS (SELECT FROM attachment WHERE content_hash = lost)
                """,
                hashes,
            )
