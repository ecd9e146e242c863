"""Tickets, messages and belongings from one customer to another, in a few statements.

Each ticket that changes gets an entry in its log and its event, as a save would write.
"""

from datetime import datetime

from skranke.db.database import Db, execute

REPLACED, CUSTOMER, COMPANY = 33, 25, 1007  # log action; log changes


async def move_tickets(
    db: Db,
    source_id: int,
    destination_id: int,
    contact_id: int | None,
    since: datetime | None,
    user: tuple[int, int],
    now: datetime,
) -> None:
    """Give the source's tickets from a date on to the destination; None gives all.

    `contact_id` is the destination's company, `user` the ejuser and the associate.
    """
    await execute(
        db,
        """
        WITH moved AS (
            UPDATE ticket SET cust_id = $2, contact_id = $3, last_changed = $5,
                row_version = row_version + 1
            WHERE cust_id = $1 AND ($4::timestamptz IS NULL OR created_at >= $4)
            RETURNING id
        ), doubled AS (
            DELETE FROM ticket_customers c USING moved
            WHERE c.ticket_id = moved.id AND c.customer_id = $2
        ), action AS (
            INSERT INTO ticket_log_action (ticket_id, org_ticket_id, user_id, customer_id,
                log_when, log_action)
            SELECT id, id, $6, $2, $5, $8 FROM moved RETURNING id, ticket_id
        ), changed AS (
            INSERT INTO ticket_log_change (ticket_id, action_id, log_change, from_value, to_value)
            SELECT ticket_id, id, $9, $1::int::text, $2::int::text FROM action
        )
        INSERT INTO event_outbox (event, primary_key, changes, associate_id, happened)
        SELECT 'ticket.changed', id, '{cust_id,contact_id,last_changed}', $7, $5 FROM moved
        """,
        source_id,
        destination_id,
        contact_id,
        since,
        now,
        *user,
        REPLACED,
        CUSTOMER,
    )


async def move_messages(
    db: Db, source_id: int, destination_id: int, since: datetime | None
) -> None:
    """Give messages and further customers of tickets to the destination, without doubles."""
    await execute(
        db,
        """
        UPDATE ej_message SET customer_id = $2
        WHERE customer_id = $1 AND ($3::timestamptz IS NULL OR created_at >= $3)
        """,
        source_id,
        destination_id,
        since,
    )
    await execute(
        db,
        """
        UPDATE message_customers c SET customer_id = $2 FROM ej_message m
        WHERE c.customer_id = $1 AND m.id = c.message_id
          AND ($3::timestamptz IS NULL OR m.created_at >= $3)
        """,
        source_id,
        destination_id,
        since,
    )
    await execute(
        db,
        """
        WITH gone AS (
            DELETE FROM ticket_customers c USING ticket t
            WHERE c.customer_id = $1 AND t.id = c.ticket_id
              AND ($3::timestamptz IS NULL OR t.created_at >= $3)
            RETURNING c.ticket_id, t.cust_id
        )
        INSERT INTO ticket_customers (ticket_id, customer_id)
        SELECT ticket_id, $2 FROM gone WHERE cust_id IS DISTINCT FROM $2
        ON CONFLICT DO NOTHING
        """,
        source_id,
        destination_id,
        since,
    )


async def move_rest(db: Db, source_id: int, destination_id: int) -> None:
    """Give what a person owns beside tickets: submissions, sales, interests, consents."""
    for statement in (
        "UPDATE form_submission SET person_id = $2 WHERE person_id = $1",
        "UPDATE sale SET person_id = $2 WHERE person_id = $1",
        """INSERT INTO person_interest (person_id, pinterest_idx)
           SELECT $2, pinterest_idx FROM person_interest WHERE person_id = $1
           ON CONFLICT DO NOTHING""",
        """UPDATE consent_person c SET person_id = $2 WHERE person_id = $1
           AND NOT EXISTS (SELECT FROM consent_person o WHERE o.person_id = $2
                           AND o.consent_purpose_id = c.consent_purpose_id)""",
        "UPDATE contact SET support_person_id = $2 WHERE support_person_id = $1",
    ):
        await execute(db, statement, source_id, destination_id)


