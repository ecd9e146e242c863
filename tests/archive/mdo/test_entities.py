"""The ticket's own lists whole, by the List agent and over REST, as bytes."""

import json
from typing import Any

import pytest

from tests.conftest import DemoServer
from tests.test_page import ask

AGENT = "/api/v1/Agents/List"
REST = "/api/v1/List"
# list → its key, and the agent's calls of all of them and of some
LISTS = {
    "TicketCategory": ("TicketCategoryId", "GetTicketCategories"),
    "TicketPriority": ("TicketPriorityId", "GetTicketPriorities"),
    "TicketStatus": ("TicketStatusId", "GetTicketStatuses"),
    "TicketType": ("TicketTypeId", "GetTicketTypes"),
}
each_list = pytest.mark.parametrize("name", LISTS)


def read(desk: DemoServer, method: str, path: str, body: Any = None) -> Any:
    sent = json.dumps(body).encode() if method == "POST" else b""
    status, _, answer = ask(desk, method, path, sent)
    assert status == 200, answer
    return json.loads(answer)


@each_list
def test_rest_and_agent_read_the_same(demo_server: DemoServer, name: str) -> None:
    key, every = LISTS[name]
    items = read(demo_server, "GET", f"{REST}/{name}/Items")
    assert items
    told = read(demo_server, "POST", f"{AGENT}/{every}")
    named = [item["Id"] for item in told] if "Value" in told[0] else None
    assert named == [item[key] for item in items] if named else told == items
    for item in items:
        address = f"{REST}/{name}/Items/{item[key]}"
        assert read(demo_server, "GET", address) == item
        get = f"{AGENT}/Get{name}Entity?{name}EntityId={item[key]}"
        assert read(demo_server, "POST", get) == item


@each_list
def test_some_are_read_in_the_order_asked_for(demo_server: DemoServer, name: str) -> None:
    key, every = LISTS[name]
    all_of_them = read(demo_server, "POST", f"{AGENT}/{every}")
    key = "Id" if "Value" in all_of_them[0] else key
    two = [all_of_them[-1], all_of_them[0]]
    asked = [two[0][key], 99999, two[1][key]]
    assert read(demo_server, "POST", f"{AGENT}/Get{name}List", asked) == two


@each_list
def test_what_isnt_there_is_404_over_rest_and_null_by_the_agent(
    demo_server: DemoServer, name: str
) -> None:
    status, _, answer = ask(demo_server, "GET", f"{REST}/{name}/Items/99999")
    told = json.loads(answer)["ErrorMessage"]
    assert (status, told) == (404, f"{name} id 99999 not found")
    get = f"{AGENT}/Get{name}Entity?{name}EntityId=99999"
    assert read(demo_server, "POST", get) is None


@each_list
def test_a_credential_is_needed(demo_server: DemoServer, name: str) -> None:
    status, _, _ = ask(demo_server, "GET", f"{REST}/{name}/Items", authorization="")
    assert status == 401


def test_a_ticket_shows_the_items_of_the_lists(demo_server: DemoServer) -> None:
    ticket = read(demo_server, "GET", "/api/v1/Ticket/389")
    for name, member in (
        ("TicketCategory", "Category"),
        ("TicketStatus", "Status"),
        ("TicketPriority", "Priority"),
    ):
        item_id = ticket[member][LISTS[name][0]]
        address = f"{REST}/{name}/Items/{item_id}"
        assert read(demo_server, "GET", address) == ticket[member]
    kind = ticket["TicketType"]
    found = read(demo_server, "GET", f"{REST}/TicketType/Items/{kind['TicketTypeId']}")
    assert kind.items() <= found.items()
