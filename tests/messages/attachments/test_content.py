"""Content is stored once under its hash, limited, checked, and removed in time."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from skranke.core.app_state import AppState, current_second
from skranke.core.cache import ReferenceCache
from skranke.core.clock import Clock
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, InternalError, NotFound, PayloadTooLarge
from skranke.core.jobs.worker import run_round
from skranke.core.settings import Settings
from skranke.db import database
from skranke.db.database import Db
from skranke.messages.add import NewMessage, add_message
from skranke.messages.attachments import content, jobs
from skranke.messages.attachments.eml import join_chunks
from skranke.messages.attachments.linking import link_files, unlink_files
from skranke.messages.attachments.storage import store_of
from tests.cast import ANNA, NOW, ContextOf
from tests.messages.attachments.make import file, pieces
from tests.tickets.make import save

DAY = timedelta(days=1)


@pytest.fixture
def context(context_of: ContextOf, tmp_path: Path) -> RequestContext:
    """A call of Anna's on a data directory of the test's own; 1,000 bytes a file."""
    return context_of(ANNA, settings=Settings(data=tmp_path, max_attachment_bytes=1000))


def stored_files(context: RequestContext) -> list[str]:
    root = context.settings.data / "attachments"
    return sorted(path.name for path in root.rglob("*") if path.is_file())


async def read(context: RequestContext, attachment_id: int) -> bytes:
    return await join_chunks(await content.read_content(context, attachment_id))


async def test_content_comes_back_as_it_went_in(context: RequestContext) -> None:
    parts = [b"a" * 300, b"", b"b" * 300]
    one = await content.create_file_with_content(context, "a.bin", "", pieces(*parts))
    assert await read(context, one) == b"".join(parts)
    known = await content.load_file_row(context.db, one)
    assert known
    assert (known.att_size, known.content_type) == (600, "application/octet-stream")
    assert stored_files(context) == [sha256(b"".join(parts)).hexdigest()]


async def test_empty_content_is_content(context: RequestContext) -> None:
    assert await read(context, await file(context, "empty.txt", b"")) == b""


async def test_the_same_bytes_are_stored_once(context: RequestContext) -> None:
    one, two = await file(context, "a.txt", b"same"), await file(context, "b.txt", b"same")
    assert stored_files(context) == [sha256(b"same").hexdigest()]
    assert await read(context, one) == await read(context, two) == b"same"


async def test_too_much_is_refused_and_leaves_nothing(context: RequestContext) -> None:
    one = await content.create_file(context, "a.txt")
    with pytest.raises(PayloadTooLarge, match="1000 bytes"):
        await content.write_content(context, one, pieces(b"x" * 999, b"xx"))
    assert stored_files(context) == []
    with pytest.raises(NotFound, match=f"AttachmentId: {one} has no content"):
        await content.read_content(context, one)


async def test_an_upload_that_breaks_off_leaves_nothing(context: RequestContext) -> None:
    one = await content.create_file(context, "a.txt")

    async def broken() -> AsyncIterator[bytes]:
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await content.write_content(context, one, broken())
    assert stored_files(context) == []


async def test_damaged_content_is_never_passed_off_as_right(context: RequestContext) -> None:
    one = await file(context, "a.txt", b"right")
    path = next(p for p in context.settings.data.rglob("*") if p.is_file())
    path.write_bytes(b"wrong")
    with pytest.raises(InternalError, match=f"content of attachment {one} is damaged"):
        await read(context, one)
    path.unlink()
    with pytest.raises(InternalError, match="damaged"):
        await content.read_content(context, one)


async def test_what_hangs_on_nothing_for_a_week_is_removed(context: RequestContext, db: Db) -> None:
    one = await file(context, "a.txt", b"draft")
    assert await jobs.next_orphan_removal(db, NOW) == NOW + 7 * DAY
    assert await jobs.claim_orphans(db, NOW + 7 * DAY - timedelta(seconds=1), 9, []) == []
    assert await jobs.claim_orphans(db, NOW + 7 * DAY, 9, []) == [one]
    await jobs.remove_orphan(context, one)
    assert await content.load_file_row(db, one) is None
    [garbage] = await jobs.claim_garbage(db, NOW, 9, [])
    await jobs.remove_unused_content(context, garbage)
    assert stored_files(context) == []


async def test_what_is_linked_stays_however_old(context: RequestContext, db: Db) -> None:
    one = await file(context, "a.txt", b"kept")
    ticket = (await save(context, title="A")).ticket_id
    message = await add_message(
        context, NewMessage(ticket_id=ticket, body="A", attachment_ids=[one])
    )
    assert await jobs.claim_orphans(db, NOW + 400 * DAY, 9, []) == []
    await jobs.remove_orphan(context, one)
    assert await read(context, one) == b"kept"
    await unlink_files(db, message, [one], NOW + DAY)
    assert await jobs.claim_orphans(db, NOW + 8 * DAY, 9, []) == [one]


async def test_content_that_another_file_names_stays(context: RequestContext, db: Db) -> None:
    one, two = await file(context, "a.txt", b"same"), await file(context, "b.txt", b"same")
    await jobs.remove_orphan(context, one)
    [garbage] = await jobs.claim_garbage(db, NOW, 9, [])
    await jobs.remove_unused_content(context, garbage)
    assert await read(context, two) == b"same"


async def test_new_content_sets_the_old_aside(context: RequestContext, db: Db) -> None:
    one = await file(context, "a.txt", b"old")
    await content.write_content(context, one, pieces(b"new"))
    [garbage] = await jobs.claim_garbage(db, NOW, 9, [])
    await jobs.remove_unused_content(context, garbage)
    assert await read(context, one) == b"new"
    assert stored_files(context) == [sha256(b"new").hexdigest()]


async def test_a_file_that_is_linked_while_it_is_cleaned_stays(
    own_database_url: str, context_of: ContextOf, tmp_path: Path
) -> None:
    pool = await database.connect(own_database_url, size=3)
    usual = replace(context_of(ANNA, settings=Settings(data=tmp_path)), cache=ReferenceCache())
    async with database.transaction(pool) as db:
        context = replace(usual, db=db)
        one = await file(context, "a.txt", b"kept")
        ticket = (await save(context, title="A")).ticket_id
        message = await add_message(context, NewMessage(ticket_id=ticket, body="A"))
    async with database.transaction(pool) as linking:
        await link_files(replace(usual, db=linking), message, [one])
        async with database.transaction(pool) as cleaning:
            assert await jobs.claim_orphans(cleaning, NOW + 30 * DAY, 9, []) == []
    async with database.transaction(pool) as db:
        await jobs.remove_orphan(replace(usual, db=db), one)
        assert await read(replace(usual, db=db), one) == b"kept"
    await pool.close()


async def test_what_goes_with_its_ticket_is_removed_at_once(
    context: RequestContext, db: Db
) -> None:
    one, two = await file(context, "a.txt", b"gone"), await file(context, "b.txt", b"kept")
    ticket = (await save(context, title="A")).ticket_id
    other = (await save(context, title="B")).ticket_id
    await add_message(context, NewMessage(ticket_id=ticket, body="A", attachment_ids=[one, two]))
    await add_message(context, NewMessage(ticket_id=other, body="B", attachment_ids=[two]))
    await db.execute("DELETE FROM ticket WHERE id = $1", ticket)
    assert await jobs.claim_orphans(db, NOW, 9, []) == [one]
    await jobs.remove_orphan(context, one)
    [garbage] = await jobs.claim_garbage(db, NOW, 9, [])
    await jobs.remove_unused_content(context, garbage)
    assert stored_files(context) == [sha256(b"kept").hexdigest()]


async def test_a_file_that_is_gone_takes_no_content(context: RequestContext) -> None:
    with pytest.raises(NotFound, match="AttachmentId: 999999 does not exist"):
        await content.write_content(context, 999999, pieces(b"a"))


async def test_what_a_crash_has_left_is_found_a_day_later(
    own_database_url: str, context_of: ContextOf, tmp_path: Path
) -> None:
    pool = await database.connect(own_database_url, size=3)
    settings = Settings(data=tmp_path)
    clock = Clock()
    desk = AppState(
        pool=pool, cache=ReferenceCache(), clock=clock, settings=settings, rng=Random(1)
    )
    async with database.transaction(pool) as db:
        context = context_of(ANNA, settings=settings, db=db, now=current_second(clock))
        one = await file(context, "a.txt", b"kept")
    async with pool.acquire() as db:
        undone: Any = db.transaction()
        await undone.start()
        await file(replace(context, db=db), "b.txt", b"undone")
        await undone.rollback()
    left = tmp_path / "attachments" / "incoming"
    left.mkdir(exist_ok=True)
    (left / "b#1").write_bytes(b"half")
    await run_round(desk)
    assert len(stored_files(context)) == 3
    clock.set(clock.now() + 2 * DAY)
    await run_round(desk)  # finds it
    await run_round(desk)  # removes it
    assert stored_files(context) == [sha256(b"kept").hexdigest()]
    async with database.transaction(pool) as db:
        assert await read(replace(context, db=db), one) == b"kept"
        assert await jobs.next_search(db, clock.now()) == current_second(clock) + DAY
    await pool.close()


async def test_stores_that_are_no_directory_serve_as_well(context_of: ContextOf, db: Db) -> None:
    context = context_of(ANNA, settings=Settings(storage_url="memory:///desk"))
    one, two = await file(context, "a.txt", b"kept"), await file(context, "b.txt", b"gone")
    assert await read(context, one) == b"kept"
    store = store_of(context.settings)
    await jobs.remove_orphan(context, two)
    [garbage] = await jobs.claim_garbage(db, NOW, 9, [])
    await jobs.remove_unused_content(context, garbage)
    late = datetime(9999, 1, 1, tzinfo=UTC)
    pages = [page async for page in store.hashes(late)]
    assert pages == [[sha256(b"kept").hexdigest()]]
    await store.drop_drafts(late)
    assert await read(context, one) == b"kept"


async def test_a_file_that_is_cleaned_while_it_is_linked_is_refused(
    own_database_url: str, context_of: ContextOf, tmp_path: Path
) -> None:
    pool = await database.connect(own_database_url, size=3)
    usual = context_of(ANNA, settings=Settings(data=tmp_path), cache=ReferenceCache())
    async with database.transaction(pool) as db:
        context = replace(usual, db=db)
        one = await file(context, "a.txt", b"gone")
        ticket = (await save(context, title="A")).ticket_id
        message = await add_message(context, NewMessage(ticket_id=ticket, body="A"))

    async def hang() -> None:
        async with database.transaction(pool) as db:
            await link_files(replace(usual, db=db), message, [one])

    async with database.transaction(pool) as cleaning:
        assert await jobs.claim_orphans(cleaning, NOW + 30 * DAY, 9, []) == [one]
        linking = asyncio.create_task(hang())
        await waiting(pool)
        await jobs.remove_orphan(replace(usual, db=cleaning), one)
    with pytest.raises(BadValue, match=f"AttachmentIds: {one} does not exist"):
        await linking
    await pool.close()


async def test_content_that_is_uploaded_again_while_it_is_removed_is_there(
    own_database_url: str, context_of: ContextOf, tmp_path: Path
) -> None:
    pool = await database.connect(own_database_url, size=3)
    usual = context_of(ANNA, settings=Settings(data=tmp_path), cache=ReferenceCache())
    async with database.transaction(pool) as db:
        await jobs.remove_orphan(
            replace(usual, db=db), await file(replace(usual, db=db), "a.txt", b"same")
        )

    async def upload() -> int:
        async with database.transaction(pool) as db:
            return await file(replace(usual, db=db), "b.txt", b"same")

    async with database.transaction(pool) as sweeping:
        [garbage] = await jobs.claim_garbage(sweeping, NOW, 9, [])
        await jobs.remove_unused_content(replace(usual, db=sweeping), garbage)
        uploading = asyncio.create_task(upload())
        await waiting(pool)
    two = await uploading
    async with database.transaction(pool) as db:
        assert await read(replace(usual, db=db), two) == b"same"
    await pool.close()


async def waiting(pool: database.Pool) -> None:
    """Returns as soon as somebody in this database waits for a lock."""
    sql = """
        SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'
                       AND datname = current_database())
    """
    async with pool.acquire() as db:
        while not await db.fetchval(sql):
            pass
