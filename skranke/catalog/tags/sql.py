"""The tag list."""

from msgspec import Struct

from skranke.catalog.tags.carriers import ListItemEntity, Tag
from skranke.db.database import Db, execute, row, rows, value


class Tags(Struct, frozen=True):
    """Every tag by id, in rank order; deleted ones stay on old tickets."""

    by_id: dict[int, Tag]
    deleted: frozenset[int]


async def load_tags(db: Db) -> Tags:
    """The tag list."""
    found = await db.fetch("SELECT * FROM tags ORDER BY rank, name, tags_id")
    by_id = {
        tag["tags_id"]: Tag(id=tag["tags_id"], name=tag["name"], tool_tip=tag["tooltip"])
        for tag in found
    }
    return Tags(by_id, frozenset(tag["tags_id"] for tag in found if tag["deleted"]))


async def load_items(db: Db) -> list[ListItemEntity]:
    """Every tag as an item of its list, deleted ones too, by rank and name."""
    return await rows(
        db,
        ListItemEntity,
        """
        SELECT tags_id AS "Id", name AS "Name", tooltip AS "Tooltip",
               deleted AS "Deleted", rank AS "Rank"
        FROM tags ORDER BY rank, name, tags_id
        """,
    )


async def load_item(db: Db, tag_id: int) -> ListItemEntity | None:
    """A tag as an item of its list; None without one."""
    return await row(
        db,
        ListItemEntity,
        """
        SELECT tags_id AS "Id", name AS "Name", tooltip AS "Tooltip",
               deleted AS "Deleted", rank AS "Rank"
        FROM tags WHERE tags_id = $1
        """,
        tag_id,
    )


async def write_tag(db: Db, tag_id: int, item: ListItemEntity) -> int:
    """Write a tag, for id 0 a new one, which without a rank comes last; its id."""
    return await value(
        db,
        int,
        """
        INSERT INTO tags (tags_id, name, tooltip, rank, deleted)
        SELECT coalesce(nullif($1, 0),
                        nextval(pg_get_serial_sequence('tags', 'tags_id'))::int),
               $2, $3, CASE WHEN $1 = 0 AND $4 = 0 THEN 1 + coalesce(max(rank), 0)
                            ELSE $4 END, $5
        FROM tags
        ON CONFLICT (tags_id) DO UPDATE SET (name, tooltip, rank, deleted)
            = ($2, $3, $4, $5)
        RETURNING tags_id
        """,
        tag_id,
        item.name,
        item.tooltip,
        item.rank,
        item.deleted,
    )


async def mark_deleted(db: Db, tag_id: int) -> None:
    """Let nobody choose a tag any more."""
    await execute(db, "UPDATE tags SET deleted = true WHERE tags_id = $1", tag_id)
