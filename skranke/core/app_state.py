"""What a running desk is made of, one per process, and its instant."""

import asyncio
from datetime import datetime
from random import Random

import msgspec

from skranke.core.cache import ReferenceCache
from skranke.core.clock import Clock
from skranke.core.settings import Settings
from skranke.db.database import Pool


class AppState(msgspec.Struct, kw_only=True):
    """What a running desk is made of; one per process."""

    pool: Pool
    cache: ReferenceCache
    clock: Clock
    settings: Settings
    rng: Random
    closing: asyncio.Event = msgspec.field(default_factory=asyncio.Event)  # streams end


def current_second(clock: Clock) -> datetime:
    """The desk's instant as the vendor stamps it: in whole seconds."""
    return clock.now().replace(microsecond=0)
