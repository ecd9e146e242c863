"""Settings of the pages in the database: one document a person."""

import msgspec

from skranke.db.database import Db, execute
from skranke.people.interface.carriers import InterfaceSettings


async def load(db: Db, associate_id: int) -> InterfaceSettings:
    """A person's settings; the defaults where nothing was chosen."""
    stored = await db.fetchval(
        "SELECT settings FROM interface_settings WHERE associate_id = $1", associate_id
    )
    return msgspec.convert(stored or {}, InterfaceSettings, strict=False)


async def store(db: Db, associate_id: int, settings: InterfaceSettings) -> None:
    """Write a person's settings in place of the old ones."""
    await execute(
        db,
        """
        INSERT INTO interface_settings (associate_id, settings) VALUES ($1, $2)
        ON CONFLICT (associate_id) DO UPDATE SET settings = excluded.settings
        """,
        associate_id,
        msgspec.to_builtins(settings),
    )
