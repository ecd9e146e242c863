"""Whatever the OpenAPI document allows, and what it doesn't, is answered as it says."""

from functools import cache
from typing import Any, cast

import pytest
import schemathesis
from hypothesis import given, settings
from hypothesis.strategies import DataObject, SearchStrategy, data, one_of

# publishes every operation
import skranke.app  # noqa: F401 # pyright: ignore[reportUnusedImport]
from skranke.archive.mdo.providers import LISTS
from skranke.http.openapi.v3 import document
from tests.conftest import DemoServer

DOCUMENT = document("test")
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
SCHEMA.config.checks.update(
    included_check_names=[
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
    ]
)


def with_known_ids(value: Any, name: str = "") -> Any:
    """The value with ids and list names that the demo desk has, lest all is a 404."""
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value).items()
        return {key: with_known_ids(held, key.lower()) for key, held in items}
    if isinstance(value, list):
        return [with_known_ids(held, name) for held in cast("list[Any]", value)]
    if type(value) is int and name.endswith(("id", "ids")):
        return abs(value) % 9
    if isinstance(value, str) and name in ("name", "listname"):
        return sorted(LISTS)[len(value) % len(LISTS)]
    return value


@SCHEMA.hook
def map_case(_: schemathesis.HookContext, case: schemathesis.Case[Any]) -> schemathesis.Case[Any]:
    case.path_parameters, case.query = (
        with_known_ids(case.path_parameters),
        with_known_ids(case.query),
    )
    case.body = with_known_ids(case.body)
    return case


@cache
def cases(path: str, method: str) -> SearchStrategy[schemathesis.Case[Any]]:
    """Requests that fit the document, and others that don't."""
    operation = cast("Any", SCHEMA[path][method])
    return one_of([operation.as_strategy(mode) for mode in schemathesis.GenerationMode])


# not SCHEMA.parametrize(): its tests share one id, of which xdist runs a single one
@pytest.mark.parametrize(
    ("path", "method"),
    [(path, method) for path in DOCUMENT["paths"] for method in DOCUMENT["paths"][path]],
)
@settings(max_examples=10, deadline=None, derandomize=True, database=None)
@given(data=data())
def test_no_request_makes_the_desk_fail(
    path: str, method: str, data: DataObject, demo_server: DemoServer
) -> None:
    case = data.draw(cases(path, method))
    case.call_and_validate(base_url=demo_server.url, auth=("tje0", "Tje0"))
