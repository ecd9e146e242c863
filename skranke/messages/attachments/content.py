"""Content comes and goes: hashed on its way in, checked by its hash on its way out."""

import logging
from collections.abc import AsyncIterator
from hashlib import sha256
from secrets import token_urlsafe

from msgspec import Struct

from skranke.core.context import RequestContext
from skranke.core.errors import InternalError, NotFound
from skranke.db.database import Db, execute, row, value
from skranke.messages.attachments.safety import file_name, guess_type
from skranke.messages.attachments.storage import store_of

log = logging.getLogger("skranke.messages.attachments")


class FileRow(Struct, frozen=True, kw_only=True):
    """A file as its row has it; no hash means that nothing was uploaded."""

    name: str
    content_type: str
    att_size: int
    content_hash: str


async def load_file_row(db: Db, attachment_id: int) -> FileRow | None:
    """A file's row; None without one."""
    return await row(
        db,
        FileRow,
        """
        SELECT name, content_type, att_size, content_hash FROM attachment WHERE id = $1
        """,
        attachment_id,
    )


async def ids_with_content(db: Db, ids: list[int]) -> list[int]:
    """Those of the files that have content."""
    sql = "SELECT id FROM attachment WHERE id = ANY ($1) AND content_hash <> ''"
    return [record["id"] for record in await db.fetch(sql, ids)]


async def create_file(context: RequestContext, name: str, content_type: str = "") -> int:
    """A new file without content, seen by its maker alone; its id.

    The type is guessed from the name where none is given.
    """
    bare = file_name(name)
    return await value(
        context.db,
        int,
        """
        INSERT INTO attachment (name, content_type, auth_key, registered,
            registered_associate_id, orphaned_since)
        VALUES ($1, $2, $3, $4, $5, $4) RETURNING id
        """,
        bare,
        content_type or guess_type(bare),
        token_urlsafe(24),
        context.now,
        context.user.associate_id,
    )


async def create_file_with_content(
    context: RequestContext, name: str, content_type: str, chunks: AsyncIterator[bytes]
) -> int:
    """A new file with this content; its id."""
    attachment_id = await create_file(context, name, content_type)
    await write_content(context, attachment_id, chunks)
    return attachment_id


async def copy_file(context: RequestContext, attachment_id: int, name: str) -> int:
    """A new file of this name with the content of another; its id. NotFound."""
    of = await load_file_row(context.db, attachment_id)
    if of is None or not of.content_hash:
        raise _no_content_error(attachment_id)
    copy_id = await create_file(context, name, of.content_type)
    await lock_content(context.db, of.content_hash)
    done = await value(
        context.db,
        bool,
        """
        UPDATE attachment c SET att_size = o.att_size, content_hash = o.content_hash
        FROM attachment o WHERE c.id = $1 AND o.id = $2 AND o.content_hash = $3
        RETURNING true
        """,
        copy_id,
        attachment_id,
        of.content_hash,
    )
    if not done:  # it was changed or removed while this waited
        raise _no_content_error(attachment_id)
    return copy_id


def _no_content_error(attachment_id: int) -> NotFound:
    return NotFound(f"AttachmentId: {attachment_id} has no content")


async def write_content(
    context: RequestContext, attachment_id: int, chunks: AsyncIterator[bytes]
) -> None:
    """Write a file's content, in place of what it had; TooLarge above the limit.

    NotFound where the file was removed meanwhile.
    The row names the content once it lies there whole, so a crash leaves no file that
    is only said to be there.
    """
    store = store_of(context.settings)
    draft = await store.write(chunks, context.settings.max_attachment_bytes)
    stored = draft.stored
    async with context.db.transaction():
        await lock_content(context.db, stored.content_hash)
        await store.commit(draft)
        former: str | None = await context.db.fetchval(
            """
            UPDATE attachment a SET att_size = $2, content_hash = $3
            FROM attachment old WHERE a.id = $1 AND old.id = a.id
            RETURNING old.content_hash
            """,
            attachment_id,
            stored.size,
            stored.content_hash,
        )
        if former is None:
            raise NotFound(f"AttachmentId: {attachment_id} does not exist")
        if former and former != stored.content_hash:
            await queue_for_removal(context.db, former)


async def lock_content(db: Db, content_hash: str) -> None:
    """Keep others from writing or removing this content until the transaction ends."""
    sql = "SELECT pg_advisory_xact_lock(hashtextextended($1, 7))"
    await execute(db, sql, content_hash)


async def queue_for_removal(db: Db, content_hash: str) -> None:
    """Have a job remove content, unless a file names it still."""
    await execute(db, "INSERT INTO attachment_garbage (content_hash) VALUES ($1)", content_hash)


async def read_content(context: RequestContext, attachment_id: int) -> AsyncIterator[bytes]:
    """A file's content in pieces; NotFound where nothing was uploaded.

    The last piece comes only when the hash of all is right: damaged content ends in
    OurFault, and a transfer of it is cut short.
    """
    found = await load_file_row(context.db, attachment_id)
    if found is None or not found.content_hash:
        raise _no_content_error(attachment_id)
    try:
        pieces = await store_of(context.settings).read(found.content_hash)
    except FileNotFoundError as fault:
        raise _damaged_error(attachment_id) from fault
    return _verify_hash(attachment_id, found.content_hash, pieces)


async def _verify_hash(
    attachment_id: int, content_hash: str, pieces: AsyncIterator[bytes]
) -> AsyncIterator[bytes]:
    digest = sha256()
    last = b""
    async for piece in pieces:
        digest.update(piece)
        if last:
            yield last
        last = piece
    if digest.hexdigest() != content_hash:
        raise _damaged_error(attachment_id)
    yield last


def _damaged_error(attachment_id: int) -> InternalError:
    log.error("The stored content of attachment %d is damaged", attachment_id)
    return InternalError(f"The stored content of attachment {attachment_id} is damaged.")
