"""What time and the worker do to customers, on a demo desk with its clock turned."""

from typing import Any

import httpx
import pytest

from tests.conftest import DemoServer

DAY = 24 * 3600


@pytest.fixture
def client(demo: DemoServer) -> Any:
    with httpx.Client(base_url=demo.url, auth=("tje0", "Tje0"), timeout=60) as client:
        yield client


def call(client: httpx.Client, operation: str, body: object = None, **query: Any) -> Any:
    answer = client.post(f"/api/v1/Agents/{operation}", json=body, params=query)
    assert answer.status_code in (200, 204), answer.text
    return answer.json() if answer.content else None


def turn(client: httpx.Client, seconds: float) -> None:
    client.post("/_desk/clock", json={"advance": seconds}).raise_for_status()


def test_a_deleted_person_is_removed_after_two_weeks(client: httpx.Client) -> None:
    """Vector 44: tickets and messages keep their texts, without a customer."""
    person = call(client, "Person/SavePersonEntity", {"Lastname": "Foss"})
    person_id = person["PersonId"]
    ticket = call(
        client, "Ticket/SaveTicketEntity", {"Title": "x", "Person": {"PersonId": person_id}}
    )
    message = call(
        client,
        "Ticket/SaveTicketMessageEntity",
        {"Ticket": {"TicketId": ticket["TicketId"]}, "Body": "kept", "Slevel": "Internal"},
    )
    assert client.delete(f"/api/v1/Person/{person_id}").status_code == 204
    turn(client, 13 * DAY)
    call(client, "Person/Undelete", {"Id": person_id})
    assert client.delete(f"/api/v1/Person/{person_id}").status_code == 204
    turn(client, 15 * DAY)
    undelete = client.post("/api/v1/Agents/Person/Undelete", json={"Id": person_id})
    assert undelete.status_code == 404
    kept = client.get(f"/api/v1/Ticket/{ticket['TicketId']}").json()
    assert kept["Person"] is None
    read = call(
        client, "Ticket/GetTicketMessageEntity", ticketMessageEntityId=message["EjMessageId"]
    )
    assert read["Body"] == "kept"


def test_a_renamed_customer_is_found_by_the_new_name_alone(client: httpx.Client) -> None:
    """Vector 87."""
    person = call(client, "Person/SavePersonEntity", {"Lastname": "Fossheimen"})
    body = {"Title": "x", "Person": {"PersonId": person["PersonId"]}}
    ticket_id = call(client, "Ticket/SaveTicketEntity", body)["TicketId"]

    def ids(text: str) -> list[int]:
        turn(client, 1)
        found = client.get("/api/v1/Ticket/Search", params={"query": text})
        assert found.status_code == 200, found.text
        return [row["TicketId"] for row in found.json()["Value"]]

    assert ticket_id in ids("Fossheimen")
    client.patch(f"/api/v1/Person/{person['PersonId']}", json={"Lastname": "Bergheimen"})
    assert ticket_id in ids("Bergheimen")
    assert ticket_id not in ids("Fossheimen")
