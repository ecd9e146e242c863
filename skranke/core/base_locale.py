"""The locale of whoever asks for none: jobs, and requests without a header for it."""

from functools import lru_cache

from skranke.core import zones
from skranke.core.dates import Locale
from skranke.core.languages import requested_language
from skranke.core.settings import Settings


def base_locale(settings: Settings) -> Locale:
    """The installation's base zone, with texts in no particular language."""
    return _locale(settings.timezone)


@lru_cache(maxsize=8)
def _locale(timezone: str) -> Locale:
    zone = zones.iana_zone(timezone)
    language = requested_language("")
    return Locale(zone.info, zone_name=zone.code, language=language, culture=language)
