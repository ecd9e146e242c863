"""The OpenAPI document: valid, whole, true to what the desk writes, and readable."""

import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import msgspec
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from starlette.applications import Starlette

# publishes every operation
import skranke.app  # noqa: F401 # pyright: ignore[reportUnusedImport]
from skranke.catalog.priorities.carriers import TicketPriorityEntity, TicketPriorityFlags
from skranke.core.context import Permission, RequestContext
from skranke.core.dates import OPEN_END, Locale
from skranke.core.schema import Carrier, ETableRight, TableRight
from skranke.http.formats import json_codec as wire_json
from skranke.http.openapi import docs
from skranke.http.openapi.json_schema import DuplicateName, components, schema
from skranke.http.openapi.v3 import document, routes
from skranke.http.operation import OPERATIONS, operation
from skranke.people.auth.sessions import SESSION_COOKIE
from skranke.tickets.carriers import TicketEntity, TicketReadStatus

GOLDEN = Path(__file__).parents[2] / "reference/openapi.json"
DOCUMENT = document("golden")
SCHEMAS = DOCUMENT["components"]["schemas"]


def operations() -> dict[str, dict[str, Any]]:
    """Every operation of the document by its id."""
    return {
        told["operationId"]: told
        for methods in DOCUMENT["paths"].values()
        for told in methods.values()
    }


def faults(value: Any, name: str) -> list[str]:
    """What in a JSON value isn't as the document's schema of this name says."""
    whole = {**DOCUMENT, "$ref": f"#/components/schemas/{name}"}
    return [fault.message for fault in Draft202012Validator(whole).iter_errors(value)]


def encode(carrier: Carrier, zone: str = "UTC", *, offset: bool = False) -> Any:
    return json.loads(wire_json.encode(carrier, Locale(ZoneInfo(zone), offset)))


def test_the_document_is_valid_openapi() -> None:
    validate(DOCUMENT)


def test_the_document_is_the_one_in_the_repository() -> None:
    known = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert known == DOCUMENT, "run `make openapi` and read the diff"
    assert list(known["paths"]) == list(DOCUMENT["paths"])


def test_every_operation_is_there_with_body_and_result() -> None:
    told = operations()
    assert len(told) == len(OPERATIONS)
    for one in OPERATIONS:
        agent = "Agent" if "/Agents/" in one.path else ""
        shown = told[f"v1{one.agent}{agent}_{one.name}"]
        assert ("requestBody" in shown) == (one.body is not None), one.path
        done = {"204"} if one.answer in (None, type(None)) else {"200"}
        refused = {"400", "401", "403", "404", "405", "413", "415", "429", "503"}
        assert done | refused <= set(shown["responses"]), one.path
        assert len(shown.get("parameters", [])) == len(one.keys), one.path


def test_an_operation_is_named_and_grouped_as_the_reference_does() -> None:
    save = DOCUMENT["paths"]["/api/v1/Agents/Ticket/SaveTicketEntity"]["post"]
    assert save["operationId"] == "v1TicketAgent_SaveTicketEntity"
    assert save["tags"] == ["Ticket_Agent"]
    entity = {"$ref": "#/components/schemas/TicketEntity"}
    assert save["requestBody"]["content"]["application/json"]["schema"] == entity
    assert save["responses"]["200"]["content"]["application/json"]["schema"] == entity
    current = DOCUMENT["paths"]["/api/v1/User/currentPrincipal"]["get"]
    assert current["operationId"] == "v1User_GetCurrentPrincipal"
    assert current["tags"] == ["User"]


def test_the_docstring_is_what_a_reader_is_told() -> None:
    save = operations()["v1TicketAgent_SaveTicketEntity"]
    one = next(one for one in OPERATIONS if one.name == "SaveTicketEntity")
    told = (one.run.__doc__ or "").split("\n", 1)
    assert save["summary"] == told[0]
    assert save["description"].split() == told[1].split()


def test_keys_stand_in_the_address_by_their_camel_case_names() -> None:
    [key] = operations()["v1TicketAgent_GetTicketEntity"]["parameters"]
    assert (key["name"], key["in"], key["required"]) == ("ticketEntityId", "query", True)
    name, flat, *_ = operations()["v1MDOList_GetList"]["parameters"]
    assert (name["name"], name["in"], name["required"]) == ("name", "path", True)
    assert (flat["name"], flat["in"], flat["required"]) == ("flat", "query", False)


def test_an_operation_for_anyone_asks_for_no_credential(monkeypatch: pytest.MonkeyPatch) -> None:
    async def greet(context: RequestContext, note: str) -> None:
        """Nothing."""

    monkeypatch.setattr("skranke.http.operation.OPERATIONS", alone := [])
    monkeypatch.setattr("skranke.http.openapi.v3.OPERATIONS", alone)
    operation("Door", permission=Permission.ANYONE)(greet)
    told = document("1")
    post = told["paths"]["/api/v1/Agents/Door/Greet"]["post"]
    assert post["security"] == []
    assert post["requestBody"]["required"] is False
    assert post["responses"]["204"].keys() == {"description"}
    assert "Door_GreetRequest" in told["components"]["schemas"]
    validate(told)


def test_the_desk_is_signed_in_to_as_the_document_says() -> None:
    schemes = DOCUMENT["components"]["securitySchemes"]
    assert schemes["basic"]["scheme"] == "basic"
    assert schemes["bearer"]["scheme"] == "bearer"
    assert schemes["ticket"]["name"] == "Authorization"
    assert schemes["session"]["name"] == SESSION_COOKIE
    assert {"session": [], "xsrf": []} in DOCUMENT["security"]


