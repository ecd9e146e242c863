"""Time zones by the vendor's ids and codes, and by IANA name.

`zones.tsv` holds them. The reference gives ten ids and the form of the codes: a
country's, with a region where a country is wide. Ids from 1001 on are this desk's own,
for zones whose vendor's id isn't known; a wide country's bare code would be a guess
and is none. Source: reference, SO-TimeZone and TimeZoneData.
"""

from functools import cache, cached_property
from importlib import resources
from zoneinfo import ZoneInfo, available_timezones

from msgspec import Struct


class Zone(Struct, frozen=True, dict=True):
    """A time zone as the vendor lists it, beside its IANA name."""

    zone_id: int  # 0: known by its IANA name only
    code: str  # "NO", "US-NY"
    iana: str
    iso_number: int = 0  # the country's number in ISO 3166; 0: no country's
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
        """The town that IANA names the zone after: `New York`."""
        return self.iana.rpartition("/")[2].replace("_", " ")


@cache
def all_zones() -> tuple[Zone, ...]:
    """The zones of the list; of several with one IANA zone the best known is first."""
    table = resources.files("skranke.core").joinpath("zones.tsv").read_text("utf-8")
    _, *lines = table.splitlines()
    return tuple(_zone(*line.split("\t")) for line in lines)


def _zone(zone_id: str, code: str, iana: str, number: str, country: str, region: str) -> Zone:
    return Zone(int(zone_id), code, iana, int(number), country, region)


def find_zone(said: str) -> Zone | None:
    """The zone of an id, a code or an IANA name, in any case; None when unknown."""
    # a code wins over an IANA name, whose directories are only read when needed
    if zone := _by_name().get(said.lower()):
        return zone
    iana = _iana_names().get(said.lower())
    return iana_zone(iana) if iana else None


def iana_zone(iana: str) -> Zone:
    """The listed zone with these rules, or one known by its IANA name only."""
    return _by_iana().get(iana) or Zone(0, iana, iana)


@cache
def _by_name() -> dict[str, Zone]:
    """The listed zones by id and by code in lower case."""
    codes = {zone.code.lower(): zone for zone in all_zones()}
    return codes | {str(zone.zone_id): zone for zone in all_zones()}


@cache
def _by_iana() -> dict[str, Zone]:
    return {zone.iana: zone for zone in reversed(all_zones())}


@cache
def _iana_names() -> dict[str, str]:
    names = available_timezones() - {"localtime", "Factory"}  # of the machine, of none
    return {iana.lower(): iana for iana in names}
