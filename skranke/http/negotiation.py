"""Content negotiation: which codec reads the body and which writes the answer.

Source: reference, negotiation of the content types. To support another type, add a line
to `CODECS`.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Protocol

from msgspec import Struct

from skranke.core.dates import Locale
from skranke.core.errors import MalformedRequest, UnsupportedMediaType
from skranke.http.formats import form, json_codec, xml_codec
from skranke.http.request import Head

Decode = Callable[[bytes, Any, Locale], tuple[Any, frozenset[str]]]


class Encode(Protocol):
    """Encodes a result; `shape` is its type, needed for null and empty values."""

    def __call__(self, value: Any, locale: Locale, shape: Any = None) -> bytes: ...


class Codec(Struct, frozen=True):
    """Decodes a body to a value and the names it had; encodes a result to bytes."""

    decode: Decode
    encode: Encode


JSON = Codec(json_codec.decode, json_codec.encode)
XML = Codec(xml_codec.decode, xml_codec.encode)
RESPONSE_CODECS = {
    "application/json": JSON,
    "text/json": JSON,
    "application/json-patch+json": JSON,
    "application/merge-patch+json": JSON,
    "application/xml": XML,
    "text/xml": XML,
}
FORMAT_TYPES = ("application/json", "application/xml")  # what `$format` may name
FORM = "application/x-www-form-urlencoded"
CODECS = {**RESPONSE_CODECS, FORM: Codec(form.decode, json_codec.encode)}
UTF_8 = ("", "utf-8", "utf8", "us-ascii")
UTF_16 = ("utf-16", "utf-16le", "utf-16be")
TYPES_BY_FIRST_BYTE = {b"{": "application/json", b"[": "application/json", b"<": "application/xml"}


def request_codec(head: Head, body: bytes) -> Codec:
    """The codec for a request's body; UnsupportedMediaType if there is none.

    Without a Content-Type the first character decides between JSON and XML; another body
    with an equals sign is read as a form.
    """
    kind, parameters = _split_parameters(head.header("content-type"))
    charset = parameters.get("charset", "")
    first = body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    kind = kind or TYPES_BY_FIRST_BYTE.get(first, FORM if b"=" in body else "")
    codec = CODECS.get(kind)
    if codec is None:
        subject = f"Content-Type {kind!r}" if kind else "A body without a Content-Type"
        raise UnsupportedMediaType(f"{subject} is not supported; send application/json.")
    if charset in UTF_8:
        return codec
    if charset not in UTF_16:
        raise UnsupportedMediaType(f"charset {charset!r} is not supported; send utf-8.")
    return Codec(_from_utf_16(codec.decode, charset), codec.encode)


def response_codec(head: Head) -> tuple[Codec, str]:
    """The codec of the answer, and its Content-Type with charset.

    The type is the one that `$format` names, or the supported one that Accept prefers.
    Without either an XML body is answered with XML and everything else with JSON.
    """
    asked = f"application/{head.query.get('$format', '').lower()}"
    kind = (
        asked
        if asked in FORMAT_TYPES
        else _preferred_type(head.header("accept") or _xml_body_type(head))
    )
    return RESPONSE_CODECS[kind], f"{kind}; charset=utf-8"


@lru_cache(maxsize=256)
def best_range(accept: str) -> str:
    """The media range with the highest weight, the first of equals; empty without any."""
    ranges = [_parse_range(part) for part in accept.split(",") if part.strip()]
    return max(ranges, key=lambda r: r[1], default=("", 0.0))[0]


def _xml_body_type(head: Head) -> str:
    """The type of an XML body; empty for any other."""
    sent, _ = _split_parameters(head.header("content-type"))
    return sent if CODECS.get(sent) is XML else ""


def _split_parameters(header: str) -> tuple[str, dict[str, str]]:
    """`text/json; Charset="utf-8"` → `text/json` and `{"charset": "utf-8"}`."""
    kind, *parameters = header.lower().split(";")
    pairs = (parameter.partition("=") for parameter in parameters)
    return kind.strip(), {name.strip(): said.strip(" \"'") for name, _, said in pairs}


def _from_utf_16(decode: Decode, charset: str) -> Decode:
    def decode_it(body: bytes, shape: Any, locale: Locale) -> tuple[Any, frozenset[str]]:
        try:
            text = body.decode(charset)
        except UnicodeDecodeError as fault:
            raise MalformedRequest(f"The body is not valid {charset}.", str(fault)) from None
        return decode(text.removeprefix("\ufeff").encode(), shape, locale)

    return decode_it


@lru_cache(maxsize=256)
def _preferred_type(accept: str) -> str:
    """The supported type that Accept prefers; the first of equal weights."""
    ranges = [_parse_range(part) for part in accept.split(",") if part.strip()]
    refused = {kind for kind, weight in ranges if not weight}
    for wanted, weight in sorted(ranges, key=lambda r: -r[1]):
        for kind in RESPONSE_CODECS:
            if weight and kind not in refused and _matches(kind, wanted):
                return kind
    return "application/json"


def _parse_range(part: str) -> tuple[str, float]:
    """A media range and its q-value; an unreadable q counts as 1."""
    kind, parameters = _split_parameters(part)
    try:
        weight = float(parameters.get("q", "1"))
    except ValueError:
        weight = 1.0
    return kind, weight if 0 <= weight <= 1 else 1.0


def _matches(kind: str, wanted: str) -> bool:
    group = kind.partition("/")[0]
    return wanted in (kind, f"{group}/*", "*/*")
