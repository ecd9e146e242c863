"""Which way a message's text is shown: in the page, or in a sandboxed frame.

Plain text and html that is no more than text are written into the page, built anew from
a short list of elements without attributes. Everything else, tables, images, colours,
goes into a frame without script and without an origin, under a policy of its own.
"""

import re
from html import escape

import nh3
from markupsafe import Markup
from msgspec import Struct

from skranke.ai.quoted_text import begins_quotation
from skranke.messages.carriers import TicketMessageEntity

TEXT_TAGS = {
    "a",
    "b",
    "blockquote",
    "br",
    "code",
    "div",
    "em",
    "i",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "strong",
    "u",
    "ul",
}
# what an html message has when it is more than text
RICH = re.compile(r"<(?:table|img|font|center|hr|h[1-6])\b|bgcolor|background|color\s*:", re.I)
COLOURED = re.compile(r"bgcolor|background|color\s*[:=]", re.I)
LINK = re.compile(r"\bhttps?://[^\s<>\"']{1,500}[^\s<>\"'.,;:!?)\]]", re.I)
MAX_INLINE_CHARACTERS = 60_000
LINE_PIXELS, CHARACTERS_A_LINE = 22, 70
MIN_FRAME, MAX_FRAME = 80, 1200  # pixels


class Body(Struct, frozen=True, kw_only=True):
    """A text for the page, or the height of the frame that shows it."""

    html: Markup | None = None
    frame_height: int = 0
    coloured: bool = False  # has colours of its own, and so needs white paper


def show_body(message: TicketMessageEntity) -> Body:
    """How to show a message; its html was sanitised by the operation that read it."""
    html = message.html_body
    if not html.strip():
        return Body(html=plain_html(message.body))
    if len(html) > MAX_INLINE_CHARACTERS or RICH.search(html):
        return Body(frame_height=frame_height(html, message.body), coloured=is_coloured(html))
    clean = nh3.clean(
        html,
        tags=TEXT_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return Body(html=Markup(fold_quotation(clean)))  # noqa: S704 - built from a list of elements


def is_coloured(html: str) -> bool:
    """Whether a message says in which colours it wants to be read."""
    return COLOURED.search(html) is not None


def frame_height(html: str, text: str) -> int:
    """About how high a message is in pixels; a frame without script can't be measured."""
    lines = sum(1 + len(line) // CHARACTERS_A_LINE for line in text.splitlines())
    images = html.count("<img") * 120
    return min(max(MIN_FRAME, lines * LINE_PIXELS + images + 40), MAX_FRAME)


def plain_html(text: str) -> Markup:
    """A plain text as html: paragraphs, links, and quoted lines folded at its end."""
    lines = text.replace("\r\n", "\n").strip("\n").split("\n")
    own = next((n for n in range(1, len(lines)) if _quotes(lines, n)), len(lines))
    html = _paragraphs(lines[:own])
    if own < len(lines):
        html += folded(_paragraphs(lines[own:]))
    return Markup(html)  # noqa: S704 - every text in it was escaped


def _quotes(lines: list[str], place: int) -> bool:
    """Whether all that follows is quoted."""
    if begins_quotation(lines, place):
        return True
    rest = [line for line in lines[place:] if line.strip()]
    return bool(rest) and all(line.startswith(">") for line in rest)


def _paragraphs(lines: list[str]) -> str:
    blocks = "\n".join(lines).strip("\n").split("\n\n")
    parts = ["<br>".join(_linked(line) for line in block.split("\n")) for block in blocks]
    return "".join(f"<p>{part}</p>" for part in parts)


def _linked(line: str) -> str:
    html, done = "", 0
    for found in LINK.finditer(line):
        address = escape(found[0])
        html += escape(line[done : found.start()])
        html += (
            f'<a href="{address}" rel="noopener noreferrer nofollow" target="_blank">{address}</a>'
        )
        done = found.end()
    return html + escape(line[done:])


def fold_quotation(html: str) -> str:
    """Fold the quotation that a message ends with."""
    start = html.find("<blockquote>")
    if start <= 0 or not html.rstrip().endswith("</blockquote>"):
        return html
    if html.count("<blockquote>") != html.count("</blockquote>"):
        return html
    return html[:start] + folded(html[start:])


def folded(html: str) -> str:
    """A part that opens on demand."""
    return f'<details class="quoted"><summary class="fold">•••</summary>{html}</details>'
