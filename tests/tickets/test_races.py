"""What somebody else removes in the middle of a save is a clash, never a fault."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

import skranke.app
from skranke.core.app_state import AppState
from skranke.core.clock import Clock
from skranke.core.settings import Settings
from skranke.db import database
from skranke.people.auth.tokens import issue_token
from tests.cast import ADA, NOW

SAVE = "/api/v1/Agents/Ticket/SaveTicketEntity"
WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


@pytest.fixture
async def desk(own_database_url: str) -> AsyncIterator[AppState]:
    desk = await skranke.app.open_desk(own_database_url, Settings(pool=3))
    desk.clock = Clock(NOW)
    yield desk
    await desk.pool.close()


async def test_a_category_that_is_removed_during_a_save(desk: AppState) -> None:
    async with desk.pool.acquire() as db:
        token = await issue_token(db, ADA.associate_id, "token", NOW, 1)
    transport = httpx.ASGITransport(skranke.app.application(desk))
    headers = {"Authorization": f"Bearer {token}"}
    wish = {"Title": "A", "Category": {"TicketCategoryId": 2}}
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
        async with database.transaction(desk.pool) as removing:
            await removing.execute("DELETE FROM category_membership")
            await removing.execute("DELETE FROM ej_category WHERE id = 2")
            saving = asyncio.create_task(client.post(SAVE, json=wish, headers=headers))
            while not saving.done() and not await removing.fetchval(WAITING):
                await removing.fetchval("SELECT pg_stat_clear_snapshot()")
        answer = await saving
    assert answer.status_code == 409, answer.text
    async with desk.pool.acquire() as db:
        assert await db.fetchval("SELECT count(*) FROM ticket") == 0
