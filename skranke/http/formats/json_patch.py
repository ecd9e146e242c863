"""Applies a JSON Patch or a JSON Merge Patch to a carrier.

A merge patch is converted to patch operations first. An operation descends into the
carrier by its types and builds a new carrier on the way back, so a patch is applied
completely or not at all, and cached values are not modified. Source: RFC 6902, RFC
6901, RFC 7396; where they differ, the reference's page of the REST interface.
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
from skranke.http.formats import localise
from skranke.http.formats.lenient import BOM, parse_json, reader
from skranke.http.formats.scalars import Unreadable, describe

C = TypeVar("C", bound=Carrier)
Object = dict[str, Any]
Path = tuple[str, ...]

# A body that `apply_patch` reads.
Patch = Annotated[bytes, "patch"]
SUPPORTED_OPERATIONS = frozenset({"add", "remove", "replace", "test"})
UNSUPPORTED_OPERATIONS = frozenset({"move", "copy"})
MAX_OPERATIONS = 1000  # each may copy a list or a dictionary
LINKS_NAME = "_links"  # part of REST answers; ignored when sent back


class PatchOperation(Struct, frozen=True):
    """One operation of a JSON Patch."""

    op: str
    path: Path
    value: Any
    locale: Locale


def apply_patch(carrier: C, patch: bytes, locale: Locale) -> tuple[C, frozenset[str]]:
    """Return the patched carrier and the wire names of the properties it changed.

    An array is a JSON Patch, an object a merge patch. Conflict if a `test` fails;
    BadValue names a path that does not exist; MalformedRequest if it cannot be read.
    """
    raw = parse_json(patch.removeprefix(BOM))
    if isinstance(raw, list):
        found = [_parse_operation(item, locale) for item in cast("list[Any]", raw)]
    elif isinstance(raw, dict):
        found = list(_merge_operations(cast("Object", raw), type(carrier), (), locale))
    else:
        raise MalformedRequest("The body is neither a JSON Patch nor a merge patch.")
    if len(found) > MAX_OPERATIONS:
        raise MalformedRequest(f"The patch has more than {MAX_OPERATIONS} operations.")
    touched: set[str] = set()
    for change in found:
        if change.path[0].lower() == LINKS_NAME:
            continue
        try:
            carrier = _apply_to_struct(change, carrier, type(carrier), change.path)
        except Unreadable as fault:
            fault.prepend_path(".".join(change.path))
            raise fault.to_error() from None
        if change.op != "test":
            touched.add(_member(type(carrier), change, change.path).encode_name)
    return carrier, frozenset(touched)


def _parse_operation(raw: Any, locale: Locale) -> PatchOperation:
    """Parse an operation; its name and the names of its members in any case."""
    if not isinstance(raw, dict):
        raise MalformedRequest(f"{describe(raw)} is not an operation of a JSON Patch.")
    said = {key.lower(): value for key, value in cast("Object", raw).items()}
    op, path = said.get("op"), said.get("path")
    if not isinstance(op, str) or not isinstance(path, str):
        raise MalformedRequest("An operation of a JSON Patch needs an op and a path.")
    op = op.lower()
    if op in UNSUPPORTED_OPERATIONS:
        raise MalformedRequest(f"{op} isn't supported; use add, remove, replace and test.")
    if op not in SUPPORTED_OPERATIONS:
        raise MalformedRequest(
            f"{describe(op)} is not an operation; use add, remove, replace, test."
        )
    if op != "remove" and "value" not in said:
        raise MalformedRequest(f"{path}: {op} needs a value.")
    return PatchOperation(op, _parse_path(path), said.get("value"), locale)


def _parse_path(path: str) -> Path:
    steps = path.removeprefix("/").split("/")
    # ~1 first, so that ~01 becomes ~1 and not a slash; RFC 6901, section 4
    return tuple(s.replace("~1", "/").replace("~0", "~") for s in steps)


def _merge_operations(
    raw: Object, struct: type[Struct], path: Path, locale: Locale
) -> Iterator[PatchOperation]:
    """Convert a merge patch to operations; null removes, objects are descended into."""
    for name, value in raw.items():
        step = (*path, name)
        if not path and name.lower() == LINKS_NAME:
            continue
        change = PatchOperation("remove" if value is None else "replace", step, value, locale)
        kind = _non_null_type(_member(struct, change, (name,)).type)
        if isinstance(value, dict) and _is_struct(kind):
            yield from _merge_operations(cast("Object", value), kind, step, locale)
        else:
            yield change


def _apply_to_struct(change: PatchOperation, node: Any, struct: type[Struct], path: Path) -> Any:
    """The object (a new one for null) with the operation applied to one of its members."""
    field = _member(struct, change, path)
    twin = struct() if node is None else copy(node)
    old = getattr(twin, field.name)
    if path[1:]:
        new = _apply_inside(change, old, field.type, path[1:])
    elif change.op == "remove":
        new = _default_value(old, field)
    else:
        new = _new_value(change, old, field.type)
    if change.op == "test":
        return node
    nested = path != change.path
    if nested and not path[1:] and field.encode_name == _key(struct) and new != old:
        twin = struct()  # the new id refers to another entity; its other values are unknown
    setattr(twin, field.name, new)
    return twin


def _apply_inside(change: PatchOperation, node: Any, kind: Any, path: Path) -> Any:
    """The value with the operation applied at a path inside it."""
    kind = _non_null_type(kind)
    if _is_struct(kind):
        return _apply_to_struct(change, node, kind, path)
    if get_origin(kind) is list:
        return _apply_to_list(change, node, get_args(kind)[0], path)
    if get_origin(kind) is dict:
        return _apply_to_dictionary(change, node, get_args(kind)[1], path)
    raise _unknown(change)


def _apply_to_list(change: PatchOperation, node: list[Any], kind: Any, path: Path) -> list[Any]:
    step, *rest = path
    if step == "-" and change.op == "add" and not rest:
        return [*node, _read_value(kind, change.value, change.locale)]
    at = int(step) if step.isascii() and step.isdecimal() and len(step) < 10 else -1
    if at == len(node) and change.op == "add" and not rest:
        return [*node, _read_value(kind, change.value, change.locale)]
    if not 0 <= at < len(node):
        raise _unknown(change)
    before, old, after = node[:at], node[at], node[at + 1 :]
    if rest:
        return [*before, _apply_inside(change, old, kind, tuple(rest)), *after]
    if change.op == "remove":
        return before + after
    if change.op == "add":
        return [*before, _read_value(kind, change.value, change.locale), old, *after]
    return [*before, _new_value(change, old, kind), *after]


def _apply_to_dictionary(
    change: PatchOperation, node: dict[str, Any], kind: Any, path: Path
) -> dict[str, Any]:
    """Keys match in any case; a text is removed by setting it to empty.

    A save keeps absent keys, so the key must be present to clear its value.
    """
    key = next((k for k in node if k.lower() == path[0].lower()), path[0])
    if path[1:]:
        if key not in node:
            raise _unknown(change)
        return {**node, key: _apply_inside(change, node[key], kind, path[1:])}
    if change.op == "test":
        _check_test(change, node.get(key), kind)
        return node
    if change.op != "remove":
        return {**node, key: _read_value(kind, change.value, change.locale)}
    if key not in node:
        raise _unknown(change)
    return {**node, key: ""} if kind is str else _without(node, key)


def _new_value(change: PatchOperation, old: Any, kind: Any) -> Any:
    """The new value of a member or item after `add`, `replace` or `test`."""
    if change.op == "test":
        _check_test(change, old, kind)
        return old
    kind, value, locale = _non_null_type(kind), change.value, change.locale
    if get_origin(kind) is list:
        if isinstance(value, dict):  # documented: a single object is appended
            return [*old, _read_value(get_args(kind)[0], value, locale)]
        new = _read_value(kind, value, locale)
        return [*old, *new] if change.op == "add" else new
    if get_origin(kind) is dict:
        return _merge_dictionary(change, old, kind)
    return _read_value(kind, value, locale)


def _merge_dictionary(change: PatchOperation, old: dict[str, Any], kind: Any) -> dict[str, Any]:
    """The dictionary with the given keys set; a null text becomes empty."""
    keys = {key.lower(): key for key in old}
    given = cast("Object", _read_value(kind, change.value, change.locale))
    return old | {keys.get(key.lower(), key): value for key, value in given.items()}


def _default_value(old: Any, field: msgspec.structs.FieldInfo) -> Any:
    """The member's default; for a dictionary of texts every key with an empty text."""
    if get_origin(field.type) is dict and get_args(field.type)[1] is str:
        return dict.fromkeys(old, "")
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default


