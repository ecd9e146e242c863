"""A reset brings back every row and sequence, whatever was done to them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import LiteralString

import pytest

from skranke.core.clock import Clock
from skranke.db import database
from skranke.db.database import Db, execute, value
from skranke.db.migrate import migrate
from skranke.devtools.demo.seed import seed
from skranke.devtools.emulator.seed_state import NothingRemembered, is_remembered, remember, reset
from skranke.people.sql import connection
from tests.devtools.demo.asking import digests, number
from tests.devtools.emulator.conftest import Opener

START = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@pytest.fixture
async def own_pool(own_database_url: str) -> AsyncIterator[database.Pool]:
    """Connections to a database of the test's own, with the cast in it."""
    pool = await database.connect(own_database_url, size=2)
    yield pool
    await pool.close()


@pytest.fixture
async def own(own_pool: database.Pool) -> AsyncIterator[Db]:
    async with connection(own_pool) as db:
        yield db


async def rows_of(db: Db) -> dict[str, str]:
    """The digest of each table, less the one that a reset moves on."""
    found = await digests(db)
    del found["catalogue_version"]
    return found


async def test_a_reset_undoes_what_was_inserted_changed_and_deleted(own: Db):
    await remember(own)
    before = await rows_of(own)
    for deed in DEEDS:
        await execute(own, deed)
    assert await rows_of(own) != before
    await reset(own)
    assert await rows_of(own) == before


DEEDS: list[LiteralString] = [
    "DELETE FROM category_membership",
    "UPDATE person SET firstname = 'Changed'",
    "INSERT INTO person (firstname) SELECT 'New' FROM generate_series(1, 50)",
    "INSERT INTO ticket_status (name, status) VALUES ('Parked', 3)",
    "TRUNCATE registry",
    "DELETE FROM email",
]


async def test_a_reset_sets_sequences_back_also_those_never_used(own: Db):
    await remember(own)
    used = "INSERT INTO person (firstname) VALUES ('x') RETURNING person_id"
    fresh = "INSERT INTO tags (name) VALUES ('x') RETURNING tags_id"
    first = [await number(own, used), await number(own, fresh)]
    await number(own, fresh)
    await reset(own)
    assert [await number(own, used), await number(own, fresh)] == first == [101, 1]


async def test_a_reset_can_be_had_again_and_again(own: Db):
    await remember(own)
    before = await rows_of(own)
    for _ in range(3):
        await execute(own, "DELETE FROM email")
        await reset(own)
        assert await rows_of(own) == before


async def test_a_reset_raises_the_catalogue_version(own: Db):
    await remember(own)
    before = await number(own, "SELECT version FROM catalogue_version")
    await reset(own)
    assert await number(own, "SELECT version FROM catalogue_version") == before + 1


async def test_remembering_again_replaces_what_was_remembered(own: Db):
    await remember(own)
    await execute(own, "INSERT INTO tags (name) VALUES ('kept')")
    await remember(own)
    await execute(own, "DELETE FROM tags")
    await reset(own)
    assert await value(own, str, "SELECT name FROM tags") == "kept"


async def test_without_a_memory_nothing_is_touched(own: Db):
    assert not await is_remembered(own)
    before = await digests(own)
    with pytest.raises(NothingRemembered):
        await reset(own)
    assert await digests(own) == before
    await remember(own)
    assert await is_remembered(own)


LATER: LiteralString = """
CREATE TABLE "Odd name" (
    id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    "Some column" text NOT NULL,
    doubled integer GENERATED ALWAYS AS (id * 2) STORED,
    other integer
);
CREATE TABLE ring (id integer PRIMARY KEY, odd integer REFERENCES "Odd name");
ALTER TABLE "Odd name" ADD FOREIGN KEY (other) REFERENCES ring;
CREATE TABLE by_year (year integer NOT NULL) PARTITION BY LIST (year);
CREATE TABLE by_year_2026 PARTITION OF by_year FOR VALUES IN (2026);
CREATE FUNCTION count_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO by_year VALUES (2026); RETURN NULL; END $$;
INSERT INTO "Odd name" ("Some column") VALUES ('a'), ('b');
INSERT INTO ring VALUES (1, 2);
UPDATE "Odd name" SET other = 1 WHERE id = 1;
INSERT INTO by_year VALUES (2026), (2026);
CREATE TRIGGER counted AFTER INSERT ON ring FOR EACH ROW EXECUTE FUNCTION count_up();
"""


