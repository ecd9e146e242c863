"""The head of a request, and reading its body within limits."""

import re
import zlib
from typing import Any
from urllib.parse import parse_qsl

from msgspec import Struct

from skranke.core.errors import MalformedRequest, PayloadTooLarge, UnsupportedMediaType

SLASHES = re.compile("/{2,}")
# SuperOffice Online puts the customer's number before the address of the API
TENANT = re.compile(r"/cust\d{1,12}(?=/api(?:/|$))", re.IGNORECASE)
MAX_EXPANSION = 100  # nothing that anybody writes shrinks to a hundredth
MIN_EXPANDED_BYTES = 1024 * 1024  # up to here a body may have shrunk to anything
MAX_LENGTH_DIGITS = 18  # more of them in a Content-Length with more than any limit


class Head(Struct, kw_only=True):
    """Method, address, headers (lower-case names) and peer of a request."""

    method: str
    path: str
    query: dict[str, str]  # lower-case names; the first of repeated ones
    pairs: list[tuple[str, str]] = []  # every name and value of the query, as sent
    headers: dict[str, str]
    peer: str
    tenant: str = ""  # `/Cust12345` where the address begins with one
    scheme: str = "http"

    @property
    def base_url(self) -> str:
        """Where the desk's addresses begin, as this client has reached it."""
        return f"{self.scheme}://{self.header('host')}{self.tenant}"

    def header(self, name: str) -> str:
        """A header's value; empty if absent."""
        return self.headers.get(name, "")


def head_of(scope: Any) -> Head:
    """The head of an ASGI request."""
    query: dict[str, str] = {}
    pairs: list[tuple[str, str]] = []
    if scope["query_string"]:
        pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        for name, value in pairs:
            query.setdefault(name.lower(), value)
    path = SLASHES.sub("/", scope["path"])  # already percent-decoded by ASGI
    tenant = TENANT.match(path)
    prefix = tenant[0] if tenant else ""
    return Head(
        method=scope["method"],
        tenant=prefix,
        pairs=pairs,
        path=path.removeprefix(prefix),
        query=query,
        headers={k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]},
        peer=scope["client"][0] if scope.get("client") else "",
        scheme=scope.get("scheme", "http"),
    )


async def body_of_request(head: Head, receive: Any, limit: int) -> bytes:
    """The whole body, decompressed; PayloadTooLarge above `limit` bytes, before or after.

    MalformedRequest for damaged gzip, UnsupportedMediaType for any other encoding.
    Source: reference, compression of the content types.
    """
    declared = head.header("content-length")
    if declared.isdecimal() and (len(declared) > MAX_LENGTH_DIGITS or int(declared) > limit):
        raise PayloadTooLarge(f"The body is larger than {limit} bytes.")
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise MalformedRequest("The client went away in the middle of the body.")
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise PayloadTooLarge(f"The body is larger than {limit} bytes.")
        parts.append(part)
        if not message.get("more_body"):
            return _decompress(head, b"".join(parts), limit)


def _decompress(head: Head, body: bytes, limit: int) -> bytes:
    encoding = head.header("content-encoding").strip().lower()
    if encoding in ("", "identity") or not body:
        return body
    if encoding not in ("gzip", "x-gzip"):
        raise UnsupportedMediaType(f"Content-Encoding {encoding!r} is not supported.")
    limit = min(limit, max(MIN_EXPANDED_BYTES, MAX_EXPANSION * len(body)))
    inflate = zlib.decompressobj(wbits=31)
    try:
        whole = inflate.decompress(body, limit + 1)
    except zlib.error as fault:
        raise MalformedRequest("The body is not valid gzip.", str(fault)) from None
    if len(whole) > limit:
        raise PayloadTooLarge(f"The body is larger than {limit} bytes when unzipped.")
    if not inflate.eof or inflate.unused_data:
        fault = "more follows its end" if inflate.eof else "it ends too early"
        raise MalformedRequest("The body is not valid gzip.", fault)
    return whole
