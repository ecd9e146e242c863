"""A desk of any size, made in SQL: the same tickets for the same number, by hashes.

What people write is put together from sentences of the demo's conversations, in their
languages, with rare words and order numbers between them. A few customers ask most, new
tickets are open and old ones closed. Indexes are made when the rows are there.
"""

import asyncio
import time
from collections.abc import Callable
from typing import LiteralString, cast

from skranke.db import database
from skranke.db.database import Db, execute, value
from skranke.devtools.demo.seed import SEQUENCES
from skranke.search.indexing import (
    ADD_LANGUAGES,
    MAX_DOCUMENT_CHARACTERS,
    MAX_WORD_CHARACTERS,
    WRITE_DOCUMENTS,
)

FIRST = 100_000  # the ids of what is added
AGENTS, LANGUAGE = 56, "en"
BATCH = 2_000  # tickets whose documents are written at once
HANDS = 2  # connections that write documents
FILLED = ("ticket", "ej_message", "search_document", "search_word")

TOOLS = """
    CREATE SCHEMA bench;
    CREATE UNLOGGED TABLE bench.lexeme (word text);
    -- a number from 0 to below 1, the same for the same two
    CREATE FUNCTION bench.chance(n bigint, salt bigint) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (hashint8extended(n, salt) & 2147483647) / 2147483648.0::double precision;

    CREATE TABLE bench.sentence AS
    SELECT language, text,
           row_number() OVER (PARTITION BY language ORDER BY text) - 1 AS place
    FROM (SELECT DISTINCT language, btrim(part) AS text FROM ej_message,
              regexp_split_to_table(replace(body, E'\\n', ' '), '(?<=[.!?])\\s+') part
          WHERE language <> '') AS said
    WHERE length(text) BETWEEN 20 AND 250;
    ALTER TABLE bench.sentence ADD PRIMARY KEY (language, place);

    CREATE TABLE bench.language AS
    SELECT row_number() OVER (ORDER BY count(*) DESC, language) - 1 AS place, language,
           count(*) AS many FROM bench.sentence GROUP BY language;
    ALTER TABLE bench.language ADD PRIMARY KEY (place);

    CREATE TABLE bench.paragraph AS
    SELECT l.language, n AS place, (
        SELECT string_agg(s.text, ' ' ORDER BY part)
        FROM generate_series(0, 1 + floor(12 * bench.chance(n, 20) ^ 2)::int) AS part
        JOIN bench.sentence s ON s.language = l.language
            AND s.place = floor(l.many * bench.chance(n, 21 + part) ^ 1.3)) AS text
    FROM bench.language l, generate_series(0, 4999) AS n;
    ALTER TABLE bench.paragraph ADD PRIMARY KEY (language, place);

    CREATE TABLE bench.word AS
    SELECT n AS place, (SELECT string_agg(
        (ARRAY['bar','dus','fel','gron','hav','jor','kast','lim','mer','nod','pel','rus',
               'skal','tor','ver','vind'])
            [1 + floor(16 * bench.chance(n, 10 + part))::int], '' ORDER BY part)
        FROM generate_series(1, 3 + n % 3) AS part) AS word
    FROM generate_series(0, 99999) AS n;
    ALTER TABLE bench.word ADD PRIMARY KEY (place);
"""
PEOPLE = """
    INSERT INTO contact (contact_id, name)
    SELECT $1 + n, initcap(a.word)
           || (ARRAY[' AS', ' AB', ' GmbH', ' ApS', ' Oy'])[1 + n % 5]
    FROM generate_series(0, $2 / 50) AS n JOIN bench.word a ON a.place = n % 100000
"""
PERSONS = """
    INSERT INTO person (person_id, contact_id, firstname, lastname)
    SELECT $1 + n, $1 + floor(($2 / 50) * bench.chance(n, 1) ^ 2)::int,
           p.firstname, p.lastname || '-' || w.word
    FROM generate_series(0, $2 / 10) AS n
    JOIN person p ON p.person_id = 2 + n % 70
    JOIN bench.word w ON w.place = floor(99999 * bench.chance(n, 2))::int
"""
EMAILS = """
    INSERT INTO email (person_id, email_address)
    SELECT person_id, lower(translate(firstname || '.' || lastname, ' ', '')) || '.'
           || person_id || '@customers.example'
    FROM person WHERE person_id >= $1
"""
STAFF = """
    WITH persons AS (
        INSERT INTO person (person_id, contact_id, firstname, lastname)
        SELECT 1000 + n, 1, 'Agent', 'Nr. ' || n FROM generate_series(1, $1) AS n
    ), associates AS (
        INSERT INTO associate (associate_id, name, person_id, group_idx, role_id)
        SELECT 1000 + n, 'agent' || n, 1000 + n, 1, 2 FROM generate_series(1, $1) AS n
    ), users AS (
        INSERT INTO ejuser (id, associate_id)
        SELECT 1000 + n, 1000 + n FROM generate_series(1, $1) AS n
    ), signed_in AS (
        INSERT INTO credentials (associate_id, type, value, registered)
        SELECT 1000 + n, c.type, value, registered
        FROM generate_series(1, $1) AS n,
             credentials c JOIN associate USING (associate_id)
        WHERE c.type = 'password' AND name = 'tje0'
    )
    INSERT INTO category_membership (category_id, user_id)
    SELECT 1 + (n + m) % 7, 1000 + n
    FROM generate_series(1, $1) AS n, generate_series(0, 2) AS m
"""
# the newest has the highest number, as tickets come, ever more a day; about half of the
# last two weeks' is open
TICKETS = """
    INSERT INTO ticket (id, title, created_at, last_changed, closed_at, deadline,
        replied_at, activate, created_by, author, owned_by, category, orig_category,
        slevel, priority, orig_priority, status, ticket_status, origin, cust_id,
        contact_id, read_status, num_messages, num_replies, from_address, language,
        ticket_type)
    SELECT $1 + n, left(s.text, 90), c.at, least(c.at + o.spent, $3),
           CASE WHEN b.status = 2 THEN least(c.at + o.spent, $3) END,
           c.at + interval '2 days', CASE WHEN m.many > 1 THEN c.at + o.spent / 4 END,
           CASE WHEN b.status = 3 THEN $3 + interval '3 days' END,
           1, p.firstname || ' ' || p.lastname,
           CASE WHEN bench.chance(n, 4) < CASE b.status WHEN 1 THEN 0.2 ELSE 0.02 END
                THEN 1 ELSE 1001 + floor($4::int * bench.chance(n, 5) ^ 1.5)::int END,
           k.category, k.category, 2, 1 + n % 3, 1 + n % 3, b.status, b.status, 2,
           p.person_id, p.contact_id, 1 + n % 3, m.many, m.many / 2, '', l.language, 1
    FROM generate_series(0, $2::int - 1) AS n
    CROSS JOIN LATERAL (SELECT
        1095 * (($2 - n - bench.chance(n, 6)) / $2) ^ 1.2 AS age) AS a
    CROSS JOIN LATERAL (SELECT $3::timestamptz - a.age * interval '1 day' AS at) AS c
    CROSS JOIN LATERAL (SELECT interval '1 hour' * (1 + 90 * bench.chance(n, 7) ^ 2)
        AS spent) AS o
    CROSS JOIN LATERAL (SELECT CASE
        WHEN a.age < 14 AND bench.chance(n, 8) < 0.45 THEN 1
        WHEN a.age < 14 AND bench.chance(n, 8) < 0.55 THEN 3
        WHEN a.age < 14 AND bench.chance(n, 8) < 0.58 THEN 6
        WHEN bench.chance(n, 8) < 0.006 THEN 1 WHEN bench.chance(n, 8) < 0.008 THEN 3
        ELSE 2 END AS status) AS b
    CROSS JOIN LATERAL (SELECT 1 + floor(8 * bench.chance(n, 9) ^ 1.5)::int
        AS category) AS k
    CROSS JOIN LATERAL (SELECT CASE WHEN n % 1000 = 0 THEN 60
        ELSE 1 + floor(6 * bench.chance(n, 10) ^ 1.5)::int END AS many) AS m
    JOIN bench.language l ON l.place
        = floor(bench.chance(n, 11) ^ 2 * (SELECT count(*) FROM bench.language))
    JOIN bench.sentence s ON s.language = l.language
        AND s.place = floor(l.many * bench.chance(n, 12) ^ 1.5)
    JOIN person p
        ON p.person_id = $1 + floor($2::int / 10 * bench.chance(n, 13) ^ 2.5)::int
    ORDER BY n
"""
MESSAGES = """
    INSERT INTO ej_message (id, ticket_id, created_at, created_by, author, slevel, type,
        body, customer_id, search_title, language, badge)
    SELECT d.n, t.id, least(t.created_at + (t.last_changed - t.created_at) * turn
                            / t.num_messages, t.last_changed),
           CASE turn % 2 WHEN 0 THEN 1 ELSE greatest(t.owned_by, 2) END,
           CASE turn % 2 WHEN 0 THEN t.author ELSE 'Agent' END, 2, 1,
           p.text || ' ' || s.text || E'\\n\\n' || w.word || ' ' || v.word
           || CASE WHEN t.id % 3 = 0 THEN ' B' || t.id * 7 + turn ELSE '' END,
           CASE turn % 2 WHEN 0 THEN t.cust_id END, t.title, t.language,
           CASE turn % 2 WHEN 0 THEN 4 ELSE 1 END
    FROM ticket t
    JOIN bench.language l USING (language)
    CROSS JOIN generate_series(0, t.num_messages - 1) AS turn
    CROSS JOIN LATERAL (SELECT $1 + (t.id - $1) * 64 + turn AS n) AS d
    JOIN bench.paragraph p ON p.language = l.language
        AND p.place = floor(5000 * bench.chance(d.n, 52) ^ 1.2)
    JOIN bench.sentence s ON s.language = l.language
        AND s.place = floor(l.many * bench.chance(d.n, 53))
    JOIN bench.word w ON w.place = floor(99999 * bench.chance(d.n, 50) ^ 4)
    JOIN bench.word v ON v.place = floor(99999 * bench.chance(d.n, 51) ^ 2)
    WHERE t.id >= $1 AND t.id % $2 = $3
    ORDER BY 3, d.n
"""
BATCHS_WORDS = """
    INSERT INTO bench.lexeme
    SELECT DISTINCT lexeme FROM search_document, unnest(words)
    WHERE ticket_id = ANY ($1) AND length(lexeme) BETWEEN 3 AND $2
"""
WORDS = """
    INSERT INTO search_word SELECT DISTINCT word FROM bench.lexeme
    ON CONFLICT DO NOTHING
"""
INDEXES = """
    SELECT indexname AS name, indexdef AS definition FROM pg_indexes
    WHERE schemaname = 'public' AND tablename = ANY ($1) AND NOT EXISTS (
        SELECT FROM pg_constraint WHERE conname = indexname AND contype IN ('p', 'u'))
    ORDER BY indexname
"""


