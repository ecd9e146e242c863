"""The reference page's sample as bytes on a socket, and every possible answer."""

import gzip
import http.client
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest

from skranke.tickets.carriers import TicketEntity
from tests.conftest import DemoServer

SAMPLES = Path(__file__).parent / "samples"
SAVE = "/api/v1/Agents/Ticket/SaveTicketEntity"
GET = "/api/v1/Agents/Ticket/GetTicketEntity?ticketEntityId="
# the header of the page's sample request: tje0, Tje0
PAGE_HEADERS = {
    "Authorization": "Basic dGplMDpUamUw",
    "Accept": "application/json; charset=utf-8",
    "Accept-Language": "en",
    "Content-Type": "application/json; charset=utf-8",
}


def ask(
    desk: DemoServer, method: str, path: str, body: bytes = b"", **headers: str
) -> tuple[int, http.client.HTTPMessage, bytes]:
    """One request as the page sends it; keywords replace headers, `""` drops one."""
    sent = dict(PAGE_HEADERS)
    for name, value in headers.items():
        sent[name.replace("_", "-").title()] = value
    connection = http.client.HTTPConnection(urlsplit(desk.url).netloc, timeout=20)
    kept = {name: value for name, value in sent.items() if value}
    connection.request(method, path, body, kept)
    answer = connection.getresponse()
    found = answer.status, answer.headers, answer.read()
    connection.close()
    return found


def test_the_pages_sample_request_is_answered_as_the_page_says(demo: DemoServer) -> None:
    body = (SAMPLES / "save-ticket-request.json").read_bytes()
    status, headers, answer = ask(demo, "POST", SAVE, body)
    assert status == 200
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    saved: dict[str, Any] = json.loads(answer)
    page: dict[str, Any] = json.loads((SAMPLES / "save-ticket-response.json").read_bytes())
    assert list(saved) == list(page)
    assert list(saved["SecondaryPersons"][0]) == list(page["SecondaryPersons"][0])
    assert list(saved["Messages"][0]) == list(page["Messages"][0])
    assert list(saved["Tags"][0]) == list(page["Tags"][0])


def test_the_pages_sample_sets_what_a_save_may_set(demo: DemoServer) -> None:
    before = json.loads(ask(demo, "POST", GET + "389", b"null")[2])
    body = (SAMPLES / "save-ticket-request.json").read_bytes()
    after = json.loads(ask(demo, "POST", SAVE, body)[2])
    assert (after["TicketId"], after["Title"], after["Author"]) == (389, "et", "dignissimos")
    assert (after["Slevel"], after["BaseStatus"]) == ("External", "Active")
    assert after["Deadline"] == "2015-06-05T12:13:41.407076"
    assert after["Activate"] == "2021-06-12T12:13:41.407076"
    assert after["Person"] is None
    assert [p["PersonId"] for p in after["SecondaryPersons"]] == [75]
    assert after["SecondaryPersons"][0]["Firstname"] != "Chaya"
    assert [t["Id"] for t in after["Tags"]] == [131]
    kept = (
        "CreatedAt",
        "CreatedBy",
        "OwnedBy",
        "Category",
        "Priority",
        "Origin",
        "ConnectId",
        "NumMessages",
        "NumReplies",
        "TimeSpent",
        "Messages",
        "ClosedAt",
        "FromAddress",
        "Language",
        "Sentiment",
        "TicketType",
        "AlertLevel",
        "CustomFields",
    )
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert json.loads(ask(demo, "POST", GET + "389")[2]) == after


def test_the_same_sample_twice_changes_nothing_more(demo: DemoServer) -> None:
    body = (SAMPLES / "save-ticket-request.json").read_bytes()
    once = ask(demo, "POST", SAVE, body)[2]
    assert ask(demo, "POST", SAVE, body)[2] == once


def test_the_answer_has_every_property_of_the_carrier_in_its_order(demo: DemoServer) -> None:
    answer = json.loads(ask(demo, "POST", GET + "389")[2])
    names = [f.encode_name for f in msgspec.structs.fields(TicketEntity)]
    assert list(answer) == names
    assert len(names) == 60
    for nested in ("OwnedBy", "Category", "Priority", "Status", "TicketType", "CreatedBy"):
        assert answer[nested]["FieldProperties"] == {}


