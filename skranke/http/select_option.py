"""`$select`: reset the properties of an answer that were not selected.

Source: reference, `$select` of the agents API. Inferred: the other properties stay in
the answer with their type's default, or null if they are nullable.
"""

from functools import cache
from typing import Any, cast

import msgspec
from msgspec import Struct

from skranke.http.operation import Operation

# the selected names in lower case, each with the names selected inside it; "" selects all
Tree = dict[str, "Tree"]


def may_select(operation: Operation) -> bool:
    """Whether `$select` applies: not to default entities and not to saved ones.

    Over REST it applies to GET and PATCH.
    """
    if not operation.path.startswith("/api/v1/Agents/"):
        return operation.method in ("GET", "PATCH")
    saves = operation.name.startswith("Save") and operation.entity is not None
    return not saves and not operation.name.startswith("CreateDefault")


def select_properties(value: Any, names: str) -> Any:
    """A copy of the value with only the named properties and the key set.

    `names` are separated by commas, in any case, and may be paths into a carrier or a
    dictionary: `title,category/name`. `id` means the key, whatever its name. Arrays are
    handled item by item. If no name is known, the value is returned unchanged.
    """
    tree: Tree = {}
    for name in filter(None, (name.strip().lower() for name in names.split(","))):
        inner = tree
        for step in name.split("/"):
            inner = inner.setdefault(step, {})
        inner[""] = {}
    return _select(value, tree)


def _select(value: Any, tree: Tree) -> Any:
    if "" in tree:
        return value
    if isinstance(value, list):
        return [_select(item, tree) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        entries = cast("dict[str, Any]", value)
        found = {key: entries[key] for key in entries if key.lower() in tree}
        return {k: _select(found[k], tree[k.lower()]) for k in found} or entries
    return _select_fields(value, tree) if isinstance(value, Struct) else value


def _select_fields(value: Struct, tree: Tree) -> Struct:
    names = _names(type(value))
    found = names.keys() & tree.keys()
    fields = {names[n]: _select(getattr(value, names[n]), tree[n]) for n in found}
    if found and (key := names.get("id")):
        fields[key] = getattr(value, key)
    return type(value)(**fields) if found else value


@cache
def _names(struct: type[Struct]) -> dict[str, str]:
    """The attributes by lower-case wire name; the key also as `id`.

    The key is the first member whose name ends in Id.
    """
    fields = msgspec.structs.fields(struct)
    names = {field.encode_name.lower(): field.name for field in fields}
    keys = [field.name for field in fields if field.encode_name.endswith("Id")]
    return {"id": keys[0]} | names if keys else names
