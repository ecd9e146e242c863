"""What is asked about a text, and who answers: this machine, or a service of choice.

A `Reader` is all that the rest of the room knows of either. Which of them a desk has,
its settings say; each is imported by the first who needs it.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from skranke.ai import models
from skranke.ai.analysis import Reader
from skranke.core.context import RequestContext
from skranke.core.errors import ServiceUnavailable

# of a service that is slow; who asks holds a connection to the database meanwhile
PLACES = asyncio.Semaphore(4)


async def reader(context: RequestContext, *, categories: bool = False) -> Reader:
    """The reader of this desk; one that can tell `categories`, if that is wanted."""
    if context.settings.ai_url:
        from skranke.ai.remote import Service

        return Service(context.settings)
    from skranke.ai.local import Ourselves

    # nothing is thought about here: whoever asks has a transaction open
    return Ourselves(await models.newest(context.db) if categories else None)


@asynccontextmanager
async def waited_for(context: RequestContext) -> AsyncGenerator[Reader]:
    """The reader, for a caller who waits; Unavailable where many wait for a service."""
    if not context.settings.ai_url:
        yield await reader(context)
        return
    if PLACES.locked():
        raise ServiceUnavailable("Too many wait for the AI service just now.")
    async with PLACES:
        yield await reader(context)
