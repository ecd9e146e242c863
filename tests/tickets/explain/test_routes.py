"""Anybody who may see a ticket may ask why its times are what they are."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from skranke.core.clock import Clock
from skranke.core.settings import Settings
from skranke.db import database
from skranke.people.auth.tokens import issue_token
from tests.cast import ANNA, NOW, RITA, STEN

SAVE = "/api/v1/Agents/Ticket/SaveTicketEntity"


@pytest.fixture
async def desk(own_database_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """The whole application, with Anna's, Rita's and Sten's tokens as headers."""
    import skranke.app

    opened = await skranke.app.open_desk(own_database_url, Settings(pool=2))
    opened.clock = Clock(NOW)
    transport = httpx.ASGITransport(skranke.app.application(opened))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
        yield client
    await opened.pool.close()


@pytest.fixture
async def bearing(own_database_url: str) -> dict[str, dict[str, str]]:
    """Headers by caller's name."""
    async with database.single_connection(own_database_url) as db:
        return {
            user.name: {
                "Authorization": "Bearer "
                + await issue_token(db, user.associate_id, "token", NOW, 1)
            }
            for user in (ANNA, RITA, STEN)
        }


async def test_json_and_text_tell_the_same(desk: httpx.AsyncClient, bearing: dict[str, Any]):
    saved = await desk.post(SAVE, json={"Title": "A"}, headers=bearing["anna"])
    path = f"/_desk/explain/ticket/{saved.json()['TicketId']}"
    as_json = await desk.get(path, headers=bearing["rita"])
    assert as_json.status_code == 200
    assert as_json.json()["agrees"] is True
    assert len(as_json.json()["figures"]) == 12
    as_text = await desk.get(path, headers={**bearing["anna"], "Accept": "text/plain"})
    assert as_text.headers["content-type"].startswith("text/plain")
    assert as_text.text.splitlines() == as_json.json()["words"]


async def test_strangers_and_nobody_are_told_nothing(
    desk: httpx.AsyncClient, bearing: dict[str, Any]
):
    hidden = {"Title": "A", "Category": {"TicketCategoryId": 2}}
    saved = await desk.post(SAVE, json=hidden, headers=bearing["anna"])
    ticket_id = saved.json()["TicketId"]
    path = "/_desk/explain/ticket/"
    assert (await desk.get(f"{path}{ticket_id}")).status_code == 401
    stranger = await desk.get(f"{path}{ticket_id}", headers=bearing["sten"])
    absent = await desk.get(f"{path}999999", headers=bearing["sten"])
    assert (stranger.status_code, absent.status_code) == (404, 404)
    assert stranger.text.replace(str(ticket_id), "999999") == absent.text
    assert (await desk.get(f"{path}x", headers=bearing["anna"])).status_code == 404
