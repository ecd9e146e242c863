"""How much a browser loads: 150 kB for a first visit, 30 kB for a later page, all compressed."""

import re

import httpx
import pytest

from tests.web.conftest import ServedDesk
from tests.web.test_pages import Client

pytestmark = pytest.mark.xdist_group("web")
MAX_FIRST_VISIT_BYTES = 150_000
MAX_PAGE_BYTES = 30_000
MODULES = "app,page,menus,navigate,list,palette,keys,composer,live,settings,zone"


def weight(http: httpx.Client, path: str) -> tuple[int, str]:
    """The bytes of an answer on the wire, and its text."""
    with http.stream("GET", path, headers={"accept-encoding": "gzip"}) as answer:
        assert answer.status_code == 200, path
        raw = sum(len(piece) for piece in answer.iter_raw())
    return raw, http.get(path).text


def test_a_first_visit_and_a_later_page_are_light(desk: ServedDesk) -> None:
    ticket_id = 0
    for n in range(30):
        ticket_id = desk.make_ticket(f"Weight, number {n}")
    for n in range(5):
        desk.say(ticket_id, f"Answer {n}. " + "Some words of a customer. " * 20)
    http = Client(desk, "anna").http
    page, text = weight(http, f"/ticket/{ticket_id}?view=1")
    assert page <= MAX_PAGE_BYTES
    assert weight(http, "/tickets/1")[0] <= MAX_PAGE_BYTES
    assets = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', text))
    folder = next(path for path in assets if path.endswith("js/app.js")).removesuffix("js/app.js")
    assets |= {f"{folder}js/{name}.js" for name in MODULES.split(",")}
    assets.add(f"{folder}vendor/squire.js")
    total = page + sum(weight(http, path)[0] for path in sorted(assets))
    assert total <= MAX_FIRST_VISIT_BYTES
    for path in assets:
        answer = http.get(path)
        assert "immutable" in answer.headers["cache-control"]
