"""The default locale: for jobs, and for requests that send no locale headers."""

from functools import lru_cache

from skranke.core import zones
from skranke.core.dates import Locale
from skranke.core.languages import requested_language
from skranke.core.settings import Settings


def base_locale(settings: Settings) -> Locale:
    """The installation's base zone; texts are not translated to a language."""
    return _locale(settings.timezone)


@lru_cache(maxsize=8)
def _locale(timezone: str) -> Locale:
    zone = zones.iana_zone(timezone)
    language = requested_language("")
    return Locale(zone.info, zone_name=zone.code, language=language, culture=language)
