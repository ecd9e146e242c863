"""Reading what customers wrote while everybody else is served.

Markup takes up to half a second a megabyte to be made safe. A thread of its own takes
the processor for some milliseconds at a time, the loop goes on in between.
"""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
MAX_INLINE_CHARACTERS = 64 * 1024  # characters, which hold up the loop for 30 ms at most


async def run_offloaded(read: Callable[..., T], *texts: str) -> T:
    """What `read`, a pure function, makes of these texts; of long ones in a thread."""
    if sum(map(len, texts)) <= MAX_INLINE_CHARACTERS:
        return read(*texts)
    return await asyncio.to_thread(read, *texts)
