"""Consents in the database: a row a person and purpose, kept as proof when withdrawn."""

from datetime import datetime

from skranke.db.database import Db, execute, rows, value
from skranke.people.consents.carriers import ConsentInfo


async def consents_of(db: Db, person_id: int) -> list[ConsentInfo]:
    """The consents of a person, withdrawn ones too, by purpose."""
    return await rows(
        db,
        ConsentInfo,
        """
        SELECT "ConsentPersonId", "Comment", "Registered", "RegisteredAssociateId", "Updated",
               "UpdatedAssociateId", "LegalBaseId", "LegalBaseKey", "LegalBaseName",
               "ConsentPurposeId", "ConsentPurposeKey", "ConsentPurposeName",
               "ConsentSourceId", "ConsentSourceKey", "ConsentSourceName"
        FROM wire_consent WHERE person_id = $1 ORDER BY "ConsentPurposeId"
        """,
        person_id,
    )


async def write_consent(
    db: Db,
    person_id: int,
    purpose_id: int,
    source_id: int,
    legal_base_id: int,
    comment: str,
    associate_id: int,
    now: datetime,
) -> int:
    """Write a consent over the one for its purpose; its id."""
    return await value(
        db,
        int,
        """
        INSERT INTO consent_person AS c (person_id, consent_purpose_id, consent_source_id,
            legal_base_id, comment, registered_associate_id, registered)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (person_id, consent_purpose_id) DO UPDATE SET
            consent_source_id = $3, legal_base_id = $4, comment = $5,
            updated_associate_id = $6, updated = $7
        RETURNING consent_person_id
        """,
        person_id,
        purpose_id,
        source_id,
        legal_base_id,
        comment,
        associate_id,
        now,
    )


async def person_of_consent(db: Db, consent_person_id: int) -> int:
    """Whose consent this is; 0 without one."""
    return await value(
        db,
        int,
        """
        SELECT coalesce((SELECT person_id FROM consent_person
                         WHERE consent_person_id = $1), 0)
        """,
        consent_person_id,
    )


async def add_event(
    db: Db, event: str, person_id: int, changes: list[str], associate_id: int, now: datetime
) -> None:
    """Note an event of a person."""
    await execute(
        db,
        """
        INSERT INTO event_outbox (event, primary_key, changes, associate_id, happened)
        VALUES ($1, $2, $3, $4, $5)
        """,
        event,
        person_id,
        changes,
        associate_id,
        now,
    )
