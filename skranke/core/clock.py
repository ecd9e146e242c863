"""The one clock that everything in the product reads.

It runs with the machine until somebody sets it (the emulator): then it stands still
until it is advanced or released.
"""

import asyncio
from datetime import UTC, datetime, timedelta


class Clock:
    """`now()` is an aware UTC instant."""

    def __init__(self, frozen: datetime | None = None) -> None:
        self._frozen = frozen
        self.turning = asyncio.Lock()  # held while it is turned, or worked by

    @property
    def is_frozen(self) -> bool:
        """Whether the clock stands still."""
        return self._frozen is not None

    def now(self) -> datetime:
        """The desk's current instant, in UTC."""
        return self._frozen or datetime.now(UTC)

    def set(self, instant: datetime) -> None:
        """Stop the clock at an instant."""
        self._frozen = instant.astimezone(UTC)

    def advance(self, seconds: float) -> None:
        """Stop the clock this many seconds from where it is; never backwards."""
        self._frozen = self.now() + timedelta(seconds=seconds)

    def release(self) -> None:
        """Let the clock run with the machine again."""
        self._frozen = None
