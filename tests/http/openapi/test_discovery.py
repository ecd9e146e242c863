"""`GET /api` and below, as the clients that ask first read it."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette

# publishes every operation
import skranke.app  # noqa: F401 # pyright: ignore[reportUnusedImport]
from skranke.http.openapi.discovery import is_listing, prefers_html, routes
from skranke.http.operation import OPERATIONS

KEYS = [
    "v1",
    "Version",
    "NetServerVersion",
    "NetServerAssembly",
    "NetServerDate",
    "NetServerLabel",
    "NetServer",
    "Services",
    "ServicesCurrent",
    "Documentation",
]
SAVE = "http://desk.example/api/v1/Agents/Ticket/SaveTicketEntity"
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """A client of a desk that nobody has signed in to."""
    transport = httpx.ASGITransport(Starlette(routes=routes("1.2.3")))
    async with httpx.AsyncClient(
        transport=transport, base_url="http://desk.example", follow_redirects=True
    ) as client:
        yield client


async def test_the_version_is_told_in_strings(client: httpx.AsyncClient) -> None:
    told = (await client.get("/api")).json()
    assert list(told) == KEYS
    assert all(isinstance(text, str) and text for text in told.values())
    assert (told["v1"], told["Version"]) == ("http://desk.example/api/v1", "v1")
    assert told["NetServerLabel"] == "Skranke 1.2.3"
    assert told["Documentation"] == "http://desk.example/docs"


async def test_every_address_is_listed_with_its_methods(client: httpx.AsyncClient) -> None:
    told = (await client.get("/api/v1")).json()
    assert {
        (url.removeprefix("http://desk.example"), method)
        for url, methods in told.items()
        for method in methods
    } == {(one.path, one.method) for one in OPERATIONS}
    assert list(told) == sorted(told, key=str.lower)
    save = next(one for one in OPERATIONS if one.name == "SaveTicketEntity")
    assert told[SAVE] == {"POST": save.summary}


async def test_an_agents_methods_are_listed_alone(client: httpx.AsyncClient) -> None:
    for address in ("/api/v1/Agents/Ticket", "/API/v1/agents/ticket/"):
        told = (await client.get(address)).json()
        assert SAVE in told
        assert all("/Agents/Ticket/" in url for url in told)


async def test_a_key_is_shown_where_it_belongs(client: httpx.AsyncClient) -> None:
    told = (await client.get("/api/v1/Agents/Ticket")).json()
    got = told["http://desk.example/api/v1/Agents/Ticket/GetTicketEntity"]["POST"]
    assert got.startswith("?ticketEntityId={ticketEntityId}  ")


async def test_an_agent_that_is_not_there_is_an_error_object(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/Agents/Nobody")
    assert answer.status_code == 404
    assert answer.json()["ErrorType"] == "SoNotFoundException"


async def test_a_browser_gets_a_page(client: httpx.AsyncClient) -> None:
    for address in ("/api", "/api/v1", "/api/v1/Agents/Ticket"):
        page = await client.get(address, headers={"accept": FIREFOX})
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert "<script" not in page.text
    assert f'<a href="{SAVE}">{SAVE}</a>' in page.text


async def test_a_page_shows_the_address_as_text(client: httpx.AsyncClient) -> None:
    headers = {"accept": "text/html", "host": '"><b>.example'}
    page = await client.get("/api", headers=headers)
    assert "<b>" not in page.text


@pytest.mark.parametrize(
    ("accept", "html"),
    [
        ("", False),
        ("*/*", False),
        ("application/json; charset=utf-8", False),
        ("text/html", True),
        ("application/html", True),
        (FIREFOX, True),
        ("application/json, text/html", False),
        ("application/json;q=0.5, text/html", True),
        ("text/html;q=0.1, text/json;q=0.2", False),
    ],
)
def test_the_better_weighed_type_wins(accept: str, html: bool) -> None:
    assert prefers_html(accept) is html


@pytest.mark.parametrize(
    ("path", "listed"),
    [
        ("/api", True),
        ("/API/", True),
        ("/api/v1", True),
        ("/Api/V1/", True),
        ("/api/v1/agents/Ticket", True),
        ("/api/v1/Agents", False),
        ("/api/v1/Agents/Ticket/SaveTicketEntity", False),
        ("/apiary", False),
        ("/api/v2", False),
    ],
)
def test_a_listing_is_known_by_its_path(path: str, listed: bool) -> None:
    assert is_listing(path) is listed
