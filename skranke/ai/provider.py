"""What is asked about a text, and who answers: this machine, or a service of choice.

A `Reader` is all that the rest of the room knows of either. Which of them a desk has,
its settings say; each is imported by the first who needs it.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from skranke.ai import models
from skranke.ai.analysis import Reader
from skranke.core.context import Call
from skranke.core.errors import Unavailable

# of a service that is slow; who asks holds a connection to the database meanwhile
PLACES = asyncio.Semaphore(4)


async def reader(call: Call, *, categories: bool = False) -> Reader:
    """The reader of this desk; one that can tell `categories`, if that is wanted."""
    if call.settings.ai_url:
        from skranke.ai.remote import Service

        return Service(call.settings)
    from skranke.ai.local import Ourselves

    # nothing is thought about here: whoever asks has a transaction open
    return Ourselves(await models.newest(call.db) if categories else None)


@asynccontextmanager
async def waited_for(call: Call) -> AsyncGenerator[Reader]:
    """The reader, for a caller who waits; Unavailable where many wait for a service."""
    if not call.settings.ai_url:
        yield await reader(call)
        return
    if PLACES.locked():
        raise Unavailable("Too many wait for the AI service just now.")
    async with PLACES:
        yield await reader(call)
