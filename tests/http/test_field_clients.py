"""What documented clients of SuperOffice send, against a served desk.

Each case is named by its id in the list of cases from the field.
"""

from typing import Any

import httpx
import pytest

from tests.conftest import DemoServer

AGENT = ("tje0", "Tje0")


@pytest.fixture
def client(demo: DemoServer) -> httpx.Client:
    return httpx.Client(base_url=demo.url, auth=AGENT, timeout=60)


def new_ticket(client: httpx.Client, title: str) -> int:
    blank: dict[str, Any] = client.get("/api/v1/Ticket/default").json()
    saved = client.post("/api/v1/Ticket", json=blank | {"Title": title}).raise_for_status()
    return saved.json()["TicketId"]


@pytest.mark.parametrize(
    "query",
    [
        "secondaryTicketIds={0}&secondaryTicketIds={1}&mergedTicketEntity.ticketId={2}",
        "secondaryTicketIds[]={0}&secondaryTicketIds[]={1}&MergedTicketEntity[TicketId]={2}",
        "secondaryticketids[1]={1}&secondaryticketids[0]={0}&mergedticketentity.ticketid={2}",
        "SecondaryTicketIds={0},{1}&mergedTicketEntity.ticketId={2}",
    ],
)
def test_a_merge_is_read_from_the_query_alone(client: httpx.Client, query: str):
    """A1."""
    ids = [new_ticket(client, title) for title in ("one", "two", "kept")]
    answer = client.post(f"/api/v1/Ticket/Merge?{query.format(*ids)}")
    assert answer.status_code == 200, answer.text
    assert answer.json()["TicketId"] == ids[2]
    assert answer.json()["Title"] == "kept"
    for merged in ids[:2]:
        assert client.get(f"/api/v1/Ticket/{merged}").json()["BaseStatus"] == "Merged"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("Agents/Ticket/GetTicketEntity?ticketEntityId=glops", "ticketEntityId: 'glops' is not"),
        ("Agents/Ticket/GetTicketEntity?TICKETENTITYID=1.5", "ticketEntityId: '1.5' is not a who"),
        ("Ticket/Merge?secondaryTicketIds=1,x", "secondaryTicketIds[1]: 'x' is not a number"),
        (
            "Ticket/Merge?mergedTicketEntity.baseStatus=Odd",
            "mergedTicketEntity.BaseStatus: 'Odd' is not a value of TicketBaseStatus: use one of",
        ),
    ],
)
def test_a_wrong_value_in_the_address_is_named_as_the_wire_spells_it(
    client: httpx.Client, path: str, said: str
):
    """A13."""
    answer = client.post(f"/api/v1/{path}")
    assert answer.status_code == 400
    assert answer.json()["Message"].startswith(said)
    assert answer.json()["ErrorMessage"].startswith(said)


def test_a_wrong_id_in_a_path_is_named(client: httpx.Client):
    """A13."""
    answer = client.get("/api/v1/Ticket/glops/Messages")
    assert answer.status_code == 400
    assert answer.json()["Message"] == "ticketId: 'glops' is not a number"


def test_a_wrong_enum_value_is_answered_with_the_allowed_ones(client: httpx.Client):
    """A14."""
    body = {"TicketId": 389, "Origin": "Web"}
    answer = client.post("/api/v1/Agents/Ticket/SaveTicketEntity", json=body)
    assert answer.status_code == 400
    assert "Origin: 'Web' is not a value of TicketOrigin: use one of" in answer.json()["Message"]
    assert "Email" in answer.json()["Message"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("Ticket?$apply=aggregate(x)", "$apply: there is no such option here; use $select"),
        ("Ticket?$filtr=ticketId eq 1", "$filtr: there is no such option here; did you mean $f"),
        ("Archive/Ticket?$expand=person", "$expand: there is no such option here"),
        ("Ticket/389?$filter=title eq 'x'", "$filter: there is no such option here"),
    ],
)
def test_an_unknown_option_is_refused(client: httpx.Client, path: str, said: str):
    """A14."""
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 400
    assert answer.json()["Message"].startswith(said)


@pytest.mark.parametrize(
    ("method", "path", "absent"),
    [
        ("POST", "Agents/Quote/CreateDefaultPriceList", True),
        ("POST", "agents/appointment/getappointmententity", True),
        ("GET", "Contact/2/Image", True),
        ("DELETE", "List/Country/Items/5", True),
        ("POST", "Agents/Quote/CreateDefaultPriceLists", False),
        ("POST", "Agents/Ticket/SaveTicketEntty", False),
        ("GET", "Contact/2/Picture", False),
    ],
)
def test_an_absent_operation_is_told_from_a_typo(
    client: httpx.Client, method: str, path: str, absent: bool
):
    """A15."""
    answer = client.request(method, f"/api/v1/{path}")
    assert answer.status_code == 404
    expected = "NotImplementedException" if absent else "SoNotFoundException"
    assert answer.json()["ErrorType"] == expected
    assert ("operation of SuperOffice" in answer.json()["Message"]) is absent


@pytest.mark.parametrize("path", ["/api/v1/Ticket/389", "/api/v1/Ticket?$top=1", "/api", "/docs"])
def test_head_is_get_without_a_body(client: httpx.Client, path: str):
    """A22."""
    head, get = client.head(path), client.get(path)
    assert head.status_code == get.status_code == 200
    assert head.content == b""
    assert head.headers["content-type"] == get.headers["content-type"]
    assert head.headers["content-length"] == get.headers["content-length"]


def test_head_of_what_is_not_there_is_a_404_without_a_body(client: httpx.Client):
    """A22."""
    answer = client.head("/api/v1/Ticket/99999999")
    assert (answer.status_code, answer.content) == (404, b"")


