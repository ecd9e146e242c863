"""Converts the dates and list texts of a value between the server and the wire.

The fields to convert are determined once per carrier. Values without such fields are
passed on unchanged, so that encoding stays cheap.
"""

from copy import copy
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from msgspec import Struct

from skranke.core import dates
from skranke.core.dates import Locale
from skranke.core.schema import Instant, ListText, structs_in, structs_under
from skranke.http.i18n.translated_text import localise_text


class LocalisedFields(Struct, frozen=True):
    """A Struct's fields with instants and list texts, and fields whose Structs have some."""

    instants: tuple[str, ...]
    texts: tuple[str, ...]
    nested: tuple[str, ...]


@cache
def fields_with_instants(shape: type[Struct]) -> LocalisedFields | None:
    """The fields of this shape with instants; None if there are none."""
    return _find_fields(shape, [Instant])


@cache
def fields_with_texts(shape: type[Struct]) -> LocalisedFields | None:
    """The fields of this shape with instants or list texts; None if there are none."""
    return _find_fields(shape, [Instant, ListText])


def _find_fields(shape: type[Struct], kinds: list[Any]) -> LocalisedFields | None:
    fields = msgspec.structs.fields(shape)
    own = [f for f in fields if f.type in kinds]
    nested = tuple(f.name for f in fields if _may_hold(f.type, kinds))
    if not (own or nested):
        return None
    instants = tuple(f.name for f in own if f.type == Instant)
    texts = tuple(f.name for f in own if f.type == ListText)
    return LocalisedFields(instants, texts, nested)


def _may_hold(kind: Any, kinds: list[Any]) -> bool:
    held = {s for struct in structs_in(kind) for s in (struct, *structs_under(struct))}
    return any(f.type in kinds for s in held for f in msgspec.structs.fields(s))


def to_wire(value: Any, locale: Locale) -> Any:
    """A copy of the value with instants and list texts converted for the client."""
    if isinstance(value, list):
        return [to_wire(item, locale) for item in value]  # pyright: ignore[reportUnknownVariableType] # any list
    if isinstance(value, dict):
        return {key: to_wire(item, locale) for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType] # any dict
    if isinstance(value, datetime):
        return dates.to_wire(value, locale)
    if not isinstance(value, Struct):
        return value
    places = fields_with_instants if locale.language is None else fields_with_texts
    if (where := places(type(value))) is None:
        return value
    twin = copy(value)
    for name in where.instants:
        setattr(twin, name, dates.to_wire(getattr(value, name), locale))
    for name in where.texts:
        setattr(twin, name, localise_text(getattr(value, name), locale.language or ""))
    for name in where.nested:
        setattr(twin, name, to_wire(getattr(value, name), locale))
    return twin


def to_utc(value: Any, locale: Locale) -> None:
    """Convert every date of a decoded value to UTC, in place."""
    if isinstance(value, list):
        for item in value:  # pyright: ignore[reportUnknownVariableType] # any list
            to_utc(item, locale)
    elif isinstance(value, dict):
        for item in value.values():  # pyright: ignore[reportUnknownVariableType] # any dict
            to_utc(item, locale)
    elif isinstance(value, Struct) and (where := fields_with_instants(type(value))):
        for name in where.instants:
            if (read := getattr(value, name)) is not None:
                setattr(value, name, dates.to_instant(read, locale))
        for name in where.nested:
            to_utc(getattr(value, name), locale)
