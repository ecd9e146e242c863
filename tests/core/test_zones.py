"""Zones by id, code and IANA name."""

from zoneinfo import available_timezones

import pytest

from skranke.core import zones

VENDOR_ZONES = [
    (1, "UTC", "UTC"),
    (36, "AU-ACT", "Australia/Sydney"),
    (50, "BD", "Asia/Dhaka"),
    (114, "CA-QC", "America/Toronto"),
    (140, "DK", "Europe/Copenhagen"),
    (156, "FR", "Europe/Paris"),
    (261, "NO", "Europe/Oslo"),
    (425, "US-CA", "America/Los_Angeles"),
    (433, "US-HI", "Pacific/Honolulu"),
    (460, "US-NY", "America/New_York"),
]


@pytest.mark.parametrize(("zone_id", "code", "iana"), VENDOR_ZONES)
def test_the_references_zones_have_its_ids_and_codes(zone_id: int, code: str, iana: str):
    found = zones.find_zone(str(zone_id))
    assert found is zones.find_zone(code) is zones.find_zone(code.lower()) is zones.find_zone(iana)
    assert found
    assert (found.zone_id, found.code, found.iana) == (zone_id, code, iana)


@pytest.mark.parametrize(
    ("code", "iana"),
    [
        ("AU-WA", "Australia/Perth"),
        ("AU-QLD", "Australia/Brisbane"),
        ("AR-NQ", "America/Argentina/Salta"),
        ("SE", "Europe/Stockholm"),
        ("GB", "Europe/London"),
        ("DE", "Europe/Berlin"),
        ("US-AK", "America/Anchorage"),
        ("RU", "Europe/Moscow"),
        ("UA", "Europe/Kyiv"),
        ("IN", "Asia/Kolkata"),
    ],
)
def test_a_code_is_a_country_or_its_region(code: str, iana: str):
    found = zones.find_zone(code)
    assert found
    assert found.iana == iana


def test_ids_and_codes_are_unique_and_every_zone_exists():
    listed = zones.all_zones()
    assert len({zone.zone_id for zone in listed}) == len(listed)
    assert len({zone.code.lower() for zone in listed}) == len(listed)
    assert {zone.iana for zone in listed} <= available_timezones()
    assert all(zone.info.key == zone.iana for zone in listed)


def test_ids_of_our_own_stay_clear_of_the_vendors():
    known = {zone_id for zone_id, _, _ in VENDOR_ZONES}
    assert all(z.zone_id > 1000 for z in zones.all_zones() if z.zone_id not in known)


def test_any_iana_name_is_a_zone_in_any_case():
    found = zones.find_zone("antarctica/troll")
    assert found
    assert (found.zone_id, found.code) == (0, "Antarctica/Troll")
    assert found.info.key == "Antarctica/Troll"


@pytest.mark.parametrize(
    "said", ["", "US", "XX", "0", "0261", "999", "-1", "Oslo", "localtime", "../UTC"]
)
def test_what_is_no_zone_is_none(said: str):
    assert zones.find_zone(said) is None


def test_a_zone_has_the_vendors_name_and_a_city():
    found = zones.find_zone("US-NY")
    assert found
    assert (found.name, found.city) == ("United States - New York", "New York")
    assert zones.iana_zone("UTC").name == "UTC"
    assert zones.iana_zone("Europe/Oslo").name == "Norway"


def test_of_zones_with_the_same_rules_the_best_known_stands_for_them():
    assert zones.iana_zone("America/New_York").code == "US-NY"
    assert zones.iana_zone("America/Toronto").code == "CA-QC"