async def test_tables_of_later_migrations_are_remembered_whatever_they_are(own: Db):
    await execute(own, LATER)
    await remember(own)
    before = await rows_of(own)
    await execute(own, 'TRUNCATE "Odd name", ring, by_year')
    await execute(own, 'INSERT INTO "Odd name" ("Some column") VALUES (\'c\')')
    await reset(own)
    assert await rows_of(own) == before
    assert await number(own, "SELECT count(*) FROM by_year") == 2
    again = 'INSERT INTO "Odd name" ("Some column") VALUES (\'c\') RETURNING id'
    assert await number(own, again) == 3
    await execute(own, "INSERT INTO ring VALUES (7, 2)")
    assert await number(own, "SELECT count(*) FROM by_year") == 3


async def odd(db: Db) -> str:
    return await value(db, str, "SELECT string_agg(o::text, ' ') FROM \"Odd name\" o")


async def test_what_came_after_the_memory_is_emptied_or_at_its_default(own: Db):
    await remember(own)
    await execute(own, "CREATE TABLE later (id integer GENERATED ALWAYS AS IDENTITY)")
    await execute(own, "INSERT INTO later DEFAULT VALUES")
    await execute(own, "ALTER TABLE tags ADD COLUMN colour text DEFAULT 'grey'")
    await execute(own, "ALTER TABLE contact DROP COLUMN fax CASCADE")
    await reset(own)
    assert await number(own, "SELECT count(*) FROM later") == 0
    assert await number(own, "INSERT INTO later DEFAULT VALUES RETURNING id") == 1
    assert await number(own, "SELECT count(*) FROM contact") == 2


async def test_the_demo_desk_comes_back_whole(new_database: Callable[[], str]):
    pool = await database.connect(await asyncio.to_thread(new_database), size=1)
    async with connection(pool) as db:
        await migrate(db)
        await seed(db, START)
        await remember(db)
        before = await rows_of(db)
        await execute(db, "DELETE FROM ej_message")
        await execute(db, "UPDATE ticket SET title = 'x', row_version = 2")
        await reset(db)
        assert await rows_of(db) == before
    await pool.close()


async def test_over_http_a_reset_also_clears_memory_and_the_clock(
    opened: Opener, own_pool: database.Pool, own: Db
):
    await remember(own)
    desk, ask = opened()
    desk.pool = own_pool
    await desk.cache.check(own)
    count = "SELECT count(*) FROM tags"

    async def tags(db: Db) -> int:
        return await number(db, count)

    await execute(own, "INSERT INTO tags (name) VALUES ('new')")
    await desk.cache.check(own)
    assert await desk.cache.get(own, tags) == 1
    desk.clock.set(START)
    answer = await ask("POST", "/_desk/state/reset")
    assert answer.status == 200
    assert answer.body["frozen"] is False
    assert await desk.cache.get(own, tags) == 0


async def test_over_http_a_clock_that_started_stopped_is_set_back(
    opened: Opener, own_pool: database.Pool, own: Db
):
    await remember(own)
    desk, ask = opened(Clock(START))
    desk.pool = own_pool
    desk.clock.advance(60)
    answer = await ask("POST", "/_desk/state/reset")
    assert answer.body == {"now": "2026-03-02T10:00:00Z", "frozen": True}


async def test_over_http_a_reset_without_a_memory_is_a_conflict(
    opened: Opener, own_pool: database.Pool
):
    desk, ask = opened(Clock(START))
    desk.pool = own_pool
    desk.clock.advance(60)
    answer = await ask("POST", "/_desk/state/reset")
    assert answer.status == 409
    assert desk.clock.now() > START
