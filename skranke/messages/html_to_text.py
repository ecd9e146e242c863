"""What an html message says as plain text, as mail has it.

Paragraphs stand apart, quotes have `> ` in front, list items a dash or a number, a link
is followed by its address in angle brackets unless its text is that address. Source:
Html2Text of the reference; RFC 3676, section 4.5, for quotes.
"""

import re
from html.parser import HTMLParser

from msgspec import Struct, field

from skranke.messages.sanitize import sanitize

SPACED_TAGS = frozenset(
    {"blockquote", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "p", "pre", "table", "ul"}
)
BLOCK_TAGS = SPACED_TAGS | {
    "address",
    "article",
    "aside",
    "caption",
    "center",
    "dd",
    "div",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "header",
    "li",
    "main",
    "nav",
    "section",
    "tbody",
    "tfoot",
    "thead",
    "tr",
}
BLANKS_PATTERN = re.compile(r"[ \t\n\f\r]+")


def plain_text(html: str) -> str:
    """The text without markup, no line wrapped, no empty one first or last.

    Never raises. Whoever sends it wraps it.
    """
    page = _Page()
    page.feed(sanitize(html))
    page.close()
    return page.text()


class _List(Struct):
    """A list being read: the number of its next item; None where items have a dash."""

    number: int | None


class _Link(Struct):
    """A link being read, and what its text is so far."""

    address: str
    said: list[str] = field(default_factory=list)


class _Page(HTMLParser):
    """Lines as they grow; what it is fed is sanitised, so every element is closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[tuple[int, str]] = []  # depth of quoting, text
        self.line: list[str] = []
        self.mark = ""  # of the list item whose first line comes next
        self.apart = False  # an empty line is due before the next
        self.quotes = self.verbatim = 0
        self.lists: list[_List] = []
        self.links: list[_Link] = []

    def text(self) -> str:
        self.end_line()
        return "\n".join(
            (">" * depth + " " + line if depth else line).rstrip() for depth, line in self.lines
        ).strip("\n")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag in BLOCK_TAGS:
            self.begin_block(tag)
        match tag:
            case "blockquote":
                self.quotes += 1
            case "ul" | "ol":
                start = said.get("start", "")
                first = int(start) if re.fullmatch("[0-9]{1,9}", start) else 1
                self.lists.append(_List(first if tag == "ol" else None))
            case "li":
                self.begin_item()
            case "td" | "th":
                if self.line:
                    self.line.append("\t")
            case "pre":
                self.verbatim += 1
            case "hr":
                self.line.append("---")
                self.end_block("hr")
            case "br":
                self.break_line()
            case "img":
                self.handle_data(said.get("alt", ""))
            case "a":
                self.links.append(_Link(said.get("href", "")))
            case _:
                pass

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "a" if self.links:
                self.end_link(self.links.pop())
            case "pre":
                self.verbatim = max(0, self.verbatim - 1)
            case _:
                pass
        if tag in BLOCK_TAGS:
            self.end_block(tag)
        if tag == "blockquote":
            self.quotes = max(0, self.quotes - 1)
        elif tag in ("ul", "ol") and self.lists:
            self.lists.pop()

    def handle_data(self, data: str) -> None:
        data = data.replace("\xa0", " ") if self.verbatim else data
        if self.links:
            self.links[-1].said.append(data)
        if self.verbatim:
            first, *others = data.split("\n")
            self.line.append(first)
            for other in others:
                self.break_line()
                self.line.append(other)
            return
        data = BLANKS_PATTERN.sub(" ", data)
        if not self.line or self.line[-1].endswith((" ", "\t")):
            data = data.removeprefix(" ")
        if data:
            self.line.append(data)

    def begin_item(self) -> None:
        within = self.lists[-1] if self.lists else _List(None)
        mark = "-" if within.number is None else f"{within.number}."
        if within.number is not None:
            within.number += 1
        self.mark = "  " * (len(self.lists) - 1) + mark + " "

    def end_link(self, link: _Link) -> None:
        said = "".join(link.said).strip()
        address = link.address.removeprefix("mailto:").removeprefix("tel:")
        if address.startswith(("http", "HTTP")) or "@" in address:
            if said and said.rstrip("/") != address.rstrip("/"):
                self.line.append(f" <{address}>")
            elif not said:
                self.line.append(f"<{address}>")

    def begin_block(self, tag: str) -> None:
        self.end_line()
        self.apart = self.apart or (tag in SPACED_TAGS and not self.lists)
        self.mark = "" if tag == "li" else self.mark

    def end_block(self, tag: str) -> None:
        self.end_line()
        self.apart = self.apart or (tag in SPACED_TAGS and len(self.lists) <= 1)

    def end_line(self) -> None:
        """Keep what stands on the line, if anything does."""
        if "".join(self.line).strip():
            self.break_line()
        self.line.clear()

    def break_line(self) -> None:
        if self.apart and self.lines:
            self.lines.append((min(self.quotes, self.lines[-1][0]), ""))
        self.apart = False
        line = self.mark + "".join(self.line).replace("\xa0", " ")
        self.lines.append((self.quotes, line))
        self.mark = ""
        self.line.clear()
