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
from skranke.core.app_state import Desk
from skranke.core.cache import Memory
from skranke.core.clock import Clock
from skranke.core.context import Call, Caller
from skranke.core.jobs.registry import JOBS
from skranke.core.jobs.worker import Outcome, call_of, run_round
from skranke.core.settings import Settings
from skranke.db import database
from skranke.db.database import Record, transaction
from skranke.messages.add import Draft, add
from skranke.tickets.carriers import TicketEntity
from tests.conftest import ADA, ANNA, NOW
from tests.tickets.make import save, stored

assert jobs.MESSAGES
assert events.hear  # importing it is what publishes the listener
KARI = 7  # a customer
PAYROLL = 2


class Understanding:
    """A desk that understands, by hand."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    @asynccontextmanager
    async def calling(self, caller: Caller = ANNA) -> AsyncGenerator[Call]:
        async with transaction(self.desk.pool) as db:
            yield replace(call_of(self.desk, db), caller=caller)

    async def ticket(self, title: str = "", **others: Any) -> int:
        async with self.calling() as call:
            return (await save(call, title=title, **others)).ticket_id

    async def change(self, ticket_id: int, **properties: Any) -> None:
        async with self.calling() as call:
            await save(call, ticket_id=ticket_id, **properties)

    async def stored(self, ticket_id: int) -> TicketEntity:
        async with self.calling(ADA) as call:
            return await stored(call, ticket_id)

    async def write(self, ticket_id: int, body: str, **others: Any) -> int:
        """A message of the customer's, unless it says otherwise; its id."""
        draft: Any = {"body": body, "person_id": KARI} | others
        async with self.calling() as call:
            return await add(call, Draft(ticket_id=ticket_id, **draft))

    async def round(self) -> dict[str, Outcome]:
        """What its worker does meanwhile."""
        names = ("events", "ai", "ai training")
        return await run_round(self.desk, [job for job in JOBS if job.name in names])

    async def later(self, **by: float) -> None:
        self.desk.clock.set(self.desk.clock.now() + timedelta(**by))

    async def one(self, sql: LiteralString, *values: object) -> Record:
        async with self.desk.pool.acquire() as db:
            found = await db.fetchrow(sql, *values)
        assert found
        return found

    async def wish(self, name: str, value: str) -> None:
        """Set what the registry says."""
        async with transaction(self.desk.pool) as db:
            await db.execute("UPDATE registry SET value = $2 WHERE name = $1", name, value)
            await self.desk.memory.check(db)


@pytest.fixture
async def understanding(own_database_url: str) -> AsyncIterator[Understanding]:
    """A desk with nothing to do yet."""
    pool = await database.connect(own_database_url, size=4)
    desk = Desk(pool=pool, memory=Memory(), clock=Clock(NOW), settings=Settings(), chance=Random(1))
    yield Understanding(desk)
    await asyncio.wait_for(pool.close(), 10)
