"""Bodies too long to hold: kept in a file on the way in, sent in pieces on the way out.

A stream goes out as its bytes, or as base64 within JSON or XML for who asks for those;
either way a piece at a time. Source: reference, stream methods of the agents API; RFC
6266 and RFC 8187 for names, RFC 9110 for ranges.
"""

import re
from base64 import b64encode
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from skranke.core.dates import Locale
from skranke.core.errors import (
    InternalError,
    MalformedRequest,
    PayloadTooLarge,
    UnsupportedMediaType,
)
from skranke.http.negotiation import ANSWERS, Codec, best_range
from skranke.http.request import DIGITS, Head

PIECE = 192 * 1024
IN_MEMORY = 1024 * 1024
MARK = (b"x", b"eA==")  # a byte, and its base64 in a text around which others go
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
Headers = list[tuple[bytes, bytes]]


class Upload:
    """A body as it came; an operation that takes one alone is given it unread."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body from its beginning, in pieces."""
        self._file.seek(0)
        while piece := self._file.read(PIECE):
            yield piece


class File(Struct, frozen=True, kw_only=True):
    """What an operation returns to have it sent in pieces; `size` in bytes.

    OurFault from `chunks` before the first piece is answered as such; a later one cuts
    the transfer short, so that nobody takes what came for the whole.
    """

    chunks: AsyncIterator[bytes]
    name: str
    content_type: str
    size: int


class Sending(Struct, frozen=True, kw_only=True):
    """An answer in pieces: all that is said before them, and they."""

    status: int = 200
    headers: Headers
    pieces: AsyncIterator[bytes]


@asynccontextmanager
async def received(head: Head, receive: Any, limit: int) -> AsyncGenerator[Upload]:
    """The body, on disk where it is long; TooLarge above `limit` bytes.

    UnknownContentType for what isn't the bytes of a file: forms of parts, gzip.
    """
    if head.header("content-encoding").strip().lower() not in ("", "identity"):
        raise UnsupportedMediaType("A file is sent without Content-Encoding.")
    if head.header("content-type").lower().startswith("multipart/form-data"):
        raise UnsupportedMediaType("A file is sent as the body itself, not in a form.")
    declared = head.header("content-length")
    if declared.isdecimal() and (len(declared) > DIGITS or int(declared) > limit):
        raise PayloadTooLarge(f"The file is larger than {limit} bytes.")
    with SpooledTemporaryFile[bytes](max_size=IN_MEMORY) as file:
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise MalformedRequest("The client went away in the middle of the body.")
            size += file.write(message.get("body", b""))
            if size > limit:
                raise PayloadTooLarge(f"The file is larger than {limit} bytes.")
            more = message.get("more_body", False)
        yield Upload(file)


async def begun(file: File) -> File:
    """The file with its first piece read, so that a fault can still be answered."""
    first = await anext(file.chunks, b"")

    async def chunks() -> AsyncIterator[bytes]:
        yield first
        async for piece in file.chunks:
            yield piece

    return replace(file, chunks=chunks())


def wants_bytes(head: Head) -> bool:
    """Whether Accept likes the bytes best: any but JSON and XML, or nothing."""
    return best_range(head.header("accept")) not in ANSWERS


def sending(head: Head, file: File, codec: Codec, kind: str, locale: Locale) -> Sending:
    """A stream as Accept and Range ask for it."""
    if wants_bytes(head):
        return _ranged(head, file)
    before, _, after = codec.encode(MARK[0], locale, bytes).partition(MARK[1])
    length = len(before) + (file.size + 2) // 3 * 4 + len(after)
    pieces = _encoded(before, file.chunks, after)
    return Sending(headers=[_type(kind), _length(length)], pieces=pieces)


def _ranged(head: Head, file: File) -> Sending:
    """The bytes, or the one part of them that is asked for."""
    headers = [_disposition(file.name), (b"accept-ranges", b"bytes")]
    asked = RANGE.fullmatch(head.header("range").strip().lower())
    # nothing here tells versions of a file apart, so no If-Range can be met
    if not asked or asked.groups() == ("", "") or head.header("if-range"):
        headers += [_type(file.content_type), _length(file.size)]
        return Sending(headers=headers, pieces=file.chunks)
    start, end = _span(*asked.groups(), size=file.size)
    if start >= end:
        headers += [(b"content-range", b"bytes */%d" % file.size), _length(0)]
        return Sending(status=416, headers=headers, pieces=_nothing())
    told = b"bytes %d-%d/%d" % (start, end - 1, file.size)
    headers += [_type(file.content_type), _length(end - start)]
    headers.append((b"content-range", told))
    pieces = _part(file.chunks, start, end)
    return Sending(status=206, headers=headers, pieces=pieces)


def _span(first: str, last: str, *, size: int) -> tuple[int, int]:
    """`0-9`, `10-` or `-5` (the last five) as a half-open span within `size`."""
    if not first:
        return max(size - int(last), 0), size
    return int(first), min(int(last) + 1, size) if last else size


async def _part(chunks: AsyncIterator[bytes], start: int, end: int) -> AsyncIterator[bytes]:
    """A span of the whole, whose last piece waits for the whole's hash."""
    at, held = 0, b""
    async for piece in chunks:
        wanted = piece[max(start - at, 0) : max(end - at, 0)]
        at += len(piece)
        if wanted:
            if held:
                yield held
            held = wanted
    yield held


async def _encoded(
    before: bytes, chunks: AsyncIterator[bytes], after: bytes
) -> AsyncIterator[bytes]:
    """Base64 between two texts; what doesn't fill three bytes waits for the next."""
    yield before
    left = b""
    async for piece in chunks:
        whole = left + piece
        cut = len(whole) - len(whole) % 3
        left = whole[cut:]
        yield b64encode(whole[:cut])
    yield b64encode(left) + after


async def _nothing() -> AsyncIterator[bytes]:
    yield b""


def _type(kind: str) -> tuple[bytes, bytes]:
    return b"content-type", kind.encode("latin-1", "replace")


def _length(size: int) -> tuple[bytes, bytes]:
    return b"content-length", b"%d" % size


def _disposition(name: str) -> tuple[bytes, bytes]:
    """Saved, never shown; the name once for old readers and once whole."""
    plain = re.sub(r'[^ -~]|["\\%]', "_", name)
    said = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return b"content-disposition", said.encode()


async def send_pieces(send: Any, answer: Sending, headers: Headers) -> None:
    """Send an answer in pieces; a fault in the middle leaves it without an end."""
    start = {
        "type": "http.response.start",
        "status": answer.status,
        "headers": headers + answer.headers,
    }
    await send(start)
    try:
        async for piece in answer.pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    except InternalError:
        return  # it is in the log; the server closes a connection that lacks an end
    await send({"type": "http.response.body", "body": b""})
