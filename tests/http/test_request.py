"""Reading a body within its bounds, and the head of a request."""

import gzip
import zlib
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from skranke.core.errors import MalformedRequest, PayloadTooLarge, UnsupportedMediaType
from skranke.http.request import Head, body_of_request, head_of

LIMIT = 1000


def head(**headers: str) -> Head:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Head(method="POST", path="/", query={}, headers=named, peer="")


def arriving(*parts: bytes) -> Callable[[], Awaitable[dict[str, Any]]]:
    left = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    left.append({"type": "http.request"})

    async def receive() -> dict[str, Any]:
        return left.pop(0)

    return receive


async def test_a_body_in_parts_is_one_body():
    assert await body_of_request(head(), arriving(b"ab", b"", b"c"), LIMIT) == b"abc"


async def test_a_body_of_just_the_limit_is_read():
    whole = b"x" * LIMIT
    assert await body_of_request(head(), arriving(whole), LIMIT) == whole


async def test_a_body_over_the_limit_is_refused():
    with pytest.raises(PayloadTooLarge, match="1000 bytes"):
        await body_of_request(head(), arriving(b"x" * LIMIT, b"x"), LIMIT)


@pytest.mark.parametrize("declared", ["1001", "9" * 5000])
async def test_a_body_declared_over_the_limit_is_refused_unread(declared: str):
    with pytest.raises(PayloadTooLarge):
        await body_of_request(head(content_length=declared), arriving(), LIMIT)


async def test_a_client_that_leaves_midway_sent_no_body():
    async def disconnect() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    with pytest.raises(MalformedRequest, match="went away"):
        await body_of_request(head(), disconnect, LIMIT)


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", " x-gzip "])
async def test_a_gzip_body_is_unzipped(encoding: str):
    zipped = gzip.compress(b"x" * LIMIT, mtime=0)
    read = await body_of_request(
        head(content_encoding=encoding), arriving(zipped[:9], zipped[9:]), LIMIT
    )
    assert read == b"x" * LIMIT


async def test_a_zip_bomb_is_refused_before_it_bursts():
    bomb = gzip.compress(b"\0" * 900_000, mtime=0)
    assert len(bomb) < LIMIT
    with pytest.raises(PayloadTooLarge, match="when unzipped"):
        await body_of_request(head(content_encoding="gzip"), arriving(bomb), LIMIT)


ZIPPED_BODY = gzip.compress(b'{"Title":"hello"}', mtime=0)


@pytest.mark.parametrize(
    "damaged",
    [
        b"{}",
        ZIPPED_BODY[:-1],
        ZIPPED_BODY[:12],
        ZIPPED_BODY + b"x",
        ZIPPED_BODY + ZIPPED_BODY,
        ZIPPED_BODY[:-8] + bytes(8),
        zlib.compress(b"{}"),
    ],
)
async def test_damaged_gzip_is_refused(damaged: bytes):
    with pytest.raises(MalformedRequest, match="not valid gzip"):
        await body_of_request(head(content_encoding="gzip"), arriving(damaged), LIMIT)


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip", "compress"])
async def test_another_encoding_is_refused(encoding: str):
    with pytest.raises(UnsupportedMediaType, match=encoding):
        await body_of_request(head(content_encoding=encoding), arriving(b"\x1f\x8b"), LIMIT)


@pytest.mark.parametrize("encoding", ["gzip", "br", "identity", ""])
async def test_no_body_needs_no_unzipping(encoding: str):
    assert await body_of_request(head(content_encoding=encoding), arriving(), 9) == b""


def test_the_path_is_decoded_once_and_its_doubled_slashes_are_one():
    scope = {
        "method": "GET",
        "path": "/api///v1//a%20b",
        "headers": [(b"accept", b"x/y")],
        "query_string": b"Name=%C3%A5&name=b&EMPTY=",
        "client": ("127.0.0.1", 5),
    }
    read = head_of(scope)
    assert read.path == "/api/v1/a%20b"
    assert read.query == {"name": "å", "empty": ""}
    assert read.header("accept") == "x/y"
    assert read.peer == "127.0.0.1"
