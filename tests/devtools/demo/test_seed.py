"""What was promised of the demo desk is there, and is the same every time."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString

import pytest

from skranke.db.database import Db, value
from tests.devtools.demo.asking import digests, found, number
from tests.devtools.demo.conftest import NOW

COUNTS: dict[LiteralString, tuple[int, int]] = {
    "contact": (10, 10),
    "person": (80, 80),
    "usergroup": (2, 2),
    "ej_category": (8, 8),
    "ticket_priority": (4, 4),
    "ticket_status": (8, 8),
    "ticket_type": (3, 3),
    "tags": (12, 99),
    "sale": (6, 99),
    "project": (4, 99),
    "extra_fields": (8, 99),
    "ticket": (500, 600),
    "ej_message": (1500, 3120),
    "form_submission": (5, 99),
    "ticket_customers": (30, 600),
    "ticket_status_history": (400, 9999),
}


@pytest.mark.parametrize("table", COUNTS)
async def test_every_table_has_as_many_rows_as_promised(demo: Db, table: LiteralString):
    least, most = COUNTS[table]
    assert least <= await number(demo, f"SELECT count(*) FROM {table}") <= most


async def test_the_reference_pages_sample_finds_what_it_names(demo: Db):
    [ticket] = await found(demo, "SELECT * FROM ticket WHERE id = 389")
    assert (ticket["status"], ticket["ticket_status"]) == (1, 1)
    assert (ticket["category"], ticket["slevel"], ticket["ticket_type"]) == (1, 2, 1)
    assert ticket["owned_by"] > 1
    assert ticket["cust_id"]
    assert await number(demo, "SELECT count(*) FROM person WHERE person_id = 75") == 1
    assert await number(demo, "SELECT count(*) FROM tags WHERE tags_id = 131") == 1


LATE = "SELECT bool_or({} > $1) FROM {}"


async def test_nothing_lies_in_the_future_but_activations_and_deadlines(demo: Db):
    columns = await found(
        demo,
        """
        SELECT table_name AS "table", column_name AS "column"
        FROM information_schema.columns JOIN information_schema.tables
             USING (table_schema, table_name)
        WHERE table_schema = 'public' AND data_type = 'timestamp with time zone'
              AND table_type = 'BASE TABLE'
              AND table_name NOT IN ('migration', 'attachment_search')
    """,
    )
    late = {
        f"{table}.{column}"
        for table, column in (tuple(row.values()) for row in columns)
        if await demo.fetchval(LATE.format(column, table), NOW)  # pyright: ignore[reportArgumentType] # names of the catalog
    }
    assert late == {"ticket.activate", "ticket.deadline"}
    past = "SELECT count(*) FROM ticket WHERE activate <= $1"
    assert await value(demo, int, past, NOW) == 0


NEXT: list[LiteralString] = [
    "INSERT INTO tags (name) VALUES ('x') RETURNING tags_id - 1 = 133",
    "INSERT INTO ticket_customers (ticket_id, customer_id) VALUES (389, 40)"
    " RETURNING id - 1 = (SELECT max(id) FROM ticket_customers)",
    "INSERT INTO message_header (message_id) VALUES (1)"
    " RETURNING id - 1 = (SELECT max(id) FROM message_header)",
    "INSERT INTO form_submission DEFAULT VALUES RETURNING form_submission_id - 1 ="
    " (SELECT max(form_submission_id) FROM form_submission)",
    "INSERT INTO usergroup (name) VALUES ('x') RETURNING usergroup_id = 3",
]


@pytest.mark.parametrize("insertion", NEXT)
async def test_new_rows_are_numbered_behind_the_seeded_ones(demo: Db, insertion: LiteralString):
    undone: Any = demo.transaction()
    await undone.start()
    assert await value(demo, bool, insertion)
    await undone.rollback()


async def test_the_same_now_gives_the_same_desk(
    demo: Db, new_demo: Callable[[datetime], AbstractAsyncContextManager[Db]]
):
    async with new_demo(NOW) as again:
        ours, theirs = await digests(demo), await digests(again)
        differ = {name for name in ours if ours[name] != theirs[name]}
        # secrets are every desk's own, and the second one is when it was set up
        assert differ == {"credentials", "mail_key", "attachment_search"}


@pytest.mark.parametrize(
    "now",
    [
        datetime(2027, 1, 1, 0, 5, tzinfo=UTC),
        datetime(2026, 8, 9, 23, 59, 59, tzinfo=UTC),  # a Sunday night
        datetime(2028, 2, 29, 12, 0, tzinfo=UTC),
    ],
)
async def test_the_desk_can_be_seeded_on_any_day(
    now: datetime, new_demo: Callable[[datetime], AbstractAsyncContextManager[Db]]
):
    async with new_demo(now) as db:
        latest = await value(db, datetime, "SELECT max(created_at) FROM ej_message")
        assert now - timedelta(days=4) < latest <= now
        statuses = await found(db, "SELECT DISTINCT status FROM ticket")
        assert {row["status"] for row in statuses} == {1, 2, 3, 4, 5, 6}
        assert await number(db, "SELECT status FROM ticket WHERE id = 389") == 1
