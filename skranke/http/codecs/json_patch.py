"""Changes to a carrier as a JSON Patch or a JSON Merge Patch says them.

A merge patch becomes patch operations first. An operation walks the carrier by its
types and makes a new one on its way back, so a patch is done whole or not at all and
what was read from memory stays as it is. Source: RFC 6902, RFC 6901, RFC 7396; where
they differ, the reference's page of the REST interface.
"""

from collections.abc import Iterator
from copy import copy
from functools import cache
from types import NoneType
from typing import Annotated, Any, TypeVar, cast, get_args, get_origin

import msgspec
from msgspec import Struct

from skranke.core import dates
from skranke.core.dates import Locale
from skranke.core.errors import BadValue, Conflict, MalformedRequest
from skranke.core.schema import Carrier, Instant
from skranke.http.codecs import localise
from skranke.http.codecs.lenient import BOM, parsed, reader
from skranke.http.codecs.scalars import Unreadable, shown

C = TypeVar("C", bound=Carrier)
Object = dict[str, Any]
Path = tuple[str, ...]

# A body that `patched` reads.
Patch = Annotated[bytes, "patch"]
KNOWN = frozenset({"add", "remove", "replace", "test"})
REFUSED = frozenset({"move", "copy"})
MOST = 1000  # operations; each may copy a list or a dictionary
LINKS = "_links"  # of REST answers; sent back they mean nothing


class Change(Struct, frozen=True):
    """One operation of a JSON Patch."""

    op: str
    path: Path
    value: Any
    locale: Locale


def patched(carrier: C, patch: bytes, locale: Locale) -> tuple[C, frozenset[str]]:
    """The carrier after the patch, and the wire names of the properties it touched.

    An array is a JSON Patch, an object a merge patch. Clash when a `test` fails,
    BadValue names a path that isn't there, Malformed what can't be read.
    """
    raw = parsed(patch.removeprefix(BOM))
    if isinstance(raw, list):
        found = [_operation(item, locale) for item in cast("list[Any]", raw)]
    elif isinstance(raw, dict):
        found = list(_merge(cast("Object", raw), type(carrier), (), locale))
    else:
        raise MalformedRequest("The body is neither a JSON Patch nor a merge patch.")
    if len(found) > MOST:
        raise MalformedRequest(f"The patch has more than {MOST} operations.")
    touched: set[str] = set()
    for change in found:
        if change.path[0].lower() == LINKS:
            continue
        try:
            carrier = _in_struct(change, carrier, type(carrier), change.path)
        except Unreadable as fault:
            fault.under(".".join(change.path))
            raise fault.refusal() from None
        if change.op != "test":
            touched.add(_member(type(carrier), change, change.path).encode_name)
    return carrier, frozenset(touched)


def _operation(raw: Any, locale: Locale) -> Change:
    """An operation as posted; names of its members and of itself in any case."""
    if not isinstance(raw, dict):
        raise MalformedRequest(f"{shown(raw)} is no operation of a JSON Patch.")
    said = {key.lower(): value for key, value in cast("Object", raw).items()}
    op, path = said.get("op"), said.get("path")
    if not isinstance(op, str) or not isinstance(path, str):
        raise MalformedRequest("An operation of a JSON Patch has an op and a path.")
    op = op.lower()
    if op in REFUSED:
        raise MalformedRequest(f"{op} isn't supported; use add, remove, replace and test.")
    if op not in KNOWN:
        raise MalformedRequest(f"{shown(op)} is no operation; use add, remove, replace, test.")
    if op != "remove" and "value" not in said:
        raise MalformedRequest(f"{path}: {op} needs a value.")
    return Change(op, _steps(path), said.get("value"), locale)


def _steps(path: str) -> Path:
    steps = path.removeprefix("/").split("/")
    # ~1 first, so that ~01 is ~1 and no slash; RFC 6901, section 4
    return tuple(s.replace("~1", "/").replace("~0", "~") for s in steps)


def _merge(raw: Object, struct: type[Struct], path: Path, locale: Locale) -> Iterator[Change]:
    """A merge patch as operations; null removes, objects are walked into."""
    for name, value in raw.items():
        step = (*path, name)
        if not path and name.lower() == LINKS:
            continue
        change = Change("remove" if value is None else "replace", step, value, locale)
        kind = _plain(_member(struct, change, (name,)).type)
        if isinstance(value, dict) and _is_struct(kind):
            yield from _merge(cast("Object", value), kind, step, locale)
        else:
            yield change


def _in_struct(change: Change, node: Any, struct: type[Struct], path: Path) -> Any:
    """The object (a new one for null) with the change made under one of its members."""
    field = _member(struct, change, path)
    twin = struct() if node is None else copy(node)
    old = getattr(twin, field.name)
    if path[1:]:
        new = _in(change, old, field.type, path[1:])
    elif change.op == "remove":
        new = _removed(old, field)
    else:
        new = _whole(change, old, field.type)
    if change.op == "test":
        return node
    nested = path != change.path
    if nested and not path[1:] and field.encode_name == _key(struct) and new != old:
        twin = struct()  # of what is referred to anew nothing else is known here
    setattr(twin, field.name, new)
    return twin


