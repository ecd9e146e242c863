"""The API description in OpenAPI 2.0, in the two documents that the vendor publishes.

Converted from the 3.1 document, so they cannot differ: one for the agents, one for REST,
with the vendor's operation ids, so that generated clients keep their method names.
Source: OpenAPI Specification 2.0; names of the vendor's published files.
"""

import json
from functools import cache
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from skranke.http import negotiation
from skranke.http.openapi.json_schema import Schema
from skranke.http.openapi.v3 import AGENTS, document

TITLES = {"v1-Agents": "Agent API v1", "v1-REST": "REST API v1"}
AUTHORIZATION = {"type": "apiKey", "in": "header", "name": "Authorization"}
# schema keywords that 2.0 does not have or names differently
DROPPED_KEYWORDS = {"anyOf", "oneOf", "contentEncoding", "examples"}


def swagger(name: str, version: str) -> Schema:
    """The document with this name: `v1-Agents` or `v1-REST`."""
    whole = document(version)
    agents = name == "v1-Agents"
    parts = whole["components"]
    named = parts["schemas"]
    paths = {
        path: {verb: _operation(source, named) for verb, source in methods.items()}
        for path, methods in whole["paths"].items()
        if path.startswith(AGENTS) == agents
    }
    kinds = sorted(negotiation.RESPONSE_CODECS)
    return {
        "swagger": "2.0",
        "info": {"title": f"Skranke {TITLES[name]}", "version": version},
        "consumes": kinds,
        "produces": kinds,
        "paths": paths,
        "definitions": {k: _schema(v) for k, v in named.items()},
        "responses": {k: _response(v) for k, v in parts["responses"].items()},
        "securityDefinitions": {"basic": {"type": "basic"}, "other": AUTHORIZATION},
        "security": [{"basic": []}, {"other": []}],
    }


def routes(version: str) -> list[Route]:
    """`GET /swagger/docs/v1-Agents` and `/v1-REST`, without sign-in; each is built once."""

    @cache
    def document_json(name: str) -> bytes:
        return json.dumps(swagger(name, version), ensure_ascii=False).encode()

    async def docs(request: Request) -> Response:
        headers = {"cache-control": "no-cache", "x-content-type-options": "nosniff"}
        source = document_json(request.url.path.rpartition("/")[2])
        return Response(source, media_type="application/json", headers=headers)

    return [Route(f"/swagger/docs/{name}", docs) for name in TITLES]


def _operation(source: Schema, named: Schema) -> Schema:
    known = ("operationId", "tags", "summary", "description", "security", "x-right")
    found = {word: source[word] for word in known if word in source}
    parameters = [_parameter(each, named) for each in source.get("parameters", [])]
    if body := source.get("requestBody"):
        shape = _schema(_shape(body))
        parameters.append(
            {"name": "body", "in": "body", "required": body["required"], "schema": shape}
        )
    found["parameters"] = parameters
    responses = source["responses"].items()
    found["responses"] = {status: _response(answer) for status, answer in responses}
    return found


def _parameter(source: Schema, named: Schema) -> Schema:
    """A parameter with its schema inline: 2.0 allows no references there."""
    shape = source["schema"]
    if "$ref" in shape:
        shape = named[shape["$ref"].rpartition("/")[2]]
    return {**{k: v for k, v in source.items() if k != "schema"}, **_schema(shape)}


def _response(source: Schema) -> Schema:
    if "$ref" in source:
        return {"$ref": source["$ref"].replace("/components", "")}
    found: Schema = {"description": source["description"]}
    if "content" in source:
        found["schema"] = _schema(_shape(source))
    if headers := source.get("headers"):
        found["headers"] = {
            name: {"description": said["description"], **said["schema"]}
            for name, said in headers.items()
        }
    return found


def _shape(source: Schema) -> Schema:
    [kind, *_] = source["content"].values()
    return kind.get("schema", {"type": "string", "format": "binary"})


def _schema(source: Schema) -> Schema:
    """Convert a schema to 2.0: null becomes `x-nullable`, bytes become a format."""
    if "$ref" in source:
        return {"$ref": source["$ref"].replace("components/schemas", "definitions")}
    found = {word: _inner(word, v) for word, v in source.items() if word not in DROPPED_KEYWORDS}
    if "anyOf" in source:
        held = _schema(source["anyOf"][0])
        # siblings of a $ref are ignored
        return (
            {"allOf": [held], "x-nullable": True}
            if "$ref" in held
            else {**held, "x-nullable": True}
        )
    if "contentEncoding" in source:
        found["format"] = "byte"
    if "examples" in source:
        found["example"] = source["examples"][0]
    return found


def _inner(word: str, value: Any) -> Any:
    if word in ("items", "additionalProperties") and isinstance(value, dict):
        return _schema(cast("Schema", value))
    if word == "properties":
        return {name: _schema(held) for name, held in cast("Schema", value).items()}
    return value
