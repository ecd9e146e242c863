"""Whole requests and their answers, byte by byte, for every content type.

A case is two files in `tests/samples/corpus`: NAME.request is a request as it stands on
the wire, NAME.answer what the desk says to it. `charset=utf-16` bodies are kept as
UTF-8 and sent as UTF-16. A missing answer is written, and the test fails until somebody
has read it.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

import skranke.app
from skranke.core.app_state import AppState
from skranke.core.cache import ReferenceCache
from skranke.core.clock import Clock
from skranke.core.context import CurrentUser
from skranke.core.settings import Settings
from skranke.db import database
from skranke.http.request import Head
from skranke.http.server import HttpServer
from tests.cast import ANNA, NOW

assert skranke.app  # importing it is what publishes every operation

CORPUS = Path(__file__).parents[1] / "samples" / "corpus"
REQUESTS = sorted(path.stem for path in CORPUS.glob("*.request"))
TICKET = 900
READ = [
    "application/json",
    "text/json",
    "application/xml",
    "text/xml",
    "application/x-www-form-urlencoded",
    "application/json-patch+json",
    "application/merge-patch+json",
]
WRITTEN_EXAMPLES = [kind for kind in READ if "form" not in kind]


@pytest.fixture
async def server(own_database_url: str) -> AsyncIterator[HttpServer]:
    """The whole application with one ticket, called by Anna at NOW."""
    pool = await database.connect(own_database_url, size=2)
    async with pool.acquire() as db:
        await db.execute(
            """
            INSERT INTO ticket (id, title, created_at, created_by, owned_by, category,
                orig_category, slevel, priority, orig_priority, status, ticket_status,
                origin, read_status, ticket_type, cust_id, last_changed)
            VALUES ($1, 'Kald <pumpe> & "rør"', $2, 3, 3, 1, 1, 2, 2, 2, 1, 1, 13, 3, 1,
                7, $2)
            """,
            TICKET,
            NOW,
        )
    desk = AppState(
        pool=pool, cache=ReferenceCache(), clock=Clock(NOW), settings=Settings(), rng=Random(1)
    )

    async def sign_in(head: Head) -> CurrentUser:
        return ANNA

    yield HttpServer(desk, sign_in, None)
    await pool.close()


def split_head(text: bytes) -> tuple[list[bytes], bytes]:
    """The lines of a head, and the body behind it."""
    head, _, body = text.partition(b"\n\n")
    return head.splitlines(), body.removesuffix(b"\n")


async def send_request(server: HttpServer, request: bytes) -> bytes:
    """The answer to a request as it stands on the wire."""
    lines, body = split_head(request)
    method, target = lines[0].decode().split(" ")
    path, _, query = target.partition("?")
    pairs = [line.partition(b": ") for line in lines[1:]]
    headers = [(name.lower(), value) for name, _, value in pairs]
    if b"charset=utf-16" in b"".join(lines):
        body = body.decode().encode("utf-16")
    told: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        told.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "scheme": "http",
        "query_string": query.encode(),
        "client": ("127.0.0.1", 1),
        "headers": headers,
    }
    await server(scope, receive, send)
    kind = dict(told[0]["headers"]).get(b"content-type", b"")
    status = str(told[0]["status"]).encode()
    return b"%s\n%s\n\n%s\n" % (status, kind, told[1]["body"])


@pytest.mark.parametrize("name", REQUESTS)
async def test_a_request_is_answered_to_the_byte(server: HttpServer, name: str) -> None:
    answer = await send_request(server, (CORPUS / f"{name}.request").read_bytes())
    golden = CORPUS / f"{name}.answer"
    if not golden.exists():
        golden.write_bytes(answer)
        pytest.fail(f"{golden.name} was written; read it")
    assert answer == golden.read_bytes()


def test_every_content_type_is_in_the_corpus() -> None:
    def kinds(header: str, suffix: str) -> set[str]:
        found: set[str] = set()
        for path in CORPUS.glob(f"*{suffix}"):
            for line in split_head(path.read_bytes())[0]:
                name, _, value = line.decode().rpartition(": ")
                if name.lower() == header:
                    found.add(value.split(";")[0])
        return found

    assert kinds("content-type", ".request") >= set(READ)
    assert kinds("", ".answer") >= set(WRITTEN_EXAMPLES)
