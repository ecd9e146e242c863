"""`/api/v1/TimeZone` and `/api/v1/String`. Source: reference, their REST pages."""

from skranke.core import languages, zones
from skranke.core.context import Permission, RequestContext
from skranke.core.errors import NotFound
from skranke.core.zones import Zone
from skranke.http.formats.scalars import shorten
from skranke.http.i18n import translated_text
from skranke.http.i18n.carriers import TimeZoneArchive, TimeZoneData, TimeZoneRow
from skranke.http.i18n.rules import offsets, rules
from skranke.http.operation import resource


@resource("GET", "/api/v1/TimeZone", permission=Permission.SIGNED_IN)
async def get_time_zones_archive(context: RequestContext) -> TimeZoneArchive:
    """Every zone that SO-TimeZone accepts by id or code, sorted by code."""
    year = context.now.year
    listed = sorted(zones.all_zones(), key=lambda zone: zone.code)
    return TimeZoneArchive(
        metadata="/api/v1/TimeZone/$metadata", value=[_row(zone, year) for zone in listed]
    )


def _row(zone: Zone, year: int) -> TimeZoneRow:
    standard, *daylight = offsets(zone.info, year)
    return TimeZoneRow(
        primary_key=str(zone.zone_id),
        entity_name="timezone",
        id=zone.zone_id,
        time_zone=zone.code,
        country=zone.country,
        region=zone.region,
        offset=standard,
        daylight=bool(daylight),
        is_active=True,
    )


@resource("GET", "/api/v1/TimeZone/base", permission=Permission.SIGNED_IN)
async def get_base_time_zone(context: RequestContext) -> TimeZoneData:
    """The base zone with this year's rules."""
    return _data(zones.iana_zone(context.settings.timezone), context.now.year)


@resource("GET", "/api/v1/TimeZone/current", permission=Permission.SIGNED_IN)
async def get_current_time_zone(context: RequestContext) -> TimeZoneData:
    """The zone in use for this request, with this year's rules."""
    said = context.locale.zone_name  # several may have the same rules
    zone = zones.find_zone(said) or zones.iana_zone(context.locale.zone.key)
    return _data(zone, context.now.year)


def _data(zone: Zone, year: int) -> TimeZoneData:
    standard, *daylight = rules(zone.info, year)
    first = f"{year}-01-01T00:00:00"  # the day from which the rules hold
    return TimeZoneData(
        tz_location_id=zone.zone_id,
        name=zone.name,
        tz_location_code=zone.code,
        tz_location_cities=zone.city,
        iso_number=zone.iso_number,
        standard_rules={first: standard},
        daylight_rules={first: daylight[0]} if daylight else {},
    )


@resource("GET", "/api/v1/String", permission=Permission.SIGNED_IN, query=("q", "iso_lang_code"))
async def get_string_names(context: RequestContext, q: str, iso_lang_code: str) -> list[str]:
    """The names of the resources that contain `q` in their name or text, in any case."""
    language = _language(context, iso_lang_code) or languages.ENGLISH
    needle = q.casefold()
    return [
        name
        for name in translated_text.resource_texts()
        if needle in f"{name} {translated_text.resource(name, language)}".casefold()
    ]


@resource("GET", "/api/v1/String/KnownLanguages", permission=Permission.SIGNED_IN)
async def get_known_languages(context: RequestContext) -> list[str]:
    """The ISO codes of the languages that resources have texts in."""
    _ = context
    return translated_text.languages()


@resource(
    "GET", "/api/v1/String/{sr_id}", permission=Permission.SIGNED_IN, query=("iso_lang_code",)
)
async def get_strings(
    context: RequestContext, sr_id: str, iso_lang_code: str
) -> dict[str, dict[str, str]]:
    """The texts, by language, of resources whose names are separated by commas.

    In every language unless one is requested here or by the headers; unknown names are
    left out.
    """
    asked = _language(context, iso_lang_code)
    wanted = [asked] if asked else translated_text.languages()
    names = [name.strip().upper() for name in sr_id.split(",")]
    return {
        name: {language: translated_text.resource(name, language) for language in wanted}
        for name in names
        if name in translated_text.resource_texts()
    }


@resource("GET", "/api/v1/String/{sr_id}/{iso_lang_code}", permission=Permission.SIGNED_IN)
async def get_string(context: RequestContext, sr_id: str, iso_lang_code: str) -> str:
    """A resource's text in a language, else in English; NotFound if it is unknown."""
    language = _language(context, iso_lang_code) or languages.ENGLISH
    if said := translated_text.resource(sr_id.upper(), language):
        return said
    raise NotFound(f"There is no string {shorten(sr_id)!r}.")


def _language(context: RequestContext, iso_lang_code: str) -> str | None:
    return languages.requested_language(iso_lang_code) or context.locale.language
