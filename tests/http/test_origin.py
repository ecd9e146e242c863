"""Requests that another site makes a browser send are refused."""

import httpx
import pytest

from skranke.http.origin import is_cross_origin, is_sent_by_browser
from tests.conftest import DemoServer

SAVE = "/api/v1/Agents/Ticket/SaveTicketEntity"
HERE = {"host": "desk.example"}


@pytest.mark.parametrize(
    ("headers", "crosses"),
    [
        ({}, False),
        ({"sec-fetch-site": "same-origin"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "same-site", "origin": "https://desk.example"}, True),
        ({"origin": "https://desk.example"}, False),
        ({"origin": "https://evil.example"}, True),
        ({"origin": "null"}, True),
        ({"origin": "https://portal.example", "sec-fetch-site": "cross-site"}, False),
    ],
)
def test_where_a_request_comes_from(headers: dict[str, str], *, crosses: bool) -> None:
    allowed = frozenset({"https://portal.example"})
    assert is_cross_origin("POST", HERE | headers, allowed) is crosses
    assert not is_cross_origin("GET", HERE | headers, allowed)


def test_which_credentials_a_browser_sends_by_itself() -> None:
    assert is_sent_by_browser("Basic dGplMDpUamUw", "")
    assert is_sent_by_browser("", "skranke_session=x")
    assert not is_sent_by_browser("Bearer 8A:x", "skranke_session=x")
    assert not is_sent_by_browser("", "")


def test_another_sites_page_changes_nothing(demo: DemoServer) -> None:
    def save(**headers: str) -> httpx.Response:
        return httpx.post(
            demo.url + SAVE, json={"Title": "x"}, auth=("tje0", "Tje0"), headers=headers
        )

    refused = save(origin="https://evil.example")
    assert refused.status_code == 403
    assert "another site" in refused.json()["Message"]
    assert save(**{"sec-fetch-site": "cross-site"}).status_code == 403
    saved = save(**{"x-request-id": "abc-1"})
    assert (saved.status_code, saved.headers["x-request-id"]) == (200, "abc-1")
    assert "access-control-allow-origin" not in saved.headers
    clock = f"{demo.url}/_desk/clock"
    assert httpx.get(clock).status_code == 200
    assert httpx.get(clock, headers={"host": "evil.example"}).status_code == 403
    assert httpx.get(clock, headers={"sec-fetch-site": "cross-site"}).status_code == 403
