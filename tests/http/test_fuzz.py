"""Whatever bytes come under whatever type: they are read or refused, never a fault.

The bytes are noise, or requests of the corpus with something cut, doubled, swapped or
put in between. Memory stays within a small multiple of what was sent.
"""

import tracemalloc
from contextlib import suppress
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from skranke.core.dates import Locale
from skranke.core.errors import ApiError
from skranke.http import negotiation
from skranke.http.formats import json_patch
from skranke.http.request import Head
from skranke.tickets.carriers import TicketEntity
from tests.http.test_corpus import CORPUS, READ, REQUESTS, split_head

LOCALE = Locale(ZoneInfo("Europe/Oslo"))
BODIES = [split_head((CORPUS / f"{name}.request").read_bytes())[1] for name in REQUESTS]
CHARSETS = ["", "; charset=utf-8", "; charset=utf-16", "; charset=utf-16le"]
SPLINTERS = [
    b"\x00",
    b"\xff\xfe",
    b"{",
    b"[" * 2000,
    b"<a>" * 2000,
    b"&amp;",
    b"%u00",
    b"1e999",
    b'"',
    b"]]>",
    b"<!DOCTYPE a [",
    b"&a;",
    b"=&=",
    b"[0]",
    b".",
    b"-0",
    b"\\ud800",
    b"9" * 400,
    b"null",
    b"\xed\xa0\x80",
    b"xmlns:a=''",
    b",]",
    b'"",',
]


@st.composite
def mangle(draw: st.DrawFn) -> bytes:
    """A body of the corpus after a few accidents."""
    body = draw(st.sampled_from(BODIES))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        stop = draw(st.integers(start, min(len(body), start + 40)))
        middle = draw(st.sampled_from([b"", body[start:stop] * 2, *SPLINTERS]) | st.binary())
        body = body[:start] + middle + body[stop:]
    return body


kinds = st.builds(
    str.__add__, st.sampled_from([*READ, "", "text/plain"]), st.sampled_from(CHARSETS)
)


def read(kind: str, body: bytes) -> None:
    headers = {"content-type": kind} if kind else {}
    head = Head(method="POST", path="/", query={}, headers=headers, peer="")
    with suppress(ApiError):
        codec = negotiation.request_codec(head, body)
        codec.decode(body, TicketEntity, LOCALE)


@settings(max_examples=1500, deadline=None)
@given(kinds, mangle() | st.binary(max_size=200))
def test_every_body_is_read_or_refused(kind: str, body: bytes) -> None:
    read(kind, body)


@settings(max_examples=600, deadline=None)
@given(mangle() | st.binary(max_size=200))
def test_every_patch_is_read_or_refused(body: bytes) -> None:
    with suppress(ApiError):
        json_patch.apply_patch(TicketEntity(ticket_id=1), body, LOCALE)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(READ), st.sampled_from(SPLINTERS), st.sampled_from(BODIES))
def test_a_bomb_takes_no_more_than_its_own_size(kind: str, splinter: bytes, body: bytes) -> None:
    bomb = body[:20] + splinter * (200_000 // len(splinter)) + body[20:]
    tracemalloc.start()
    try:
        read(kind, bomb)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 40 * len(bomb)
