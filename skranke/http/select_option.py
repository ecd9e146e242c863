"""`$select`: an answer without the properties that weren't asked for.

Source: reference, `$select` of the agents API. That the others keep their place with
their type's default, and null where they can have it, is inferred.
"""

from functools import cache
from typing import Any, cast

import msgspec
from msgspec import Struct

from skranke.http.operation import Operation

# what is kept, by lower-case name, and what inside that; "" in it says all
Tree = dict[str, "Tree"]


def applies(operation: Operation) -> bool:
    """Whether the answer may be trimmed: not a default, nor an entity just saved.

    Over REST what is read and what is patched may be.
    """
    if not operation.path.startswith("/api/v1/Agents/"):
        return operation.method in ("GET", "PATCH")
    saves = operation.name.startswith("Save") and operation.entity is not None
    return not saves and not operation.name.startswith("CreateDefault")


def trimmed(value: Any, names: str) -> Any:
    """The value with the named properties and its key; a copy, sharing what is kept.

    `names` are separated by commas, in any case, and may lead into a carrier or a
    dictionary: `title,category/name`; `id` is the key, whatever it is called. An array
    is trimmed item by item. Where no name is known the value stays whole.
    """
    tree: Tree = {}
    for name in filter(None, (name.strip().lower() for name in names.split(","))):
        inner = tree
        for step in name.split("/"):
            inner = inner.setdefault(step, {})
        inner[""] = {}
    return _kept(value, tree)


def _kept(value: Any, tree: Tree) -> Any:
    if "" in tree:
        return value
    if isinstance(value, list):
        return [_kept(item, tree) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        entries = cast("dict[str, Any]", value)
        found = {key: entries[key] for key in entries if key.lower() in tree}
        return {k: _kept(found[k], tree[k.lower()]) for k in found} or entries
    return _of_struct(value, tree) if isinstance(value, Struct) else value


def _of_struct(value: Struct, tree: Tree) -> Struct:
    names = _names(type(value))
    found = names.keys() & tree.keys()
    fields = {names[n]: _kept(getattr(value, names[n]), tree[n]) for n in found}
    if found and (key := names.get("id")):
        fields[key] = getattr(value, key)
    return type(value)(**fields) if found else value


@cache
def _names(struct: type[Struct]) -> dict[str, str]:
    """The attributes by their wire names in lower case, the key also as `id`.

    The key is the first that is called Id, or the Id of something.
    """
    fields = msgspec.structs.fields(struct)
    names = {field.encode_name.lower(): field.name for field in fields}
    keys = [field.name for field in fields if field.encode_name.endswith("Id")]
    return {"id": keys[0]} | names if keys else names
