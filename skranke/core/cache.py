"""Values made from the slow tables (lists, users, settings), kept in the process.

Triggers on those tables raise `catalogue_version`. A save reads that number beside its
ticket and compares, so it never decides on lists older than its own read; everything
else is at most a second behind another process and never behind its own.
"""

from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any, TypeVar, cast

from skranke.db.database import Db, value

T = TypeVar("T")
Loader = Callable[[Db], Awaitable[T]]
MAX_AGE_SECONDS = 1.0


class ReferenceCache:
    """What this process remembers; `version` says of which catalogue."""

    def __init__(self) -> None:
        self.version = -1
        self._checked = 0.0
        self._values: dict[Loader[Any], object] = {}

    async def get(self, db: Db, load: Loader[T]) -> T:
        """What `load(db)` yields, from memory where nothing has changed since."""
        if load in self._values:
            return cast("T", self._values[load])
        version = self.version
        loaded = await load(db)
        if version == self.version:  # else it may be older than what is known by now
            self._values[load] = loaded
        return loaded

    async def refresh(self, db: Db) -> None:
        """Forget everything if another process has changed a slow table."""
        if monotonic() - self._checked > MAX_AGE_SECONDS:
            await self.check(db)

    async def check(self, db: Db) -> None:
        """As `refresh`, without trusting the last second."""
        self.observe(await value(db, int, "SELECT version FROM catalogue_version"))
        self._checked = monotonic()

    def observe(self, version: int) -> bool:
        """Take note of a version read elsewhere; False when memory was of another."""
        if version == self.version:
            return True
        self._values.clear()
        self.version = version
        return False
