"""The dates of conditional requests, in every spelling that clients send."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from skranke.core.dates import Locale
from skranke.core.errors import PreconditionFailed
from skranke.core.preconditions import Conditions, http_date
from skranke.http.conditional import conditions_of
from skranke.http.request import Head

OSLO = Locale(ZoneInfo("Europe/Oslo"))
CHANGED_AT = datetime(2020, 1, 31, 23, 0, 0, 900_000, tzinfo=UTC)
SECOND = CHANGED_AT.replace(microsecond=0)


def conditions(**headers: str) -> Conditions:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    head = Head(method="GET", path="/", query={}, headers=named, peer="")
    return conditions_of(head, OSLO)


@pytest.mark.parametrize(
    "text",
    [
        "Fri, 31 Jan 2020 23:00:00 GMT",
        "Friday, 31-Jan-20 23:00:00 GMT",
        "Fri Jan 31 23:00:00 2020",
        "Sat, 1 Feb 2020 00:00:00 +0100",
        "2020-01-31T23:00:00Z",
        "2020-02-01T00:00:00",
    ],
)
def test_a_date_is_read_in_every_spelling(text: str) -> None:
    assert conditions(if_modified_since=text).modified_since == SECOND
    assert conditions(if_unmodified_since=text).unmodified_since == SECOND


@pytest.mark.parametrize("text", ["", "yesterday", "0", "Fri, 99 Jan 2020 23:00:00 GMT"])
def test_what_is_no_date_is_no_condition(text: str) -> None:
    assert conditions(if_modified_since=text, if_unmodified_since=text) == Conditions()
    assert conditions() == Conditions()


def test_a_stamp_is_compared_in_whole_seconds() -> None:
    known = Conditions(modified_since=SECOND, unmodified_since=SECOND)
    known.check(CHANGED_AT)
    told = known.respond("ticket", CHANGED_AT)
    assert (told.status, told.body) == (304, None)
    later = CHANGED_AT + timedelta(seconds=1)
    assert Conditions(modified_since=SECOND).respond("ticket", later).body == "ticket"
    with pytest.raises(PreconditionFailed, match="23:00:01 GMT"):
        known.check(later)


def test_an_answer_says_when_it_was_changed() -> None:
    told = Conditions().respond("ticket", CHANGED_AT)
    assert (told.status, told.body) == (200, "ticket")
    assert told.raw_headers() == [(b"last-modified", http_date(SECOND).encode())]
    assert http_date(SECOND) == "Fri, 31 Jan 2020 23:00:00 GMT"
