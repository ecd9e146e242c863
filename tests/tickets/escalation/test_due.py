"""What is due is found by its date, in an index, however many tickets there are."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, LiteralString, cast

import pytest

from skranke.db.database import Db, Record
from skranke.tickets.escalation import due
from tests.cast import NOW

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
FORTNIGHT = 14 * DAY
ACTIVE, CLOSED, POSTPONED, DELETED, MERGED, SPAM = 1, 2, 3, 4, 5, 6
Due = Callable[[Db, datetime, int, list[int]], Awaitable[list[int]]]
NextDue = Callable[[Db, datetime], Awaitable[datetime | None]]
DUE: list[Due] = [due.claim_postponed, due.claim_escalations, due.claim_purgeable]
NEXT: list[NextDue] = [due.next_reopening, due.next_escalation, due.next_purge]

MANY = """
INSERT INTO ticket (id, title, created_at, created_by, owned_by, category,
    orig_category, slevel, priority, orig_priority, status, ticket_status, origin,
    read_status, ticket_type, activate, alert_timeout, last_changed)
SELECT 1000 + n, '', $1::timestamptz, 1, 1, 1, 1, 2, 2, 2, s, s, 13, 3, 1,
       moment, moment, moment - interval '14 days'
FROM generate_series(1, $2) AS n,
     LATERAL (SELECT 1 + n % 6 AS s,
                     $1::timestamptz + (n - 60) * interval '1 hour' AS moment)
"""


async def put(db: Db, ticket_id: int, status: int, **dates: datetime | None) -> None:
    """A ticket with nothing but an id, a base status and dates."""
    await db.execute(
        """
        INSERT INTO ticket (id, title, created_at, created_by, owned_by, category,
            orig_category, slevel, priority, orig_priority, status, ticket_status,
            origin, read_status, ticket_type, activate, alert_timeout, last_changed)
        VALUES ($1, '', $3, 1, 1, 1, 1, 2, 2, 2, $2::int, $2::int, 13, 3, 1,
                $4, $5, $6)
        """,
        ticket_id,
        status,
        NOW,
        dates.get("activate"),
        dates.get("alert_timeout"),
        dates.get("last_changed"),
    )


async def test_postponed_tickets_wake_when_their_time_has_come(db: Db):
    await put(db, 1, POSTPONED, activate=NOW)
    await put(db, 2, POSTPONED, activate=NOW - DAY)
    await put(db, 3, POSTPONED, activate=NOW + SECOND)
    await put(db, 4, POSTPONED)
    await put(db, 5, CLOSED, activate=NOW - DAY)
    assert await due.claim_postponed(db, NOW, 20, []) == [2, 1]
    assert await due.claim_postponed(db, NOW, 1, []) == [2]
    assert await due.claim_postponed(db, NOW, 20, [2]) == [1]
    assert await due.next_reopening(db, NOW) == NOW + SECOND
    assert await due.next_reopening(db, NOW + SECOND) is None


@pytest.mark.parametrize("status", [CLOSED, POSTPONED, DELETED, MERGED, SPAM])
async def test_only_open_tickets_escalate(db: Db, status: int):
    await put(db, 1, ACTIVE, alert_timeout=NOW)
    await put(db, 2, status, alert_timeout=NOW)
    await put(db, 3, ACTIVE, alert_timeout=NOW + DAY)
    await put(db, 4, status, alert_timeout=NOW + SECOND)
    assert await due.claim_escalations(db, NOW, 20, []) == [1]
    assert await due.next_escalation(db, NOW) == NOW + DAY


async def test_the_bin_is_emptied_of_what_has_lain_there_for_fourteen_days(db: Db):
    await put(db, 1, DELETED, last_changed=NOW - FORTNIGHT)
    await put(db, 2, SPAM, last_changed=NOW - FORTNIGHT)
    await put(db, 3, DELETED, last_changed=NOW - FORTNIGHT + SECOND)
    await put(db, 4, CLOSED, last_changed=NOW - FORTNIGHT)
    await put(db, 5, MERGED, last_changed=NOW - FORTNIGHT)
    assert await due.claim_purgeable(db, NOW, 20, []) == [1, 2]
    assert await due.next_purge(db, NOW) == NOW + SECOND


async def test_how_long_the_bin_is_kept_is_a_setting(db: Db):
    await db.execute("UPDATE registry SET value = '3' WHERE name = 'deletedRetentionDays'")
    await put(db, 1, DELETED, last_changed=NOW - 3 * DAY)
    assert await due.claim_purgeable(db, NOW, 20, []) == [1]
    assert await due.next_purge(db, NOW - DAY) == NOW


class Planned:
    """A connection that keeps the plan of every statement about tickets."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self.plans: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._db, name)

    async def fetch(self, query: LiteralString, *args: object) -> list[Record]:
        await self._plan(query, *args)
        return await self._db.fetch(query, *args)

    async def fetchval(self, query: LiteralString, *args: object) -> Any:
        await self._plan(query, *args)
        return await self._db.fetchval(query, *args)

    async def _plan(self, query: LiteralString, *args: object) -> None:
        if "FROM ticket" in query:
            plan = await self._db.fetch("EXPLAIN " + query, *args)
            self.plans.append("\n".join(line[0] for line in plan))


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
async def test_no_question_reads_the_tickets_one_by_one(db: Db, mode: str):
    await db.execute(MANY, NOW, 30_000)
    await db.execute("ANALYZE ticket")
    await db.execute("SELECT set_config('plan_cache_mode', $1, true)", mode)
    planned = Planned(db)
    for claim in DUE:
        assert await claim(cast("Db", planned), NOW, 20, [1, 2, 3])
    for following in NEXT:
        assert await following(cast("Db", planned), NOW)
    assert len(planned.plans) == 6
    for plan in planned.plans:
        assert "Seq Scan on ticket" not in plan, plan
        assert "ticket_to_" in plan, plan
        assert "Sort" not in plan, plan
    for plan in planned.plans[3:]:
        assert "Index Only Scan" in plan, plan
