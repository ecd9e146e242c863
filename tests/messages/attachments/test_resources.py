"""Files over REST: described, replaced, patched, filled, and hung on messages."""

import json
from typing import Any

import pytest

from tests.conftest import DemoServer
from tests.http.test_streams import JSON, ask, upload


def told(url: str, method: str, path: str, body: object = None, status: int = 200) -> Any:
    """The body of an answer that must have this status."""
    sent = None if body is None else json.dumps(body)
    answer = ask(url, method, path, sent, **JSON)
    assert answer.status == status, answer.body
    return json.loads(answer.body) if answer.body else None


def agent(url: str, name: str, body: object) -> Any:
    return told(url, "POST", f"/api/v1/Agents/Ticket/{name}", body)


def test_a_file_is_described_replaced_and_patched(demo: DemoServer) -> None:
    blank = told(demo.url, "GET", "/api/v1/Attachment/default")
    assert (blank["AttachmentId"], blank["Name"]) == (0, "")
    made = told(demo.url, "POST", "/api/v1/Attachment", {**blank, "Name": "a.txt"})
    address = f"/api/v1/Attachment/{made['AttachmentId']}"
    assert made["_Links"]["Self"] == demo.url + address
    assert made["_Links"]["Self.Content"] == f"{demo.url}{address}/Content"
    assert made["FieldProperties"]["Name"]["FieldRight"]["Mask"] == "Update"
    put = told(demo.url, "PUT", address, {"Name": "b.png", "AttachmentId": 7})
    assert (put["AttachmentId"], put["Name"], put["ContentType"]) == (
        made["AttachmentId"],
        "b.png",
        "image/png",
    )
    merged = told(demo.url, "PATCH", address, {"name": "c.png"})
    assert (merged["Name"], merged["ContentType"]) == ("c.png", "image/png")
    test = {"op": "test", "path": "Name", "value": "c.png"}
    replace = {"op": "replace", "path": "/ContentType", "value": "image/gif"}
    patched = told(demo.url, "PATCH", address, [test, replace])
    assert patched["ContentType"] == "image/gif"
    told(demo.url, "PATCH", address, [{**test, "value": "x"}], 409)
    read = told(demo.url, "GET", address)
    assert (read["Name"], read["ContentType"]) == ("c.png", "image/gif")


@pytest.mark.parametrize(
    ("method", "rest", "body"),
    [
        ("GET", "", None),
        ("PUT", "", {"Name": "a"}),
        ("PATCH", "", {"Name": "a"}),
        ("GET", "/Content", None),
        ("POST", "/Content", {}),
    ],
)
def test_a_file_that_is_not_there_is_a_404(
    demo: DemoServer, method: str, rest: str, body: object
) -> None:
    refused = told(demo.url, method, f"/api/v1/Attachment/999999{rest}", body, 404)
    assert "999999" in refused["ErrorMessage"]


def test_files_of_messages_and_tickets_are_listed(demo: DemoServer) -> None:
    address = upload(demo.url, "a.txt", b"abc")
    number = int(address.split("/")[4])
    message = agent(
        demo.url, "SaveTicketMessageEntity", {"Ticket": {"TicketId": 389}, "Body": "See"}
    )
    hung = f"/api/v1/TicketMessage/{message['EjMessageId']}/Attachment"
    assert told(demo.url, "POST", hung, [number], 204) is None
    assert [f["AttachmentId"] for f in told(demo.url, "GET", hung)] == [number]
    listed = told(demo.url, "GET", "/api/v1/Ticket/389/Attachments")
    assert number in [f["AttachmentId"] for f in listed]
    forged = ask(demo.url, "POST", address, b"forged")
    assert (forged.status, ask(demo.url, "GET", address).body) == (400, b"abc")
    assert "999999" in told(demo.url, "POST", hung, [999999], 400)["ErrorMessage"]
    told(demo.url, "GET", "/api/v1/Ticket/999999/Attachments", None, 404)
    told(demo.url, "GET", "/api/v1/TicketMessage/999999/Attachment", None, 404)
    told(demo.url, "POST", "/api/v1/TicketMessage/999999/Attachment", [number], 404)
