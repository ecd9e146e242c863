"""Full names in the tree of categories, and no circles in it. Pure.

A category at the top has the parent -1, as in the vendor's table; 0 is read so too.
"""

from collections.abc import Iterator

from msgspec import Struct

from skranke.core.errors import BadValue

TOP_PARENT_ID = -1
MAX_PATH_CHARACTERS = 255


class TreeNode(Struct, frozen=True):
    """Where a category stands, and its own name."""

    parent_id: int
    name: str


def ancestors(places: dict[int, TreeNode], category_id: int) -> Iterator[int]:
    """The parents of a category from the nearest on; BadValue where they go round."""
    seen = {category_id}
    parent = places[category_id].parent_id
    while parent in places:
        if parent in seen:
            raise BadValue("ParentId", f"{parent} lies below this category")
        seen.add(parent)
        yield parent
        parent = places[parent].parent_id


def full_names(places: dict[int, TreeNode], changed: int) -> dict[int, str]:
    """The full names of a category and of all below it; BadValue for one too long."""
    paths = {i: [i, *ancestors(places, i)] for i in places}
    names = {
        i: "/".join(places[step].name for step in reversed(path))
        for i, path in paths.items()
        if changed in path
    }
    if too_long := [name for name in names.values() if len(name) > MAX_PATH_CHARACTERS]:
        fault = f"{too_long[0]!r} would be longer than {MAX_PATH_CHARACTERS} characters"
        raise BadValue("Name", fault)
    return names
