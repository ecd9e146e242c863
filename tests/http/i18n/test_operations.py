"""What a client may ask about zones, languages and texts."""

import pytest

from skranke.core.dates import Locale
from skranke.core.errors import NotFound
from skranke.core.settings import Settings
from skranke.core.zones import find_zone
from skranke.http.i18n.operations import (
    get_base_time_zone_id,
    get_default_time_zone_information,
    get_resource_substitutions,
)
from skranke.http.i18n.resources import (
    get_base_time_zone,
    get_current_time_zone,
    get_known_languages,
    get_string,
    get_string_names,
    get_strings,
    get_time_zones_archive,
)
from tests.cast import RITA, ContextOf

OSLO = Settings(timezone="Europe/Oslo")


def locale(code: str, language: str | None = None) -> Locale:
    zone = find_zone(code)
    assert zone
    return Locale(zone.info, zone_name=zone.code, language=language)


async def test_the_base_zone_is_the_settings(context_of: ContextOf) -> None:
    context = context_of(RITA, settings=OSLO, locale=locale("US-NY"))
    assert await get_base_time_zone_id(context) == 261
    base = await get_base_time_zone(context)
    assert (base.tz_location_id, base.tz_location_code) == (261, "NO")
    assert (base.name, base.tz_location_cities) == ("Norway", "Oslo")
    assert base.iso_number == 578
    assert base.standard_rules["2026-01-01T00:00:00"].tz_offset == 60
    assert base.daylight_rules["2026-01-01T00:00:00"].tz_offset == 120


async def test_the_current_zone_is_the_one_that_was_asked_for(context_of: ContextOf) -> None:
    current = await get_current_time_zone(context_of(RITA, locale=locale("AU-ACT")))
    assert (current.tz_location_id, current.tz_location_code) == (36, "AU-ACT")
    assert current.name == "Australia - Australian Capital Territory"


async def test_utc_has_no_country_and_no_daylight_saving(context_of: ContextOf) -> None:
    current = await get_current_time_zone(context_of(RITA))
    assert (current.name, current.iso_number) == ("UTC", 0)
    assert current.daylight_rules == {}


async def test_the_preferred_zone_is_the_base_zone(context_of: ContextOf) -> None:
    preferred = await get_default_time_zone_information(context_of(RITA, settings=OSLO))
    assert (preferred.preference_id, preferred.tz_location_id) == (0, 261)
    assert (preferred.location_code, preferred.country) == ("NO", "Norway")
    assert preferred.bias == -60


async def test_every_zone_of_the_list_can_be_asked_for(context_of: ContextOf) -> None:
    rows = (await get_time_zones_archive(context_of(RITA))).value
    assert all(find_zone(row.primary_key) is find_zone(row.time_zone) for row in rows)
    assert all(row.is_active for row in rows)
    york = next(row for row in rows if row.id == 460)
    assert (york.time_zone, york.country) == ("US-NY", "United States")
    assert (york.region, york.offset, york.daylight) == ("New York", -300, True)
    assert not next(row for row in rows if row.id == 1).daylight


async def test_no_resource_is_overridden(context_of: ContextOf) -> None:
    context = context_of(RITA)
    found = await get_resource_substitutions(context, ["SR_YES"], "nb-NO", False)
    assert found == []


async def test_a_string_is_told_in_all_languages_or_the_one_asked_for(
    context_of: ContextOf,
) -> None:
    context = context_of(RITA)
    languages = await get_known_languages(context)
    every = await get_strings(context, "SR_YES,sr_no", "")
    assert list(every) == ["SR_YES", "SR_NO"]
    assert list(every["SR_NO"]) == languages
    assert await get_strings(context, "SR_YES", "sv-SE") == {"SR_YES": {"sv": "Ja"}}
    norwegian = context_of(RITA, locale=locale("UTC", "nb"))
    assert await get_strings(norwegian, "SR_NO", "") == {"SR_NO": {"nb": "Nei"}}
    assert await get_strings(context, "SR_NO_SUCH_TEXT", "") == {}


async def test_one_string_in_one_language_is_its_text(context_of: ContextOf) -> None:
    context = context_of(RITA)
    assert await get_string(context, "SR_YES", "fi") == "Kyllä"
    assert await get_string(context, "SR_YES", "ja") == "Yes"
    with pytest.raises(NotFound, match="SR_NO_SUCH_TEXT"):
        await get_string(context, "SR_NO_SUCH_TEXT", "en")


async def test_names_are_found_by_name_and_by_text(context_of: ContextOf) -> None:
    context = context_of(RITA)
    assert "SR_YES" in await get_string_names(context, "", "")
    assert await get_string_names(context, "sr_y", "") == ["SR_YES"]
    assert await get_string_names(context, "kyl", "fi") == ["SR_YES"]
    assert await get_string_names(context, "kyl", "") == []