def test_addresses_outside_the_api_are_refused_like_those_inside(client: httpx.Client):
    """A22."""
    missing = client.get("/nothing/here")
    assert missing.status_code == 404
    assert missing.json()["Message"] == "There is nothing at /nothing/here."
    wrong = client.delete("/_desk/health")
    assert wrong.status_code == 405
    assert "GET" in wrong.json()["Message"]
    assert "GET" in wrong.headers["allow"]
    page = client.get("/nothing/here", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert "There is nothing at /nothing/here." in page.text


@pytest.mark.parametrize(
    ("zone", "null_date"),
    [
        ("UTC, includeTZOffset", "0001-01-01T00:00:00Z"),
        ("utc,includetzoffset", "0001-01-01T00:00:00Z"),
        ("NO, includeTZOffset", "0001-01-01T00:00:00"),
        ("UTC", "0001-01-01T00:00:00"),
    ],
)
def test_the_null_date_has_a_z_where_offsets_are_asked_in_utc(
    client: httpx.Client, zone: str, null_date: str
):
    """A16."""
    blank = client.get("/api/v1/Ticket/default", headers={"SO-TimeZone": zone}).json()
    assert blank["ClosedAt"] == null_date
    again = client.post("/api/v1/Ticket", json=blank, headers={"SO-TimeZone": zone})
    assert again.status_code == 200
    assert again.json()["ClosedAt"] == null_date


def test_a_wide_countrys_zone_is_refused_with_its_regions(client: httpx.Client):
    """A17."""
    answer = client.get("/api/v1/Ticket/389", headers={"SO-TimeZone": "US"})
    assert answer.status_code == 400
    assert "there is no time zone 'US'; name its region: US-" in answer.json()["Message"]


@pytest.mark.parametrize(
    ("posted", "name"),
    [
        ({"Person": {"PersonId": 0, "Firstname": "Kari", "Email": "k@x.example"}}, "Person"),
        ({"Person": {"Email": "k@x.example"}}, "Person"),
        ({"SecondaryPersons": [{"PersonId": 0, "Lastname": "Foss"}]}, "SecondaryPersons[0]"),
        ({"Sale": {"SaleId": 0, "Title": "Pumps"}}, "Sale"),
    ],
)
def test_a_customer_without_id_is_not_lost_silently(
    client: httpx.Client, posted: dict[str, Any], name: str
):
    """A19."""
    body = {"TicketId": 389} | posted
    answer = client.post("/api/v1/Agents/Ticket/SaveTicketEntity", json=body)
    assert answer.status_code == 400
    kind = name.removeprefix("Secondary").removesuffix("s[0]")
    assert answer.json()["Message"].startswith(f"{name}.{kind}Id: is missing")


def test_a_blank_customer_is_still_nobody(client: httpx.Client):
    """A19."""
    body = {"TicketId": 389, "Person": {"PersonId": 0, "Firstname": "", "Email": ""}}
    answer = client.post("/api/v1/Agents/Ticket/SaveTicketEntity", json=body)
    assert answer.status_code == 200


def test_the_tenant_prefix_of_online_is_accepted(client: httpx.Client):
    """A20."""
    ticket = client.get("/Cust12345/api/v1/Ticket/389").raise_for_status().json()
    base = str(client.base_url).rstrip("/")
    assert ticket["_Links"]["Self"] == f"{base}/Cust12345/api/v1/Ticket/389"
    link = client.get("/cust7/api/v1/Ticket?$top=1").json()["odata.metadata"]
    assert client.get(link).status_code == 200
    assert client.get("/Cust12345/api").json()["v1"].endswith("/Cust12345/api/v1")
    assert client.get("/Custer/api/v1/Ticket/389").status_code == 404


def test_the_state_of_a_tenant_is_told(client: httpx.Client):
    """A20."""
    state = client.get("/api/state/Cust12345", auth=None).raise_for_status().json()
    assert state["ContextIdentifier"] == "Cust12345"
    assert state["IsRunning"] is True
    assert state["State"] == "Running"
    assert state["Api"] == f"{state['Endpoint']}/api"
    assert client.get(f"{state['Api']}/v1/Ticket/389").status_code == 200


def test_a_ticket_without_customer_that_is_not_merged_has_minus_ones(client: httpx.Client):
    """A11."""
    number = new_ticket(client, "nobody's")
    flat = client.get(f"/api/v1/Ticket/{number}/Simple").json()
    assert (flat["ConnectId"], flat["CustId"]) == (-1, -1)
    assert client.get(f"/api/v1/Ticket/{number}").json()["ConnectId"] == 0


def test_a_default_webhook_has_nulls_where_recordings_have_them(client: httpx.Client):
    """A12."""
    blank = client.get("/api/v1/Webhook/default", auth=("tje0", "Tje0")).json()
    for name in ("Name", "TargetUrl", "Headers", "Properties", "ErrorsEmail"):
        assert blank[name] is None, name


@pytest.mark.parametrize("event", ["ticket.exploded", "sale.created", "TicketMessage.created"])
def test_an_event_that_never_fires_is_refused(client: httpx.Client, event: str):
    """A12."""
    hook = client.get("/api/v1/Webhook/default").json() | {
        "Name": "never",
        "TargetUrl": "http://127.0.0.1:9/hook",
        "Events": ["door.opened", event],
        "State": "Stopped",
    }
    answer = client.post("/api/v1/Webhook", json=hook)
    assert answer.status_code == 400
    assert f"Events: '{event}' is never sent" in answer.json()["Message"]
    kept = client.post("/api/v1/Webhook", json=hook | {"Events": ["door.opened"]})
    assert kept.status_code == 200, kept.text
