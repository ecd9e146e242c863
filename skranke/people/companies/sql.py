"""Companies in the database: one read brings a company whole, one statement writes it."""

from datetime import datetime
from typing import LiteralString

import msgspec

from skranke.db.database import Db, Record, execute, rows, value
from skranke.people.carriers import Person
from skranke.people.companies.row import COLUMNS, ContactRow, LoadedCompany
from skranke.people.contact_points.elements import COMPANY_KINDS, columns, read_elements
from skranke.people.contact_points.sql import address_columns, read_addresses

ROW_FIELDS = ContactRow.__struct_fields__

READ: LiteralString = f"""
    SELECT c.*, {columns("contact_id", "c")}, {address_columns("contact_id", "c")},
        ARRAY(SELECT cinterest_idx FROM contact_interest i
              WHERE i.contact_id = c.contact_id) AS interest_ids,
        ARRAY(SELECT domain FROM company_domain d
              WHERE d.contact_id = c.contact_id ORDER BY rank) AS domains,
        ARRAY(SELECT email_address FROM email b
              WHERE b.contact_id = c.contact_id AND b.bounce_count > 0
              ORDER BY rank, email_id) AS bounces
    FROM contact c
"""


async def load_company(db: Db, contact_id: int, *, lock: bool = False) -> LoadedCompany | None:
    """A company that is not in the trash; None without one.

    With `lock` nobody else changes it until the transaction ends.
    """
    where: LiteralString = "WHERE c.contact_id = $1 AND c.deleted_date IS NULL"
    found = await db.fetchrow(f"{READ} {where}{' FOR UPDATE' if lock else ''}", contact_id)
    return None if found is None else _from_record(found)


async def load_companies(db: Db, contact_ids: list[int]) -> dict[int, LoadedCompany]:
    """These companies by id; those in the trash and unknown ones are left out."""
    found = await db.fetch(
        f"{READ} WHERE c.contact_id = ANY ($1) AND c.deleted_date IS NULL", contact_ids
    )
    return {record["contact_id"]: _from_record(record) for record in found}


def _from_record(record: Record) -> LoadedCompany:
    return LoadedCompany(
        row=ContactRow(**{name: record[name] for name in ROW_FIELDS}),
        elements=read_elements(COMPANY_KINDS, record),
        addresses=read_addresses(record),
        interest_ids=frozenset(record["interest_ids"]),
        domains=record["domains"],
        bounces=record["bounces"],
    )


EVENT: LiteralString = """
    INSERT INTO event_outbox (event, primary_key, changes, associate_id, happened)
    SELECT $2, saved.contact_id, $3::text[], $4, $5 FROM saved
    RETURNING primary_key
"""


async def insert_company(
    db: Db, row: ContactRow, changes: list[str], associate_id: int, now: datetime
) -> int:
    """Write a new company with its event; its id."""
    return await value(
        db,
        int,
        f"""
        WITH saved AS (
            INSERT INTO contact ({COLUMNS})
            SELECT {COLUMNS} FROM jsonb_populate_record(NULL::contact, $1::jsonb
                || jsonb_build_object('contact_id',
                       nextval(pg_get_serial_sequence('contact', 'contact_id'))))
            RETURNING contact_id
        ) {EVENT}
        """,
        msgspec.structs.asdict(row),
        "contact.created",
        changes,
        associate_id,
        now,
    )


async def update_company(
    db: Db, row: ContactRow, event: str, changes: list[str], associate_id: int, now: datetime
) -> None:
    """Write a company that was locked, with its event."""
    await execute(
        db,
        f"""
        WITH saved AS (
            UPDATE contact c SET ({COLUMNS}) =
                (SELECT {COLUMNS} FROM jsonb_populate_record(NULL::contact, $1::jsonb))
            WHERE c.contact_id = ($1::jsonb ->> 'contact_id')::int
            RETURNING c.contact_id
        ) {EVENT}
        """,
        msgspec.structs.asdict(row),
        event,
        changes,
        associate_id,
        now,
    )


async def write_domains(db: Db, contact_id: int, domains: list[str]) -> None:
    """Make these the domains of a company, in this order."""
    await execute(db, "DELETE FROM company_domain WHERE contact_id = $1", contact_id)
    await execute(
        db,
        """
        INSERT INTO company_domain (contact_id, domain, rank)
        SELECT $1, domain, place
        FROM unnest($2::text[]) WITH ORDINALITY AS w (domain, place)
        """,
        contact_id,
        domains,
    )


async def persons_of(db: Db, contact_id: int, *, retired: bool) -> list[Person]:
    """The persons of a company by rank, retired ones last or not at all."""
    return await rows(
        db,
        Person,
        """
        SELECT w.* FROM wire_person w
        WHERE w."ContactId" = $1 AND ($2 OR w."Retired" = 0)
        ORDER BY w."Retired", w."Rank", w."PersonId"
        """,
        contact_id,
        retired,
    )


async def company_of_associate(db: Db, associate_id: int) -> int:
    """The company of a user's person; 0 without one."""
    return await value(
        db,
        int,
        """
        SELECT coalesce((SELECT p.contact_id FROM associate a JOIN person p USING (person_id)
                         WHERE a.associate_id = $1), 0)
        """,
        associate_id,
    )


async def companies_of_owner(db: Db, associate_id: int) -> list[int]:
    """The ids of the companies that a user minds, by name."""
    found = await db.fetch(
        """
        SELECT contact_id FROM contact WHERE associate_id = $1 AND deleted_date IS NULL
        ORDER BY lower(name), contact_id
        """,
        associate_id,
    )
    return [record["contact_id"] for record in found]


async def is_number_taken(db: Db, contact_id: int, number: str) -> bool:
    """Whether another company has this number."""
    return await value(
        db,
        bool,
        """
        SELECT EXISTS (SELECT FROM contact WHERE contact_id <> $1 AND deleted_date IS NULL
                       AND number2 = $2)
        """,
        contact_id,
        number,
    )


async def is_person_of(db: Db, person_id: int, contact_id: int) -> bool:
    """Whether a person belongs to a company."""
    return await value(
        db,
        bool,
        """
        SELECT EXISTS (SELECT FROM person WHERE person_id = $1 AND contact_id = $2
                       AND deleted_date IS NULL)
        """,
        person_id,
        contact_id,
    )
