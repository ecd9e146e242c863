"""What is measured on: many tickets and customers, room for connections."""

import time

from msgspec import Struct

from bench.workloads import EACH, EXTRA_FIELDS, FIRST
from skranke.core.clock import Clock
from skranke.db import database
from skranke.db.database import Db, execute, row, rows, value
from skranke.db.migrate import migrate
from skranke.devtools.demo.seed import seed
from skranke.search.indexing import write_documents

# Of the bench's tickets the first half has a secondary person and no customer, as the
# page's body asks for, the second half the other way round.
CUSTOMERS = """
    INSERT INTO person (person_id, contact_id, firstname, lastname)
    SELECT $1 + n, p.contact_id, p.firstname, p.lastname || ' ' || n
    FROM generate_series(1, $2) n JOIN person p ON p.person_id = 2 + n % 70
"""
EMAILS = """
    INSERT INTO email (person_id, email_address)
    SELECT person_id, 'customer' || person_id || '@customers.example'
    FROM person WHERE person_id > $1
"""
# Copies of the page's ticket after the page's save, so that saving the page's body once
# more changes nothing but the title; owners and categories are those of the demo.
TICKETS = """
    WITH other AS (
        SELECT row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS many,
               owned_by, category
        FROM ticket WHERE status = 1 AND owned_by > 1
    )
    INSERT INTO ticket
    SELECT made.*
    FROM ticket t
    CROSS JOIN generate_series(0, 2 * $2 - 1) n
    JOIN other o ON o.place = n % o.many
    LEFT JOIN person p ON p.person_id = $1 + 1 + n - $2
    CROSS JOIN LATERAL jsonb_populate_record(t, jsonb_build_object(
        'id', $1 + n, 'owned_by', o.owned_by, 'category', o.category,
        'cust_id', p.person_id, 'contact_id', p.contact_id,
        'extra_fields', $3::text::jsonb, 'row_version', 1)) AS made
    WHERE t.id = 389
"""
SECONDARY = """
    INSERT INTO ticket_customers (ticket_id, customer_id)
    SELECT $1 + n, customer_id
    FROM ticket_customers, generate_series(0, $2 - 1) n WHERE ticket_id = 389
"""
# two each, said by the demo's people; what a customer said is now this customer's
MESSAGES = """
    WITH said AS (
        SELECT row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS many, *
        FROM ej_message
    )
    INSERT INTO ej_message
        (ticket_id, created_at, created_by, author, slevel, type, body, html_body,
         customer_id, search_title, language, badge)
    SELECT t.id, s.created_at, s.created_by, s.author, s.slevel, s.type, s.body,
           s.html_body, CASE WHEN s.customer_id > 0 THEN t.cust_id END, t.title,
           s.language, s.badge
    FROM generate_series(0, 4 * $2 - 1) n
    JOIN ticket t ON t.id = $1 + n / 2
    JOIN said s ON s.place = n % s.many
"""
SETTINGS = """
    SELECT name, current_setting(name) AS value
    FROM unnest(ARRAY['server_version', 'fsync', 'synchronous_commit',
                      'full_page_writes', 'wal_sync_method', 'shared_buffers',
                      'max_wal_size']) AS name
"""


class Setting(Struct, frozen=True):
    """A setting of PostgreSQL, as SHOW tells it."""

    name: str
    value: str


class User(Struct, frozen=True):
    """The demo's user: as an associate, and as a user of Service."""

    associate_id: int
    ej_user_id: int


async def fill(db: Db) -> None:
    """Add the bench's own tickets and bring statistics and disk up to date."""
    async with db.transaction():
        # every reference is copied from a row that has it
        await execute(db, "SET LOCAL session_replication_role = replica")
        await execute(db, CUSTOMERS, FIRST, EACH)
        await execute(db, EMAILS, FIRST)
        await execute(db, TICKETS, FIRST, EACH, EXTRA_FIELDS)
        await execute(db, SECONDARY, FIRST, EACH)
        await execute(db, MESSAGES, FIRST, EACH)
    await _document(db)
    await execute(db, "VACUUM ANALYZE")
    await execute(db, "CHECKPOINT")


async def _document(db: Db) -> None:
    """Write what searches look in, lest the desk does so while it is measured."""
    ids = await value(db, list[int], "SELECT array_agg(id) FROM ticket")
    for begin in range(0, len(ids), 1000):
        await write_documents(db, ids[begin : begin + 1000])
    await execute(db, "UPDATE search_progress SET ticket_id = $1", max(ids))


async def widen(db: Db) -> None:
    """From the next start on, room for two desks and pgbench at once."""
    await execute(db, "ALTER SYSTEM SET max_connections = 200")


async def settings(db: Db) -> list[Setting]:
    """What decides whether a save is durable, and how much memory there is."""
    return await rows(db, Setting, SETTINGS)


async def saves(db: Db) -> int:
    """How many saves of the bench's tickets the log has."""
    sql = "SELECT count(*) FROM ticket_log_action WHERE ticket_id >= $1"
    return await value(db, int, sql, FIRST)


async def user(db: Db) -> User:
    """Whoever saves in the bench."""
    found = await row(
        db,
        User,
        """
        SELECT associate_id, e.id AS ej_user_id
        FROM associate JOIN ejuser e USING (associate_id) WHERE name = 'tje0'
        """,
    )
    assert found
    return found


async def times_of_parts(db: Db, dsn: str) -> tuple[float, float]:
    """Seconds that migrations and the seed take, in a database of their own."""
    await execute(db, "CREATE DATABASE parts")
    async with database.single_connection(dsn.replace("/skranke?", "/parts?")) as apart:
        began = time.perf_counter()
        await migrate(apart)
        migrated = time.perf_counter()
        await seed(apart, Clock().now())
        seeded = time.perf_counter()
    await execute(db, "DROP DATABASE parts")
    return migrated - began, seeded - migrated
