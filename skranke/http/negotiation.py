"""Content-Type and Accept: which codec reads the body, and as what the answer goes.

Source: reference, negotiation of the content types. A type that the desk learns to
read is one more line in `CODECS`.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Protocol

from msgspec import Struct

from skranke.core.dates import Locale
from skranke.core.errors import MalformedRequest, UnsupportedMediaType
from skranke.http.codecs import form, json_codec, xml_codec
from skranke.http.request import Head

Decode = Callable[[bytes, Any, Locale], tuple[Any, frozenset[str]]]


class Encode(Protocol):
    """How a result becomes bytes; `shape` is its type where it may be null or empty."""

    def __call__(self, value: Any, locale: Locale, shape: Any = None) -> bytes: ...


class Codec(Struct, frozen=True):
    """How a body becomes a shape and the names it had, and a result becomes bytes."""

    decode: Decode
    encode: Encode


JSON = Codec(json_codec.decode, json_codec.encode)
XML = Codec(xml_codec.decode, xml_codec.encode)
ANSWERS = {
    "application/json": JSON,
    "text/json": JSON,
    "application/json-patch+json": JSON,
    "application/merge-patch+json": JSON,
    "application/xml": XML,
    "text/xml": XML,
}
SHORT = ("application/json", "application/xml")  # what `$format` may name
FORM = "application/x-www-form-urlencoded"
CODECS = {**ANSWERS, FORM: Codec(form.decode, json_codec.encode)}
UTF_8 = ("", "utf-8", "utf8", "us-ascii")
UTF_16 = ("utf-16", "utf-16le", "utf-16be")
SNIFFED = {b"{": "application/json", b"[": "application/json", b"<": "application/xml"}


def request_codec(head: Head, body: bytes) -> Codec:
    """The codec for a body that is needed; UnknownContentType when there is none.

    A body without a Content-Type is taken for what it starts as, JSON or XML, and for
    a form when it has an equals sign.
    """
    kind, parameters = _split(head.header("content-type"))
    charset = parameters.get("charset", "")
    first = body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    kind = kind or SNIFFED.get(first, FORM if b"=" in body else "")
    codec = CODECS.get(kind)
    if codec is None:
        said = f"Content-Type {kind!r}" if kind else "A body without a Content-Type"
        raise UnsupportedMediaType(f"{said} isn't read here; send application/json.")
    if charset in UTF_8:
        return codec
    if charset not in UTF_16:
        raise UnsupportedMediaType(f"charset {charset!r} isn't read here; send utf-8.")
    return Codec(_from_utf_16(codec.decode, charset), codec.encode)


def answer_codec(head: Head) -> tuple[Codec, str]:
    """The codec of the answer, and its Content-Type with charset.

    The type is the one that `$format` names, or Accept prefers of those written here;
    without either that of an XML body, and JSON for everything else.
    """
    asked = f"application/{head.query.get('$format', '').lower()}"
    kind = asked if asked in SHORT else _preferred(head.header("accept") or _sent_xml(head))
    return ANSWERS[kind], f"{kind}; charset=utf-8"


@lru_cache(maxsize=256)
def best_range(accept: str) -> str:
    """The range that Accept likes best, the earlier of equals; empty without any."""
    ranges = [_weighed(part) for part in accept.split(",") if part.strip()]
    return max(ranges, key=lambda r: r[1], default=("", 0.0))[0]


def _sent_xml(head: Head) -> str:
    """The type of an XML body; empty for any other."""
    sent, _ = _split(head.header("content-type"))
    return sent if CODECS.get(sent) is XML else ""


def _split(header: str) -> tuple[str, dict[str, str]]:
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
def _preferred(accept: str) -> str:
    """The type of the best range; the earlier one where two weigh the same."""
    ranges = [_weighed(part) for part in accept.split(",") if part.strip()]
    refused = {kind for kind, weight in ranges if not weight}
    for wanted, weight in sorted(ranges, key=lambda r: -r[1]):
        for kind in ANSWERS:
            if weight and kind not in refused and _matches(kind, wanted):
                return kind
    return "application/json"


def _weighed(part: str) -> tuple[str, float]:
    """A media range and its q-value; a q that can't be read counts as 1."""
    kind, parameters = _split(part)
    try:
        weight = float(parameters.get("q", "1"))
    except ValueError:
        weight = 1.0
    return kind, weight if 0 <= weight <= 1 else 1.0


def _matches(kind: str, wanted: str) -> bool:
    group = kind.partition("/")[0]
    return wanted in (kind, f"{group}/*", "*/*")
