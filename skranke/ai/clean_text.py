"""What the author of a message has written himself, short enough to think about.

Html becomes text; quotations, signatures, what earlier messages said already, addresses
and numbers go. What is left of a reply below its quotation is kept, and so is what was
forwarded, as that is the message then. Empty where there is nothing. Pure; its work
grows with the text's length alone.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import islice

from skranke.ai.quoted_text import FORWARDED, FROM, OTHER_HEAD, begins_quotation, ends
from skranke.messages.html_to_text import plain_text

MOST_HTML = 100_000  # characters of what is read at all
MOST_LINES, LONGEST_LINE = 400, 500
MOST_CHARACTERS = 1500
REPEATED = 20  # characters from which a line of an earlier message is a quotation
LEAST_WORDS = 0.5  # of a line, the share of letters and blanks; less is a log's
NOISE = re.compile(
    r"https?://\S{1,400}|www\.\S{1,400}|<[^<>]{1,400}>|[^\s@]{1,64}@[^\s@]{1,190}"
    r"|\[?ejTag[^\]]{0,20}\]?|#?\d[\d .,:/-]{3,}"
)
BLANKS = re.compile(r"\s+")


def prepared(body: str, html: str, earlier: Iterable[str] = ()) -> str:
    """The author's own words; `earlier` are texts that he may have quoted."""
    text = plain_text(html[:MOST_HTML]) if html.strip() else body[:MOST_HTML]
    lines = _lines(text)
    said = {line for old in earlier for line in _lines(old) if len(line) >= REPEATED}
    lines = [line for line in _own(lines) if line not in said]
    return cleaned(" ".join(_unsigned(lines)))


def cleaned(text: str) -> str:
    """A text without addresses and numbers, its blanks collapsed, cut to length."""
    text = unicodedata.normalize("NFC", text[: MOST_CHARACTERS * 4])
    return BLANKS.sub(" ", NOISE.sub(" ", text)).strip()[:MOST_CHARACTERS].strip()


def _lines(text: str) -> list[str]:
    found = text.replace("\0", "").splitlines()
    return [line.strip()[:LONGEST_LINE] for line in islice(found, MOST_LINES)]


def _own(lines: Sequence[str]) -> list[str]:
    """Without what is quoted: what stands above it, else what stands between."""
    for place, line in enumerate(lines):
        if FORWARDED.match(line):
            kept = [*lines[:place], *_without_head(lines[place + 1 :])]
            return _unquoted(kept)
        if begins_quotation(lines, place):
            above = _unquoted(lines[:place])
            return above if _says_something(above) else _unquoted(lines[place + 1 :])
    return _unquoted(lines)


def _without_head(lines: Sequence[str]) -> list[str]:
    return [
        line
        for place, line in enumerate(lines)
        if place > 10 or not (FROM.match(line) or OTHER_HEAD.match(line))
    ]


def _unquoted(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if not line.startswith((">", "|"))]


def _unsigned(lines: Sequence[str]) -> list[str]:
    """Up to the signature, where anything stands above one; no lines of a log."""
    for place, line in enumerate(lines):
        if ends(line) and _says_something(lines[:place]):
            return _wordy(lines[:place])
    return _wordy(lines)


def _wordy(lines: Sequence[str]) -> list[str]:
    return [
        line
        for line in lines
        if sum(c.isalpha() or c == " " for c in line) >= LEAST_WORDS * len(line)
    ]


def _says_something(lines: Sequence[str]) -> bool:
    return any(any(map(str.isalpha, line)) for line in lines)
