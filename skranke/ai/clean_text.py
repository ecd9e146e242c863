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

from skranke.ai.quoted_text import (
    FORWARDED_LINE,
    FROM_LINE,
    OTHER_HEADER_LINE,
    begins_quotation,
    is_signature_start,
)
from skranke.messages.html_to_text import plain_text

MAX_HTML_CHARACTERS = 100_000  # characters of what is read at all
MAX_LINES, MAX_LINE_CHARACTERS = 400, 500
MAX_TEXT_CHARACTERS = 1500
LOG_REPETITIONS = 20  # characters from which a line of an earlier message is a quotation
MIN_WORD_SHARE = 0.5  # of a line, the share of letters and blanks; less is a log's
NOISE_PATTERN = re.compile(
    r"https?://\S{1,400}|www\.\S{1,400}|<[^<>]{1,400}>|[^\s@]{1,64}@[^\s@]{1,190}"
    r"|\[?ejTag[^\]]{0,20}\]?|#?\d[\d .,:/-]{3,}"
)
BLANKS_PATTERN = re.compile(r"\s+")


def prepare_text(body: str, html: str, earlier: Iterable[str] = ()) -> str:
    """The author's own words; `earlier` are texts that he may have quoted."""
    text = plain_text(html[:MAX_HTML_CHARACTERS]) if html.strip() else body[:MAX_HTML_CHARACTERS]
    lines = _lines(text)
    said = {line for old in earlier for line in _lines(old) if len(line) >= LOG_REPETITIONS}
    lines = [line for line in _own_lines(lines) if line not in said]
    return clean_text(" ".join(_strip_signature(lines)))


def clean_text(text: str) -> str:
    """A text without addresses and numbers, its blanks collapsed, cut to length."""
    text = unicodedata.normalize("NFC", text[: MAX_TEXT_CHARACTERS * 4])
    return (
        BLANKS_PATTERN.sub(" ", NOISE_PATTERN.sub(" ", text)).strip()[:MAX_TEXT_CHARACTERS].strip()
    )


def _lines(text: str) -> list[str]:
    found = text.replace("\0", "").splitlines()
    return [line.strip()[:MAX_LINE_CHARACTERS] for line in islice(found, MAX_LINES)]


def _own_lines(lines: Sequence[str]) -> list[str]:
    """Without what is quoted: what stands above it, else what stands between."""
    for place, line in enumerate(lines):
        if FORWARDED_LINE.match(line):
            kept = [*lines[:place], *_skip_head(lines[place + 1 :])]
            return _strip_quotations(kept)
        if begins_quotation(lines, place):
            above = _strip_quotations(lines[:place])
            return above if _has_words(above) else _strip_quotations(lines[place + 1 :])
    return _strip_quotations(lines)


def _skip_head(lines: Sequence[str]) -> list[str]:
    return [
        line
        for place, line in enumerate(lines)
        if place > 10 or not (FROM_LINE.match(line) or OTHER_HEADER_LINE.match(line))
    ]


def _strip_quotations(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if not line.startswith((">", "|"))]


def _strip_signature(lines: Sequence[str]) -> list[str]:
    """Up to the signature, where anything stands above one; no lines of a log."""
    for place, line in enumerate(lines):
        if is_signature_start(line) and _has_words(lines[:place]):
            return _prose_lines(lines[:place])
    return _prose_lines(lines)


def _prose_lines(lines: Sequence[str]) -> list[str]:
    return [
        line
        for line in lines
        if sum(c.isalpha() or c == " " for c in line) >= MIN_WORD_SHARE * len(line)
    ]


def _has_words(lines: Sequence[str]) -> bool:
    return any(any(map(str.isalpha, line)) for line in lines)
