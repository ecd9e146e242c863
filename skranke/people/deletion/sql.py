"""Puts companies and persons into the trash, brings them back, and removes them.

A row in the trash has a deleted_date; everybody who reads leaves it out. What is removed
with a row and what is only cleared is the vendor's table of hard deletion.
"""

from datetime import datetime
from typing import LiteralString

from skranke.db.database import Db, execute, value

RETENTION_DAYS: LiteralString = """
    SELECT coalesce((SELECT nullif(value, '')::int FROM registry
                     WHERE name = 'deletedRetentionDays'), 14)
"""


async def trash_person(db: Db, person_id: int, user: int, stamp: datetime, now: datetime) -> bool:
    """Put a person into the trash; False where there is none outside it."""
    found: int | None = await db.fetchval(
        """
        WITH saved AS (
            UPDATE person SET deleted_date = $3, updated = $3, updated_associate_id = $2,
                updated_count = updated_count + 1
            WHERE person_id = $1 AND deleted_date IS NULL RETURNING person_id
        )
        INSERT INTO event_outbox (event, primary_key, changes, associate_id, happened)
        SELECT 'person.softdeleted', person_id, '{DeletedDate,updated,updated_associate_id}',
               $2, $4
        FROM saved RETURNING primary_key
        """,
        person_id,
        user,
        stamp,
        now,
    )
    return found is not None


async def restore_person(db: Db, person_id: int, user: int, stamp: datetime, now: datetime) -> bool:
    """Take a person out of the trash, to the last rank of its company; False if not there."""
    found: int | None = await db.fetchval(
        """
        WITH saved AS (
            UPDATE person p SET deleted_date = NULL, updated = $3, updated_associate_id = $2,
                updated_count = updated_count + 1,
                rank = 1 + coalesce((SELECT max(rank) FROM person o
                                     WHERE o.contact_id = p.contact_id
                                       AND o.deleted_date IS NULL), 0)
            WHERE person_id = $1 AND deleted_date IS NOT NULL RETURNING person_id
        )
        INSERT INTO event_outbox (event, primary_key, changes, associate_id, happened)
        SELECT 'person.changed', person_id, '{DeletedDate,updated,updated_associate_id}', $2, $4
        FROM saved RETURNING primary_key
        """,
        person_id,
        user,
        stamp,
        now,
    )
    return found is not None


async def trash_company(db: Db, contact_id: int, user: int, stamp: datetime, now: datetime) -> bool:
    """Put a company and its persons into the trash; False where there is none outside it."""
    found: int | None = await db.fetchval(
        """
        WITH saved AS (
            UPDATE contact SET deleted_date = $3, updated = $3, updated_associate_id = $2,
                updated_count = updated_count + 1
            WHERE contact_id = $1 AND deleted_date IS NULL RETURNING contact_id
        ), persons AS (
            UPDATE person p SET deleted_date = $3, updated = $3, updated_associate_id = $2,
                updated_count = updated_count + 1
            FROM saved WHERE p.contact_id = saved.contact_id AND p.deleted_date IS NULL
            RETURNING p.person_id
        ), told AS (
            INSERT INTO event_outbox (event, primary_key, changes, associate_id, happened)
            SELECT 'person.softdeleted', person_id,
                   '{DeletedDate,updated,updated_associate_id}'::text[], $2, $4
            FROM persons
        )
        INSERT INTO event_outbox (event, primary_key, changes, associate_id, happened)
        SELECT 'contact.softdeleted', contact_id,
               '{deleted,DeletedDate,updated,updated_associate_id}', $2, $4
        FROM saved RETURNING primary_key
        """,
        contact_id,
        user,
        stamp,
        now,
    )
    return found is not None


async def restore_company(
    db: Db, contact_id: int, user: int, stamp: datetime, now: datetime
) -> bool:
    """Take a company out of the trash with the persons that went with it."""
    found: int | None = await db.fetchval(
        """
        WITH before AS (
            SELECT contact_id, deleted_date FROM contact
            WHERE contact_id = $1 AND deleted_date IS NOT NULL FOR UPDATE
        ), saved AS (
            UPDATE contact c SET deleted_date = NULL, updated = $3, updated_associate_id = $2,
                updated_count = c.updated_count + 1
            FROM before WHERE c.contact_id = before.contact_id RETURNING c.contact_id
        ), persons AS (
            UPDATE person p SET deleted_date = NULL, updated = $3, updated_associate_id = $2,
                updated_count = p.updated_count + 1
            FROM before
            WHERE p.contact_id = before.contact_id AND p.deleted_date = before.deleted_date
            RETURNING p.person_id
        ), told AS (
            INSERT INTO event_outbox (event, primary_key, changes, associate_id, happened)
            SELECT 'person.changed', person_id,
                   '{DeletedDate,updated,updated_associate_id}'::text[], $2, $4
            FROM persons
        )
        INSERT INTO event_outbox (event, primary_key, changes, associate_id, happened)
        SELECT 'contact.changed', contact_id,
               '{deleted,DeletedDate,updated,updated_associate_id}', $2, $4
        FROM saved RETURNING primary_key
        """,
        contact_id,
        user,
        stamp,
        now,
    )
    return found is not None


