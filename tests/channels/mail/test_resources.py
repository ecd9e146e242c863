"""Mail out over REST, on a real socket."""

import httpx
import pytest

from tests.conftest import DemoServer

ADMIN = ("tje0", "Tje0")
TO = {"To": ["kari@fjord.example"], "Subject": "Hello"}


@pytest.fixture
def client(demo: DemoServer) -> httpx.Client:
    return httpx.Client(base_url=demo.url, auth=ADMIN)


def message_on(client: httpx.Client) -> tuple[int, int]:
    ticket = client.post("/api/v1/Ticket", json={"Title": "Pump"}).json()["TicketId"]
    message = client.post(
        "/api/v1/TicketMessage", json={"Ticket": {"TicketId": ticket}, "Body": "Hi"}
    )
    return ticket, message.json()["EjMessageId"]


def test_a_message_is_sent_over_rest(client: httpx.Client):
    ticket, message = message_on(client)
    told = client.post(f"/api/v1/TicketMessage/{message}/Send", json=TO)
    assert (told.status_code, told.content) == (204, b"")
    [letter] = client.get("/_desk/outbox").json()
    assert letter["subject"] == f"[ejTag: {ticket}] Hello"
    assert letter["recipients"] == TO["To"]


def test_what_cannot_be_sent_over_rest_is_refused(client: httpx.Client):
    _, message = message_on(client)
    send = "/api/v1/TicketMessage/{}/Send"
    assert client.post(send.format(999_999), json=TO).status_code == 404
    assert client.post(send.format(message), json={"To": []}).status_code == 400
    assert client.post(send.format(message), json=TO, auth=("tje0", "wrong")).status_code == 401
    assert client.get("/_desk/outbox").json() == []
