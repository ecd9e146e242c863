"""Time zones by the vendor's ids and codes, and by IANA name.

`zones.tsv` lists them. The reference gives ten ids and the form of the codes: a country
code, with a region if the country has several zones. Ids from 1001 on are Skranke's
own, for zones whose vendor id is unknown. The bare code of a country with several zones
would be ambiguous and is not accepted. Source: reference, SO-TimeZone and TimeZoneData.
"""

from functools import cache, cached_property
from importlib import resources
from zoneinfo import ZoneInfo, available_timezones

from msgspec import Struct


class Zone(Struct, frozen=True, dict=True):
    """A time zone with the vendor's id and code and its IANA name."""

    zone_id: int  # 0: has only an IANA name
    code: str  # "NO", "US-NY"
    iana: str
    iso_number: int = 0  # the country's number in ISO 3166; 0: no country
    country: str = ""
    region: str = ""

    @cached_property
    def info(self) -> ZoneInfo:
        """The zone's rules."""
        return ZoneInfo(self.iana)

    @property
    def name(self) -> str:
        """Country and region: `United States - New York`."""
        place = f"{self.country} - {self.region}" if self.region else self.country
        return place or self.code

    @property
    def city(self) -> str:
        """The city in the IANA name: `New York`."""
        return self.iana.rpartition("/")[2].replace("_", " ")


@cache
def all_zones() -> tuple[Zone, ...]:
    """The listed zones; of several with one IANA zone the best known comes first."""
    table = resources.files("skranke.core").joinpath("zones.tsv").read_text("utf-8")
    _, *lines = table.splitlines()
    return tuple(_zone(*line.split("\t")) for line in lines)


def _zone(zone_id: str, code: str, iana: str, number: str, country: str, region: str) -> Zone:
    return Zone(int(zone_id), code, iana, int(number), country, region)


def find_zone(name: str) -> Zone | None:
    """Find a zone by id, code or IANA name, in any case; None if unknown."""
    # codes first: listing the IANA names reads directories
    if zone := _by_name().get(name.lower()):
        return zone
    iana = _iana_names().get(name.lower())
    return iana_zone(iana) if iana else None


def regions_of(code: str) -> list[str]:
    """The codes of a country's zones where it has several: `US` → `US-AL`, …"""
    begin = f"{code.lower()}-"
    return [zone.code for zone in all_zones() if zone.code.lower().startswith(begin)]


def iana_zone(iana: str) -> Zone:
    """The listed zone with this IANA name, or one that has only the IANA name."""
    return _by_iana().get(iana) or Zone(0, iana, iana)


@cache
def _by_name() -> dict[str, Zone]:
    """The listed zones by id and by lower-case code."""
    codes = {zone.code.lower(): zone for zone in all_zones()}
    return codes | {str(zone.zone_id): zone for zone in all_zones()}


@cache
def _by_iana() -> dict[str, Zone]:
    return {zone.iana: zone for zone in reversed(all_zones())}


@cache
def _iana_names() -> dict[str, str]:
    names = available_timezones() - {"localtime", "Factory"}  # the machine's zone; a placeholder
    return {iana.lower(): iana for iana in names}