def test_paths_match_in_any_case_and_with_doubled_slashes(demo: DemoServer) -> None:
    for path in (
        "/API/v1/agents/ticket/GETTICKETENTITY",
        "/api/v1//Agents/Ticket/GetTicketEntity/",
    ):
        status, _, answer = ask(demo, "POST", f"{path}?TICKETENTITYID=389")
        assert (status, json.loads(answer)["TicketId"]) == (200, 389)


def test_a_key_that_came_in_the_body_is_read_too(demo: DemoServer) -> None:
    status, _, answer = ask(
        demo, "POST", "/api/v1/Agents/Ticket/GetTicketEntity", b'{"ticketEntityId": 389}'
    )
    assert (status, json.loads(answer)["TicketId"]) == (200, 389)


def test_a_wrapped_parameter_that_came_in_the_address_is_read_too(demo: DemoServer) -> None:
    path = "/api/v1/Agents/Ticket/CreateDefaultForTicketType?ticketTypeId=2"
    status, _, answer = ask(demo, "POST", path)
    assert (status, json.loads(answer)["TicketType"]["TicketTypeId"]) == (200, 2)


def test_a_zipped_body_is_read_and_a_bomb_is_not(demo: DemoServer) -> None:
    zipped = gzip.compress(b'{"TicketId": 389, "Title": "zipped"}')
    status, _, answer = ask(demo, "POST", SAVE, zipped, content_encoding="gzip")
    assert (status, json.loads(answer)["Title"]) == (200, "zipped")
    bomb = gzip.compress(b" " * 60_000_000)
    assert ask(demo, "POST", SAVE, bomb, content_encoding="gzip")[0] == 413


REFUSED_REQUESTS: list[tuple[str, int, str, str, bytes, dict[str, str]]] = [
    ("no JSON at all", 400, "POST", SAVE, b"{nonsense", {}),
    ("an array for an object", 400, "POST", SAVE, b"[1]", {}),
    ("no body", 400, "POST", SAVE, b"", {}),
    ("null for a body", 400, "POST", SAVE, b"null", {}),
    ("an unknown enum name", 400, "POST", SAVE, b'{"TicketId":389,"BaseStatus":"Sleeping"}', {}),
    ("text for a number", 400, "POST", SAVE, b'{"TicketId":"abc"}', {}),
    ("a number past int32", 400, "POST", SAVE, b'{"TicketId":99999999999}', {}),
    ("a date that is none", 400, "POST", SAVE, b'{"TicketId":389,"Deadline":"soon"}', {}),
    ("a NUL character", 400, "POST", SAVE, b'{"TicketId":389,"Title":"a\\u0000b"}', {}),
    ("half a surrogate", 400, "POST", SAVE, b'{"TicketId":389,"Title":"\\ud800"}', {}),
    ("nested past all reason", 400, "POST", SAVE, b"[" * 200_000, {}),
    (
        "a title of 256",
        400,
        "POST",
        SAVE,
        json.dumps({"TicketId": 389, "Title": "x" * 256}).encode(),
        {},
    ),
    ("a missing key", 400, "POST", "/api/v1/Agents/Ticket/GetTicketEntity", b"", {}),
    ("a key that is no number", 400, "POST", GET + "abc", b"", {}),
    ("no credential", 401, "POST", SAVE, b"{}", {"authorization": ""}),
    ("a wrong password", 401, "POST", SAVE, b"{}", {"authorization": "Basic dGplMDp3cm9uZw=="}),
    ("a token nobody issued", 401, "POST", SAVE, b"{}", {"authorization": "Bearer 8A:x"}),
    (
        "a reader who writes",
        403,
        "POST",
        SAVE,
        b'{"TicketId":389}',
        {"authorization": "Basic c29maWUwOlNvZmllMA=="},
    ),
    ("a ticket that is not there", 404, "POST", SAVE, b'{"TicketId":99999,"Title":"x"}', {}),
    ("an unknown method", 404, "POST", "/api/v1/Agents/Ticket/Nothing", b"{}", {}),
    ("an unknown agent", 404, "POST", "/api/v1/Agents/Nobody/Nothing", b"{}", {}),
    ("a wrong verb", 405, "DELETE", SAVE, b"", {}),
    ("an unknown type of body", 415, "POST", SAVE, b"%PDF", {"content_type": "application/pdf"}),
]


