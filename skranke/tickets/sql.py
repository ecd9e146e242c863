"""A ticket in one read and one write.

A read brings the row and everything that hangs on it, already as the posted entity
wants it: the person that was posted or, where none was, the stored one. A write is one
data-modifying statement that checks the row's version and leaves log and event beside
the ticket, or nothing at all.
"""

from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import astuple

from skranke.db.database import Db, rows
from skranke.tickets.carriers import Ticket
from skranke.tickets.links import (
    MESSAGES_DECODER,
    PERSON_DECODER,
    Links,
    RequestedLinks,
    add_rare_links,
    load_person,
)
from skranke.tickets.row import CHANGE_NUMBERS, COLUMNS, ColumnChange, TicketRow
from skranke.tickets.save.time_counters import StatusPeriod

COLUMN_COUNT = len(TicketRow.__struct_fields__)


class LoadedTicket(Struct, kw_only=True):
    """A ticket as read: its row, the wanted links, and the version of the lists."""

    row: TicketRow
    links: Links
    secondary_ids: list[int]
    catalogue_version: int


# the statements below are put together from literals alone, which the type checker sees
LOAD_QUERY = f"""
SELECT {COLUMNS},
       (SELECT version FROM catalogue_version),
       ARRAY(SELECT customer_id FROM ticket_customers
             WHERE ticket_id = t.id ORDER BY id),
       (SELECT to_json(p) FROM wire_person p
        WHERE p."PersonId" = coalesce($2, t.cust_id)),
       (SELECT json_agg(m.carrier ORDER BY m.created_at, m.id)
        FROM wire_message m WHERE m.ticket_id = t.id)
FROM ticket t WHERE t.id = $1
"""


async def load_ticket(db: Db, ticket_id: int, wanted: RequestedLinks) -> LoadedTicket | None:
    """A ticket and its links; None where there is none of that id."""
    found = await db.fetchrow(LOAD_QUERY, ticket_id, wanted.person_id)
    if found is None:
        return None
    values = tuple(found)
    row = TicketRow(*values[:COLUMN_COUNT])
    version, secondary, person, messages = values[COLUMN_COUNT:]
    links = Links(
        person=PERSON_DECODER.decode(person) if person else None,
        messages=MESSAGES_DECODER.decode(messages) if messages else [],
    )
    await add_rare_links(
        db,
        links,
        secondary if wanted.secondary_ids is None else wanted.secondary_ids,
        row.sale_id if wanted.sale_id is None else wanted.sale_id,
        row.project_id if wanted.project_id is None else wanted.project_id,
        row.form_submission_id,
    )
    return LoadedTicket(row=row, links=links, secondary_ids=secondary, catalogue_version=version)


class NewTicket(Struct, kw_only=True):
    """What a new ticket starts from: its id, the wanted links, the lists' version."""

    ticket_id: int
    links: Links
    catalogue_version: int


async def prepare_new_ticket(db: Db, wanted: RequestedLinks) -> NewTicket:
    """A new id and the wanted links for a ticket that isn't saved yet."""
    [found] = await db.fetch(
        """
        SELECT version, nextval(pg_get_serial_sequence('ticket', 'id'))::int
        FROM catalogue_version
        """
    )
    links = Links(person=await load_person(db, wanted.person_id or 0))
    await add_rare_links(
        db, links, wanted.secondary_ids or [], wanted.sale_id, wanted.project_id, None
    )
    return NewTicket(ticket_id=found[1], links=links, catalogue_version=found[0])


class LogEntry(Struct, frozen=True, kw_only=True):
    """What the log and the outbox keep of a save."""

    action: int  # TicketLogAction
    event: str  # ticket.created or ticket.changed
    ej_user_id: int
    associate_id: int
    at: datetime
    changes: list[ColumnChange]
    columns: list[str]  # as a webhook names them


