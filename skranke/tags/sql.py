"""The tag list."""

from msgspec import Struct

from skranke.store.database import Db
from skranke.tags.carriers import Tag


class Tags(Struct, frozen=True):
    """Every tag by id, in rank order; deleted ones stay on old tickets."""

    by_id: dict[int, Tag]
    deleted: frozenset[int]


async def tags(db: Db) -> Tags:
    """The tag list."""
    rows = await db.fetch("SELECT * FROM tags ORDER BY rank, name, tags_id")
    by_id = {
        row["tags_id"]: Tag(
            id=row["tags_id"], name=row["name"], tool_tip=row["tooltip"]
        )
        for row in rows
    }
    return Tags(by_id, frozenset(row["tags_id"] for row in rows if row["deleted"]))