def _check_test(change: PatchOperation, old: Any, kind: Any) -> None:
    """Conflict unless the value, read as the member's type, equals the current one."""
    if _read_value(kind, change.value, change.locale) != old:
        where = "/".join(change.path)
        raise Conflict(f"{where}: the test failed; the current value is different.")


def _read_value(kind: Any, value: Any, locale: Locale) -> Any:
    read = reader(kind)(value)
    if kind == Instant:
        return dates.to_instant(read, locale)
    localise.to_utc(read, locale)
    return read


def _member(struct: type[Struct], change: PatchOperation, path: Path) -> msgspec.structs.FieldInfo:
    field = _members(struct).get(path[0].lower())
    if field is None:
        raise _unknown(change)
    return field


@cache
def _members(struct: type[Struct]) -> dict[str, msgspec.structs.FieldInfo]:
    return {f.encode_name.lower(): f for f in msgspec.structs.fields(struct)}


@cache
def _key(struct: type[Struct]) -> str:
    """The key of a struct: its first member whose name ends in Id."""
    names = (field.encode_name for field in msgspec.structs.fields(struct))
    return next((name for name in names if name.endswith("Id")), "")


def _non_null_type(kind: Any) -> Any:
    """`Person | None` → `Person`; other types unchanged."""
    if NoneType not in get_args(kind):
        return kind
    return next(part for part in get_args(kind) if part is not NoneType)


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct)


def _without(node: dict[str, Any], key: str) -> dict[str, Any]:
    return {k: value for k, value in node.items() if k != key}


def _unknown(change: PatchOperation) -> BadValue:
    return BadValue("/".join(change.path), "this path does not exist")