LOG_AND_EVENT = """
    gone AS (
        DELETE FROM ticket_customers c USING saved
        WHERE c.ticket_id = saved.id AND c.customer_id <> ALL ($2::int[])
    ), came AS (
        INSERT INTO ticket_customers (ticket_id, customer_id)
        SELECT saved.id, w.person_id
        FROM saved, unnest($2::int[]) WITH ORDINALITY AS w (person_id, place)
        ORDER BY w.place ON CONFLICT DO NOTHING
    ), action AS (
        INSERT INTO ticket_log_action
            (ticket_id, org_ticket_id, user_id, customer_id, log_when, log_action)
        SELECT saved.id, saved.id, $3, ($1::ticket_row).cust_id, $5, $6 FROM saved
        RETURNING id, ticket_id
    ), changed AS (
        INSERT INTO ticket_log_change
            (ticket_id, action_id, log_change, from_value, to_value)
        SELECT action.ticket_id, action.id, c.number, c.before, c.after
        FROM action, unnest($7::int[], $8::text[], $9::text[])
             AS c (number, before, after)
    ), event AS (
        INSERT INTO event_outbox (event, primary_key, changes, associate_id, happened)
        SELECT $10, saved.id, $11::text[], $4, $5 FROM saved
    )
    SELECT id FROM saved
"""

INSERT_QUERY = f"""
    WITH saved AS (
        INSERT INTO ticket ({COLUMNS}) SELECT ($1::ticket_row).* RETURNING id
    ), {LOG_AND_EVENT}
"""

# the messages' search_title is a copy of the ticket's title
UPDATE_QUERY = f"""
    WITH saved AS (
        UPDATE ticket t SET ({COLUMNS}) =
            (SELECT {COLUMNS} FROM (SELECT ($1::ticket_row).*) AS r)
        WHERE t.id = ($1::ticket_row).id AND t.row_version = ($1::ticket_row).row_version - 1
        RETURNING t.id
    ), retitled AS (
        UPDATE ej_message m SET search_title = ($1::ticket_row).title FROM saved
        WHERE m.ticket_id = saved.id AND 2 = ANY ($7::int[])
    ), history AS (
        INSERT INTO ticket_status_history (ticket_id, ticket_status, timespan,
            real_timespan, from_datetime, to_datetime)
        SELECT saved.id, $12, $13, $14, $15, $5 FROM saved
        WHERE $12::int IS NOT NULL
    ), {LOG_AND_EVENT}
"""


async def insert_ticket(
    db: Db, ticket: TicketRow, secondary_ids: list[int], deed: LogEntry
) -> None:
    """Write a new ticket whose id was handed out before, with its log and event."""
    await db.fetchval(INSERT_QUERY, *_values(ticket, secondary_ids, deed))


async def write_version(
    db: Db, ticket: TicketRow, secondary_ids: list[int], deed: LogEntry, left: StatusPeriod | None
) -> bool:
    """Write a ticket over the version before it; False when that is no longer there.

    A status that it left goes into the history, in the same statement.
    """
    history = astuple(left) if left else (None, None, None, None)
    values = _values(ticket, secondary_ids, deed)
    return await db.fetchval(UPDATE_QUERY, *values, *history) is not None


def _values(ticket: TicketRow, secondary_ids: list[int], deed: LogEntry) -> tuple[Any, ...]:
    return (
        astuple(ticket),
        secondary_ids,
        deed.ej_user_id,
        deed.associate_id,
        deed.at,
        deed.action,
        [CHANGE_NUMBERS[c.column] for c in deed.changes],
        [c.before for c in deed.changes],
        [c.after for c in deed.changes],
        deed.event,
        deed.columns,
    )


