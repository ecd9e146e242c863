"""Multi-language texts and resources."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skranke.core.languages import VENDOR_CODES
from skranke.http.i18n import translated_text
from skranke.http.i18n.translated_text import localise_text


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ('US:"Customer";NO:"Kunde";', "Kunde"),
        ('US:"Customer";NO:"Kunde"', "Kunde"),
        ('US:"Customer";GE:"Kunde";', "Customer"),
        ('GE:"Kunde";FR:"Client"', "Kunde"),
        ('XX:"Kunde"', "Kunde"),
        ('NO:"Kunde";NO:"Annen"', "Kunde"),
        ('US:"Customer";NO:""', ""),
        ('US:"a; b";NO:"å: æ"', "å: æ"),
        ('The US:"customer";NO:"kunde"; is late', "The kunde is late"),
        ('US:"a";NO:"b" and US:"c";NO:"d"', "b and d"),
        ('US:"a"; NO:"b"', "a b"),
        ('US:"a";;NO:"b"', "a;b"),
        ('5" pipe', '5" pipe'),
        ('say "US"', 'say "US"'),
        ("[SR_YES]", "Ja"),
        ("[SR_YES]/[SR_NO]", "Ja/Nei"),
        ('US:"[SR_YES]";NO:"[SR_NO]"', "Nei"),
        ("", ""),
        ("plain", "plain"),
    ],
)
def test_a_stored_text_is_told_in_the_language(stored: str, shown: str):
    assert localise_text(stored, "nb") == shown


@pytest.mark.parametrize(
    "stored",
    [
        'US:"a',
        'US:"a;NO:"b"',
        'US:"a";NO:"b',
        'US:"a";NO:"b"x',
        'US:"a"NO:"b"',
        'us:"a"',
        'USA:"a"',
        'US: "a"',
        "US:'a'",
        "US:a",
        "[SR_NO_SUCH_TEXT]",
        "[sr_yes]",
        "SR_YES",
        "[SR_YES",
        "[I:1]",
        "[SR_]",
    ],
)
def test_what_breaks_the_form_passes_unchanged(stored: str):
    assert localise_text(stored, "nb") == stored


def test_a_language_without_texts_of_its_own_is_told_in_english():
    assert localise_text("[SR_YES]", "ja") == "Yes"


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(
    st.dictionaries(
        st.sampled_from(list(VENDOR_CODES.values())),
        st.text().filter(lambda t: '"' not in t and "[SR_" not in t),
        min_size=1,
    ),
    st.sampled_from(list(VENDOR_CODES)),
)
def test_any_text_in_a_block_comes_out_as_it_went_in(said: dict[str, str], language: str):
    stored = ";".join(f'{code}:"{text}"' for code, text in said.items())
    fallback = said.get("US", next(iter(said.values())))
    assert localise_text(stored, language) == said.get(VENDOR_CODES[language], fallback)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.text('USNO:";[]R_YE', max_size=40), st.sampled_from(list(VENDOR_CODES)))
def test_no_text_is_too_odd(stored: str, language: str):
    assert isinstance(localise_text(stored, language), str)


def test_a_text_of_many_blocks_is_told_in_one_pass():
    assert localise_text('US:"a";' * 20_000 + "x", "nb") == "ax"
    broken = 'US:"a";' * 20_000 + 'US:"'
    assert localise_text(broken, "nb") == broken


def test_every_resource_is_told_in_every_language():
    assert translated_text.languages() == ["en", "nb", "sv", "da", "de", "nl", "fr", "fi"]
    for name, said in translated_text.resource_texts().items():
        assert re.fullmatch("SR_[A-Z0-9_]+", name)
        assert all(said.values()), name
