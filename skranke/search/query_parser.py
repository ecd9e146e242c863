"""What somebody has typed, taken apart: words, phrases, and what mustn't be there."""

import re
from unicodedata import normalize

from msgspec import Struct

from skranke.core.errors import BadValue

MAX_QUERY_CHARACTERS = 500  # characters
MIN_PREFIX_CHARACTERS = 3
PART_PATTERN = re.compile(r'(-?)(?:"([^"]*)(?:"|$)|([^\s"]+))')
UNWRITABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\ue000\ue001]")
NUMBER = re.compile(r"#?([0-9]{1,10})")


class QueryPart(Struct, frozen=True):
    """A word, or several in this order; `unwanted` with a minus before it.

    A `beginning` is the last word, which may go on.
    """

    text: str
    phrase: bool = False
    unwanted: bool = False
    beginning: bool = False


def parse_query(query: str) -> list[QueryPart]:
    """`pump "out of order" -oil val` as its four parts.

    A quote that isn't closed goes on to the end. BadValue for more than 500 characters;
    nothing else is wrong, though it may find nothing.
    """
    if len(query) > MAX_QUERY_CHARACTERS:
        raise BadValue("query", f"is longer than {MAX_QUERY_CHARACTERS} characters")
    found = PART_PATTERN.findall(replace_control_characters(query))
    return [
        QueryPart(
            word or phrase,
            phrase=not word,
            unwanted=bool(minus),
            beginning=bool(
                place == len(found) and not minus and len(word) >= MIN_PREFIX_CHARACTERS
            ),
        )
        for place, (minus, phrase, word) in enumerate(found, start=1)
    ]


def replace_control_characters(text: str) -> str:
    """A text with a blank for what no text of the desk holds."""
    return UNWRITABLE.sub(" ", normalize("NFC", text))


def ticket_number(parts: list[QueryPart]) -> int | None:
    """The ticket's number, where it is one that is sought: `123` or `#123`."""
    found = NUMBER.fullmatch(_only_word(parts))
    number = int(found[1]) if found else 0
    return number if 0 < number < 2**31 else None


def email_address(parts: list[QueryPart]) -> str:
    """The e-mail address, where it is one that is sought; else empty."""
    only = _only_word(parts)
    return only if "@" in only else ""


def _only_word(parts: list[QueryPart]) -> str:
    word = parts[0] if len(parts) == 1 else QueryPart("")
    return "" if word.phrase or word.unwanted else word.text
