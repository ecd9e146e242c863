"""axe-core finds nothing on any page, light, dark and on a phone; nothing scrolls sideways."""

from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import ServedDesk, Visitor

pytestmark = pytest.mark.xdist_group("web")
AXE = Path(__file__).parent / "node_modules/axe-core/axe.min.js"  # by `make setup`
PATHS = [
    "/tickets/1",
    "/ticket/{id}?view=1",
    "/search?q=stairs",
    "/dashboard",
    "/people?q=k",
    "/person/7",
    "/company/2",
    "/new",
    "/settings",
    "/settings/me",
    "/settings/quick-replies",
    "/settings/priorities",
    "/settings/categories",
    "/settings/statuses",
    "/settings/users",
    "/ticket/{id}/why",
    "/ticket/{id}/log",
    "/ticket/{id}/merge",
]
RUN = "axe.run(document, {iframes: false, resultTypes: ['violations']})"


@pytest.mark.parametrize(
    ("width", "options"),
    [
        (1440, {"color_scheme": "light"}),
        (1440, {"color_scheme": "dark"}),
        (360, {"color_scheme": "light"}),
        (1440, {"color_scheme": "light", "contrast": "more"}),
    ],
    ids=["light", "dark", "phone", "contrast"],
)
def test_axe_finds_nothing(
    desk: ServedDesk, visit: Visitor, width: int, options: dict[str, Any]
) -> None:
    ticket_id = desk.make_ticket("The stairs are steep")
    # the checker is put into the page from outside, which the page's policy forbids
    page = visit("ada", viewport={"width": width, "height": 800}, bypass_csp=True, **options)
    axe = AXE.read_text()
    for path in PATHS:
        page.goto(path.format(id=ticket_id))
        page.wait_for_selector("html[data-ready]", state="attached")
        page.evaluate(axe)
        found: Any = page.evaluate(RUN)
        told = [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found["violations"]]
        assert told == [], path
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), path
