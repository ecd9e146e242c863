"""The lists that agents live in never read all tickets or all messages.

PostgreSQL says how it would answer, at a desk with enough rows that it matters.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from random import Random
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from msgspec.structs import replace

import skranke.app
from skranke.archive.carriers import ArchiveOptions
from skranke.core.base_locale import base_locale
from skranke.core.cache import ReferenceCache
from skranke.core.context import RequestContext
from skranke.core.settings import Settings
from skranke.db import database
from skranke.db.migrate import migrate
from skranke.messages.archive import get_ticket_messages
from tests.archive.make import fetch_archive
from tests.cast import ANNA, CAST_SQL, NOW, STEN

assert skranke.app  # importing it is what lends every provider
TICKETS = 20_000
DESK = f"""
SET session_replication_role = replica;
INSERT INTO contact (contact_id, name)
    SELECT n, 'Company ' || n FROM generate_series(1001, 1400) n;
INSERT INTO person (person_id, contact_id, firstname, lastname)
    SELECT n, 1001 + n % 400, 'First', 'Last ' || n FROM generate_series(1001, 3000) n;
INSERT INTO ej_category (id, name, fullname)
    SELECT n, 'C' || n, 'C' || n FROM generate_series(11, 40) n;
INSERT INTO ejuser (id) SELECT n FROM generate_series(11, 60) n;
INSERT INTO ticket (title, created_at, last_changed, created_by, owned_by, category,
    orig_category, slevel, priority, orig_priority, status, ticket_status, origin,
    read_status, ticket_type, cust_id, contact_id, deadline, tags)
SELECT md5(n::text), now() - n * interval '10 minutes',
       now() - (n * 7919 % {TICKETS}) * interval '10 minutes', 1,
       CASE WHEN n % 50 = 0 THEN 3 ELSE 11 + n % 50 END, 11 + n % 30, 11 + n % 30,
       2, 2, 2, CASE WHEN n % 20 = 0 THEN 1 ELSE 2 END,
       CASE WHEN n % 20 = 0 THEN 1 ELSE 2 END, 1, 1, 1,
       1001 + n % 2000, 1001 + n % 400,
       CASE WHEN n % 20 = 0 THEN now() + n * interval '1 minute' END,
       CASE WHEN n % 500 = 0 THEN ARRAY[1] ELSE '{{}}'::int[] END
FROM generate_series(1, {TICKETS}) n;
INSERT INTO ej_message (ticket_id, created_at, created_by, body)
    SELECT id, created_at, 1, repeat('word ', 20) FROM ticket
    UNION ALL SELECT id, created_at, 1, 'again' FROM ticket;
