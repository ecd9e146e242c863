"""Health tells whether the process lives and whether its database answers."""

from collections.abc import AsyncIterator

import msgspec
import pytest
from starlette.requests import Request

from skranke import __version__
from skranke.ai.health import engines
from skranke.core.jobs.failures import record
from skranke.db import database
from skranke.devtools.emulator.routes import health
from skranke.people.sql import connection
from tests.cast import NOW
from tests.devtools.emulator.conftest import Opener


@pytest.fixture
async def lone_pool(database_url: str) -> AsyncIterator[database.Pool]:
    """A pool of a single connection."""
    pool = await database.connect(database_url, size=1)
    yield pool
    pool.terminate()


async def test_a_desk_whose_database_answers_is_ready(opened: Opener):
    desk, ask = opened(emulator=False)
    answer = await ask("GET", "/_desk/health", peer="192.0.2.7")
    assert answer.status == 200
    assert answer.body == {
        "live": True,
        "ready": True,
        "failing": 0,
        "version": __version__,
        "ai": engines(desk.settings),
        "mail": {"waiting": 0, "late": 0, "quarantined": 0},
    }


async def test_health_counts_what_the_jobs_failed_at(own_database_url: str, opened: Opener):
    desk, ask = opened(emulator=False)
    desk.pool = await database.connect(own_database_url, size=1)
    async with desk.pool.acquire() as db:
        await record(db, "chores", 7, ValueError("secret words"), NOW)
    answer = await ask("GET", "/_desk/health", peer="192.0.2.7")
    await desk.pool.close()
    assert (answer.status, answer.body["failing"]) == (200, 1)
    assert "secret" not in str(answer.body)


async def test_a_desk_whose_database_is_away_lives_but_is_not_ready(
    opened: Opener, lone_pool: database.Pool
):
    desk, ask = opened(emulator=False)
    desk.pool = lone_pool
    lone_pool.terminate()
    answer = await ask("GET", "/_desk/health")
    assert answer.status == 503
    assert answer.body == {
        "live": True,
        "ready": False,
        "failing": None,
        "version": __version__,
        "ai": engines(desk.settings),
        "mail": None,
    }


async def test_a_desk_whose_database_does_not_answer_in_time_is_not_ready(
    opened: Opener, lone_pool: database.Pool
):
    desk, _ = opened(emulator=False)
    desk.pool = lone_pool
    async with connection(lone_pool):
        answer = await health(desk, Request({"type": "http"}), patience=0.01)
    assert answer.status_code == 503
    assert msgspec.json.decode(answer.body)["ready"] is False
