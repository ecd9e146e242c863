"""Notifications over REST, on a real socket."""

import httpx
import pytest

from tests.conftest import DemoServer

ADMIN = ("tje0", "Tje0")
DEEDS = ("NotifyNewTicket", "NotifyNewMessage")


@pytest.fixture
def client(demo: DemoServer) -> httpx.Client:
    return httpx.Client(base_url=demo.url, auth=ADMIN)


@pytest.mark.parametrize("deed", DEEDS)
def test_a_ticket_is_told_of_over_rest(client: httpx.Client, deed: str):
    ticket = client.post("/api/v1/Ticket?notify=True", json={"Title": "Pump"})
    where = f"/api/v1/Ticket/{ticket.json()['TicketId']}/{deed}"
    told = client.post(where)
    assert (told.status_code, told.content) == (204, b"")
    assert client.post(f"/api/v1/Ticket/999999/{deed}").status_code == 404
    assert client.post(where, auth=("tje0", "wrong")).status_code == 401


@pytest.mark.parametrize(
    ("method", "body"),
    [("PUT", {"Title": "Out", "Category": {"TicketCategoryId": 1}}), ("PATCH", {"Title": "Out"})],
)
def test_a_ticket_is_changed_and_told_of(client: httpx.Client, method: str, body: object):
    ticket = client.post("/api/v1/Ticket", json={"Title": "Pump"}).json()
    where = f"/api/v1/Ticket/{ticket['TicketId']}?notify=True"
    told = client.request(method, where, json=body)
    assert (told.status_code, told.json()["Title"]) == (200, "Out")
    assert client.request(method, "/api/v1/Ticket/999999?notify=true", json=body).status_code == 404
