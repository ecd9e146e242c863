"""`python -m skranke.devtools.demo DSN`: fill a migrated database with the demo desk.

A process of its own: what the seed takes of memory goes with it, and the desk that it
was made for stays small.
"""

import asyncio
import sys

from skranke.core.clock import Clock
from skranke.db import database
from skranke.devtools.demo.seed import seed


async def main(dsn: str) -> None:
    """Seed the database as it would look now, all or nothing."""
    async with database.single_connection(dsn) as db, db.transaction():
        await seed(db, Clock().now())


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
