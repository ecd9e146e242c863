"""Splits a filter into tokens: words, quoted texts and symbols, each with its position.

Source: reference, OData filters; quotes inside a text as `\\'` or doubled.
"""

import re
from typing import NamedTuple

from skranke.core.errors import BadValue
from skranke.http.formats.scalars import shorten

PIECE = re.compile(
    r"""(?P<blank>\s+)
      |'(?P<text>(?:[^'\\]|''|\\.)*+)'
      |(?P<value>\[[A-Za-z]{1,2}:[^\]]*+\])
      |(?P<symbol>[(),])
      |(?P<operator><=|>=|!=|<>|=|<|>)
      |(?P<word>[^\s(),'=<>!\[\]]++)""",
    re.VERBOSE | re.DOTALL,
)
ESCAPE = re.compile(r"''|\\(['\\])")
MAX_FILTER_CHARACTERS = 100_000  # characters of a filter


class Token(NamedTuple):
    """A token: its kind (text, value, symbol, operator, word, end), text and position."""

    kind: str
    text: str
    at: int


class FilterSource(NamedTuple):
    """A filter and the name that errors use for it: `$filter`, `Restrictions`."""

    name: str
    text: str

    def where(self, at: int) -> str:
        """The position of a character for an error, counted from 1."""
        return f"{self.name}, character {at + 1}"


def tokens(source: FilterSource) -> list[Token]:
    """The tokens of a filter and an end token; BadValue at an invalid character."""
    if len(source.text) > MAX_FILTER_CHARACTERS:
        raise BadValue(source.name, f"is longer than {MAX_FILTER_CHARACTERS} characters")
    found: list[Token] = []
    at = 0
    while at < len(source.text):
        match = PIECE.match(source.text, at)
        if match is None:
            raise BadValue(source.where(at), _fault(source.text[at:]))
        kind = match.lastgroup or ""
        if kind != "blank":
            found.append(Token(kind, _unquote(kind, match[kind]), at))
        at = match.end()
    return [*found, Token("end", "", at)]


def _unquote(kind: str, said: str) -> str:
    if kind != "text":
        return said
    return ESCAPE.sub(lambda escape: escape[1] or "'", said)


def _fault(rest: str) -> str:
    if rest.startswith("'"):
        return "this text has no closing quote"
    return f"{shorten(rest[:1])!r} can't stand here"
