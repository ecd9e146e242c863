"""The clock that all code reads.

It follows the machine's clock until the emulator sets it; then it is frozen until it is
advanced or released.
"""

import asyncio
from datetime import UTC, datetime, timedelta


class Clock:
    """`now()` is an aware UTC instant."""

    def __init__(self, frozen: datetime | None = None) -> None:
        self._frozen = frozen
        self.turning = asyncio.Lock()  # held while the clock is changed or a job round runs

    @property
    def is_frozen(self) -> bool:
        """Whether the clock is frozen."""
        return self._frozen is not None

    def now(self) -> datetime:
        """The current instant, in UTC."""
        return self._frozen or datetime.now(UTC)

    def set(self, instant: datetime) -> None:
        """Freeze the clock at an instant."""
        self._frozen = instant.astimezone(UTC)

    def advance(self, seconds: float) -> None:
        """Freeze the clock this many seconds after its current time."""
        self._frozen = self.now() + timedelta(seconds=seconds)

    def release(self) -> None:
        """Follow the machine's clock again."""
        self._frozen = None