def _in(change: Change, node: Any, kind: Any, path: Path) -> Any:
    """The value with the change made at a path inside it."""
    kind = _plain(kind)
    if _is_struct(kind):
        return _in_struct(change, node, kind, path)
    if get_origin(kind) is list:
        return _in_list(change, node, get_args(kind)[0], path)
    if get_origin(kind) is dict:
        return _in_dictionary(change, node, get_args(kind)[1], path)
    raise _unknown(change)


def _in_list(change: Change, node: list[Any], kind: Any, path: Path) -> list[Any]:
    step, *rest = path
    if step == "-" and change.op == "add" and not rest:
        return [*node, _read(kind, change.value, change.locale)]
    at = int(step) if step.isascii() and step.isdecimal() and len(step) < 10 else -1
    if at == len(node) and change.op == "add" and not rest:
        return [*node, _read(kind, change.value, change.locale)]
    if not 0 <= at < len(node):
        raise _unknown(change)
    before, old, after = node[:at], node[at], node[at + 1 :]
    if rest:
        return [*before, _in(change, old, kind, tuple(rest)), *after]
    if change.op == "remove":
        return before + after
    if change.op == "add":
        return [*before, _read(kind, change.value, change.locale), old, *after]
    return [*before, _whole(change, old, kind), *after]


def _in_dictionary(change: Change, node: dict[str, Any], kind: Any, path: Path) -> dict[str, Any]:
    """Keys are found in any case; a text is removed by being emptied.

    A save keeps the keys that it doesn't find, so a key has to stay to be emptied.
    """
    key = next((k for k in node if k.lower() == path[0].lower()), path[0])
    if path[1:]:
        if key not in node:
            raise _unknown(change)
        return {**node, key: _in(change, node[key], kind, path[1:])}
    if change.op == "test":
        _test(change, node.get(key), kind)
        return node
    if change.op != "remove":
        return {**node, key: _read(kind, change.value, change.locale)}
    if key not in node:
        raise _unknown(change)
    return {**node, key: ""} if kind is str else _without(node, key)


def _whole(change: Change, old: Any, kind: Any) -> Any:
    """A member or item as `add`, `replace` or `test` have it."""
    if change.op == "test":
        _test(change, old, kind)
        return old
    kind, value, locale = _plain(kind), change.value, change.locale
    if get_origin(kind) is list:
        if isinstance(value, dict):  # documented: one object is appended
            return [*old, _read(get_args(kind)[0], value, locale)]
        new = _read(kind, value, locale)
        return [*old, *new] if change.op == "add" else new
    if get_origin(kind) is dict:
        return _merged(change, old, kind)
    return _read(kind, value, locale)


def _merged(change: Change, old: dict[str, Any], kind: Any) -> dict[str, Any]:
    """The dictionary with the given keys set; a text that is null is emptied."""
    keys = {key.lower(): key for key in old}
    given = cast("Object", _read(kind, change.value, change.locale))
    return old | {keys.get(key.lower(), key): value for key, value in given.items()}


def _removed(old: Any, field: msgspec.structs.FieldInfo) -> Any:
    """The member's default; of a dictionary of texts every key, emptied."""
    if get_origin(field.type) is dict and get_args(field.type)[1] is str:
        return dict.fromkeys(old, "")
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default


def _test(change: Change, old: Any, kind: Any) -> None:
    """Clash unless the value is the expected one, both read as the member's type."""
    if _read(kind, change.value, change.locale) != old:
        where = "/".join(change.path)
        raise Conflict(f"{where}: the test failed, the value is another.")


def _read(kind: Any, value: Any, locale: Locale) -> Any:
    read = reader(kind)(value)
    if kind == Instant:
        return dates.to_instant(read, locale)
    localise.settle(read, locale)
    return read


def _member(struct: type[Struct], change: Change, path: Path) -> msgspec.structs.FieldInfo:
    field = _members(struct).get(path[0].lower())
    if field is None:
        raise _unknown(change)
    return field


@cache
def _members(struct: type[Struct]) -> dict[str, msgspec.structs.FieldInfo]:
    return {f.encode_name.lower(): f for f in msgspec.structs.fields(struct)}


@cache
def _key(struct: type[Struct]) -> str:
    """The member that says which one a reference means: the first called …Id."""
    names = (field.encode_name for field in msgspec.structs.fields(struct))
    return next((name for name in names if name.endswith("Id")), "")


def _plain(kind: Any) -> Any:
    """`Person | None` as `Person`; what isn't nullable as it is."""
    if NoneType not in get_args(kind):
        return kind
    return next(part for part in get_args(kind) if part is not NoneType)


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct)


def _without(node: dict[str, Any], key: str) -> dict[str, Any]:
    return {k: value for k, value in node.items() if k != key}


def _unknown(change: Change) -> BadValue:
    return BadValue("/".join(change.path), "there is nothing at this path")
