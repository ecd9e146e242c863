"""In-process cache of values loaded from reference tables (lists, users, settings).

Triggers on those tables increment `catalogue_version`. A save reads that number
together with its ticket and compares it, so it never uses lists older than its own
read. Everything else lags at most one second behind other processes and never behind
its own.
"""

from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any, TypeVar, cast

from skranke.db.database import Db, value

T = TypeVar("T")
Loader = Callable[[Db], Awaitable[T]]
MAX_AGE_SECONDS = 1.0


class ReferenceCache:
    """Cached values of this process; `version` is the catalogue version they belong to."""

    def __init__(self) -> None:
        self.version = -1
        self._checked = 0.0
        self._values: dict[Loader[Any], object] = {}

    async def get(self, db: Db, load: Loader[T]) -> T:
        """Return what `load(db)` returns, from the cache if nothing changed since."""
        if load in self._values:
            return cast("T", self._values[load])
        version = self.version
        loaded = await load(db)
        if version == self.version:  # else the value may be older than the cache is now
            self._values[load] = loaded
        return loaded

    async def refresh(self, db: Db) -> None:
        """Clear the cache if another process has changed a reference table."""
        if monotonic() - self._checked > MAX_AGE_SECONDS:
            await self.check(db)

    async def check(self, db: Db) -> None:
        """As `refresh`, but always compare with the database."""
        self.observe(await value(db, int, "SELECT version FROM catalogue_version"))
        self._checked = monotonic()

    def observe(self, version: int) -> bool:
        """Record a version read elsewhere; False if the cache was stale and is now empty."""
        if version == self.version:
            return True
        self._values.clear()
        self.version = version
        return False

    def forget(self) -> None:
        """Know nothing any more: what this request changes is seen by the next sign-in."""
        self.observe(-1)