@pytest.mark.parametrize("zone", ["UTC", "Europe/Oslo", "America/St_Johns"])
@pytest.mark.parametrize("offset", [False, True])
def test_what_the_desk_writes_is_what_the_schema_says(zone: str, *, offset: bool) -> None:
    ticket = TicketEntity(
        created_at=datetime(2026, 3, 2, 10, 0, 0, 123450, tzinfo=UTC),
        activate=OPEN_END,
        table_right=TableRight(mask=ETableRight.of(15)),
        priority=TicketPriorityEntity(
            flags=TicketPriorityFlags.of(3),
            non_dates=[datetime(2026, 5, 17)],  # noqa: DTZ001 - on the wall
        ),
    )
    value = encode(ticket, zone, offset=offset)
    assert faults(value, "TicketEntity") == []
    assert set(value) == set(SCHEMAS["TicketEntity"]["properties"])


def test_the_pages_sample_answer_fits_the_schema() -> None:
    sample = Path(__file__).parents[2] / "samples/save-ticket-response.json"
    value = json.loads(sample.read_bytes())
    assert [fault for fault in faults(value, "TicketEntity") if "0001" not in fault] == []


def test_what_the_desk_never_writes_does_not_fit() -> None:
    value = encode(TicketEntity())
    for name, wrong in {
        "CreatedAt": None,
        "Title": "x" * 256,
        "TicketId": 2**31,
        "ReadStatus": "Blue",
        "Deadline": "2026-13-01T00:00:00",
        "SecondaryPersons": None,
        "Tags": [None],
    }.items():
        assert len(faults({**value, name: wrong}, "TicketEntity")) == 1, name


def test_an_enum_is_its_names_in_the_references_order() -> None:
    assert SCHEMAS["TicketReadStatus"] == {
        "type": "string",
        "enum": [member.value for member in TicketReadStatus],
        "description": "Also read by number: Unknown 0, Green 1, Yellow 2, Red 3.",
    }


def test_flags_are_names_joined_by_commas() -> None:
    for right in (0, 1, 7, 15, 32, 128):
        assert faults(ETableRight.of(right).value, "ETableRight") == []
    for wrong in ("Select,Update", "Select, Nothing", "", "UR"):
        assert len(faults(wrong, "ETableRight")) == 1, wrong


def test_an_error_has_the_shape_that_the_document_shows() -> None:
    assert list(SCHEMAS["ErrorBody"]["properties"]) == [
        "Error",
        "ErrorType",
        "ErrorMessage",
        "Message",
        "MessageDetail",
        "ErrorSource",
    ]
    wait = DOCUMENT["components"]["responses"]["TooManyRequests"]["headers"]
    assert list(wait) == ["Retry-After"]


def test_two_types_cannot_share_a_name() -> None:
    twin = msgspec.defstruct("TicketEntity", [("title", str)])
    with pytest.raises(DuplicateName, match="TicketEntity: the name is taken"):
        components([TicketEntity, twin])


def test_a_type_that_carriers_do_not_have_is_refused() -> None:
    with pytest.raises(TypeError, match="has no schema"):
        schema(complex)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """A browser at a desk's pages."""
    transport = httpx.ASGITransport(Starlette(routes=routes("1.2.3")))
    async with httpx.AsyncClient(
        transport=transport, base_url="http://desk.example", follow_redirects=True
    ) as client:
        yield client


async def test_the_document_is_served_to_everybody(client: httpx.AsyncClient) -> None:
    answer = await client.get("/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == document("1.2.3")
    assert answer.json()["servers"] == [{"url": "/"}]
    assert document("1", "https://desk.example")["servers"] == [{"url": "https://desk.example"}]


async def test_the_page_lists_every_operation_without_a_script(client: httpx.AsyncClient) -> None:
    for address in ("/docs", "/docs/"):
        page = (await client.get(address)).text
        assert f"{len(OPERATIONS)} operations" in page
        for name, told in operations().items():
            assert page.count(f'id="{name}"') == 1
            assert docs.escape(told["summary"]) in page


async def test_the_page_fetches_nothing_from_elsewhere(client: httpx.AsyncClient) -> None:
    page = await client.get("/docs")
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self'; ")
    assert "unsafe" not in policy
    fetched = re.findall(r'(?:src|href)="([^"#]+)"', page.text)
    assert sorted(fetched) == ["data:,", "docs/page.css", "docs/page.js", "openapi.json"]
    assert "<script>" not in page.text
    assert "style=" not in page.text
    for name, kind in {"page.css": "text/css", "page.js": "text/javascript"}.items():
        part = await client.get(f"/docs/{name}")
        assert part.headers["content-type"] == f"{kind}; charset=utf-8"
        assert re.findall(r"//\w|innerHTML|@import|url\(", part.text) == []


def test_what_docstrings_say_cannot_become_markup() -> None:
    told = document("1")
    for methods in told["paths"].values():
        for one in methods.values():
            one["summary"], one["description"] = "<b>bold</b>", "`<i>`\n\n<script>"
    page = docs.page(told)
    assert "<b>bold" not in page
    assert "<code>&lt;i&gt;</code>" in page
    assert page.count("<script") == 1


def test_the_pages_files_are_in_the_package() -> None:
    names = {part.name for part in files("skranke.http.openapi.docs").iterdir()}
    assert {"page.html", "page.css", "page.js"} <= names
