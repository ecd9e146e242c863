"""What is asked about a text, and who answers: this machine, or a service of choice.

A `Reader` is all that the rest of the room knows of either. Which of them a desk has,
its settings say; each is imported by the first who needs it.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Protocol

from msgspec import Struct

from skranke.ai import models
from skranke.wire.call import Call
from skranke.wire.errors import Unavailable

# of a service that is slow; who asks holds a connection to the database meanwhile
PLACES = asyncio.Semaphore(4)


class Feeling(Struct, frozen=True):
    """-100 for bad to 100 for good, and how sure that is in per cent; 0/0: not told."""

    score: int = 0
    confidence: int = 0


SILENT = Feeling()


class Question(Struct, frozen=True, kw_only=True):
    """A prepared text, and what is to be found out about it."""

    text: str
    title: str = ""  # of the ticket; the category is told by both
    languages: tuple[str, ...] = ()  # to be told apart; none: not asked for
    sentiment: bool = False
    categories: dict[int, str] = {}  # to choose from, full names; none: not asked for


class Found(Struct, frozen=True, kw_only=True):
    """What a text turns out to be; 0 and "" where that isn't known or not asked for."""

    language: str = ""
    feeling: Feeling = SILENT
    category_id: int = 0


class Reader(Protocol):
    """Who understands texts. A service raises Unavailable where it gives no answer."""

    async def read(self, question: Question) -> Found:
        """What was asked for, as far as it is known well enough."""
        ...

    async def sum_up(self, text: str, most_sentences: int, language: str) -> str:
        """Up to so many sentences that stand for a text; "" for an empty one."""
        ...


async def reader(call: Call, *, categories: bool = False) -> Reader:
    """The reader of this desk; one that can tell `categories`, if that is wanted."""
    if call.settings.ai_url:
        from skranke.ai.service import Service

        return Service(call.settings)
    from skranke.ai.ourselves import Ourselves

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
