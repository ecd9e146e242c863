"""REST addresses that the vendor's description has, against a served desk (A9)."""

import httpx
import pytest

from tests.conftest import DemoServer


@pytest.fixture
def client(demo: DemoServer) -> httpx.Client:
    return httpx.Client(base_url=f"{demo.url}/api/v1", auth=("tje0", "Tje0"), timeout=60)


@pytest.mark.parametrize(
    ("path", "key", "change"),
    [
        ("TicketType", "TicketTypeId", {"Name": "Wish"}),
        ("TicketRelationDefinition", "TicketRelationDefId", {"Name": "Copies"}),
    ],
)
def test_an_entity_is_made_read_changed_and_removed(
    client: httpx.Client, path: str, key: str, change: dict[str, str]
):
    """A9."""
    blank = client.get(f"{path}/default").raise_for_status().json()
    made = client.post(path, json=blank | change).raise_for_status().json()
    one = f"{path}/{made[key]}"
    assert client.get(one).json()["Name"] == change["Name"]
    put = client.put(one, json=made | {"Name": "Put"})
    assert put.status_code == 200, put.text
    assert put.json()["Name"] == "Put"
    patched = client.patch(one, json={"name": "Patched"})
    assert patched.status_code == 200, patched.text
    assert client.get(one).json()["Name"] == "Patched"
    assert client.delete(one).status_code == 204
    assert client.get(f"{path}/99999999").status_code == 404


def test_a_relation_is_made_read_and_removed(client: httpx.Client):
    """A9."""
    blank = client.get("TicketRelation/default").raise_for_status().json()
    posted = blank | {"SourceTicketId": 1, "DestinationTicketId": 2}
    made = client.post("TicketRelation", json=posted)
    assert made.status_code in (200, 400), made.text
    if made.status_code == 200:
        one = f"TicketRelation/{made.json()['TicketRelationId']}"
        assert client.get(one).status_code == 200
        assert client.delete(one).status_code == 204
        assert client.get(one).status_code == 404
    assert client.get("TicketRelation/99999999").status_code == 404


def test_what_hangs_on_tickets_and_messages_has_its_addresses(client: httpx.Client):
    """A9."""
    [row] = client.get("TicketMessage?$top=1").json()["value"]
    message = row["PrimaryKey"]
    assert client.get("Ticket/389/ForeignKey").json() == []
    assert client.get(f"TicketMessage/{message}/ForeignKey").json() == []
    assert client.get("TicketMessage/CustomField").json() == []
    assert client.get("TicketMessage/CustomField/x_some").status_code == 404
    assert client.get(f"TicketMessage/{message}/Attachment/Noninline").status_code == 200
    assert client.get("TicketMessage/RfcAttachment/99999999/0").status_code == 404


def test_a_message_is_sent_by_the_query_alone(client: httpx.Client):
    """A1, A9: `to` repeated, or with commas."""
    [row] = client.get("TicketMessage?$top=1").json()["value"]
    path = f"TicketMessage/{row['PrimaryKey']}/Send"
    sent = client.post(f"{path}?to=a@x.example&to=b@x.example&cc=c@x.example,d@x.example")
    assert sent.status_code == 204, sent.text
    base = str(client.base_url).removesuffix("/api/v1/")
    [letter] = httpx.get(f"{base}/_desk/outbox").json()[:1]
    assert {"a@x.example", "b@x.example", "c@x.example", "d@x.example"} <= set(
        str(letter).replace("'", " ").replace(",", " ").split()
    )
