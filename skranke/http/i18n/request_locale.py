"""The time zone and language of a request.

Source: reference, the request headers SO-TimeZone, Accept-Language, SO-Language and
SO-Culture, and the response header SO-TimeZone.
"""

from functools import lru_cache

from skranke.core import zones
from skranke.core.base_locale import base_locale
from skranke.core.dates import Locale
from skranke.core.errors import BadValue
from skranke.core.languages import language_of, requested_language
from skranke.core.settings import Settings
from skranke.core.zones import Zone
from skranke.http.formats.scalars import shorten
from skranke.http.request import Head


def locale_of(head: Head, settings: Settings) -> Locale:
    """The locale that a request's headers ask for; BadValue for an unknown time zone."""
    header = head.headers.get
    requested = (
        header("so-timezone", ""),
        header("so-language") or header("accept-language", ""),
        header("so-culture", ""),
    )
    return _locale(settings.timezone, *requested) if any(requested) else base_locale(settings)


def headers(locale: Locale) -> list[tuple[bytes, bytes]]:
    """The response header with the zone in use."""
    return [(b"so-timezone", locale.zone_name.encode())]


@lru_cache(maxsize=1024)
def _locale(base: str, timezone: str, languages: str, culture: str) -> Locale:
    zone, offset = _requested_zone(timezone)
    zone = zone or zones.iana_zone(base)
    language = requested_language(languages)
    return Locale(
        zone.info,
        offset=offset,
        zone_name=zone.code,
        language=language,
        culture=language and (language_of(culture) or language),
    )


def _requested_zone(timezone: str) -> tuple[Zone | None, bool]:
    """The zone in SO-TimeZone, if any, and whether it requests offsets."""
    asked = [token.strip() for token in timezone.split(",") if token.strip()]
    names = [token for token in asked if token.lower() != "includetzoffset"]
    if len(names) > 1:
        raise BadValue("SO-TimeZone", f"{shorten(timezone)!r} names more than one zone")
    zone = zones.find_zone(names[0]) if names else None
    if names and zone is None:
        regions = zones.regions_of(names[0])
        hint = f"; name its region: {', '.join(regions)}" if regions else ""
        raise BadValue("SO-TimeZone", f"there is no time zone {shorten(names[0])!r}{hint}")
    return zone, len(names) < len(asked)
