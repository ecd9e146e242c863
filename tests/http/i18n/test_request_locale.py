"""From a request's headers to the locale that it is answered in."""

import pytest

from skranke.core.base_locale import base_locale
from skranke.core.dates import Locale
from skranke.core.errors import BadValue
from skranke.core.settings import Settings
from skranke.http.i18n.request_locale import headers, locale_of
from skranke.http.request import Head

OSLO = Settings(timezone="Europe/Oslo")


def of(settings: Settings = OSLO, **said: str) -> Locale:
    named = {name.replace("_", "-"): value for name, value in said.items()}
    head = Head(method="GET", path="/", query={}, headers=named, peer="")
    return locale_of(head, settings)


@pytest.mark.parametrize(
    ("said", "zone", "offset"),
    [
        ("", "Europe/Oslo", False),
        ("NO", "Europe/Oslo", False),
        ("261", "Europe/Oslo", False),
        ("utc", "UTC", False),
        ("utc,includeTZOffset", "UTC", True),
        ("US-NY, includeTZOffset", "America/New_York", True),
        ("INCLUDETZOFFSET , 460", "America/New_York", True),
        ("includeTZOffset", "Europe/Oslo", True),
        (",,America/new_york,", "America/New_York", False),
    ],
)
def test_the_zone_and_its_offset_are_read_from_tokens(said: str, zone: str, offset: bool):
    found = of(so_timezone=said)
    assert (found.zone.key, found.offset) == (zone, offset)


@pytest.mark.parametrize("said", ["Narnia", "999", "US", "NO, US-NY", "includeOffset"])
def test_an_unknown_zone_is_a_bad_value_that_names_the_header(said: str):
    with pytest.raises(BadValue, match="SO-TimeZone: ") as refused:
        of(so_timezone=said)
    assert said in refused.value.message
    assert refused.value.status == 400


def test_a_long_zone_is_shortened_in_the_refusal():
    with pytest.raises(BadValue) as refused:
        of(so_timezone="z" * 5000)
    assert len(refused.value.message) < 100


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("", "NO"),
        ("460", "US-NY"),
        ("utc", "UTC"),
        ("europe/oslo", "NO"),
        ("America/New_York", "US-NY"),
        ("antarctica/troll", "Antarctica/Troll"),
    ],
)
def test_the_answer_names_the_zone_in_force(said: str, name: str):
    assert headers(of(so_timezone=said)) == [(b"so-timezone", name.encode())]


def test_so_language_overrides_accept_language_and_empty_is_absent():
    assert of(so_language="sv", accept_language="nb").language == "sv"
    assert of(so_language="*", accept_language="nb").language is None
    assert of(so_language="x", accept_language="nb").language is None
    assert of(so_language="", accept_language="nb").language == "nb"
    assert of(so_language="", accept_language="").language is None
    assert of(accept_language="*").language is None


def test_the_culture_is_the_languages_unless_another_is_asked_for():
    assert of(accept_language="nb").culture == "nb"
    assert of(accept_language="nb", so_culture="sv-SE").culture == "sv"
    assert of(accept_language="nb", so_culture="??").culture == "nb"
    assert of(so_culture="sv").culture is None


def test_who_asks_for_nothing_has_the_base_locale():
    assert of() is base_locale(OSLO)
    assert base_locale(OSLO).zone is OSLO.zone
    assert base_locale(Settings()).zone_name == "UTC"
