"""Where the bytes of files lie: in a directory, or in S3-compatible storage.

Content lies under its SHA-256, so the same bytes lie there once. What is being written
has another name until it is whole.
"""

import asyncio
import logging
import os
import uuid
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

import obstore
from msgspec import Struct
from obstore.exceptions import GenericError
from obstore.store import LocalStore, ObjectStore, S3Store, from_url

from skranke.core.errors import PayloadTooLarge, ServiceUnavailable
from skranke.core.settings import Settings

log = logging.getLogger("skranke.messages.attachments")
PIECE_BYTES = 192 * 1024
PART_BYTES = 5 * 1024 * 1024  # the least that S3 takes as a part
INCOMING_FOLDER = "incoming"
STORAGE_TIMEOUT = timedelta(seconds=10)  # with a storage that says nothing
MAX_DOWNLOAD_TIME = timedelta(hours=4)  # of downloads, which go on while their reader reads


class StoredContent(Struct, frozen=True):
    """Content as it was written: its hash, and its size in bytes."""

    content_hash: str
    size: int


class ContentStore:
    """The bytes of an installation's files."""

    def __init__(self, data: Path, url: str) -> None:
        self._root = None if url else data.absolute() / "attachments"
        self._store: ObjectStore = (
            LocalStore(self._root, mkdir=True) if self._root else _remote_store(url)
        )

    async def write(self, chunks: AsyncIterator[bytes], limit: int) -> "ContentDraft":
        """Write content under a name of its own; TooLarge above `limit` bytes."""
        digest, size = sha256(), 0

        async def measure() -> AsyncIterator[bytes]:
            nonlocal size
            async for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise PayloadTooLarge(f"The file is larger than {limit} bytes.")
                digest.update(chunk)
                yield chunk

        place = f"{INCOMING_FOLDER}/{uuid.uuid4().hex}"
        with _storage_errors():
            await obstore.put_async(
                self._store, place, measure(), chunk_size=PART_BYTES, max_concurrency=2
            )
        return ContentDraft(place, StoredContent(digest.hexdigest(), size))

    async def commit(self, draft: "ContentDraft") -> None:
        """Give written content its lasting name; then it outlives power cuts."""
        place = _path_of_hash(draft.stored.content_hash)
        if self._root:  # first, as it may take the place of the same content
            await asyncio.to_thread(_flush, self._root / draft.place)
        with _storage_errors():
            await obstore.rename_async(self._store, draft.place, place, overwrite=True)
        if self._root:
            await asyncio.to_thread(_flush, *(self._root / place).parents[:4])

    async def read(self, content_hash: str) -> AsyncIterator[bytes]:
        """The content in pieces; FileNotFoundError where there is none."""
        with _storage_errors():
            found = await obstore.get_async(self._store, _path_of_hash(content_hash))
        return _pieces(found.stream(min_chunk_size=PIECE_BYTES))

    async def remove(self, content_hash: str) -> None:
        """Remove content; without effect where there is none."""
        try:
            await obstore.delete_async(self._store, _path_of_hash(content_hash))
        except FileNotFoundError:
            return

    async def hashes(self, before: datetime) -> AsyncIterator[list[str]]:
        """The hashes of content that was written before then, many at a time."""
        async for page in obstore.list(self._store, chunk_size=1000):
            yield [
                each["path"].rpartition("/")[2]
                for each in page
                if each["last_modified"] < before and not each["path"].startswith(INCOMING_FOLDER)
            ]

    async def drop_drafts(self, before: datetime) -> None:
        """Remove what was begun before then and never got a lasting name.

        In S3-compatible storage that is what was written to its end; for the parts of
        what wasn't there are lifecycle rules.
        """
        if self._root:  # obstore doesn't list what it hasn't finished
            await asyncio.to_thread(_drop_old_files, self._root / INCOMING_FOLDER, before)
            return
        async for page in obstore.list(self._store, INCOMING_FOLDER):
            old = [each["path"] for each in page if each["last_modified"] < before]
            await obstore.delete_async(self._store, old)


class ContentDraft(Struct, frozen=True):
    """Content that is whole and has no lasting name yet."""

    place: str
    stored: StoredContent


@cache
def _open_store(data: Path, url: str) -> ContentStore:
    return ContentStore(data, url)


def store_of(settings: Settings) -> ContentStore:
    """The store of an installation, opened once a process."""
    return _open_store(settings.data, settings.storage_url)


def _remote_store(url: str) -> ObjectStore:
    """S3-compatible storage, whose keys and endpoint are in AWS_… variables.

    A file may take its reader's time, but an outage shows soon.
    """
    if not url.startswith("s3"):
        return from_url(url)
    return S3Store.from_url(
        url,
        client_options={
            "timeout": MAX_DOWNLOAD_TIME,
            "read_timeout": STORAGE_TIMEOUT,
            "allow_http": True,  # to an endpoint that says so; others have https
        },
        retry_config={"max_retries": 3, "retry_timeout": STORAGE_TIMEOUT},
    )


@contextmanager
def _storage_errors() -> Generator[None]:
    """Unavailable where the storage doesn't do what it is asked."""
    try:
        yield
    except GenericError as fault:
        log.exception("The storage of files fails")
        raise ServiceUnavailable("The storage of files can't be reached just now.") from fault


async def _pieces(stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    async for piece in stream:
        yield bytes(piece)


def _path_of_hash(content_hash: str) -> str:
    return f"{content_hash[:2]}/{content_hash[2:4]}/{content_hash}"


def _drop_old_files(folder: Path, before: datetime) -> None:
    for path in folder.glob("*"):
        if datetime.fromtimestamp(path.stat().st_mtime, UTC) < before:
            path.unlink(missing_ok=True)


def _flush(*paths: Path) -> None:
    """Make files, or the names in directories, outlive a power cut."""
    for each in paths:
        descriptor = os.open(each, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