async def user_of_person(db: Db, person_id: int) -> int:
    """The associate that a person is, unless it is deleted; 0 for a customer."""
    return await value(
        db,
        int,
        """
        SELECT coalesce((SELECT associate_id FROM associate
                         WHERE person_id = $1 AND NOT deleted), 0)
        """,
        person_id,
    )


async def has_users(db: Db, contact_id: int) -> bool:
    """Whether users belong to a company."""
    return await value(
        db,
        bool,
        """
        SELECT EXISTS (SELECT FROM person p JOIN associate a USING (person_id)
                       WHERE p.contact_id = $1 AND NOT a.deleted)
        """,
        contact_id,
    )


async def expired_persons(db: Db, now: datetime, limit: int, but: list[int]) -> list[int]:
    """Claims persons that have lain in the trash for as long as is set."""
    found = await db.fetch(
        """
        SELECT person_id FROM person
        WHERE deleted_date <= $1::timestamptz - make_interval(days => $4::int)
          AND person_id <> ALL ($3::int[])
        ORDER BY deleted_date, person_id LIMIT $2 FOR UPDATE SKIP LOCKED
        """,
        now,
        limit,
        but,
        await value(db, int, RETENTION_DAYS),
    )
    return [record["person_id"] for record in found]


async def next_expired_person(db: Db, after: datetime) -> datetime | None:
    """When the next person has lain in the trash for long enough."""
    return await _next(
        db,
        """SELECT min(deleted_date) + make_interval(days => $2::int) FROM person
           WHERE deleted_date > $1::timestamptz - make_interval(days => $2::int)""",
        after,
    )


async def expired_companies(db: Db, now: datetime, limit: int, but: list[int]) -> list[int]:
    """Claims companies that have lain in the trash for as long as is set."""
    found = await db.fetch(
        """
        SELECT contact_id FROM contact
        WHERE deleted_date <= $1::timestamptz - make_interval(days => $4::int)
          AND contact_id <> ALL ($3::int[])
        ORDER BY deleted_date, contact_id LIMIT $2 FOR UPDATE SKIP LOCKED
        """,
        now,
        limit,
        but,
        await value(db, int, RETENTION_DAYS),
    )
    return [record["contact_id"] for record in found]


async def next_expired_company(db: Db, after: datetime) -> datetime | None:
    """When the next company has lain in the trash for long enough."""
    return await _next(
        db,
        """SELECT min(deleted_date) + make_interval(days => $2::int) FROM contact
           WHERE deleted_date > $1::timestamptz - make_interval(days => $2::int)""",
        after,
    )


async def _next(db: Db, sql: LiteralString, after: datetime) -> datetime | None:
    return await value(db, datetime, sql, after, await value(db, int, RETENTION_DAYS))


async def remove_person(db: Db, person_id: int, user: int, now: datetime) -> None:
    """Remove a person for good; tickets and messages keep their texts, without a customer.

    Of the log, the entries of the tickets that had to do with the person are cleared.
    """
    await execute(
        db,
        """
        WITH tickets AS (
            SELECT id FROM ticket WHERE cust_id = $1
            UNION SELECT ticket_id FROM ticket_customers WHERE customer_id = $1
            UNION SELECT ticket_id FROM ej_message WHERE customer_id = $1
        )
        UPDATE ticket_log_action l SET customer_id = NULL FROM tickets t
        WHERE l.ticket_id = t.id AND l.customer_id = $1
        """,
        person_id,
    )
    for statement in CLEARED_OF_PERSON:
        await execute(db, statement, person_id)
    await _tell(db, "person.deleted", person_id, user, now)


CLEARED_OF_PERSON: tuple[LiteralString, ...] = (
    "UPDATE ticket SET cust_id = NULL, row_version = row_version + 1 WHERE cust_id = $1",
    "UPDATE ej_message SET customer_id = NULL WHERE customer_id = $1",
    "DELETE FROM ticket_customers WHERE customer_id = $1",
    "DELETE FROM message_customers WHERE customer_id = $1",
    "UPDATE form_submission SET person_id = NULL WHERE person_id = $1",
    "UPDATE sale SET person_id = NULL WHERE person_id = $1",
    "UPDATE contact SET support_person_id = 0 WHERE support_person_id = $1",
    "UPDATE associate SET person_id = NULL WHERE person_id = $1",
    "DELETE FROM person WHERE person_id = $1",
)
CLEARED_OF_COMPANY: tuple[LiteralString, ...] = (
    "UPDATE ticket SET contact_id = NULL, row_version = row_version + 1 WHERE contact_id = $1",
    "UPDATE form_submission SET contact_id = NULL WHERE contact_id = $1",
    "UPDATE sale SET contact_id = NULL WHERE contact_id = $1",
    "UPDATE person SET contact_id = NULL WHERE contact_id = $1",
    "DELETE FROM contact WHERE contact_id = $1",
)


async def remove_company(db: Db, contact_id: int, user: int, now: datetime) -> None:
    """Remove a company for good; what pointed at it points at nothing."""
    for statement in CLEARED_OF_COMPANY:
        await execute(db, statement, contact_id)
    await _tell(db, "contact.deleted", contact_id, user, now)


async def _tell(db: Db, event: str, key: int, user: int, now: datetime) -> None:
    await execute(
        db,
        """
        INSERT INTO event_outbox (event, primary_key, changes, associate_id, happened)
        VALUES ($1, $2, '{}', $3, $4)
        """,
        event,
        key,
        user,
        now,
    )
