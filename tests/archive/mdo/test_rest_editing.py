"""The lists edited over REST, as bytes: who may, and what the statuses are."""

import json

import pytest

from tests.conftest import DemoServer
from tests.test_page import ask

REST = "/api/v1/List"
NAMES = ("TicketCategory", "TicketPriority", "TicketStatus", "TicketType")
ANNA = "Basic YW5uYTA6QW5uYTA="  # an agent


@pytest.mark.parametrize("name", NAMES)
def test_an_item_lives_from_default_to_deleted(demo: DemoServer, name: str) -> None:
    items = f"{REST}/{name}/Items"
    status, _, answer = ask(demo, "GET", f"{items}/Default", b"")
    blank = json.loads(answer)
    assert (status, blank[f"{name}Id"]) == (200, 0)
    body = json.dumps(blank | {"Name": "New"}).encode()
    status, _, answer = ask(demo, "POST", items, body)
    made = json.loads(answer)
    assert status == 200, answer
    item = f"{items}/{made[f'{name}Id']}"
    status, _, answer = ask(demo, "PATCH", item, b'{"name": "Newer"}')
    assert (status, json.loads(answer)["Name"]) == (200, "Newer")
    body = json.dumps(made | {"Name": "Newest"}).encode()
    status, _, answer = ask(demo, "PUT", item, body)
    assert (status, json.loads(answer)["Name"]) == (200, "Newest")
    assert ask(demo, "DELETE", item, b"")[0] == 204
    listed = json.loads(ask(demo, "GET", items, b"")[2])
    assert made[f"{name}Id"] not in [each[f"{name}Id"] for each in listed]
    assert ask(demo, "DELETE", f"{items}/99999", b"")[0] == 404


@pytest.mark.parametrize("name", NAMES)
def test_an_agent_may_change_nothing(demo_server: DemoServer, name: str) -> None:
    items = f"{REST}/{name}/Items"
    for method, path in (
        ("POST", items),
        ("PUT", f"{items}/1"),
        ("PATCH", f"{items}/1"),
        ("DELETE", f"{items}/1"),
    ):
        body = b"" if method == "DELETE" else b'{"Name": "Mine"}'
        status, _, answer = ask(demo_server, method, path, body, authorization=ANNA)
        assert status == 403, answer
    address = f"{REST}/TicketStatus/1/ChangeTo/2"
    assert ask(demo_server, "GET", address, b"", authorization=ANNA)[0] == 403


def test_a_status_is_changed_to_another_by_a_get(demo: DemoServer) -> None:
    body = b'{"Name": "Waits", "Status": "Active"}'
    made = json.loads(ask(demo, "POST", f"{REST}/TicketStatus/Items", body)[2])
    status_id = made["TicketStatusId"]
    body = json.dumps({"TicketId": 389, "Status": {"TicketStatusId": status_id}})
    save = "/api/v1/Agents/Ticket/SaveTicketEntity"
    assert ask(demo, "POST", save, body.encode())[0] == 200
    address = f"{REST}/TicketStatus/{status_id}/ChangeTo/1"
    assert ask(demo, "GET", address, b"")[:1] == (204,)
    ticket = json.loads(ask(demo, "GET", "/api/v1/Ticket/389", b"")[2])
    assert ticket["Status"]["TicketStatusId"] == 1
    status, _, answer = ask(demo, "GET", f"{REST}/TicketStatus/1/ChangeTo/99999", b"")
    assert (status, "ToTicketStatusId: 99999" in answer.decode()) == (400, True)
