"""Archives as bytes on a socket: addresses in any case, forms, XML, links, refusals."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.conftest import DemoServer

AGENT = ("tje0", "Tje0")
Ask = Callable[..., httpx.Response]


@pytest.fixture
def ask(demo: DemoServer) -> Ask:
    """`ask(path, form)`: GET, or POST of a form."""

    def send(path: str, form: Any = None) -> httpx.Response:
        method = "GET" if form is None else "POST"
        url = path if path.startswith("http") else demo.url + path
        return httpx.request(method, url, data=form, auth=AGENT)

    return send


def test_an_answer_has_odatas_members_and_keys_as_text(ask: Ask):
    told = ask(
        "/api/v1/Ticket?$select=ticketId,title&$filter=ticketId%20in%20(1,2)"
        "&$orderby=ticketId%20desc&$inlinecount=allpages"
    ).json()
    assert list(told) == ["odata.count", "odata.metadata", "odata.nextLink", "value"]
    assert told["odata.nextLink"] is None
    assert told["odata.count"] == 2
    assert [list(row) for row in told["value"]] == [
        ["PrimaryKey", "EntityName", "ticketId", "title"]
    ] * 2
    assert told["value"][0]["PrimaryKey"] == "2"


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/Ticket",
        "/API/v1/ticket/",
        "/api/v1/archive/ticket",
        "/api/v1/Archive/FindTicket",
        "/api/v1/Contact",
        "/api/v1/person",
        "/api/v1/TicketMessage",
        "/api/v1/Ticket/389/Messages",
        "/api/v1/Contact/2/Tickets",
        "/api/v1/Person/27/Tickets",
        "/api/v1/Archive/AllUsers",
        "/api/v1/archive/categorymembers",
    ],
)
def test_every_door_leads_from_page_to_page(ask: Ask, path: str):
    first = ask(f"{path}?$top=1&$select=&$TOP=9")
    assert first.status_code == 200, first.text
    row: Any
    [row] = first.json()["value"]
    link: str = first.json()["odata.nextLink"]
    assert link
    second = ask(link).json()
    assert len(second["value"]) == 1
    assert second["value"][0]["PrimaryKey"] != row["PrimaryKey"]
    assert parse_qs(urlsplit(link).query)["$top"] == ["1"]


def test_a_question_too_long_for_an_address_comes_as_a_form(ask: Ask):
    ids = ",".join(map(str, range(1, 4000)))
    form = {"$select": "ticketId", "$filter": f"ticketId in ({ids})", "$top": "2"}
    told = ask("/api/v1/Archive/ticket", form)
    assert told.status_code == 200, told.text
    assert [row["ticketId"] for row in told.json()["value"]] == [1, 2]


def test_xml_comes_by_the_format_option_and_by_accept(ask: Ask):
    for path in ("/api/v1/Ticket", "/api/v1/Archive/Ticket"):
        told = ask(f"{path}?$top=1&$format=XML&$inlineCount=true")
        assert told.headers["content-type"] == "application/xml; charset=utf-8"
        assert "<Key>ticketId</Key><Value>1</Value>" in told.text
        assert "odata.count" in told.text


def test_columns_are_described_at_each_spelling_of_the_address(ask: Ask):
    for address in ("Ticket$metadata", "Ticket/$metadata", "Ticket?$metadata=ALL"):
        told = ask(f"/api/v1/Archive/{address}")
        assert told.status_code == 200, told.text
        assert told.json()["ticketId"]["RestrictionType"] == "int"
    assert ask("/api/v1/Archive/Ticket/other").status_code == 404


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/api/v1/Ticket?$filter=colour%20=%201", 400, "character 1"),
        ("/api/v1/Ticket?$top=x", 400, "$top"),
        ("/api/v1/Archive/Nothing", 404, "Nothing"),
        ("/api/v1/Contact/99999/Tickets", 404, "Contact id 99999 not found"),
        ("/api/v1/Person/99999/Tickets", 404, "Person id 99999 not found"),
        ("/api/v1/Ticket/99999/Messages", 404, "99999"),
        ("/api/v1/Archive/Ticket?$filter=title%20=%20'%00'", 400, "NUL"),
        ("/api/v1/Ticket?$skipToken=%00", 400, "skipToken"),
        ("/api/v1/Ticket?$filter=extra/x'%20=%201", 400, "character"),
    ],
)
def test_what_is_wrong_is_told(ask: Ask, path: str, status: int, said: str):
    told = ask(path)
    assert told.status_code == status, told.text
    assert said in told.json()["ErrorMessage"]
