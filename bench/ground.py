"""What the measurements stand on: many tickets, room for connections, times of parts."""

import time

import asyncpg

from bench.workloads import EACH, EXTRA_FIELDS, FIRST
from skranke.demo.seed import seed
from skranke.store import database
from skranke.store.clock import Clock
from skranke.store.migrate import migrate
from skranke.tickets.row import COLUMNS

SETTINGS = (
    "server_version", "fsync", "synchronous_commit", "full_page_writes",
    "wal_sync_method", "data_checksums", "shared_buffers", "max_wal_size",
    "max_connections",
)  # fmt: skip

# Copies of the page's ticket after the page's save, so that saving the page's body once
# more changes nothing but the title. The second half has customers. Owners, categories
# and two messages each are those of the demo's tickets, one after the other.
TICKETS = f"""
    CREATE TEMPORARY TABLE other AS
        SELECT row_number() OVER (ORDER BY id) - 1 AS place, owned_by, category
        FROM ticket WHERE status = 1 AND owned_by > 1;
    CREATE TEMPORARY TABLE customer AS
        SELECT row_number() OVER (ORDER BY person_id) - 1 AS place, person_id, contact_id
        FROM person WHERE contact_id IS NOT NULL;
    CREATE TEMPORARY TABLE said AS
        SELECT row_number() OVER (ORDER BY id) - 1 AS place, * FROM ej_message;
    INSERT INTO ticket ({COLUMNS})
        SELECT (made).* FROM (
            SELECT jsonb_populate_record(t, jsonb_build_object(
                'id', {FIRST} + n, 'owned_by', o.owned_by, 'category', o.category,
                'cust_id', c.person_id, 'contact_id', c.contact_id,
                'extra_fields', '{EXTRA_FIELDS}'::jsonb, 'row_version', 1)) AS made
            FROM ticket t, generate_series(0, {2 * EACH} - 1) n
            JOIN other o ON o.place = n % (SELECT count(*) FROM other)
            LEFT JOIN customer c ON c.place = n % (SELECT count(*) FROM customer)
                                 AND n >= {EACH}
            WHERE t.id = 389) copied;
    INSERT INTO ticket_customers (ticket_id, customer_id)
        SELECT {FIRST} + n, customer_id
        FROM ticket_customers, generate_series(0, {2 * EACH} - 1) n WHERE ticket_id = 389;
    INSERT INTO ej_message (ticket_id, created_at, created_by, author, slevel, type, body,
                            html_body, customer_id, search_title, language, badge)
        SELECT {FIRST} + n / 2, s.created_at, s.created_by, s.author, s.slevel, s.type,
               s.body, s.html_body, s.customer_id, s.search_title, s.language, s.badge
        FROM generate_series(0, {4 * EACH} - 1) n
        JOIN said s ON s.place = n % (SELECT count(*) FROM said);
"""


async def fill(db: asyncpg.Connection) -> None:
    """Add the bench's own tickets and bring statistics and disk up to date."""
    async with db.transaction():
        # every reference is copied from a row that has it
        await db.execute("SET LOCAL session_replication_role = replica")
        await db.execute(TICKETS)
    await db.execute("VACUUM ANALYZE")
    await db.execute("CHECKPOINT")


async def widen(db: asyncpg.Connection) -> None:
    """From the next start on, room for two desks and pgbench at once."""
    await db.execute("ALTER SYSTEM SET max_connections = 200")


async def shown(db: asyncpg.Connection) -> dict[str, str]:
    """What decides whether a save is durable, and how much memory there is."""
    return {name: await db.fetchval(f"SHOW {name}") for name in SETTINGS}


async def saves(db: asyncpg.Connection) -> int:
    """How many saves of the bench's tickets the log has."""
    return await db.fetchval(
        "SELECT count(*) FROM ticket_log_action WHERE ticket_id >= $1", FIRST
    )


async def user(db: asyncpg.Connection) -> tuple[int, int]:
    """The demo user's ids: as an associate, and as a user of Service."""
    return tuple(await db.fetchrow(
        "SELECT associate_id, e.id FROM associate JOIN ejuser e USING (associate_id)"
        " WHERE name = 'tje0'"
    ))  # fmt: skip


async def times_of_parts(db: asyncpg.Connection, dsn: str) -> tuple[float, float]:
    """Seconds that migrations and the seed take, in a database of their own."""
    await db.execute("CREATE DATABASE parts")
    pool = await database.connect(dsn.replace("/skranke?", "/parts?"), size=1)
    async with pool.acquire() as apart:
        began = time.perf_counter()
        await migrate(apart)
        migrated = time.perf_counter()
        await seed(apart, Clock().now())
        seeded = time.perf_counter()
    await pool.close()
    await db.execute("DROP DATABASE parts")
    return migrated - began, seeded - migrated
