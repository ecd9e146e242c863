"""The OpenAPI 3.1 document, generated from the registered operations, and its routes.

Operations and tags have the reference's names: `v1TicketAgent_SaveTicketEntity` under
`Ticket_Agent`. Source: OpenAPI Specification 3.1.1.
"""

import inspect
import json
import re
from functools import cache

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from skranke.core.context import Permission
from skranke.core.errors import (
    ApiError,
    Conflict,
    ErrorBody,
    MethodNotAllowed,
    NotAllowed,
    NotFound,
    NotSignedIn,
    PayloadTooLarge,
    PreconditionFailed,
    ServiceUnavailable,
    TooManyRequests,
    UnsupportedMediaType,
)
from skranke.http.openapi import docs
from skranke.http.openapi.json_schema import Schema, components, schema
from skranke.http.operation import OPERATIONS, Operation, camel
from skranke.http.streams import Upload

AGENTS = "/api/v1/Agents/"
DESCRIPTION = """\
A service desk whose HTTP API is SuperOffice Service's WebAPI.

Schemas show what the server writes: every property, in PascalCase. The server reads
names in any case, enums by name or number and numbers as text, and ignores unknown
properties. A property that is absent from a saved entity keeps its value; null clears
it. A read that finds nothing answers null.
"""
ERRORS = (
    ApiError,
    NotSignedIn,
    NotAllowed,
    NotFound,
    MethodNotAllowed,
    Conflict,
    PreconditionFailed,
    PayloadTooLarge,
    UnsupportedMediaType,
    TooManyRequests,
    ServiceUnavailable,
)
ERROR_HEADERS = {
    NotSignedIn: ("WWW-Authenticate", {"type": "string"}, "How to sign in."),
    MethodNotAllowed: ("Allow", {"type": "string"}, "The methods that the address accepts."),
    TooManyRequests: ("Retry-After", {"type": "integer"}, "Seconds to wait."),
    ServiceUnavailable: ("Retry-After", {"type": "integer"}, "Seconds to wait."),
}
SCHEMES: dict[str, Schema] = {
    "basic": {"type": "http", "scheme": "basic", "description": "User and password."},
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "An access token, as `currentToken` issues it.",
    },
    "ticket": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "`SOTicket` and a ticket. If the server is configured to require "
        "it, also send the header `SO-AppToken`.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "skranke_session",
        "description": "A browser's session; also send the header `X-XSRF-TOKEN`.",
    },
    "xsrf": {
        "type": "apiKey",
        "in": "header",
        "name": "X-XSRF-TOKEN",
        "description": "The value of the session's cookie `XSRF-TOKEN`.",
    },
}
SECURITY: list[dict[str, list[str]]] = [
    {"basic": []},
    {"bearer": []},
    {"ticket": []},
    {"session": [], "xsrf": []},
]


def document(version: str, server_url: str = "") -> Schema:
    """The document of all registered operations, sorted by address.

    `server_url` is the base of the addresses; if empty, the host that serves the document.
    """
    operations = sorted(OPERATIONS, key=lambda o: (o.path.lower(), o.method))
    paths: dict[str, Schema] = {}
    for operation in operations:
        methods = paths.setdefault(_address(operation.path), {})
        methods[operation.method.lower()] = _operation_object(operation)
    kinds = [
        kind
        for o in operations
        for kind in (o.body, o.answer, *o.keys.values())
        if kind is not Upload
    ]
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "Skranke",
            "version": version,
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": server_url or "/"}],
        "security": SECURITY,
        "tags": [{"name": tag} for tag in sorted({_tag(o) for o in operations})],
        "paths": paths,
        "components": {
            "schemas": components([*kinds, ErrorBody]),
            "responses": {r.__name__: _error_response(r) for r in ERRORS},
            "securitySchemes": SCHEMES,
        },
    }


def routes(version: str) -> list[Route]:
    """`GET /openapi.json` and `GET /docs`, without sign-in; both are built once."""

    @cache
    def document_and_page() -> tuple[bytes, str]:
        whole = document(version)
        return json.dumps(whole, ensure_ascii=False).encode(), docs.page(whole)

    async def openapi_json(_: Request) -> Response:
        headers = {"cache-control": "no-cache", "x-content-type-options": "nosniff"}
        return Response(document_and_page()[0], media_type="application/json", headers=headers)

    return [Route("/openapi.json", openapi_json), *docs.routes(lambda: document_and_page()[1])]


def _operation_object(operation: Operation) -> Schema:
    result = inspect.cleandoc(operation.run.__doc__ or "")
    more = result.partition("\n")[2].strip()
    described: Schema = {
        "operationId": _operation_id(operation),
        "tags": [_tag(operation)],
        "summary": operation.summary,
        **({"description": more} if more else {}),
        "x-right": operation.permission.value,
    }
    if operation.permission is Permission.ANYONE:
        described["security"] = []
    if operation.keys:
        described["parameters"] = [_parameter(operation, key) for key in operation.keys]
    if operation.body is not None:
        described["requestBody"] = {
            "required": operation.entity is not None,
            "content": _content(operation.body),
        }
    return described | {"responses": _responses(operation)}


def _content(body: object) -> Schema:
    """The content of a request: raw bytes for an upload, else JSON."""
    if body is Upload:
        return _bytes()
    return _json(schema(body))


def _bytes() -> Schema:
    """Raw bytes have no JSON Schema. Source: OpenAPI 3.1.1."""
    return {"application/octet-stream": {}}


def _responses(operation: Operation) -> Schema:
    refused = {
        str(refusal.status): {"$ref": f"#/components/responses/{refusal.__name__}"}
        for refusal in ERRORS
    }
    if operation.answer in (None, type(None)):
        return {"204": {"description": "Done; the answer has no body."}} | refused
    content = _json(schema(operation.answer))
    if operation.answer is bytes:  # a File: base64 in JSON, or the bytes themselves
        content |= _bytes()
    result: Schema = {"200": {"description": operation.summary, "content": content}}
    if operation.is_conditional:
        result["304"] = {"description": "The entity has not changed since If-Modified-Since."}
    return result | refused


def _error_response(refusal: type[ApiError]) -> Schema:
    shown: Schema = {"description": refusal.__doc__, "content": _json(schema(ErrorBody))}
    if refusal in ERROR_HEADERS:
        name, kind, description = ERROR_HEADERS[refusal]
        shown["headers"] = {name: {"description": description, "schema": kind}}
    return shown


def _parameter(operation: Operation, key: str) -> Schema:
    in_path = f"{{{key}}}" in operation.path
    return {
        "name": camel(key),
        "in": "path" if in_path else "query",
        "required": key in operation.required,
        "schema": schema(operation.keys[key]),
    }


def _json(shape: Schema) -> Schema:
    return {"application/json": {"schema": shape}}


def _address(path: str) -> str:
    return re.sub(r"{(\w+)}", lambda part: f"{{{camel(part[1])}}}", path)


def _operation_id(operation: Operation) -> str:
    agent = "Agent" if operation.path.startswith(AGENTS) else ""
    return f"v1{operation.agent}{agent}_{operation.name}"


def _tag(operation: Operation) -> str:
    if operation.path.startswith(AGENTS):
        return f"{operation.agent}_Agent"
    return operation.path.split("/")[3]
