"""A desk whose worker's rounds are made by hand; customers who write to it."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from random import Random
from typing import Any, LiteralString

import pytest
from msgspec.structs import replace

from skranke.ai import events, jobs
from skranke.core.app_state import AppState
from skranke.core.cache import ReferenceCache
from skranke.core.clock import Clock
from skranke.core.context import CurrentUser, RequestContext
from skranke.core.jobs.registry import JOBS
from skranke.core.jobs.worker import JobOutcome, context_for, run_round
from skranke.core.settings import Settings
from skranke.db import database
from skranke.db.database import Record, transaction
from skranke.messages.add import NewMessage, add_message
from skranke.tickets.carriers import TicketEntity
from tests.cast import ADA, ANNA, NOW
from tests.tickets.make import save, stored

assert jobs.MESSAGES
assert events.handle_events  # importing it is what publishes the listener
KARI = 7  # a customer
PAYROLL = 2


class Understanding:
    """A desk that understands, by hand."""

    def __init__(self, desk: AppState) -> None:
        self.state = desk

    @asynccontextmanager
    async def context_of(self, user: CurrentUser = ANNA) -> AsyncGenerator[RequestContext]:
        async with transaction(self.state.pool) as db:
            yield replace(context_for(self.state, db), user=user)

    async def ticket(self, title: str = "", **others: Any) -> int:
        async with self.context_of() as context:
            return (await save(context, title=title, **others)).ticket_id

    async def change(self, ticket_id: int, **properties: Any) -> None:
        async with self.context_of() as context:
            await save(context, ticket_id=ticket_id, **properties)

    async def stored(self, ticket_id: int) -> TicketEntity:
        async with self.context_of(ADA) as context:
            return await stored(context, ticket_id)

    async def write(self, ticket_id: int, body: str, **others: Any) -> int:
        """A message of the customer's, unless it says otherwise; its id."""
        draft: Any = {"body": body, "person_id": KARI} | others
        async with self.context_of() as context:
            return await add_message(context, NewMessage(ticket_id=ticket_id, **draft))

    async def round(self) -> dict[str, JobOutcome]:
        """What its worker does meanwhile."""
        names = ("events", "ai", "ai training")
        return await run_round(self.state, [job for job in JOBS if job.name in names])

    async def later(self, **by: float) -> None:
        self.state.clock.set(self.state.clock.now() + timedelta(**by))

    async def one(self, sql: LiteralString, *values: object) -> Record:
        async with self.state.pool.acquire() as db:
            found = await db.fetchrow(sql, *values)
        assert found
        return found

    async def wish(self, name: str, value: str) -> None:
        """Set what the registry says."""
        async with transaction(self.state.pool) as db:
            await db.execute("UPDATE registry SET value = $2 WHERE name = $1", name, value)
            await self.state.cache.check(db)


@pytest.fixture
async def understanding(own_database_url: str) -> AsyncIterator[Understanding]:
    """A desk with nothing to do yet."""
    pool = await database.connect(own_database_url, size=4)
    desk = AppState(
        pool=pool, cache=ReferenceCache(), clock=Clock(NOW), settings=Settings(), rng=Random(1)
    )
    yield Understanding(desk)
    await asyncio.wait_for(pool.close(), 10)
