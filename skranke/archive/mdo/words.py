"""Searching by the beginnings of words, in any case: here and, alike, in SQL.

`an agen` finds "Anna Agent" and `kari@fjord` finds kari@fjord.example: each word of
the search must begin some word of the text. Words end at blanks and at BREAKS.
"""

import re

from skranke.core.text_fold import text_fold

BREAKS = "@.-/,()"
BLANKS = str.maketrans(BREAKS, " " * len(BREAKS))
WILDCARD = re.compile(r"([\\%_])")


def patterns(search: str) -> list[str]:
    r"""What the text must be like, one pattern a word; none for a blank search.

    To be asked as `text_fold(' ' || translate(text, '@.-/,()', '       ')) LIKE ALL ($n)`, the
    breaks being those above; wildcards in the search stand for themselves.
    """
    literal = [WILDCARD.sub(r"\\\1", word) for word in _words(search)]
    return [f"% {word}%" for word in literal]


def matches(text: str, search: str) -> bool:
    """Whether the text has what the search asks; a blank search finds everything."""
    haystack = f" {text_fold(text.translate(BLANKS))}"
    return all(f" {word}" in haystack for word in _words(search))


def _words(search: str) -> list[str]:
    # each once: a search may be long, and each word is sought in every row
    return list(dict.fromkeys(text_fold(search.translate(BLANKS)).split()))
