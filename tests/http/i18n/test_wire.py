"""Zones and languages as bytes on a socket, both ways."""

import base64
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.conftest import DemoServer

AGENT, READER = "tje0:Tje0", "sofie0:Sofie0"
SAVE = "/api/v1/Agents/Ticket/SaveTicketEntity"
GET = "/api/v1/Agents/Ticket/GetTicketEntity?ticketEntityId=389"
NULL_DATE = "0001-01-01T00:00:00"
Ask = Callable[..., httpx.Response]


@pytest.fixture
def ask(demo: DemoServer) -> Ask:
    """`ask(path, body, user, SO_TimeZone=…)`: POST of JSON, or GET without a body."""

    def send(path: str, body: Any = None, user: str = AGENT, **headers: str) -> httpx.Response:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent["Authorization"] = f"Basic {base64.b64encode(user.encode()).decode()}"
        method = "GET" if body is None else "POST"
        return httpx.request(method, demo.url + path, json=body, headers=sent)

    return send


def save_deadline(ask: Ask, deadline: str, **headers: str) -> dict[str, Any]:
    answer = ask(SAVE, {"TicketId": 389, "Deadline": deadline}, **headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("zone", ["NO", "no", "261", "Europe/Oslo", "europe/oslo"])
def test_a_zone_by_id_or_name_holds_both_ways(ask: Ask, zone: str):
    told = save_deadline(ask, "2026-07-01T12:00:00", SO_TimeZone=zone)
    assert told["Deadline"] == "2026-07-01T12:00:00"
    assert ask(GET, {}).json()["Deadline"] == "2026-07-01T10:00:00"


def test_offsets_are_shown_when_asked_for_and_read_whenever_given(ask: Ask):
    told = save_deadline(ask, "2026-07-01T12:00:00+02:00", SO_TimeZone="460,includeTZOffset")
    assert told["Deadline"] == "2026-07-01T06:00:00-04:00"
    in_utc = ask(GET, {}, SO_TimeZone="UTC, includeTZOffset").json()
    assert in_utc["Deadline"] == "2026-07-01T10:00:00Z"
    in_base = ask(GET, {}, SO_TimeZone="includetzoffset").json()
    assert in_base["Deadline"] == "2026-07-01T10:00:00Z"


@pytest.mark.parametrize(
    ("wall", "utc"),
    [
        ("2026-03-29T01:59:59", "2026-03-29T00:59:59"),
        ("2026-03-29T02:30:00", "2026-03-29T01:30:00"),  # is skipped that night
        ("2026-03-29T03:00:00", "2026-03-29T01:00:00"),
        ("2026-10-25T02:30:00", "2026-10-25T00:30:00"),  # comes twice: the first
        ("2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00"),
        ("2026-10-25T03:00:00", "2026-10-25T02:00:00"),
    ],
)
def test_the_nights_when_clocks_are_moved(ask: Ask, wall: str, utc: str):
    save_deadline(ask, wall, SO_TimeZone="NO")
    assert ask(GET, {}).json()["Deadline"] == utc


@pytest.mark.parametrize("zone", ["NO", "US-HI", "US-NY,includeTZOffset", "UTC,includeTZOffset"])
def test_the_null_date_is_never_shifted(ask: Ask, zone: str):
    told = save_deadline(ask, NULL_DATE, SO_TimeZone=zone)
    null_date = NULL_DATE + ("Z" if zone == "UTC,includeTZOffset" else "")  # case A16
    assert (told["Deadline"], told["ClosedAt"]) == (null_date, null_date)
    told["Deadline"] = NULL_DATE + "Z"
    assert ask(SAVE, told, SO_TimeZone=zone).json()["Deadline"] == null_date
    assert ask(GET, {}).json()["Deadline"] == NULL_DATE


@pytest.mark.parametrize("zone", ["NO", "US-HI", "AU-ACT,includeTZOffset"])
def test_a_ticket_that_is_saved_as_it_was_read_is_unchanged(ask: Ask, zone: str):
    before = ask(GET, {}, SO_TimeZone=zone).json()
    after = ask(SAVE, before, SO_TimeZone=zone).json()
    assert after == before


@pytest.mark.parametrize(
    ("asked", "named"),
    [("", "UTC"), ("NO", "NO"), ("460, includeTZOffset", "US-NY"), ("utc", "UTC")],
)
def test_the_answer_names_the_zone_in_force(ask: Ask, asked: str, named: str):
    assert ask(GET, {}, SO_TimeZone=asked).headers["SO-TimeZone"] == named


@pytest.mark.parametrize("zone", ["Narnia", "999", "NO,Narnia"])
def test_an_unknown_zone_is_refused_before_anything_is_done(ask: Ask, zone: str):
    refused = ask(SAVE, {"TicketId": 389, "Title": "x"}, SO_TimeZone=zone)
    assert refused.status_code == 400
    said = refused.json()["ErrorMessage"]
    assert said.startswith("SO-TimeZone: ")
    assert zone in said
    assert ask(GET, {}).json()["Title"] != "x"


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({}, "[SR_SKRANKE_ONLY_READ]"),
        ({"Accept_Language": "*"}, "[SR_SKRANKE_ONLY_READ]"),
        ({"Accept_Language": ""}, "[SR_SKRANKE_ONLY_READ]"),
        ({"SO_Language": "x", "Accept_Language": "nb"}, "[SR_SKRANKE_ONLY_READ]"),
        ({"Accept_Language": "en"}, "Your role may only read."),
        ({"Accept_Language": "xx"}, "Your role may only read."),
        ({"Accept_Language": "nb-NO,nb;q=0.9"}, "Rollen din kan bare lese."),
        ({"SO_Language": "", "Accept_Language": "da"}, "Din rolle må kun læse."),
        ({"SO_Language": "SV", "Accept_Language": "da"}, "Din roll får bara läsa."),
    ],
)
def test_reasons_are_told_in_the_language(ask: Ask, headers: dict[str, str], reason: str):
    told = ask(GET, {}, READER, **{"Accept_Language": "", **headers}).json()
    assert told["FieldProperties"]["Title"]["FieldRight"]["Reason"] == reason


def test_what_a_customer_writes_is_never_told_in_another_language(ask: Ask):
    title = 'US:"Help";NO:"Hjelp"; [SR_YES]'
    told = ask(SAVE, {"TicketId": 389, "Title": title}, Accept_Language="nb").json()
    assert told["Title"] == title


def test_zones_and_strings_over_rest(ask: Ask):
    zones = ask("/api/v1/TimeZone").json()
    assert zones["odata.nextLink"] is None
    assert {"id": 261, "timeZone": "NO", "isActive": True}.items() <= next(
        row for row in zones["value"] if row["PrimaryKey"] == "261"
    ).items()
    current = ask("/api/v1/TimeZone/current", SO_TimeZone="DK").json()
    assert (current["TZLocationID"], current["TZLocationCode"]) == (140, "DK")
    assert ask("/api/v1/TimeZone/base").json()["TZLocationCode"] == "UTC"
    assert ask("/api/v1/Agents/TimeZone/GetBaseTimeZoneId", {}).json() == 1
    sv = ask("/api/v1/String/SR_YES?isoLangCode=sv").json()
    assert sv == {"SR_YES": {"sv": "Ja"}}
    assert ask("/api/v1/String/SR_NO/de").json() == "Nein"
    assert "fi" in ask("/api/v1/String/KnownLanguages").json()