@pytest.mark.parametrize(
    ("status", "method", "path", "body", "headers"),
    [case[1:] for case in REFUSED_REQUESTS],
    ids=[case[0] for case in REFUSED_REQUESTS],
)
def test_what_is_refused_has_a_status_and_an_error_object_and_changes_nothing(
    demo: DemoServer, status: int, method: str, path: str, body: bytes, headers: dict[str, str]
) -> None:
    before = ask(demo, "POST", GET + "389")[2]
    found, _, answer = ask(demo, method, path, body, **headers)
    assert found == status, answer
    error = json.loads(answer)
    assert error["Error"] is True
    assert error["ErrorMessage"] == error["Message"] != ""
    assert "Traceback" not in answer.decode()
    assert ask(demo, "POST", GET + "389")[2] == before


def test_a_refusal_tells_what_to_do(demo: DemoServer) -> None:
    _, headers, _ = ask(demo, "POST", SAVE, b"{}", authorization="")
    realm = 'Basic realm="SuperOffice Username or Ticket"'
    assert headers["WWW-Authenticate"] == realm
    _, headers, _ = ask(demo, "POST", SAVE, b"{}", authorization="", x_requested_with="x")
    assert "WWW-Authenticate" not in headers
    _, headers, _ = ask(demo, "DELETE", SAVE)
    assert headers["Allow"] == "GET, POST"
    _, _, answer = ask(demo, "POST", SAVE, b'{"TicketId":389,"Title":"' + b"x" * 256 + b'"}')
    assert "Title" in json.loads(answer)["ErrorMessage"]


def test_get_on_a_method_describes_the_call(demo: DemoServer) -> None:
    status, _, answer = ask(demo, "GET", SAVE, content_type="")
    assert status == 200
    assert "a new one for TicketId 0" in json.loads(answer)["POST"]
    with_key = json.loads(ask(demo, "GET", GET.partition("?")[0])[2])["POST"]
    assert "ticketEntityId" in with_key


def test_a_body_over_the_limit_is_refused_before_it_is_read(demo: DemoServer) -> None:
    connection = http.client.HTTPConnection(urlsplit(demo.url).netloc, timeout=20)
    connection.putrequest("POST", SAVE)
    for name, value in PAGE_HEADERS.items():
        connection.putheader(name, value)
    connection.putheader("Content-Length", str(10**9))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_other_origins_are_refused_unless_the_settings_name_them(demo: DemoServer) -> None:
    _, headers, _ = ask(
        demo, "OPTIONS", SAVE, origin="https://app.example", access_control_request_method="POST"
    )
    assert "Access-Control-Allow-Origin" not in headers
    assert "Access-Control-Allow-Origin" not in ask(demo, "POST", GET + "389")[1]


def test_the_ticket_is_answered_in_xml_and_taken_from_it(demo: DemoServer) -> None:
    status, headers, answer = ask(demo, "POST", GET + "389", accept="application/xml")
    assert (status, headers["Content-Type"]) == (200, "application/xml; charset=utf-8")
    assert answer.startswith(b"<TicketEntity xmlns:i=")
    changed = b"<TicketEntity><TicketId>389</TicketId><Title>By XML</Title></TicketEntity>"
    status, headers, answer = ask(demo, "POST", SAVE, changed, content_type="text/xml", accept="")
    assert (status, headers["Content-Type"]) == (200, "text/xml; charset=utf-8")
    assert b"<Title>By XML</Title>" in answer
    refused = ask(
        demo,
        "POST",
        SAVE,
        changed.replace(b"389", b"99999"),
        content_type="text/xml",
        accept="text/xml",
    )
    assert refused[0] == 404
    assert b"<ErrorType>SoNotFoundException</ErrorType>" in refused[2]


def test_the_ticket_is_taken_from_a_form(demo: DemoServer) -> None:
    form = b"ticketId=389&Title=By+form&Tags[0].Id=131&Category.TicketCategoryId=1"
    status, headers, answer = ask(
        demo, "POST", SAVE, form, content_type="application/x-www-form-urlencoded"
    )
    assert (status, headers["Content-Type"]) == (200, "application/json; charset=utf-8")
    saved = json.loads(answer)
    assert (saved["Title"], [t["Id"] for t in saved["Tags"]]) == ("By form", [131])


def test_an_answer_is_trimmed_to_what_is_selected(demo: DemoServer) -> None:
    answer = json.loads(ask(demo, "POST", GET + "389&$select=title")[2])
    assert answer["Title"] != ""
    assert answer["TicketId"] == 389
    assert (answer["Category"], answer["Messages"], answer["Author"]) == (None, [], "")
