"""`/api/v1/TimeZone` and `/api/v1/String`. Source: reference, their REST pages."""

from skranke.core import languages, zones
from skranke.core.context import Permission, RequestContext
from skranke.core.errors import NotFound
from skranke.core.zones import Zone
from skranke.http.codecs.scalars import short
from skranke.http.i18n import translated_text
from skranke.http.i18n.carriers import TimeZoneArchive, TimeZoneData, TimeZoneRow
from skranke.http.i18n.rules import offsets, rules
from skranke.http.operation import resource


@resource("GET", "/api/v1/TimeZone", permission=Permission.SIGNED_IN)
async def get_time_zones_archive(context: RequestContext) -> TimeZoneArchive:
    """Every zone that SO-TimeZone takes by id or code, by code."""
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
    """The base zone, and this year's rules of it."""
    return _data(zones.iana_zone(context.settings.timezone), context.now.year)


@resource("GET", "/api/v1/TimeZone/current", permission=Permission.SIGNED_IN)
async def get_current_time_zone(context: RequestContext) -> TimeZoneData:
    """The zone in force for this request, and this year's rules of it."""
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
    """The names of resources with `q` in their name or text, in any case."""
    language = _language(context, iso_lang_code) or languages.ENGLISH
    needle = q.casefold()
    return [
        name
        for name in translated_text.known()
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
    """The texts by language of resources named with commas between them.

    In every language unless one is asked for, here or by the headers; names that aren't
    known are left out.
    """
    asked = _language(context, iso_lang_code)
    wanted = [asked] if asked else translated_text.languages()
    names = [name.strip().upper() for name in sr_id.split(",")]
    return {
        name: {language: translated_text.resource(name, language) for language in wanted}
        for name in names
        if name in translated_text.known()
    }


@resource("GET", "/api/v1/String/{sr_id}/{iso_lang_code}", permission=Permission.SIGNED_IN)
async def get_string(context: RequestContext, sr_id: str, iso_lang_code: str) -> str:
    """A resource's text in a language, English if it has none; NotFound."""
    language = _language(context, iso_lang_code) or languages.ENGLISH
    if said := translated_text.resource(sr_id.upper(), language):
        return said
    raise NotFound(f"There is no string {short(sr_id)!r}.")


def _language(context: RequestContext, iso_lang_code: str) -> str | None:
    return languages.requested_language(iso_lang_code) or context.locale.language
