"""With the emulator's clock, a week passes at once and in order."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

import skranke.app
from skranke.core.clock import Clock
from skranke.core.jobs.registry import JOBS
from skranke.core.jobs.worker import run_round
from skranke.core.settings import Settings
from skranke.db import database
from skranke.db.database import Db
from skranke.people.auth.tokens import issue_token
from tests.cast import ANNA, NOW

SAVE = "/api/v1/Agents/Ticket/SaveTicketEntity"
RULES = """
UPDATE ticket_priority SET ticket_new = 2, ticket_changed_priority = 0;
INSERT INTO ticket_alert (priority_id, alert_level, alert_timeout)
    VALUES (2, 1, 120), (2, 2, 0), (2, 3, 1440);
"""


@pytest.fixture
async def db(own_database_url: str) -> AsyncIterator[Db]:
    async with database.single_connection(own_database_url) as db:
        await db.execute(RULES)
        yield db


@pytest.fixture
async def desk(own_database_url: str, db: Db) -> AsyncIterator[httpx.AsyncClient]:
    """The whole application with the emulator, called by Anna, at NOW."""
    settings = Settings(pool=2, emulator=True)
    opened = await skranke.app.open_desk(own_database_url, settings)
    opened.clock = Clock(NOW)
    token = await issue_token(db, ANNA.associate_id, "token", NOW, 365)
    transport = httpx.ASGITransport(skranke.app.application(opened))
    async with httpx.AsyncClient(
        transport=transport,
        base_url="http://127.0.0.1",
        headers={"Authorization": f"Bearer {token}"},
    ) as client:
        yield client
    await opened.pool.close()


async def save(desk: httpx.AsyncClient, **properties: object) -> int:
    saved = await desk.post(SAVE, json=properties)
    return saved.raise_for_status().json()["TicketId"]


def test_the_jobs_run_in_the_order_of_the_vendors_cron_page():
    vendors = ["activate", "sign out idle users", "escalate", "purge", "clean expired secrets"]
    assert [job.name for job in JOBS if job.name in vendors] == vendors


def test_edited_priorities_come_first():
    assert JOBS[0].name == "recalculate"


async def test_a_week_runs_in_order_with_exact_stamps(desk: httpx.AsyncClient, db: Db):
    waking = NOW + timedelta(hours=3)
    one = await save(desk, Title="one")
    two = await save(desk, Title="two", BaseStatus="Postponed", Activate=waking.isoformat())
    turned = await desk.post("/_desk/clock", json={"advance": 7 * 86_400})
    assert turned.status_code == 200
    log = await db.fetch(
        """
        SELECT ticket_id, log_action, log_when - $1 FROM ticket_log_action
        WHERE log_action IN (8, 9) ORDER BY id
        """,
        NOW,
    )
    hours = [(t, action, after / timedelta(hours=1)) for t, action, after in log]
    assert hours == [
        (one, 9, 2),
        (one, 9, 2),  # level 2 follows at once
        (two, 8, 3),
        (two, 9, 3),
        (two, 9, 3),  # it was late while it slept
        (one, 9, 26),
        (two, 9, 27),
    ]


async def test_the_bin_is_emptied_after_a_fortnight(desk: httpx.AsyncClient, db: Db):
    ticket = await save(desk, Title="away with it")
    await db.execute("UPDATE ticket SET status = 4, ticket_status = 4 WHERE id = $1", ticket)
    there = "SELECT count(*) FROM ticket WHERE id = $1"
    await desk.post("/_desk/clock", json={"advance": 14 * 86_400 - 1})
    assert await db.fetchval(there, ticket) == 1
    await desk.post("/_desk/clock", json={"advance": 1})
    assert await db.fetchval(there, ticket) == 0


async def test_two_desks_side_by_side_escalate_each_ticket_once(own_database_url: str, db: Db):
    await db.execute("UPDATE ticket_alert SET alert_timeout = 60")
    later = NOW + timedelta(hours=1)
    await db.execute(
        """
        INSERT INTO ticket (title, created_at, created_by, owned_by, category,
            orig_category, slevel, priority, orig_priority, status, ticket_status,
            origin, read_status, ticket_type, alert_timeout)
        SELECT '', $1, 1, 3, 1, 1, 2, 2, 2, 1, 1, 13, 3, 1, $1
        FROM generate_series(1, 90)
        """,
        later,
    )
    desks = [await skranke.app.open_desk(own_database_url, Settings(pool=2)) for _ in "ab"]
    for desk in desks:
        desk.clock = Clock(later)
    outcomes = await asyncio.gather(*(run_round(desk) for desk in desks))
    for desk in desks:
        await desk.pool.close()
    assert sum(told["escalate"].done for told in outcomes) == 90
    once = await db.fetch(
        """
        SELECT t.id FROM ticket t JOIN ticket_log_action a ON a.ticket_id = t.id
        WHERE log_action = 9 AND alert_level = 1 GROUP BY t.id HAVING count(*) = 1
        """
    )
    assert len(once) == 90
