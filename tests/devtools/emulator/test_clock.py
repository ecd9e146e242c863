"""The desk's clock can be stopped, moved on and let go; nothing else is done to it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from skranke.core.clock import Clock
from tests.devtools.emulator.conftest import Opener

START = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def as_json(**fields: Any) -> bytes:
    return msgspec.json.encode(fields)


async def test_the_clock_stands_where_it_is_set(opened: Opener):
    desk, ask = opened()
    answer = await ask("POST", "/_desk/clock", as_json(set="2026-03-02T11:00:00+01:00"))
    assert answer.status == 200
    assert answer.body == {"now": "2026-03-02T10:00:00Z", "frozen": True}
    assert desk.clock.now() == START
    assert (await ask("GET", "/_desk/clock")).body == answer.body


async def test_a_date_without_an_offset_is_the_installations_wall_time(opened: Opener):
    desk, ask = opened(timezone="Europe/Oslo")
    await ask("POST", "/_desk/clock", as_json(set="2026-07-01T12:00:00"))
    assert desk.clock.now() == datetime(2026, 7, 1, 10, 0, tzinfo=UTC)


async def test_advancing_moves_a_stopped_clock_on(opened: Opener):
    desk, ask = opened(Clock(START))
    for seconds in (90, 0.5, 0):
        answer = await ask("POST", "/_desk/clock", as_json(advance=seconds))
    assert answer.body == {"now": "2026-03-02T10:01:30.500000Z", "frozen": True}
    assert desk.clock.now() == START + timedelta(seconds=90.5)


async def test_advancing_stops_a_running_clock_ahead_of_the_machines(opened: Opener):
    desk, ask = opened()
    before = desk.clock.now()
    await ask("POST", "/_desk/clock", as_json(advance=3600))
    assert desk.clock.is_frozen
    assert desk.clock.now() >= before + timedelta(hours=1)


async def test_a_released_clock_runs_with_the_machine(opened: Opener):
    desk, ask = opened(Clock(START))
    answer = await ask("POST", "/_desk/clock", as_json(release=True))
    assert answer.body["frozen"] is False
    assert desk.clock.now() != START


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "body"),
        (b"{", "body"),
        (b"[]", "body"),
        (b"null", "body"),
        (b'{"set": "\xff"}', "body"),
        (b"{}", "body"),
        (as_json(set="2026-03-02T10:00:00Z", advance=1), "body"),
        (as_json(now="2026-03-02"), "now"),
        (as_json(set="yesterday"), "set"),
        (as_json(set=1772445600), "set"),
        (as_json(set=None), "set"),
        (as_json(set="0001-01-01T00:00:00+14:00"), "set"),
        (as_json(set="9999-12-31T23:59:59Z"), "set"),
        (as_json(advance=-1), "advance"),
        (as_json(advance="60"), "advance"),
        (as_json(advance=True), "advance"),
        (as_json(advance=1e300), "advance"),
        (as_json(advance=2.5e11), "advance"),
        (b'{"advance": %s}' % (b"9" * 400), "advance"),
        (as_json(release=False), "release"),
        (as_json(release=1), "release"),
    ],
)
async def test_a_body_that_says_nothing_usable_names_the_field_and_does_nothing(
    opened: Opener, body: bytes, field: str
):
    desk, ask = opened(Clock(START))
    answer = await ask("POST", "/_desk/clock", body)
    assert answer.status == 400
    assert answer.body["field"] == field
    assert answer.body["error"].startswith(f"{field}: ")
    assert desk.clock.is_frozen
    assert desk.clock.now() == START
