"""What a running desk is made of, one per process, and its instant."""

from datetime import datetime
from random import Random

import msgspec

from skranke.db.database import Pool
from skranke.settings import Settings
from skranke.store.clock import Clock
from skranke.store.memory import Memory


class Desk(msgspec.Struct, kw_only=True):
    """What a running desk is made of; one per process."""

    pool: Pool
    memory: Memory
    clock: Clock
    settings: Settings
    chance: Random


def stamp(clock: Clock) -> datetime:
    """The desk's instant as the vendor stamps it: in whole seconds."""
    return clock.now().replace(microsecond=0)
