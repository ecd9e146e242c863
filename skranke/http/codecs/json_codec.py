"""JSON in and out. Source: reference, JSON rules of the content types.

A body whose names are spelled exactly is read by msgspec alone. What isn't (camelCase
of the vendor's client, numbers as text, dates in other clothes) takes the tolerant
road of `lax`, which reads any JSON and coerces it member by member.
"""

from functools import cache
from typing import Any, get_args

import msgspec

from skranke.core.dates import Locale
from skranke.core.schema import posted_member, structs_in, structs_under
from skranke.http.codecs import lenient, localise

MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])
ENCODER = msgspec.json.Encoder()


def decode(body: bytes, shape: Any, locale: Locale) -> tuple[Any, frozenset[str]]:
    """The body as `shape`, and the wire names of the members it really had.

    Those of a request include its entity's. Malformed or BadValue names the member and
    the fault.
    """
    try:
        value, given = _exact(body, shape)
    except (msgspec.DecodeError, UnicodeDecodeError):
        value, given = lenient.read(body, shape)
    localise.settle(value, locale)
    return value, given


def encode(value: Any, locale: Locale, shape: Any = None) -> bytes:
    """The value as JSON text: every property there, PascalCase, dates as text.

    `shape` is for codecs that name types; JSON doesn't.
    """
    return ENCODER.encode(localise.shown(value, locale))


def _exact(body: bytes, shape: Any) -> tuple[Any, frozenset[str]]:
    """What msgspec reads by itself; DecodeError for what needs the tolerant road."""
    decoder = _decoder(shape)
    # only the tolerant road counts levels and knows a NUL from the text "\u0000"
    if decoder is None or (b"\\" in body and b"\\u0000" in body):
        raise msgspec.DecodeError
    value = decoder.decode(body)
    if not isinstance(value, msgspec.Struct):
        return value, frozenset()
    members = MEMBERS.decode(body)
    posted = posted_member(type(value))
    inner = members.get(posted[0]) if posted else None
    return value, frozenset([*members, *(MEMBERS.decode(inner) if inner else ())])


@cache
def _decoder(shape: Any) -> msgspec.json.Decoder[Any] | None:
    """A decoder for the shape; None when it may nest without end."""
    held = {s for top in structs_in(shape) for s in (top, *structs_under(top))}
    kinds = [shape, *(f.type for s in held for f in msgspec.structs.fields(s))]
    if any(struct in structs_under(struct) for struct in held) or any(
        object in get_args(kind) for kind in kinds
    ):
        return None
    return msgspec.json.Decoder(shape)
