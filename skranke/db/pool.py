"""Connections that make do with what the server grants.

asyncpg's pool fails whoever asks while PostgreSQL refuses one connection more. This one
notes how many it could get, lets the others wait for one of those, and asks for more
again after a while. Whoever waits longer than WAIT_SECONDS gets DatabaseUnavailable.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any

import asyncpg

from skranke.db.faults import TOO_MANY_CONNECTIONS, DatabaseUnavailable, sqlstate

WAIT_SECONDS = 10.0  # for a connection; then a client is told to come again
GROW_SECONDS = 5.0  # after a refusal, until one more is asked for
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0  # seconds, while not one connection is granted

log = logging.getLogger("skranke.db")


class ConnectionPool:
    """asyncpg's pool with a limit that follows what the server grants."""

    def __init__(
        self, pool: Any, size: int, wait_seconds: float = WAIT_SECONDS, *, is_pooled: bool = False
    ) -> None:
        self._pool = pool
        self._size = size
        self._is_pooled = is_pooled  # PgBouncer's transaction mode: one transaction each
        self._wait_seconds = wait_seconds
        self._limit = size
        self._refused_at = 0.0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self.in_use = 0

    @property
    def size(self) -> int:
        """The number of connections that the settings allow."""
        return self._size

    @property
    def limit(self) -> int:
        """The number of connections that the server lets this process have now."""
        return self._limit

    @property
    def waiting(self) -> int:
        """How many wait for a connection."""
        return len(self._waiting)

    @asynccontextmanager
    async def acquire(self) -> AsyncGenerator[Any]:
        """A connection until the block ends; DatabaseUnavailable when none comes in time."""
        connection = await self._connect(monotonic() + self._wait_seconds)
        try:
            if self._is_pooled:
                async with connection.transaction():
                    yield connection
            else:
                yield connection
        finally:
            try:
                await self._pool.release(connection)
            finally:
                self._give_back()

    async def close(self) -> None:
        await self._pool.close()

    def terminate(self) -> None:
        self._pool.terminate()

    async def _connect(self, deadline: float) -> Any:
        pause = FIRST_PAUSE
        while True:
            await self._take_place(deadline)
            try:
                left = max(deadline - monotonic(), 0.01)
                return await self._pool.acquire(timeout=left)
            except asyncpg.PostgresError as fault:
                self._give_back()
                if sqlstate(fault) != TOO_MANY_CONNECTIONS:
                    raise
                self._note_refusal(fault)
                if monotonic() + pause > deadline:
                    raise DatabaseUnavailable(str(fault)) from fault
                if not self.in_use:  # nobody here will free one: others must
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, LONGEST_PAUSE)
            except OSError as fault:  # TimeoutError is one
                self._give_back()
                raise DatabaseUnavailable(str(fault) or "no connection in time") from fault
            except BaseException:
                self._give_back()
                raise

    async def _take_place(self, deadline: float) -> None:
        if self._limit < self._size and monotonic() - self._refused_at > GROW_SECONDS:
            self._limit += 1
            self._refused_at = monotonic()
            self._wake()
        if self.in_use < self._limit and not self._waiting:
            self.in_use += 1
            return
        place = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            async with asyncio.timeout(deadline - monotonic()):
                await place
        except BaseException as fault:
            if place.done() and not place.cancelled():  # granted in the same instant
                self._give_back()
            elif place in self._waiting:
                self._waiting.remove(place)
            if isinstance(fault, TimeoutError):
                raise DatabaseUnavailable("All connections to the database are in use.") from None
            raise

    def _give_back(self) -> None:
        self.in_use -= 1
        self._wake()

    def _wake(self) -> None:
        while self._waiting and self.in_use < self._limit:
            place = self._waiting.popleft()
            if not place.done():
                self.in_use += 1
                place.set_result(None)

    def _note_refusal(self, fault: Exception) -> None:
        granted = max(self.in_use, 1)
        if granted < self._limit:
            log.warning("PostgreSQL grants %d of %d connections: %s", granted, self._size, fault)
        self._limit = granted
        self._refused_at = monotonic()
