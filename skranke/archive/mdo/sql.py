"""SQL of users' selections in lists."""

from datetime import datetime

from msgspec import Struct

from skranke.db.database import Db, execute, rows


class ListSelection(Struct, frozen=True):
    """A selected item, and when it was selected."""

    item_id: int
    last_changed: datetime


async def load_selection(
    db: Db, associate_id: int, list_name: str, additional_info: str
) -> dict[int, datetime]:
    """The ids of the items that an associate has selected, with their dates."""
    found = await rows(
        db,
        ListSelection,
        """
        SELECT item_id, last_changed FROM list_selection
        WHERE associate_id = $1 AND list_name = $2 AND additional_info = $3
        """,
        associate_id,
        list_name,
        additional_info,
    )
    return {choice.item_id: choice.last_changed for choice in found}


async def add_to_selection(
    db: Db,
    associate_id: int,
    list_name: str,
    additional_info: str,
    item_ids: list[int],
    now: datetime,
) -> None:
    """Add items to an associate's selection; already selected ones keep their date."""
    await execute(
        db,
        """
        INSERT INTO list_selection
            (associate_id, list_name, additional_info, item_id, last_changed)
        SELECT $1, $2, $3, item_id, $5 FROM unnest($4::int[]) AS item_id
        ON CONFLICT DO NOTHING
        """,
        associate_id,
        list_name,
        additional_info,
        item_ids,
        now,
    )


async def remove_from_selection(
    db: Db, associate_id: int, list_name: str, additional_info: str, item_ids: list[int]
) -> None:
    """Remove items from an associate's selection."""
    await execute(
        db,
        """
        DELETE FROM list_selection
        WHERE associate_id = $1 AND list_name = $2 AND additional_info = $3
          AND item_id = ANY ($4::int[])
        """,
        associate_id,
        list_name,
        additional_info,
        item_ids,
    )
