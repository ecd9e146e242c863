"""The three requests that are measured, as the bytes that go over the wire."""

import base64
import json
from collections.abc import Callable
from importlib import resources

FIRST, EACH = 100_000, 10_000  # the bench's own tickets: ids of six digits, always
SAMPLE_IDS = range(FIRST, FIRST + EACH)
PARTIAL_IDS = range(FIRST + EACH, FIRST + 2 * EACH)
EXTRA_FIELDS = '{"x_units": 3, "x_on_site": true, "x_serial_number": "L8-2231"}'
SAVE = "/api/v1/Agents/Ticket/SaveTicketEntity"
GET = "/api/v1/Agents/Ticket/GetTicketEntity"
CREDENTIAL = base64.b64encode(b"tje0:Tje0").decode()  # the demo's, as on the page

Request = Callable[[int, int], bytes]  # of a ticket's id and a number never used before


def sample() -> bytes:
    """The reference page's body."""
    body = resources.files("skranke.http.openapi.reference").joinpath("save-ticket-request.json")
    return body.read_bytes()


def save_sample() -> Request:
    """The page's whole body with another TicketId and Title."""
    body = {**json.loads(sample()), "TicketId": 0, "Title": "TEXT"}
    return _save(json.dumps(body).encode())


def save_partial() -> Request:
    """A body that sets Author and leaves everything else as it is."""
    return _save(b'{"TicketId": 0, "Author": "TEXT"}')


def get() -> Request:
    """GetTicketEntity, which has its parameter in the address and no body."""
    before, after = _head(f"{GET}?ticketEntityId=999999", 0).split(b"999999")
    return lambda ticket_id, _: b"%b%d%b" % (before, ticket_id, after)


WORKLOADS = {
    "sample": (save_sample, SAMPLE_IDS),
    "partial": (save_partial, PARTIAL_IDS),
    "get": (get, SAMPLE_IDS),
}


def _save(body: bytes) -> Request:
    """Requests of one length, so that the head is the same for all."""
    text = b'"bench %010d"'
    before, rest = body.replace(b'"TEXT"', text % 0).split(b'"TicketId": 0,')
    between, after = rest.split(text % 0)
    before += b'"TicketId": '
    length = len(before + b"999999," + between + text % 0 + after)
    parts = (_head(SAVE, length) + before, b"," + between, after)
    return lambda ticket_id, turn: (
        b"%b%d%b%b%b" % (parts[0], ticket_id, parts[1], text % turn, parts[2])
    )


def _head(path: str, length: int) -> bytes:
    return (
        f"POST {path} HTTP/1.1\r\nHost: desk\r\nAuthorization: Basic {CREDENTIAL}\r\n"
        "Content-Type: application/json; charset=utf-8\r\n"
        f"Accept: application/json; charset=utf-8\r\nContent-Length: {length}\r\n\r\n"
    ).encode()
