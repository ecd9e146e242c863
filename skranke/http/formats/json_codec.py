"""JSON in and out. Source: reference, JSON rules of the content types.

A body with exactly spelled names is decoded by msgspec alone. Other bodies (camelCase of
the vendor's client, numbers as text, dates in other spellings) are decoded by `lenient`,
which reads any JSON and coerces it member by member.
"""

from functools import cache
from typing import Any, get_args

import msgspec

from skranke.core.dates import Locale
from skranke.core.schema import posted_member, structs_in, structs_under
from skranke.http.formats import lenient, localise

MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])
ENCODER = msgspec.json.Encoder()


def decode(body: bytes, shape: Any, locale: Locale) -> tuple[Any, frozenset[str]]:
    """The body as `shape`, and the wire names of the members it really had.

    The names of a request include its entity's. MalformedRequest or BadValue names the
    member and the reason.
    """
    try:
        value, given = _exact(body, shape)
    except (msgspec.DecodeError, UnicodeDecodeError):
        value, given = lenient.read(body, shape)
    localise.to_utc(value, locale)
    return value, given


def encode(value: Any, locale: Locale, shape: Any = None) -> bytes:
    """The value as JSON: every property, in PascalCase, dates as text.

    `shape` is ignored; it is for codecs that write type names.
    """
    return ENCODER.encode(localise.to_wire(value, locale))


def _exact(body: bytes, shape: Any) -> tuple[Any, frozenset[str]]:
    """Decode with msgspec alone; DecodeError if lenient decoding is needed."""
    decoder = _decoder(shape)
    # only `lenient` limits nesting and distinguishes a NUL from the text "\\u0000"
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
    """A decoder for the shape; None if the shape is recursive or has untyped members."""
    held = {s for top in structs_in(shape) for s in (top, *structs_under(top))}
    kinds = [shape, *(f.type for s in held for f in msgspec.structs.fields(s))]
    if any(struct in structs_under(struct) for struct in held) or any(
        object in get_args(kind) for kind in kinds
    ):
        return None
    return msgspec.json.Decoder(shape)