class Filling:
    """Adds tickets to a demo desk, and tells how long each part took."""

    def __init__(self, dsn: str, say: Callable[[str], None]) -> None:
        self.dsn, self.say = dsn, say
        self.began = time.perf_counter()

    def note(self, what: str) -> None:
        """What is done now, and when."""
        self.say(f"{time.perf_counter() - self.began:7.0f} s  {what}")

    async def fill(self, db: Db, many: int) -> None:
        """Rows, documents, then indexes; as of the database's clock."""
        await execute(db, "ALTER SYSTEM SET max_wal_size = '8GB'")
        await execute(db, "SELECT pg_reload_conf()")
        await execute(db, "SET session_replication_role = replica")
        await execute(db, "SET maintenance_work_mem = '512MB'")
        await execute(db, "SET plan_cache_mode = auto")
        await execute(db, "SET synchronous_commit = off")
        dropped = await self._without_indexes(db)
        await self._rows(db, many)
        await self._documents(db)
        for definition in dropped:
            await execute(db, cast("LiteralString", definition))  # its own words
        self.note("indexes")
        await execute(db, SEQUENCES)
        await execute(db, "UPDATE search_progress SET ticket_id = 2147483647")
        await execute(db, "RESET session_replication_role")
        await execute(db, "VACUUM ANALYZE")
        await execute(db, "CHECKPOINT")
        self.note("statistics")

    async def _without_indexes(self, db: Db) -> list[str]:
        found = await db.fetch(INDEXES, FILLED)
        for index in found:
            await execute(db, cast("LiteralString", f"DROP INDEX {index['name']}"))
        return [index["definition"] for index in found]

    async def _rows(self, db: Db, many: int) -> None:
        now = await db.fetchval("SELECT date_trunc('hour', now())")
        await execute(db, TOOLS)
        await execute(db, "ANALYZE")
        await execute(db, PEOPLE, FIRST, many)
        await execute(db, PERSONS, FIRST, many)
        await execute(db, EMAILS, FIRST)
        await execute(db, STAFF, AGENTS)
        await execute(db, "ANALYZE")
        self.note("people")
        await execute(db, TICKETS, FIRST, many, now, AGENTS)
        await execute(db, "ANALYZE ticket")
        self.note("tickets")
        await asyncio.gather(*(self._messages(hand) for hand in range(HANDS)))
        self.note("messages")
        await execute(db, "CREATE INDEX bench_by_ticket ON ej_message (ticket_id)")
        await execute(db, "ANALYZE ej_message")

    async def _documents(self, db: Db) -> None:
        ids = await value(db, list[int], "SELECT array_agg(id ORDER BY id) FROM ticket")
        batches = [ids[n : n + BATCH] for n in range(0, len(ids), BATCH)]
        await asyncio.gather(*(self._hand(batches) for _ in range(HANDS)))
        self.note("documents")
        await execute(db, WORDS)
        await execute(db, ADD_LANGUAGES, ids[-50_000:], LANGUAGE)
        await execute(db, "DROP INDEX bench_by_ticket")
        self.note("words")

    async def _messages(self, hand: int) -> None:
        async with database.single_connection(self.dsn) as db:
            await execute(db, "SET session_replication_role = replica")
            await execute(db, "SET plan_cache_mode = auto")
            await execute(db, "SET work_mem = '64MB'")
            await execute(db, "SET synchronous_commit = off")
            await execute(db, MESSAGES, FIRST, HANDS, hand)

    async def _hand(self, batches: list[list[int]]) -> None:
        async with database.single_connection(self.dsn) as db:
            await execute(db, "SET synchronous_commit = off")
            await execute(db, "SET work_mem = '64MB'")
            while batches:
                batch = batches.pop()
                await execute(db, WRITE_DOCUMENTS, batch, MAX_DOCUMENT_CHARACTERS, LANGUAGE)
                await execute(db, BATCHS_WORDS, batch, MAX_WORD_CHARACTERS)