SET session_replication_role = DEFAULT;
ANALYZE;
"""
LATEST = {"order_by": "lastChanged desc", "top": "50"}
WITH_NAMES = {
    "select": "ticketId,title,ownedBy/fullName,person/fullName,contact/name,"
    "categoryFullName,ticketStatusName,priorityName,lastChanged"
}
LISTS: dict[str, dict[str, str]] = {
    "my open tickets": {"filter": "ownedBy currentAssociate and status = 1"} | LATEST,
    "all of mine": {"filter": "ownedBy = 3"} | LATEST,
    "a category's open ones": {"filter": "categoryFullName = 21 and status = 1"} | LATEST,
    "unassigned in my categories": {
        "filter": "ownedBy = 1 and categoryFullName oneOf (1,2) and status = 1"
    }
    | LATEST,
    "open ones": {"filter": "status = 1"} | LATEST,
    "the latest": LATEST,
    "a customer's": {"filter": "personId = 1500", "order_by": "createdAt desc"},
    "a company's": {"filter": "contactId = 1010", "order_by": "createdAt desc"},
    "by number": {"filter": "ticketId = 777"},
    "some numbers": {"filter": "ticketId in (7, 77, 777)"},
    "by the title's beginning": {"filter": "title begins 'abc'"},
    "overdue": {
        "filter": "status = 1 and deadline beforeTime '2030-01-01'",
        "order_by": "deadline",
    },
    "closed of late": {
        "filter": "status = 2 and closedAt afterTime '2020-01-01'",
        "order_by": "closedAt desc",
    },
    "what says so": {"filter": "content contains 'again'"} | LATEST,
    "tagged ones": {"filter": "tags intArrayOneOf 1"},
    "all by number": {"top": "50"},
}


class QueryRecorder:
    """A connection that also keeps what it was asked for."""

    def __init__(self, db: Any) -> None:
        self.db = db
        self.asked: list[tuple[str, tuple[object, ...]]] = []

    async def fetch(self, query: str, *args: object) -> Any:
        self.asked.append((query, args))
        return await self.db.fetch(query, *args)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.db, name)


@pytest.fixture(scope="module")
def big_desk_url(new_database: Any) -> str:
    """A migrated database with many tickets."""
    url = new_database()

    async def fill() -> None:
        async with database.single_connection(url) as db:
            await migrate(db)
            await db.execute(CAST_SQL)
            await db.execute(DESK)  # pyright: ignore[reportArgumentType] # our own text

    asyncio.run(fill())
    return url


@pytest.fixture
async def context(big_desk_url: str) -> AsyncIterator[RequestContext]:
    pool = await database.connect(big_desk_url, size=1)
    async with pool.acquire() as db:
        recorder: Any = QueryRecorder(db)
        yield RequestContext(
            db=recorder,
            user=ANNA,
            now=NOW,
            settings=Settings(),
            cache=ReferenceCache(),
            rng=Random(1),
            locale=base_locale(Settings()),
        )
    await pool.close()


async def plans(context: RequestContext) -> list[str]:
    """How PostgreSQL answers what was asked of the archive since the last look."""
    recorder: Any = context.db
    told: list[str] = []
    for query, args in recorder.asked:
        if "SELECT version" in query or "FROM catalogue" in query:
            continue
        async with recorder.db.transaction():
            await recorder.db.execute("SET LOCAL plan_cache_mode = force_custom_plan")
            lines = await recorder.db.fetch(f"EXPLAIN {query}", *args)
        told.append("\n".join(line[0] for line in lines))
    recorder.asked.clear()
    return told


async def minds(context: RequestContext, options: dict[str, str]) -> None:
    """Ask, and fail where all tickets or messages were read for it."""
    await fetch_archive(context, **options)
    for plan in await plans(context):
        assert not re.search(r"Seq Scan on (ticket|ej_message)\b", plan), plan


@pytest.mark.parametrize("name", LISTS)
async def test_a_usual_list_is_found_by_an_index(context: RequestContext, name: str):
    await minds(context, LISTS[name])
    await minds(context, LISTS[name] | WITH_NAMES)
    stranger = replace(context, user=STEN)
    await minds(stranger, LISTS[name])


@pytest.mark.parametrize(
    "name", ["my open tickets", "a category's open ones", "open ones", "the latest"]
)
async def test_a_page_far_in_begins_in_the_index(context: RequestContext, name: str):
    options = LISTS[name] | {"top": "3", "select": "ticketId,title"}
    first = await fetch_archive(context, **options)
    assert first.next_link is not None
    token = parse_qs(urlsplit(first.next_link).query)["$skipToken"][0]
    await plans(context)
    await fetch_archive(context, **options, skip_token=token)
    [plan] = await plans(context)
    assert "Index Cond: (ROW(" in plan or "AND (ROW(" in plan, plan
    assert "Sort" not in plan.partition("->")[2].partition("Limit")[2], plan


async def test_a_tickets_messages_are_found_by_an_index(context: RequestContext):
    await context.db.execute("UPDATE ticket SET owned_by = 3 WHERE id = 50")
    told = await get_ticket_messages(context, 50, ArchiveOptions(order_by="createdAt"))
    assert len(told.value) == 2
    for plan in await plans(context):
        assert "Seq Scan on ej_message" not in plan, plan
        assert not re.search(r"Seq Scan on ticket\b", plan), plan
