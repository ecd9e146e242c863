"""The dates of a conditional request, as its headers give them. Source: RFC 9110, 13.1."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from skranke.core import dates
from skranke.core.dates import Locale
from skranke.core.preconditions import Conditions
from skranke.http.request import Head


def conditions_of(head: Head, locale: Locale) -> Conditions:
    """What If-Modified-Since and If-Unmodified-Since say."""
    return Conditions(
        modified_since=_read(head.header("if-modified-since"), locale),
        unmodified_since=_read(head.header("if-unmodified-since"), locale),
    )


def _read(text: str, locale: Locale) -> datetime | None:
    """An HTTP date, or one as in a body: the vendor's client passes on what it gets.

    None for anything else, which RFC 9110 wants to be ignored.
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
