"""The tolerant reader: names in any case, numbers as text, dates in every disguise."""

from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from skranke.wire.errors import Malformed


def read(body: bytes, shape: Any) -> tuple[Any, frozenset[str]]:
    """The body as `shape` and the wire names it had; Malformed says what is wrong."""
    try:
        raw = msgspec.json.decode(body.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise Malformed("The body is not valid JSON.", str(fault)) from None
    except RecursionError:
        raise Malformed("The body is nested too deeply.") from None
    named = _named(raw, shape)
    try:
        value = msgspec.convert(named, shape, strict=False)
    except msgspec.ValidationError as fault:
        raise Malformed("The body can't be read.", str(fault)) from None
    given = frozenset(named) if isinstance(named, dict) else frozenset[str]()  # pyright: ignore[reportUnknownArgumentType] # str keys
    return value, given


def _named(raw: Any, kind: Any) -> Any:
    """The same JSON with the members' names as the shape spells them."""
    if isinstance(raw, list):
        inner = get_args(kind)[0] if get_origin(kind) is list else Any
        return [_named(item, inner) for item in raw]
    shapes = [k for k in (kind, *get_args(kind)) if isinstance(k, type)]
    struct = next((k for k in shapes if issubclass(k, msgspec.Struct)), None)
    if not isinstance(raw, dict) or struct is None:
        return raw
    hints = get_type_hints(struct, include_extras=True)
    fields = {f.encode_name.lower(): f for f in msgspec.structs.fields(struct)}
    named = {}
    for name, item in raw.items():
        field = fields.get(name.lower())
        if field is not None and item is not None:
            named[field.encode_name] = _named(item, hints[field.name])
    return named
