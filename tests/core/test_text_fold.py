"""One rule for comparing texts, in Python and in the database alike."""

import unicodedata

import pytest

from skranke.core.text_fold import text_fold
from skranke.db.database import Db

SAME = [
    ("Ødelagt", "odelagt"),
    ("ÅLESUND", "Alesund"),
    ("Grünerløkka", "grunerlokka"),
    ("Café", unicodedata.normalize("NFD", "café")),
    ("ёлка", "елка"),
    ("ΣΊΣΥΦΟΣ", "σίσυφος"),
    ("Straße", "STRASSE"),
    ("Ærlig", "aerlig"),
    ("Łódź", "lodz"),
    ("Was\u00adser\u00adpumpe", "wasserpumpe"),
    ("서울에서", unicodedata.normalize("NFD", "서울에서")),
]


@pytest.mark.parametrize(("one", "other"), SAME)
async def test_texts_that_people_take_for_the_same_fold_alike(db: Db, one: str, other: str):
    """B6, B8, B18."""
    assert text_fold(one) == text_fold(other)
    in_database = await db.fetchval("SELECT text_fold($1)", one)
    assert in_database == text_fold(one)
    assert in_database == await db.fetchval("SELECT text_fold($1)", other)


@pytest.mark.parametrize(
    "part",
    [
        *("01555", "srv-web01", "web01", "corp.example", "4477", "2.13.4", "nordmann"),
        *("fjord.example", "故障", "障発", "서울", "wasserpumpe"),
    ],
)
async def test_parts_of_machine_words_and_of_runs_of_signs_are_in_the_index(db: Db, part: str):
    """B7, B9, B18."""
    text = (
        "ORA-01555 on srv-web01.corp.example; SN:ZX81-4477/B; v2.13.4-rc1; "
        "kari.nordmann+test@fjord.example 機器故障発生 서울에서 Wasser\u00adpumpe"
    )
    sql = "SELECT $2 = ANY (tsvector_to_array(search_parts($1)))"
    assert await db.fetchval(sql, text, part)


@pytest.mark.parametrize(
    ("language", "order"),
    [
        ("nb", ["älg", "Ærlig", "Østlig", "Aa", "Åpen"]),
        ("sv", ["Aa", "Zebra", "Åpen", "älg", "Ärlig", "Östlig"]),
        ("en", ["Aa", "älg", "Åpen", "Östlig", "Zebra"]),
    ],
)
async def test_texts_are_sorted_as_a_language_sorts_them(db: Db, language: str, order: list[str]):
    """B13."""
    sql = """
        SELECT array_agg(w ORDER BY text_sort_key(w, $2) COLLATE "C", w COLLATE "C")
        FROM unnest($1::text[]) w
    """
    assert await db.fetchval(sql, sorted(order), language) == order
