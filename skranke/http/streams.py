"""Large bodies: uploads are spooled to a file, downloads are sent in pieces.

A download is sent as bytes, or as base64 inside JSON or XML if the client asks for one
of those; in both cases piece by piece. Source: reference, stream methods of the agents
API; RFC 6266 and RFC 8187 for names, RFC 9110 for ranges.
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
from skranke.http.negotiation import RESPONSE_CODECS, Codec, best_range
from skranke.http.request import MAX_LENGTH_DIGITS, Head

PIECE_BYTES = 192 * 1024
MAX_MEMORY_BYTES = 1024 * 1024
BASE64_MARK = (b"x", b"eA==")  # a placeholder byte and its base64, replaced by the content
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
Headers = list[tuple[bytes, bytes]]


class Upload:
    """A received body; an operation whose only parameter is an Upload gets it undecoded."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body from its beginning, in pieces."""
        self._file.seek(0)
        while piece := self._file.read(PIECE_BYTES):
            yield piece


class File(Struct, frozen=True, kw_only=True):
    """A download, returned by an operation and sent in pieces; `size` is in bytes.

    If `chunks` raises InternalError before the first piece, the answer is that error.
    Later errors abort the transfer, so the client does not take a part for the whole.
    """

    chunks: AsyncIterator[bytes]
    name: str
    content_type: str
    size: int


class StreamedResponse(Struct, frozen=True, kw_only=True):
    """A response with its body in pieces."""

    status: int = 200
    headers: Headers
    pieces: AsyncIterator[bytes]


@asynccontextmanager
async def receive_upload(head: Head, receive: Any, limit: int) -> AsyncGenerator[Upload]:
    """Receive the body, on disk if it is long; PayloadTooLarge above `limit` bytes.

    UnsupportedMediaType for multipart forms and compressed bodies.
    """
    if head.header("content-encoding").strip().lower() not in ("", "identity"):
        raise UnsupportedMediaType("Send the file without Content-Encoding.")
    if head.header("content-type").lower().startswith("multipart/form-data"):
        raise UnsupportedMediaType("Send the file as the body itself, not in a form.")
    declared = head.header("content-length")
    if declared.isdecimal() and (len(declared) > MAX_LENGTH_DIGITS or int(declared) > limit):
        raise PayloadTooLarge(f"The file is larger than {limit} bytes.")
    with SpooledTemporaryFile[bytes](max_size=MAX_MEMORY_BYTES) as file:
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


async def read_first_piece(file: File) -> File:
    """The file with its first piece already read, so an error can still be answered."""
    first = await anext(file.chunks, b"")

    async def chunks() -> AsyncIterator[bytes]:
        yield first
        async for piece in file.chunks:
            yield piece

    return replace(file, chunks=chunks())


def wants_bytes(head: Head) -> bool:
    """Whether Accept prefers bytes: it is empty or prefers a type other than JSON and XML."""
    return best_range(head.header("accept")) not in RESPONSE_CODECS


def stream_response(
    head: Head, file: File, codec: Codec, kind: str, locale: Locale
) -> StreamedResponse:
    """The response for a file, according to Accept and Range."""
    if wants_bytes(head):
        return _range_response(head, file)
    before, _, after = codec.encode(BASE64_MARK[0], locale, bytes).partition(BASE64_MARK[1])
    length = len(before) + (file.size + 2) // 3 * 4 + len(after)
    pieces = _encode_base64(before, file.chunks, after)
    return StreamedResponse(headers=[_content_type(kind), _content_length(length)], pieces=pieces)


def _range_response(head: Head, file: File) -> StreamedResponse:
    """The bytes, or the one requested range of them."""
    headers = [_disposition(file.name), (b"accept-ranges", b"bytes")]
    asked = RANGE.fullmatch(head.header("range").strip().lower())
    # files have no version identifiers, so no If-Range condition can match
    if not asked or asked.groups() == ("", "") or head.header("if-range"):
        headers += [_content_type(file.content_type), _content_length(file.size)]
        return StreamedResponse(headers=headers, pieces=file.chunks)
    start, end = _span(*asked.groups(), size=file.size)
    if start >= end:
        headers += [(b"content-range", b"bytes */%d" % file.size), _content_length(0)]
        return StreamedResponse(status=416, headers=headers, pieces=_empty_body())
    content_range = b"bytes %d-%d/%d" % (start, end - 1, file.size)
    headers += [_content_type(file.content_type), _content_length(end - start)]
    headers.append((b"content-range", content_range))
    pieces = _slice_chunks(file.chunks, start, end)
    return StreamedResponse(status=206, headers=headers, pieces=pieces)


def _span(first: str, last: str, *, size: int) -> tuple[int, int]:
    """Convert `0-9`, `10-` or `-5` (the last five) to a half-open span within `size`."""
    if not first:
        return max(size - int(last), 0), size
    return int(first), min(int(last) + 1, size) if last else size


async def _slice_chunks(chunks: AsyncIterator[bytes], start: int, end: int) -> AsyncIterator[bytes]:
    """A span of the content; its last piece is sent after the whole hash was checked."""
    at, held = 0, b""
    async for piece in chunks:
        wanted = piece[max(start - at, 0) : max(end - at, 0)]
        at += len(piece)
        if wanted:
            if held:
                yield held
            held = wanted
    yield held


async def _encode_base64(
    before: bytes, chunks: AsyncIterator[bytes], after: bytes
) -> AsyncIterator[bytes]:
    """Base64 between two texts; bytes that do not fill a group of three are carried over."""
    yield before
    left = b""
    async for piece in chunks:
        whole = left + piece
        cut = len(whole) - len(whole) % 3
        left = whole[cut:]
        yield b64encode(whole[:cut])
    yield b64encode(left) + after


async def _empty_body() -> AsyncIterator[bytes]:
    yield b""


def _content_type(kind: str) -> tuple[bytes, bytes]:
    return b"content-type", kind.encode("latin-1", "replace")


def _content_length(size: int) -> tuple[bytes, bytes]:
    return b"content-length", b"%d" % size


def _disposition(name: str) -> tuple[bytes, bytes]:
    """Attachment disposition: the name in ASCII for old clients and in full (RFC 8187)."""
    plain = re.sub(r'[^ -~]|["\\%]', "_", name)
    said = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return b"content-disposition", said.encode()


async def send_pieces(send: Any, answer: StreamedResponse, headers: Headers) -> None:
    """Send a response in pieces; an error in the middle leaves it unterminated."""
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
        return  # already logged; the server closes the connection of an unterminated response
    await send({"type": "http.response.body", "body": b""})
