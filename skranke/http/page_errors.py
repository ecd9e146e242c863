"""Errors of addresses outside the API: the error object, or a page for a browser."""

from html import escape
from http import HTTPStatus

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from skranke.core.errors import ApiError, MethodNotAllowed, NotFound, error_body
from skranke.http.openapi.discovery import prefers_html
from skranke.http.openapi.docs import HEADERS

PAGE = """\
<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title><link rel="icon" href="data:,"></head>
<body><h1>{title}</h1><p>{said}</p><p><a href="/docs">Documentation</a></p></body>
</html>
"""


async def page_error(request: Request, fault: Exception) -> Response:
    """The answer to a Starlette HTTPException, in the form that the client prefers."""
    raised = fault if isinstance(fault, HTTPException) else HTTPException(404)
    error = _error(request, raised)
    headers = dict(raised.headers or {})
    if prefers_html(request.headers.get("accept", "")):
        title = HTTPStatus(raised.status_code).phrase
        page = PAGE.format(title=escape(title), said=escape(error.message))
        return HTMLResponse(page, raised.status_code, headers | HEADERS)
    return JSONResponse(msgspec.to_builtins(error_body(error)), raised.status_code, headers)


def _error(request: Request, raised: HTTPException) -> ApiError:
    path = request.url.path
    if raised.status_code == 404:
        return NotFound(f"There is nothing at {path}.")
    allowed = (raised.headers or {}).get("Allow", "")
    return MethodNotAllowed(f"{path} takes {allowed or 'another method'}.")
