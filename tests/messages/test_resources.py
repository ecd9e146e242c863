"""`/api/v1/TicketMessage` by bytes: every verb, links, dates, patches, long texts."""

import json
from typing import Any

import msgspec
import pytest

from skranke.messages.carriers import TicketMessageEntity
from tests.conftest import DemoServer
from tests.test_page import ask

ARCHIVE = "/api/v1/TicketMessage"
AGENT = "/api/v1/Agents/Ticket/GetTicketMessageEntity?ticketMessageEntityId="
NAMES = [field.encode_name for field in msgspec.structs.fields(TicketMessageEntity)]
Wire = dict[str, Any]


def told(
    desk: DemoServer, method: str, path: str, body: object = None, status: int = 200, **headers: str
) -> Any:
    """The body of an answer that must have this status."""
    sent = b"" if body is None else json.dumps(body).encode()
    found, _, answer = ask(desk, method, path, sent, **headers)
    assert found == status, answer[:500]
    return json.loads(answer) if answer else None


def made(desk: DemoServer, **properties: object) -> Wire:
    wish = {"Ticket": {"TicketId": 389}, "Body": "Hello", **properties}
    return told(desk, "POST", ARCHIVE, wish)


def path_of(message: Wire) -> str:
    return f"{ARCHIVE}/{message['EjMessageId']}"


def counted(desk: DemoServer) -> tuple[int, int]:
    ticket = told(desk, "GET", "/api/v1/Ticket/389")
    return ticket["NumMessages"], ticket["TimeSpent"]


def test_a_blank_message_is_the_agents(demo: DemoServer) -> None:
    blank = told(demo, "GET", f"{ARCHIVE}/default")
    assert (list(blank), blank["EjMessageId"]) == (NAMES, 0)
    assert blank["CreatedBy"]["UserName"] == "tje0"


def test_a_message_is_posted_and_read_as_the_agent_has_it_with_links(demo: DemoServer) -> None:
    messages, minutes = counted(demo)
    message = made(demo, TimeSpent=5)
    assert counted(demo) == (messages + 1, minutes + 5)
    assert list(message) == [*NAMES, "_Links"]
    assert told(demo, "GET", path_of(message)) == message
    base = demo.url + path_of(message)
    assert message.pop("_Links") == {
        "Self": base,
        "Self.Attachment": f"{base}/Attachment",
        "Ticket": f"{demo.url}/api/v1/Ticket/389",
        "Archive": demo.url + ARCHIVE,
    }
    assert told(demo, "POST", f"{AGENT}{message['EjMessageId']}") == message


def test_a_put_replaces_what_may_be_changed_and_the_path_names_it(demo: DemoServer) -> None:
    message = made(demo, TimeSpent=5, EmailHeader="To: x", Important=True)
    other = made(demo, Body="Other")
    wish = {"EjMessageId": other["EjMessageId"], "Body": "All new"}
    after = told(demo, "PUT", path_of(message), wish)
    assert after["EjMessageId"] == message["EjMessageId"]
    assert (after["Body"], after["TimeSpent"], after["EmailHeader"]) == ("All new", 0, "")
    assert after["Important"] is False
    for kept in ("CreatedAt", "CreatedBy", "Slevel", "Badge", "Type"):
        assert after[kept] == message[kept], kept
    assert told(demo, "GET", path_of(other))["Body"] == "Other"


def test_what_was_got_can_be_put_back_links_and_all(demo: DemoServer) -> None:
    got = made(demo, HtmlBody="<p onclick='x()'>Hi</p>", TimeSpent=2)
    assert told(demo, "PUT", path_of(got), got) == got
    assert told(demo, "PATCH", path_of(got), got) == got


@pytest.mark.parametrize(
    "patch",
    [
        {"timeSpent": 25},
        [
            {"op": "test", "path": "Body", "value": "Hello"},
            {"op": "replace", "path": "/TimeSpent", "value": 25},
        ],
    ],
)
def test_a_patch_changes_what_it_names(demo: DemoServer, patch: object) -> None:
    message = made(demo)
    minutes = counted(demo)[1]
    after = told(demo, "PATCH", path_of(message), patch)
    assert {n for n in NAMES if after[n] != message[n]} == {"TimeSpent", "Ticket"}
    assert counted(demo)[1] == minutes + 25


@pytest.mark.parametrize(
    ("patch", "status", "sentence"),
    [
        (
            [
                {"op": "replace", "path": "TimeSpent", "value": 9},
                {"op": "test", "path": "Body", "value": "x"},
            ],
            409,
            "Body",
        ),
        ({"TimeSpent": -1}, 400, "TimeSpent"),
        ({"Author": "x" * 256}, 400, "Author"),
        ({"MessageHeaders": [{"Id": 999999, "Name": "To"}]}, 400, "999999"),
    ],
)
def test_a_patch_is_done_whole_or_not_at_all(
    demo: DemoServer, patch: object, status: int, sentence: str
) -> None:
    message = made(demo)
    refused = told(demo, "PATCH", path_of(message), patch, status)
    assert sentence in refused["ErrorMessage"]
    assert told(demo, "GET", path_of(message)) == message


