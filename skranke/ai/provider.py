"""What is asked about a text, and who answers: this machine, or a service of choice.

A `Reader` is all that the rest of the room knows of either. Which of them a desk has,
its settings say; each is imported by the first who needs it.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from skranke.ai import models
from skranke.ai.analysis import Analyzer
from skranke.core.context import RequestContext
from skranke.core.errors import ServiceUnavailable

# of a service that is slow; who asks holds a connection to the database meanwhile
SERVICE_SLOTS = asyncio.Semaphore(4)


async def analyzer_for(context: RequestContext, *, categories: bool = False) -> Analyzer:
    """The reader of this desk; one that can tell `categories`, if that is wanted."""
    if context.settings.ai_url:
        from skranke.ai.remote import RemoteAnalyzer

        return RemoteAnalyzer(context.settings)
    from skranke.ai.local import LocalAnalyzer

    # nothing is thought about here: whoever asks has a transaction open
    return LocalAnalyzer(await models.newest_model(context.db) if categories else None)


@asynccontextmanager
async def analyzer_slot(context: RequestContext) -> AsyncGenerator[Analyzer]:
    """The reader, for a caller who waits; Unavailable where many wait for a service."""
    if not context.settings.ai_url:
        yield await analyzer_for(context)
        return
    if SERVICE_SLOTS.locked():
        raise ServiceUnavailable("Too many wait for the AI service just now.")
    async with SERVICE_SLOTS:
        yield await analyzer_for(context)
