"""A search finds the beginnings of words, the same in Python and in SQL."""

import pytest

from skranke.archive.mdo.words import BREAKS, matches, patterns
from skranke.db.database import Db, value

CASES = [
    ("Anna Agent", "", True),
    ("Anna Agent", "  ", True),
    ("Anna Agent", "anna", True),
    ("Anna Agent", "AGE an", True),
    ("Anna Agent", "nna", False),
    ("Anna Agent", "anna berg", False),
    ("Anne-Marie Berg", "marie", True),
    ("Åse Ødegård", "øde", True),
    ("kari@fjord.example", "kari@fjord", True),
    ("kari@fjord.example", "example", True),
    ("Support/Heating", "heat", True),
    ("Fjord (Oslo), AS", "oslo as", True),
    ("100% sure", "100%", True),
    ("100 sure", "100%", False),
    ("Anna Agent", "%", False),
    ("Anna Agent", "a__a", False),
    ("a_b", "a_", True),
    ("axb", "a_", False),
    (r"C:\new", r"c:\n", True),
    ("C:new", r"c:\n", False),
]


@pytest.mark.parametrize(("text", "search", "found"), CASES)
def test_words_are_found_by_their_beginnings(text: str, search: str, found: bool):
    assert matches(text, search) is found


@pytest.mark.parametrize(("text", "search", "found"), CASES)
async def test_sql_finds_the_same_words(db: Db, text: str, search: str, found: bool):
    asked = "SELECT text_fold(' ' || translate($2, '@.-/,()', '       ')) LIKE ALL ($1)"
    assert await value(db, bool, asked, patterns(search), text) is found


def test_a_word_is_sought_once():
    assert patterns("anna ANNA anna@a") == ["% anna%", "% a%"]


def test_the_breaks_are_those_that_the_statements_spell_out():
    assert BREAKS == "@.-/,()"
