"""Persons in the database: one read brings a person whole, one statement writes it."""

from datetime import datetime
from typing import LiteralString, cast

import msgspec

from skranke.db.database import Db, Record, execute, rows, value
from skranke.people.carriers import Person
from skranke.people.consents.carriers import ConsentInfo
from skranke.people.contact_points.elements import PERSON_KINDS, columns, read_elements
from skranke.people.contact_points.sql import address_columns, read_addresses
from skranke.people.persons.row import COLUMNS, LoadedPerson, PersonRow

ROW_FIELDS = PersonRow.__struct_fields__

READ: LiteralString = f"""
    SELECT p.*, {columns("person_id", "p")}, {address_columns("person_id", "p")},
        ARRAY(SELECT pinterest_idx FROM person_interest i
              WHERE i.person_id = p.person_id) AS interest_ids,
        ARRAY(SELECT email_address FROM email b
              WHERE b.person_id = p.person_id AND b.bounce_count > 0
              ORDER BY rank, email_id) AS bounces,
        (SELECT jsonb_agg(to_jsonb(k) ORDER BY k."ConsentPurposeId")
         FROM wire_consent k WHERE k.person_id = p.person_id) AS consents
    FROM person p
"""


async def load_person(db: Db, person_id: int, *, lock: bool = False) -> LoadedPerson | None:
    """A person that is not in the trash; None without one.

    With `lock` nobody else changes it until the transaction ends.
    """
    where: LiteralString = "WHERE p.person_id = $1 AND p.deleted_date IS NULL"
    found = await db.fetchrow(f"{READ} {where}{' FOR UPDATE' if lock else ''}", person_id)
    return None if found is None else _from_record(found)


def _from_record(record: Record) -> LoadedPerson:
    return LoadedPerson(
        row=PersonRow(**{name: record[name] for name in ROW_FIELDS}),
        elements=read_elements(PERSON_KINDS, record),
        addresses=read_addresses(record),
        interest_ids=frozenset(record["interest_ids"]),
        consents=[_consent(found) for found in _objects(record["consents"])],
        bounces=record["bounces"],
    )


def _objects(found: object) -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", found or [])


def _consent(found: dict[str, object]) -> ConsentInfo:
    known = {k: v for k, v in found.items() if k != "person_id"}
    return msgspec.convert(known, ConsentInfo)


EVENT: LiteralString = """
    INSERT INTO event_outbox (event, primary_key, changes, associate_id, happened)
    SELECT $2, saved.person_id, $3::text[], $4, $5 FROM saved
    RETURNING primary_key
"""


async def insert_person(
    db: Db, row: PersonRow, changes: list[str], associate_id: int, now: datetime
) -> int:
    """Write a new person at the last rank of its company, with its event; its id."""
    return await value(
        db,
        int,
        f"""
        WITH saved AS (
            INSERT INTO person ({COLUMNS})
            SELECT {COLUMNS} FROM jsonb_populate_record(NULL::person, $1::jsonb
                || jsonb_build_object('person_id',
                       nextval(pg_get_serial_sequence('person', 'person_id'))))
            RETURNING person_id
        ) {EVENT}
        """,
        msgspec.structs.asdict(row),
        "person.created",
        changes,
        associate_id,
        now,
    )


async def update_person(
    db: Db, row: PersonRow, event: str, changes: list[str], associate_id: int, now: datetime
) -> None:
    """Write a person that was locked, with its event."""
    await execute(
        db,
        f"""
        WITH saved AS (
            UPDATE person p SET ({COLUMNS}) =
                (SELECT {COLUMNS} FROM jsonb_populate_record(NULL::person, $1::jsonb))
            WHERE p.person_id = ($1::jsonb ->> 'person_id')::int
            RETURNING p.person_id
        ) {EVENT}
        """,
        msgspec.structs.asdict(row),
        event,
        changes,
        associate_id,
        now,
    )


async def is_number_taken(db: Db, person_id: int, number: str) -> bool:
    """Whether another person has this number."""
    return await value(
        db,
        bool,
        """
        SELECT EXISTS (SELECT FROM person WHERE person_id <> $1 AND deleted_date IS NULL
                       AND number1 = $2)
        """,
        person_id,
        number,
    )


async def person_by_email(db: Db, address: str) -> int:
    """Whom an address belongs to: not retired first, then lowest rank and id; 0 for nobody."""
    return await value(
        db,
        int,
        """
        SELECT coalesce((
            SELECT p.person_id FROM email e JOIN person p USING (person_id)
            WHERE lower(e.email_address) = lower($1) AND p.deleted_date IS NULL
            ORDER BY p.retired, e.rank, p.person_id LIMIT 1), 0)
        """,
        address,
    )


async def person_by_phone(db: Db, number: str, contact_id: int) -> int:
    """Whose phone number this is, of a company or of any (0); 0 for nobody."""
    return await value(
        db,
        int,
        """
        SELECT coalesce((
            SELECT p.person_id FROM phone n JOIN person p USING (person_id)
            WHERE n.search_phone_number = $1 AND p.deleted_date IS NULL
              AND ($2 = 0 OR p.contact_id = $2)
            ORDER BY p.retired, n.rank, p.person_id LIMIT 1), 0)
        """,
        number,
        contact_id,
    )


async def person_by_name(db: Db, name: str, contact_id: int) -> int:
    """The person of this full name in a company; 0 for nobody."""
    return await value(
        db,
        int,
        """
        SELECT coalesce((
            SELECT "PersonId" FROM wire_person
            WHERE "ContactId" = $2 AND lower("FullName") = lower($1)
            ORDER BY "Retired", "Rank" LIMIT 1), 0)
        """,
        name,
        contact_id,
    )


async def colleagues(db: Db, person_id: int) -> list[Person]:
    """The persons of the same company, without those who have left, by rank."""
    return await rows(
        db,
        Person,
        """
        SELECT w.* FROM wire_person w
        WHERE w."Retired" = 0 AND w."ContactId" <> 0
          AND w."ContactId" = (SELECT contact_id FROM person WHERE person_id = $1)
        ORDER BY w."Rank", w."PersonId"
        """,
        person_id,
    )


async def persons_of_group(db: Db, group_id: int) -> list[Person]:
    """The persons behind the users of a group, by name."""
    return await rows(
        db,
        Person,
        """
        SELECT w.* FROM wire_person w JOIN associate a ON a.person_id = w."PersonId"
        WHERE a.group_idx = $1 AND NOT a.deleted AND w."Retired" = 0
        ORDER BY w."FullName", w."PersonId"
        """,
        group_id,
    )


async def role_and_group(db: Db, associate_id: int) -> Record | None:
    """The role, the group and the Service user of an associate, by name."""
    return await db.fetchrow(
        """
        SELECT coalesce(r.name, '') AS role, coalesce(r.tooltip, '') AS role_tooltip,
               coalesce(g.name, '') AS group_name, coalesce(g.tooltip, '') AS group_tooltip,
               coalesce(u.status, 0) AS status
        FROM associate a LEFT JOIN role r USING (role_id)
        LEFT JOIN usergroup g ON g.usergroup_id = a.group_idx
        LEFT JOIN ejuser u USING (associate_id)
        WHERE a.associate_id = $1
        """,
        associate_id,
    )


async def persons_of_project(db: Db, project_id: int) -> list[Person]:
    """The members of a project, by name."""
    return await rows(
        db,
        Person,
        """
        SELECT w.* FROM wire_person w
        WHERE w."PersonId" IN (SELECT person_id FROM project_member WHERE project_id = $1)
        ORDER BY w."FullName", w."PersonId"
        """,
        project_id,
    )
