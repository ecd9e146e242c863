"""Hooks over REST, through the whole application."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

import skranke.app
from skranke.core.context import CurrentUser
from skranke.http.request import Head
from skranke.http.server import HttpServer
from tests.cast import ADA, ANNA
from tests.channels.webhooks.conftest import Hooked

assert skranke.app  # importing it is what publishes every operation


def asking(hooked: Hooked, user: CurrentUser) -> httpx.AsyncClient:
    async def sign_in(head: Head) -> CurrentUser:
        return user

    server = HttpServer(hooked.state, sign_in, None)
    base = "http://desk.example/api/v1/Webhook"
    return httpx.AsyncClient(transport=httpx.ASGITransport(server), base_url=base)


@pytest.fixture
async def rest(hooked: Hooked) -> AsyncIterator[httpx.AsyncClient]:
    async with asking(hooked, ADA) as client:
        yield client


async def posted(rest: httpx.AsyncClient, hooked: Hooked, **others: Any) -> Any:
    body = {
        "Name": "Ours",
        "Events": ["ticket.created"],
        "Secret": "hush",
        "TargetUrl": hooked.receiver.url,
    } | others
    answer = await rest.post("", json=body)
    assert answer.status_code == 200, answer.text
    hooked.receiver.got.clear()
    return answer.json()


async def test_a_hook_is_posted_read_listed_and_deleted(rest: httpx.AsyncClient, hooked: Hooked):
    blank = (await rest.get("/default")).json()
    assert blank["Events"] == ["contact.created", "contact.deleted"]
    hook = await posted(rest, hooked, Properties={"tenant": {"ids": [1, 2.5, None]}})
    at = f"/{hook['WebhookId']}"
    assert hook["Properties"] == {"tenant": {"ids": [1, 2.5, None]}}
    assert hook["Secret"] is None
    assert (await rest.get(at)).json().items() >= hook.items()
    xml = await rest.get(at, headers={"Accept": "application/xml"})
    assert "<Key>tenant</Key>" in xml.text
    by_filter = {"nameFilter=ours": 1, "eventFilter=x.y": 0, "statusFilter=Active": 1}
    for asked, count in by_filter.items():
        assert len((await rest.get(f"?{asked}")).json()) == count
    assert (await rest.get(f"{at}/LastError")).json() == ""
    assert (await rest.delete(at)).status_code == 204
    for answer in (await rest.get(at), await rest.delete(at)):
        assert answer.status_code == 404
        assert str(hook["WebhookId"]) in answer.json()["ErrorMessage"]


async def test_put_replaces_and_keeps_the_secret(rest: httpx.AsyncClient, hooked: Hooked):
    hook = await posted(rest, hooked, Description="Why", ErrorEmails=["a@b.example"])
    body = {"TargetUrl": hooked.receiver.url, "ErrorEmails": ["a@b.example"]}
    answer = await rest.put(f"/{hook['WebhookId']}", json=body)
    assert answer.status_code == 200, answer.text
    changed = answer.json()
    assert (changed["Name"], changed["Description"], changed["Events"]) == ("", "", [])
    assert (changed["State"], changed["ErrorEmails"]) == ("Active", ["a@b.example"])
    [test] = hooked.receiver.got
    assert test.header("X-SuperOffice-Signature")
    assert (await rest.put("/99", json=body)).status_code == 404


async def test_a_patch_changes_what_it_names(rest: httpx.AsyncClient, hooked: Hooked):
    hook = await posted(rest, hooked, Headers={"X-A": "1", "X-B": "2"})
    merge = {"Name": "Theirs", "Headers": {"X-A": None}, "Properties": {"n": 1}}
    answer = await rest.patch(f"/{hook['WebhookId']}", json=merge)
    changed = answer.json()
    assert (changed["Name"], changed["Headers"]) == ("Theirs", {"X-B": "2"})
    assert (changed["Events"], changed["Properties"]) == (["ticket.created"], {"n": 1})
    patch = [{"op": "test", "path": "/Name", "value": "Ours"}]
    assert (await rest.patch(f"/{hook['WebhookId']}", json=patch)).status_code == 409
    assert (await rest.patch("/99", json=merge)).status_code == 404


async def test_a_failing_receiver_is_a_400_with_its_answer(rest: httpx.AsyncClient, hooked: Hooked):
    hooked.receiver.status = 500
    hooked.receiver.answer = b"out of order"
    answer = await rest.post("", json={"TargetUrl": hooked.receiver.url})
    assert answer.status_code == 400
    assert "out of order" in answer.json()["ErrorMessage"]
    test = await rest.post("/Test", json={"TargetUrl": hooked.receiver.url})
    assert test.json()["Success"] is False
    assert test.json()["Message"].endswith("out of order")


async def test_an_event_is_signalled_by_its_address(hooked: Hooked):
    await hooked.hook(events=["door.opened"])
    async with asking(hooked, ANNA) as rest:
        answer = await rest.post("/door.opened/7", json={"by": "wind"})
        assert answer.status_code == 204, answer.text
        assert (await rest.post("/door.opened/8")).status_code == 204
        assert (await rest.post("/ticket.changed/7", json={})).status_code == 400
        assert (await rest.post("/door.opened/seven", json={})).status_code == 400
        assert (await rest.get("")).status_code == 403
    await hooked.turn()
    found = {b["PrimaryKey"]: b["FieldValues"] for b in hooked.receiver.bodies()}
    assert found == {7: {"by": "wind"}, 8: {}}


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b'{"a": %s}' % (b"9" * 30), "[a]"),
        (b'{"a": "\\u0000"}', "[a]"),
        (b'{"a": 1e999}', "[a]"),
        (b'{"a": ' + b"[" * 2000 + b"]" * 2000 + b"}", "nested"),
        (b"[1]", "object"),
    ],
)
async def test_data_that_can_not_be_kept_is_refused(
    rest: httpx.AsyncClient, body: bytes, named: str
):
    headers = {"Content-Type": "application/json"}
    answer = await rest.post("/door.opened/7", content=body, headers=headers)
    assert answer.status_code == 400
    assert named in answer.json()["ErrorMessage"]


async def test_the_log_is_read_and_a_delivery_replayed(rest: httpx.AsyncClient, hooked: Hooked):
    hook = await posted(rest, hooked)
    ticket_id = await hooked.ticket()
    await hooked.turn()
    log = f"/{hook['WebhookId']}/Deliveries"
    [delivery] = (await rest.get(f"{log}?state=Delivered&top=5")).json()
    assert delivery["Event"] == "ticket.created"
    assert delivery["AnswerStatus"] == 200
    assert f'"PrimaryKey":{ticket_id}' in delivery["Body"]
    replay = await rest.post(f"{log}/{delivery['EventId']}/Replay")
    assert replay.json()["State"] == "Waiting"
    await hooked.turn()
    first, second = hooked.receiver.got
    assert first.body == second.body
    assert (await rest.post(f"{log}/nothing/Replay")).status_code == 404
    assert (await rest.get("/99/Deliveries")).status_code == 404
