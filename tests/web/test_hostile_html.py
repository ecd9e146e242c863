"""What strangers write is shown and never runs, in any field of any page."""

import re

import pytest
from playwright.sync_api import expect

from skranke.messages.carriers import TicketMessageEntity
from skranke.web.mail_html import show_body
from tests.web.conftest import ServedDesk, Visitor

pytestmark = pytest.mark.xdist_group("web")
CANARY = "window.top.canary=1"
HOSTILE = [
    f"<script>{CANARY}</script>",
    f'<img src=x onerror="{CANARY}">',
    f'<svg onload="{CANARY}"><script>{CANARY}</script></svg>',
    f'<a href="javascript:{CANARY}">press</a>',
    f'<iframe srcdoc="<script>{CANARY}</script>"></iframe>',
    f'<table background="javascript:{CANARY}"><tr><td style="background:url(javascript:1)">x',
    f'<form action="https://evil.example"><input autofocus onfocus="{CANARY}"></form>',
    f'"><script>{CANARY}</script>',
    "<style>*{display:none}</style><base href='https://evil.example/'>",
    f"<math><mtext></table><mglyph><style><img src=x onerror={CANARY}>",
    f"{{{{constructor.constructor('{CANARY}')()}}}}",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
]


@pytest.mark.parametrize("html", HOSTILE)
def test_an_inline_text_is_built_of_harmless_elements_alone(html: str) -> None:
    body = show_body(TicketMessageEntity(html_body=html, body="plain"))
    if body.html is not None:
        tags = set(re.findall(r"<\s*([a-z]+)", body.html))
        assert tags <= {"a", "b", "blockquote", "br", "code", "details", "div", "em", "i", "li",
                        "ol", "p", "pre", "s", "strong", "summary", "u", "ul"}  # fmt: skip
        assert not re.search(r"<[^>]+\s(?:on\w+|style|src)\s*=", body.html)
        assert 'href="javascript' not in body.html
    plain = show_body(TicketMessageEntity(body=html))
    assert plain.html is not None
    assert not re.findall(r"<(?!/?(?:p|br|a|details|summary)\b)", plain.html)


def test_no_script_of_a_customer_runs_on_any_page(desk: ServedDesk, visit: Visitor) -> None:
    everything = "".join(HOSTILE)
    ticket_id = desk.make_ticket(
        f"Zqhostile {HOSTILE[0]}{HOSTILE[1]}"[:250], everything, Author=HOSTILE[1][:200]
    )
    framed = desk.say(
        ticket_id, "x", HtmlBody=f"<table><tr><td>In a frame</td></tr></table>{everything}"
    )
    desk.say(ticket_id, "x", HtmlBody=f"<p>In the page</p>{HOSTILE[0]}{HOSTILE[3]}")
    outside: list[str] = []
    page = visit("anna", f"/ticket/{ticket_id}")
    page.on("request", lambda request: outside.append(request.url))
    for path in (
        f"/ticket/{ticket_id}?all=1",
        f"/ticket/{ticket_id}/log",
        f"/ticket/{ticket_id}/merge",
        f"/ticket/{ticket_id}/message/{framed}",
        "/tickets/1",
        "/search?q=zqhostile",
        "/person/7",
    ):
        page.goto(path)
        page.wait_for_load_state("networkidle" if "/message/" in path else "load")
        assert page.evaluate("window.top.canary") is None, path
    page.goto(f"/ticket/{ticket_id}")
    expect(page.locator(".msg .mail").last).to_contain_text("In the page")
    frame = page.locator("iframe.mail-frame").first
    assert frame.get_attribute("sandbox") == "allow-popups allow-popups-to-escape-sandbox"
    expect(page.frame_locator("iframe.mail-frame").first.locator("td").first).to_have_text(
        "In a frame"
    )
    assert page.evaluate("window.top.canary") is None
    assert [url for url in outside if not url.startswith((desk.url, "data:"))] == []
    visit.faults.clear()  # the frames' policy refuses what the mails want, as it should
