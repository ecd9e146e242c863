"""`GET /api` and below: the version and the list of addresses.

No sign-in is needed. Source: reference, WebAPI version and the listings of `/api/v1`.
Every value of `/api` is a string, because the vendor's C# client reads it so.
"""

import re
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta
from html import escape

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from skranke.core.errors import NotFound, error_body
from skranke.http.openapi.docs import HEADERS
from skranke.http.openapi.v3 import AGENTS
from skranke.http.operation import OPERATIONS, Operation, camel

Handler = Callable[[Request], Awaitable[Response]]
Listing = dict[str, str] | dict[str, str | bool] | dict[str, dict[str, str]]

PATHS = re.compile(r"/api(/v1(/agents/\w+)?|/state/\w+)?/?", re.IGNORECASE)
INTERFACE = "12.4.1514"  # the vendor's release whose carriers and operations these are
INTERFACE_DATE = "2026-09-22"
SERVICES = "Services88"  # the generation of the vendor's services
WEIGHT = re.compile(r";\s*q=([01](?:\.[0-9]{0,3})?)\s*(?:;|$)")
HTML = {"text/html", "application/html", "application/xhtml+xml"}


def is_listing(path: str) -> bool:
    """Whether this path is a listing; the case of letters does not matter."""
    return PATHS.fullmatch(path) is not None


def routes(version: str) -> list[Route]:
    """The routes of the listings; `version` is Skranke's version."""

    async def api(request: Request) -> Response:
        return _answer(request, about(str(request.base_url), version))

    async def v1(request: Request) -> Response:
        return _answer(request, addresses(str(request.base_url), OPERATIONS))

    async def agent(request: Request) -> Response:
        prefix = f"{AGENTS}{request.path_params['agent']}/".lower()
        found = [o for o in OPERATIONS if o.path.lower().startswith(prefix)]
        if found:
            return _answer(request, addresses(str(request.base_url), found))
        refused = error_body(NotFound(f"There is nothing at {request.url.path}."))
        return JSONResponse(msgspec.to_builtins(refused), status_code=404)

    async def tenant(request: Request) -> Response:
        return _answer(request, tenant_state(str(request.base_url), request.path_params["tenant"]))

    paths = {
        "/api": api,
        "/api/v1": v1,
        "/api/v1/Agents/{agent}": agent,
        "/api/state/{tenant}": tenant,
    }
    return [_in_any_case(path, handler) for path, handler in paths.items()]


def about(base: str, version: str) -> dict[str, str]:
    """The answer of `/api`; `base` is the server's URL with a final slash."""
    return {
        "v1": f"{base}api/v1",
        "Version": "v1",
        "NetServerVersion": INTERFACE,
        "NetServerAssembly": INTERFACE,
        "NetServerDate": INTERFACE_DATE,
        "NetServerLabel": f"Skranke {version}",
        "NetServer": f"Skranke {version}, answering as NetServer {INTERFACE}",
        "Services": SERVICES,
        "ServicesCurrent": SERVICES,
        "Documentation": f"{base}docs",
    }


def tenant_state(base: str, tenant: str) -> dict[str, str | bool]:
    """Where a customer of SuperOffice Online is found: here, whatever it is called.

    Source: reference, status of a tenant; `base` is the desk's URL and a slash.
    """
    endpoint = f"{base}{tenant}"
    until = datetime.now(UTC) + timedelta(days=1)
    return {
        "ContextIdentifier": tenant,
        "Endpoint": endpoint,
        "State": "Running",
        "IsRunning": True,
        "ValidUntil": f"{until:%Y-%m-%dT%H:%M:%S}.0000000Z",
        "Api": f"{endpoint}/api",
    }


def addresses(base: str, operations: Iterable[Operation]) -> dict[str, dict[str, str]]:
    """URL → method → query template and summary, sorted by URL."""
    found: dict[str, dict[str, str]] = {}
    for operation in sorted(operations, key=lambda o: (o.path.lower(), o.method)):
        url = base + operation.path.removeprefix("/")
        found.setdefault(url, {}).update(describe_operation(operation))
    return found


def describe_operation(operation: Operation) -> dict[str, str]:
    """Method → query template and summary, the answer of `GET` on an operation's address."""
    keys = [key for key in operation.keys if f"{{{key}}}" not in operation.path]
    template = "&".join(f"{camel(key)}={{{camel(key)}}}" for key in keys)
    told = f"?{template}  {operation.summary}" if template else operation.summary
    return {operation.method: told}


def _answer(request: Request, listed: Listing) -> Response:
    """JSON, or a page for a browser."""
    if prefers_html(request.headers.get("accept", "")):
        shown = _page(str(request.base_url), request.url.path, listed)
        return HTMLResponse(shown, headers=HEADERS)
    return JSONResponse(listed, headers={"cache-control": "no-store"})


def prefers_html(accept: str) -> bool:
    """Whether Accept prefers HTML to JSON: a higher weight, or an equal one but first."""
    ranges = sorted(accept.lower().split(","), key=_weight, reverse=True)
    kinds = [kind.partition(";")[0].strip() for kind in ranges]
    known = [kind for kind in kinds if kind in HTML or kind.endswith("json")]
    return bool(known) and known[0] in HTML


def _weight(kind: str) -> float:
    found = WEIGHT.search(kind)
    return float(found[1]) if found else 1.0


def _page(base: str, path: str, listed: Listing) -> str:
    rows = "\n".join(
        f"<dt>{_html_link(name)}</dt><dd>{_html_link(told)}</dd>"
        for name, value in listed.items()
        for told in (map("  ".join, value.items()) if isinstance(value, dict) else [str(value)])
    )
    return f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(path)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{escape(base)}docs/page.css">
</head>
<body class="plain">
<h1>{escape(path)}</h1>
<p><a href="{escape(base)}docs">Documentation</a></p>
<dl>
{rows}
</dl>
</body>
</html>
"""


def _html_link(text: str) -> str:
    shown = escape(text)
    return f'<a href="{shown}">{shown}</a>' if text.startswith("http") else shown


def _in_any_case(path: str, handler: Handler) -> Route:
    route = Route(path, handler)
    route.path_regex = re.compile(route.path_regex.pattern, re.IGNORECASE)
    return route
