"""`GET /docs`: the OpenAPI document as a page without external resources.

The server renders the list of operations, so it is readable without JavaScript; the
script adds schemas, a filter and a form that sends requests.
"""

import re
from collections.abc import Callable
from html import escape
from importlib.resources import files
from itertools import groupby
from string import Template
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-cache",
}
CODE = re.compile("`([^`]+)`")
PARTS = {"page.css": "text/css", "page.js": "text/javascript"}


def routes(page: Callable[[], str]) -> list[Route]:
    """The routes of the page and its two files, without sign-in."""

    async def docs(_: Request) -> Response:
        return Response(page(), media_type="text/html", headers=HEADERS)

    async def part(request: Request) -> Response:
        name = request.url.path.rpartition("/")[2]
        return Response(_text(name), media_type=PARTS[name], headers=HEADERS)

    return [Route("/docs", docs), *(Route(f"/docs/{name}", part) for name in PARTS)]


def page(document: dict[str, Any]) -> str:
    """The whole page for an OpenAPI document."""
    entries = [
        (operation["tags"][0], path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    entries.sort(key=lambda one: _title(one[0]).lower())
    sections = [
        (tag, [_operation(*one[1:]) for one in group])
        for tag, group in groupby(entries, key=lambda one: one[0])
    ]
    return Template(_text("page.html")).substitute(
        version=escape(document["info"]["version"]),
        paragraphs=_paragraphs(document["info"]["description"]),
        count=len(entries),
        agents="\n".join(_link(tag, len(shown)) for tag, shown in sections),
        sections="\n".join(_section(tag, shown) for tag, shown in sections),
    )


def _link(tag: str, count: int) -> str:
    return f'<li><a href="#{escape(tag)}">{_title(tag)}</a> <small>{count}</small></li>'


def _section(tag: str, operations: list[str]) -> str:
    rows = "\n".join(operations)
    return (
        f'<section id="{escape(tag)}" aria-labelledby="{escape(tag)}-name">\n'
        f'<h2 id="{escape(tag)}-name">{_title(tag)}</h2>\n{rows}\n</section>'
    )


def _title(tag: str) -> str:
    return escape(tag.removesuffix("_Agent"))


def _operation(path: str, method: str, operation: dict[str, Any]) -> str:
    name = escape(operation["operationId"])
    shown = escape(operation["operationId"].partition("_")[2])
    address = escape(path)
    return f"""\
<details class="operation" id="{name}" data-method="{method}" data-path="{address}">
<summary><h3>{shown}</h3> <span>{escape(operation["summary"])}</span></summary>
<p class="address"><b>{method.upper()}</b> <code>{address}</code></p>
{_paragraphs(operation.get("description", ""))}
<p class="right">Right: {escape(operation["x-right"])}.</p>
</details>"""


def _paragraphs(text: str) -> str:
    shown = CODE.sub(r"<code>\1</code>", escape(text.strip()))
    return "\n".join(f"<p>{part}</p>" for part in shown.split("\n\n") if part)


def _text(name: str) -> str:
    return (files(__name__) / name).read_text(encoding="utf-8")
