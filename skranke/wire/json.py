"""JSON in and out. Source: reference, JSON rules of the content types.

A body whose names are spelled exactly is read by msgspec alone. What isn't (camelCase
of the vendor's client, numbers as text, dates in other clothes) takes the tolerant
road of `lax`, which reads any JSON and coerces it member by member.
"""

from functools import cache
from typing import Any

import msgspec

from skranke.wire import dates, lax
from skranke.wire.dates import Locale
from skranke.wire.errors import Malformed

MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])
ENCODER = msgspec.json.Encoder()


def decode(body: bytes, shape: Any, locale: Locale) -> tuple[Any, frozenset[str]]:
    """The body as `shape`, and the wire names of the members it really had.

    Malformed names the member and the fault.
    """
    try:
        value = _decoder(shape).decode(body)
        if b"\\u0000" in body:
            raise msgspec.ValidationError
        given = (
            frozenset(MEMBERS.decode(body)) if body[:1] == b"{" else frozenset[str]()
        )
    except (msgspec.DecodeError, UnicodeDecodeError):
        value, given = lax.read(body, shape)
    except RecursionError:
        raise Malformed("The body is nested too deeply.") from None
    dates.settle(value, locale)
    return value, given


def encode(value: Any, locale: Locale) -> bytes:
    """The value as JSON text: every property there, PascalCase, dates as text."""
    return ENCODER.encode(dates.shown(value, locale))


@cache
def _decoder(shape: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(shape)
