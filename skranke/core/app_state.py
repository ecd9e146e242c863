"""The application's state, one instance per process, and its current time."""

import asyncio
from datetime import datetime
from random import Random

import msgspec

from skranke.core.cache import ReferenceCache
from skranke.core.clock import Clock
from skranke.core.settings import Settings
from skranke.db.database import Pool


class AppState(msgspec.Struct, kw_only=True):
    """Everything that requests and jobs share in one process."""

    pool: Pool
    cache: ReferenceCache
    clock: Clock
    settings: Settings
    rng: Random
    closing: asyncio.Event = msgspec.field(default_factory=asyncio.Event)  # streams end


def current_second(clock: Clock) -> datetime:
    """The clock's current instant in whole seconds, the precision of the vendor's dates."""
    return clock.now().replace(microsecond=0)