async def move_contact_points(db: Db, source_id: int, destination_id: int) -> None:
    """Append the source's e-mails, phones and web sites that the destination lacks.

    Its own come first. What is moved goes with its bounces and its history.
    """
    for statement in (
        """UPDATE email e SET person_id = $2, rank = e.rank + 100 WHERE e.person_id = $1
           AND NOT EXISTS (SELECT FROM email o WHERE o.person_id = $2 AND o.type = e.type
                           AND lower(o.email_address) = lower(e.email_address))""",
        """UPDATE phone n SET person_id = $2, rank = n.rank + 100 WHERE n.person_id = $1
           AND NOT EXISTS (SELECT FROM phone o WHERE o.person_id = $2
                           AND o.ptype_idx = n.ptype_idx
                           AND o.search_phone_number = n.search_phone_number)""",
        """UPDATE url u SET person_id = $2, rank = u.rank + 100 WHERE u.person_id = $1
           AND NOT EXISTS (SELECT FROM url o WHERE o.person_id = $2
                           AND o.url_address = u.url_address)""",
    ):
        await execute(db, statement, source_id, destination_id)


async def move_company_tickets(
    db: Db,
    person_id: int | None,
    source_id: int | None,
    destination_id: int | None,
    since: datetime | None,
    user: tuple[int, int],
    now: datetime,
) -> None:
    """Give tickets of a person, or of all (None), from one company to another."""
    await execute(
        db,
        """
        WITH before AS (
            SELECT id, contact_id FROM ticket
            WHERE ($1::int IS NULL OR cust_id = $1)
              AND ($1::int IS NOT NULL OR contact_id = $2)
              AND ($4::timestamptz IS NULL OR created_at >= $4)
              AND contact_id IS DISTINCT FROM $3
            FOR UPDATE
        ), moved AS (
            UPDATE ticket t SET contact_id = $3, last_changed = $5,
                row_version = row_version + 1
            FROM before WHERE t.id = before.id RETURNING t.id, before.contact_id AS origin
        ), action AS (
            INSERT INTO ticket_log_action (ticket_id, org_ticket_id, user_id, log_when,
                log_action)
            SELECT id, id, $6, $5, $8 FROM moved RETURNING id, ticket_id
        ), changed AS (
            INSERT INTO ticket_log_change (ticket_id, action_id, log_change, from_value, to_value)
            SELECT a.ticket_id, a.id, $9, coalesce(m.origin::text, ''), coalesce($3::int::text, '')
            FROM action a JOIN moved m ON m.id = a.ticket_id
        )
        INSERT INTO event_outbox (event, primary_key, changes, associate_id, happened)
        SELECT 'ticket.changed', id, '{contact_id,last_changed}', $7, $5 FROM moved
        """,
        person_id,
        source_id,
        destination_id,
        since,
        now,
        *user,
        REPLACED,
        COMPANY,
    )


async def move_company_rest(db: Db, source_id: int, destination_id: int) -> None:
    """Give what a company owns beside tickets and persons to another."""
    for statement in (
        "UPDATE form_submission SET contact_id = $2 WHERE contact_id = $1",
        "UPDATE sale SET contact_id = $2 WHERE contact_id = $1",
        """INSERT INTO contact_interest (contact_id, cinterest_idx)
           SELECT $2, cinterest_idx FROM contact_interest WHERE contact_id = $1
           ON CONFLICT DO NOTHING""",
        """INSERT INTO company_domain (contact_id, domain, rank)
           SELECT $2, domain, rank + 100 FROM company_domain WHERE contact_id = $1
           ON CONFLICT DO NOTHING""",
        """UPDATE email e SET contact_id = $2, rank = e.rank + 100 WHERE e.contact_id = $1
           AND NOT EXISTS (SELECT FROM email o WHERE o.contact_id = $2 AND o.type = e.type
                           AND lower(o.email_address) = lower(e.email_address))""",
        """UPDATE phone n SET contact_id = $2, rank = n.rank + 100 WHERE n.contact_id = $1
           AND NOT EXISTS (SELECT FROM phone o WHERE o.contact_id = $2
                           AND o.ptype_idx = n.ptype_idx
                           AND o.search_phone_number = n.search_phone_number)""",
    ):
        await execute(db, statement, source_id, destination_id)


async def person_ids_of(db: Db, contact_id: int) -> list[int]:
    """The persons of a company by rank."""
    found = await db.fetch(
        """
        SELECT person_id FROM person WHERE contact_id = $1 AND deleted_date IS NULL
        ORDER BY rank, person_id
        """,
        contact_id,
    )
    return [record["person_id"] for record in found]


async def identical_person(db: Db, person_id: int, contact_id: int) -> int:
    """The person of a company with exactly the same names; 0 without one."""
    found: int | None = await db.fetchval(
        """
        SELECT o.person_id FROM person o JOIN person p ON p.person_id = $1
        WHERE o.contact_id = $2 AND o.deleted_date IS NULL AND o.person_id <> $1
          AND (o.firstname, o.middle_name, o.lastname)
              = (p.firstname, p.middle_name, p.lastname)
        ORDER BY o.rank, o.person_id LIMIT 1
        """,
        person_id,
        contact_id,
    )
    return found or 0
