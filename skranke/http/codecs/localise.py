"""A value between the wire's text and the desk's: its dates, its list texts.

Which fields hold them is read off the carriers once. Values without any are passed
through as they are, so that the way out costs little where there is little to do.
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
from skranke.http.i18n.translated_text import localised


class Places(Struct, frozen=True):
    """Where a Struct holds instants and list texts, and which fields' Structs may."""

    instants: tuple[str, ...]
    texts: tuple[str, ...]
    nested: tuple[str, ...]


@cache
def dated(shape: type[Struct]) -> Places | None:
    """Where instants are in this shape; None when there are none."""
    return _places(shape, [Instant])


@cache
def worded(shape: type[Struct]) -> Places | None:
    """Where instants and list texts are in this shape; None when there are none."""
    return _places(shape, [Instant, ListText])


def _places(shape: type[Struct], kinds: list[Any]) -> Places | None:
    fields = msgspec.structs.fields(shape)
    own = [f for f in fields if f.type in kinds]
    nested = tuple(f.name for f in fields if _hold(f.type, kinds))
    if not (own or nested):
        return None
    instants = tuple(f.name for f in own if f.type == Instant)
    texts = tuple(f.name for f in own if f.type == ListText)
    return Places(instants, texts, nested)


def _hold(kind: Any, kinds: list[Any]) -> bool:
    held = {s for struct in structs_in(kind) for s in (struct, *structs_under(struct))}
    return any(f.type in kinds for s in held for f in msgspec.structs.fields(s))


def shown(value: Any, locale: Locale) -> Any:
    """The value with instants and list texts as the caller is to have them."""
    if isinstance(value, list):
        return [shown(item, locale) for item in value]  # pyright: ignore[reportUnknownVariableType] # any list
    if isinstance(value, dict):
        return {key: shown(item, locale) for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType] # any dict
    if isinstance(value, datetime):
        return dates.to_wire(value, locale)
    if not isinstance(value, Struct):
        return value
    places = dated if locale.language is None else worded
    if (where := places(type(value))) is None:
        return value
    twin = copy(value)
    for name in where.instants:
        setattr(twin, name, dates.to_wire(getattr(value, name), locale))
    for name in where.texts:
        setattr(twin, name, localised(getattr(value, name), locale.language or ""))
    for name in where.nested:
        setattr(twin, name, shown(getattr(value, name), locale))
    return twin


def settle(value: Any, locale: Locale) -> None:
    """Turn every date of a value just read into its UTC instant, in place."""
    if isinstance(value, list):
        for item in value:  # pyright: ignore[reportUnknownVariableType] # any list
            settle(item, locale)
    elif isinstance(value, dict):
        for item in value.values():  # pyright: ignore[reportUnknownVariableType] # any dict
            settle(item, locale)
    elif isinstance(value, Struct) and (where := dated(type(value))):
        for name in where.instants:
            if (read := getattr(value, name)) is not None:
                setattr(value, name, dates.to_instant(read, locale))
        for name in where.nested:
            settle(getattr(value, name), locale)