async def load_flat_tickets(db: Db, ticket_ids: list[int]) -> list[Ticket]:
    """Tickets flat, with the names of what they point at, in the order of the ids."""
    return await rows(
        db,
        Ticket,
        """
        SELECT t.id AS "TicketId",
               t.title AS "Title",
               t.created_at AS "CreatedAt",
               t.last_changed AS "LastChanged",
               t.read_by_owner AS "ReadByOwner",
               t.read_by_customer AS "ReadByCustomer",
               t.first_read_by_user AS "FirstReadByUser",
               t.activate AS "Activate",
               t.closed_at AS "ClosedAt",
               t.replied_at AS "RepliedAt",
               t.alert_timeout AS "AlertTimeout",
               t.deadline AS "Deadline",
               t.created_by AS "CreatedBy",
               coalesce(cp."FullName", '') AS "CreatedByName",
               t.author AS "Author",
               t.owned_by AS "OwnedBy",
               coalesce(op."FullName", '') AS "OwnedByName",
               t.category AS "Category",
               c.name AS "CategoryName",
               c.fullname AS "CategoryFullname",
               t.slevel::text AS "Slevel",
               t.priority AS "Priority",
               y.name AS "PriorityName",
               t.status::text AS "BaseStatus",
               t.ticket_status AS "TicketStatus",
               s.name AS "TicketStatusDisplayValue",
               t.origin::text AS "Origin",
               coalesce(t.cust_id, -1) AS "CustId",
               coalesce(p.firstname, '') AS "PersonFirstname",
               coalesce(p.middle_name, '') AS "PersonMiddleName",
               coalesce(p.lastname, '') AS "PersonLastname",
               coalesce(wp."FullName", '') AS "PersonFullname",
               t.alert_level AS "AlertLevel",
               coalesce(nullif(t.connect_id, 0), -1) AS "ConnectId",
               t.read_status::text AS "ReadStatus",
               t.time_to_reply AS "TimeToReply",
               t.real_time_to_reply AS "RealTimeToReply",
               t.time_to_close AS "TimeToClose",
               t.real_time_to_close AS "RealTimeToClose",
               t.time_spent_internally AS "TimeSpentInternally",
               t.time_spent_externally AS "TimeSpentExternally",
               t.time_spent_queue AS "TimeSpentQueue",
               t.real_time_spent_internally AS "RealTimeSpentInternally",
               t.real_time_spent_externally AS "RealTimeSpentExternally",
               t.real_time_spent_queue AS "RealTimeSpentQueue",
               t.time_spent AS "TimeSpent",
               t.has_attachment AS "HasAttachment",
               t.num_replies AS "NumReplies",
               t.num_messages AS "NumMessages",
               t.from_address AS "FromAddress",
               coalesce(t.contact_id, 0) AS "ContactId",
               coalesce(k.name, '') AS "ContactName",
               coalesce(oa.associate_id, 0) AS "OwnedByAssociateId",
               t.language AS "Language",
               t.sentiment AS "Sentiment",
               t.sentiment_confidence AS "SentimentConfidence",
               coalesce(t.sale_id, 0) AS "SaleId",
               coalesce(t.project_id, 0) AS "ProjectId",
               coalesce(sa.heading, '') AS "SaleHeading",
               coalesce(j.name, '') AS "ProjectName",
               coalesce(t.form_submission_id, 0) AS "FormSubmissionId",
               t.ticket_type AS "TicketTypeId",
               tt.name AS "TicketTypeName"
        FROM unnest($1::int[]) WITH ORDINALITY AS w (id, place)
        JOIN ticket t USING (id)
        JOIN ej_category c ON c.id = t.category
        JOIN ticket_priority y ON y.id = t.priority
        JOIN ticket_status s ON s.id = t.ticket_status
        JOIN ticket_type tt ON tt.ticket_type_id = t.ticket_type
        LEFT JOIN ejuser cu ON cu.id = t.created_by
        LEFT JOIN associate ca ON ca.associate_id = cu.associate_id
        LEFT JOIN wire_person cp ON cp."PersonId" = ca.person_id
        LEFT JOIN ejuser ou ON ou.id = t.owned_by
        LEFT JOIN associate oa ON oa.associate_id = ou.associate_id
        LEFT JOIN wire_person op ON op."PersonId" = oa.person_id
        LEFT JOIN person p ON p.person_id = t.cust_id
        LEFT JOIN wire_person wp ON wp."PersonId" = t.cust_id
        LEFT JOIN contact k ON k.contact_id = t.contact_id
        LEFT JOIN sale sa ON sa.sale_id = t.sale_id
        LEFT JOIN project j ON j.project_id = t.project_id
        ORDER BY w.place
        """,
        ticket_ids,
    )


async def lock_ticket(db: Db, ticket_id: int) -> None:
    """Let nobody else change the ticket until the transaction ends."""
    await db.fetchval("SELECT id FROM ticket WHERE id = $1 FOR UPDATE", ticket_id)
