"""Reads the headers of conditional requests. Source: RFC 9110, section 13.1."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from skranke.core import dates
from skranke.core.dates import Locale
from skranke.core.preconditions import Conditions
from skranke.http.request import Head


def conditions_of(head: Head, locale: Locale) -> Conditions:
    """The dates of If-Modified-Since and If-Unmodified-Since."""
    return Conditions(
        modified_since=_parse_date(head.header("if-modified-since"), locale),
        unmodified_since=_parse_date(head.header("if-unmodified-since"), locale),
    )


def _parse_date(text: str, locale: Locale) -> datetime | None:
    """Parse an HTTP date or a date as bodies have it, which the vendor's client sends.

    None for anything else: RFC 9110 requires invalid dates to be ignored.
    """
    if not text:
        return None
    try:
        return dates.to_instant(dates.parse(text), locale)
    except ValueError:
        pass
    try:
        read = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return read.replace(tzinfo=read.tzinfo or UTC)
