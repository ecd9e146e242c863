"""Bodies too long to hold: kept in a file on the way in, sent in pieces on the way out.

A stream goes out as its bytes, or as base64 within JSON or XML for who asks for those.
Source: reference, stream methods of the agents API; RFC 6266 and RFC 8187 for names.
"""

import re
from base64 import b64encode
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import quote

from msgspec import Struct

from skranke.wire.content import ANSWERS, Codec
from skranke.wire.dates import Locale
from skranke.wire.errors import Malformed, TooLarge, UnknownContentType
from skranke.wire.head import Head

PIECE = 192 * 1024  # a multiple of three, so that pieces of base64 join
IN_MEMORY = 1024 * 1024
Headers = list[tuple[bytes, bytes]]


class Upload:
    """A body as it came; an operation that takes one alone is given it unread."""

    def __init__(self, file: IO[bytes], content_type: str) -> None:
        self._file = file
        self.content_type = content_type

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body from its beginning, in pieces."""
        self._file.seek(0)
        while piece := self._file.read(PIECE):
            yield piece


class File(Struct, frozen=True, kw_only=True):
    """What an operation returns to have it sent in pieces; `size` in bytes."""

    chunks: AsyncIterator[bytes]
    name: str
    content_type: str
    size: int


@asynccontextmanager
async def received(head: Head, receive: Any, limit: int) -> AsyncGenerator[Upload]:
    """The body, on disk where it is long; TooLarge above `limit` bytes."""
    if head.header("content-encoding").strip().lower() not in ("", "identity"):
        raise UnknownContentType("A file is sent without Content-Encoding.")
    declared = head.header("content-length")
    if declared.isdecimal() and (len(declared) > 18 or int(declared) > limit):
        raise TooLarge(f"The file is larger than {limit} bytes.")
    with SpooledTemporaryFile[bytes](max_size=IN_MEMORY) as file:
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Malformed("The client went away in the middle of the body.")
            size += file.write(message.get("body", b""))
            if size > limit:
                raise TooLarge(f"The file is larger than {limit} bytes.")
            more = message.get("more_body", False)
        yield Upload(file, head.header("content-type"))


async def send_file(
    send: Any,
    head: Head,
    file: File,
    codec: Codec,
    kind: str,
    extra: Headers,
    locale: Locale,
) -> None:
    """Send a stream as Accept asks for it."""
    if wants_bytes(head):
        await _send(send, file.chunks, _raw_headers(file) + extra)
        return
    headers = [(b"content-type", kind.encode()), *extra]
    if codec is ANSWERS["application/json"]:
        await _send(send, _as_json(file.chunks), headers)
        return
    whole = b"".join([piece async for piece in file.chunks])
    text = codec.encode(whole, locale, bytes)
    await _send(send, _once(text), headers)


def wants_bytes(head: Head) -> bool:
    """Whether Accept asks for the bytes themselves: for any type but JSON and XML."""
    first = head.header("accept").partition(",")[0].partition(";")[0].strip().lower()
    return first not in ANSWERS


def _raw_headers(file: File) -> Headers:
    plain = re.sub(r'[^ -~]|["\\%]', "_", file.name)
    name = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file.name)}"
    return [
        (b"content-type", file.content_type.encode("latin-1", "replace")),
        (b"content-disposition", name.encode()),
        (b"content-length", str(file.size).encode()),
    ]


async def _as_json(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield b'"'
    left = b""
    async for piece in chunks:
        whole = left + piece
        cut = len(whole) - len(whole) % 3
        left = whole[cut:]
        yield b64encode(whole[:cut])
    yield b64encode(left) + b'"'


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body


async def _send(send: Any, chunks: AsyncIterator[bytes], headers: Headers) -> None:
    always = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]
    start = {"type": "http.response.start", "status": 200, "headers": always + headers}
    await send(start)
    async for piece in chunks:
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})