def test_a_removed_message_is_gone_and_not_counted(demo: DemoServer) -> None:
    before = counted(demo)
    message = made(demo, TimeSpent=5)
    assert told(demo, "DELETE", path_of(message), status=204) is None
    assert counted(demo) == before
    told(demo, "GET", path_of(message), status=404)


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("message_id", ["999999", "0", "-1"])
def test_what_isnt_there_is_not_found(demo: DemoServer, method: str, message_id: str) -> None:
    body = None if method in ("GET", "DELETE") else {"Body": "x"}
    refused = told(demo, method, f"{ARCHIVE}/{message_id}", body, 404)
    assert refused["ErrorMessage"] == f"TicketMessage id {message_id} not found"


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({"Ticket": None}, "Ticket.TicketId: a message needs a ticket"),
        ({"Person": {"PersonId": 999999}}, "Person.PersonId: 999999 does not exist"),
        ({"CreatedBy": {"AssociateId": 999999}}, "CreatedBy.AssociateId: 999999"),
        ({"Author": "x" * 256}, "Author"),
        ({"MessageId": "x" * 851}, "MessageId"),
        ({"MessageHeaders": [{"Name": "x" * 65}]}, ""),
        ({"TimeSpent": 2147483648}, "TimeSpent"),
        ({"Body": "a\x00b"}, ""),
    ],
)
def test_what_is_wrong_is_a_400_and_nothing_is_saved(
    demo: DemoServer, wish: Wire, sentence: str
) -> None:
    before = counted(demo)
    body = {"Ticket": {"TicketId": 389}, "Body": "Hello", **wish}
    refused = told(demo, "POST", ARCHIVE, body, 400)
    assert sentence in refused["ErrorMessage"]
    assert counted(demo) == before


def test_a_ticket_that_is_not_there_is_a_404(demo: DemoServer) -> None:
    wish = {"Ticket": {"TicketId": 999999}, "Body": "Hello"}
    refused = told(demo, "POST", ARCHIVE, wish, 404)
    assert refused["ErrorMessage"] == "Ticket.TicketId: 999999 does not exist"


@pytest.mark.parametrize("notify", ["", "?notify=true", "?notify=false"])
def test_notify_is_taken_by_post_and_put(demo: DemoServer, notify: str) -> None:
    wish = {"Ticket": {"TicketId": 389}, "Body": "Hello"}
    message = told(demo, "POST", f"{ARCHIVE}{notify}", wish)
    again = told(demo, "PUT", f"{path_of(message)}{notify}", {"Body": "Again"})
    assert again["Body"] == "Again"


def test_a_message_that_has_not_changed_is_a_304(demo: DemoServer) -> None:
    message = made(demo)
    status, headers, _ = ask(demo, "GET", path_of(message))
    known = headers["Last-Modified"]
    assert (status, known[-3:]) == (200, "GMT")
    unchanged = ask(demo, "GET", path_of(message), if_modified_since=known)
    assert (unchanged[0], unchanged[2]) == (304, b"")
    told(demo, "POST", "/_desk/clock", {"advance": 60})
    told(demo, "PATCH", path_of(message), {"Important": True})
    later = told(demo, "GET", path_of(message), if_modified_since=known)
    assert later["Important"] is True
    ticket = told(demo, "GET", "/api/v1/Ticket/389", if_modified_since=known)
    assert ticket["Messages"][-1]["Important"] is True


OLD = "Mon, 02 Jan 2012 10:00:00 GMT"


@pytest.mark.parametrize(
    ("method", "body", "status"),
    [("PUT", {"Body": "x"}, 200), ("PATCH", {"Body": "x"}, 200), ("DELETE", None, 204)],
)
def test_who_knows_an_older_message_does_nothing(
    demo: DemoServer, method: str, body: object, status: int
) -> None:
    message = told(demo, "PATCH", path_of(made(demo)), {"TimeSpent": 1})
    told(demo, method, path_of(message), body, 412, if_unmodified_since=OLD)
    assert told(demo, "GET", path_of(message)) == message
    known = ask(demo, "GET", path_of(message))[1]["Last-Modified"]
    told(demo, method, path_of(message), body, status, if_unmodified_since=known)


def test_a_long_text_is_kept_whole(demo: DemoServer) -> None:
    line = "<p>Grønn <b>pumpe</b> &amp; 漢字</p>"
    html = line * (200 * 1024 // len(line.encode()) + 1)
    message = made(demo, Body="", HtmlBody=html)
    assert message["HtmlBody"] == html
    assert message["Body"].count("Grønn pumpe & 漢字") == html.count("<p>")
    assert told(demo, "GET", path_of(message)) == message


def test_a_message_id_may_be_as_long_as_its_column(demo: DemoServer) -> None:
    long = "".join(chr(0x1F300 + (number * 7919) % 1500) for number in range(850))
    assert made(demo, MessageId=long)["MessageId"] == long
