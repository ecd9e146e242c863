"""The OpenAPI 2.0 documents: valid, whole, and named as the vendor's clients expect."""

import json
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV2SpecValidator, validate

# publishes every operation
import skranke.app  # noqa: F401 # pyright: ignore[reportUnusedImport]
from skranke.http.openapi.swagger2 import TITLES, swagger
from skranke.http.operation import OPERATIONS
from tests.conftest import DemoServer
from tests.test_page import ask

BOTH = {name: swagger(name, "test") for name in TITLES}


def operations_by_id(name: str) -> dict[str, tuple[str, str]]:
    """Verb and path of each operation, by its id."""
    paths: dict[str, dict[str, Any]] = BOTH[name]["paths"]
    return {
        said["operationId"]: (verb, path)
        for path, methods in paths.items()
        for verb, said in methods.items()
    }


@pytest.mark.parametrize("name", TITLES)
def test_the_document_is_valid(name: str) -> None:
    validate(BOTH[name], cls=OpenAPIV2SpecValidator)


def test_each_operation_is_in_one_of_the_two() -> None:
    agents, rest = operations_by_id("v1-Agents"), operations_by_id("v1-REST")
    assert not agents.keys() & rest.keys()
    assert len(agents) + len(rest) == len(OPERATIONS)
    assert all("/Agents/" in path for _, path in agents.values())
    assert not any("/Agents/" in path for _, path in rest.values())


def test_operations_are_named_as_the_vendors() -> None:
    assert "v1TicketAgent_SaveTicketEntity" in operations_by_id("v1-Agents")
    rest = operations_by_id("v1-REST")
    ticket = "/api/v1/Ticket/{ticketId}"
    assert rest["v1TicketEntity_GetTicketEntity"] == ("get", ticket)
    assert rest["v1TicketEntity_PatchTicketEntity"] == ("patch", ticket)
    assert rest["v1TicketEntity_HttpPutSaveTicketEntityWithNotify"] == ("put", ticket)
    assert rest["v1TicketEntity_Simple"] == ("get", f"{ticket}/Simple")
    items = "/api/v1/List/TicketPriority/Items"
    assert rest["v1TicketPriorityList_GetAllTicketPriorityEntity"] == ("get", items)


def test_what_may_be_null_and_what_is_bytes_is_said_in_the_words_of_2() -> None:
    ticket = BOTH["v1-REST"]["definitions"]["TicketEntityWithLinks"]["properties"]
    person = {"allOf": [{"$ref": "#/definitions/Person"}], "x-nullable": True}
    assert ticket["Person"] == person
    assert ticket["_Links"]["additionalProperties"] == {"type": "string"}
    text = json.dumps(BOTH)
    for word in ("anyOf", "oneOf", "contentEncoding", "#/components", "requestBody"):
        assert word not in text


def test_both_are_served_to_everybody(demo_server: DemoServer) -> None:
    for name, document in BOTH.items():
        path = f"/swagger/docs/{name}"
        status, headers, body = ask(demo_server, "GET", path, authorization="")
        assert (status, headers["Content-Type"]) == (200, "application/json")
        assert json.loads(body)["paths"] == document["paths"]
