"""Which language a header asks for."""

import pytest

from skranke.core.languages import language_of, requested_language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("en", "en"),
        ("EN-us", "en"),
        ("nb-no", "nb"),
        ("no", "nb"),
        ("nn-NO", "nb"),
        ("sv_SE", "sv"),
        ("zh-Hans", "zh"),
        ("en-us; en-gb", "en"),
        ("fr,de,ru,zh", "fr"),
        ("xx, de", "de"),
        ("nb-NO,nb;q=0.9,en;q=0.8", "nb"),
        ("en;q=0.1,sv;q=0.7", "sv"),
        ("en;q=0, da", "da"),
        ("fi; q=0.5, nl; q=0.6", "nl"),
        ("de;q=?", "de"),
        ("de;q=1.2.3", "de"),
        ("da;level=1", "da"),
        ("nb, *", "nb"),
    ],
)
def test_the_first_known_language_of_the_highest_weight_wins(header: str, language: str):
    assert requested_language(header) == language


@pytest.mark.parametrize("header", ["xx", "tlh-AQ", "english", "1", "se"])
def test_an_unknown_language_is_english(header: str):
    assert requested_language(header) == "en"


@pytest.mark.parametrize("header", ["", "  ", ",;", "*", "x", "X", "*, en", "*;q=0.5"])
def test_no_language_is_in_force_when_none_is_asked_for(header: str):
    assert requested_language(header) is None


def test_a_code_that_is_no_language_is_none():
    assert language_of("xx-no") is None
