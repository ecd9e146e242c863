"""A priority is closed on a country's holidays, beside what was entered by hand."""

import asyncio
import subprocess
import sys
from datetime import datetime

import pytest

from skranke.catalog.priorities.holidays_import import add_holidays, national_holidays
from skranke.catalog.priorities.sql import load_priorities
from skranke.core.errors import BadValue, NotFound
from skranke.db import database
from skranke.db.database import Db

MEDIUM = 2


async def non_dates(db: Db) -> str:
    sql = "SELECT non_dates FROM ticket_priority WHERE id = 2"
    return await db.fetchval(sql)


def test_a_countrys_holidays_are_told_as_dates_in_their_order() -> None:
    days = national_holidays("NO", range(2026, 2028))
    assert days[0] == "01/01/2026"
    assert {"17/05/2026", "25/12/2026", "17/05/2027"} <= set(days)
    told = [(day[6:], day[3:5], day[:2]) for day in days]
    assert told == sorted(told)


def test_part_of_a_country_may_have_more() -> None:
    assert "06/01/2026" in national_holidays("de-by", [2026])
    assert "06/01/2026" not in national_holidays("DE", [2026])


@pytest.mark.parametrize("country", ["XX", "DE-ZZ", ""])
def test_a_country_that_is_not_known_is_refused(country: str) -> None:
    with pytest.raises(BadValue, match="Country"):
        national_holidays(country, [2026])


async def test_what_is_there_stays_and_nothing_is_doubled(db: Db) -> None:
    await db.execute(
        "UPDATE ticket_priority SET non_dates = '25/12, 24/07/2026,29/02' WHERE id = 2"
    )
    days = ["01/01/2026", "25/12/2026", "24/07/2026", "01/01/2026"]
    assert await add_holidays(db, MEDIUM, days) == ["01/01/2026"]
    assert await non_dates(db) == "25/12,24/07/2026,29/02,01/01/2026"
    assert await add_holidays(db, MEDIUM, days) == []
    read = (await load_priorities(db)).by_id[MEDIUM].non_dates
    assert datetime(2026, 1, 1) in read  # noqa: DTZ001 - a day on the wall


async def test_open_tickets_are_to_be_counted_anew(db: Db) -> None:
    await db.execute("UPDATE ticket_priority SET deadline = 60 WHERE id = 2")
    await add_holidays(db, MEDIUM, ["17/05/2027"])
    assert await db.fetchval("SELECT count(*) FROM priority_edit") == 1


async def test_a_priority_that_is_not_there_is_named(db: Db) -> None:
    with pytest.raises(NotFound, match="99"):
        await add_holidays(db, 99, ["17/05/2027"])


def skranke(url: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "skranke", *words],
        env={"SKRANKE_DATABASE_URL": url},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_an_administrator_does_it_at_the_command_line(own_database_url: str) -> None:
    first = skranke(own_database_url, "holidays", "2", "NO", "--years", "2026-2028")
    assert first.returncode == 0, first.stderr
    assert "17/05/2028" in first.stdout
    again = skranke(own_database_url, "holidays", "2", "NO", "--years", "2026")
    assert "0 of 12 holidays are new to priority 2." in again.stdout
    assert "25/12/2027" in asyncio.run(_read(own_database_url))


async def _read(url: str) -> str:
    async with database.single_connection(url) as db:
        return await non_dates(db)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("99", "NO", "--years", "2026"), "Priority 99 does not exist"),
        (("2", "XX", "--years", "2026"), "Country: XX is not known"),
        (("2", "NO", "--years", "2028-2026"), "is no span of years"),
        (("2", "NO"), "--years"),
    ],
)
def test_what_cannot_be_done_is_said(
    own_database_url: str, words: tuple[str, ...], told: str
) -> None:
    refused = skranke(own_database_url, "holidays", *words)
    assert refused.returncode != 0
    assert told in refused.stderr
