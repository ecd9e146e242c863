"""Messages in the database."""

from datetime import datetime

import msgspec
from msgspec import Struct

from skranke.db.database import Db, execute, rows, value
from skranke.people.carriers import Person
from skranke.tickets.message_rows import TicketMessageHeader

PERSON_DECODER = msgspec.json.Decoder(Person)
HEADERS_DECODER = msgspec.json.Decoder(list[TicketMessageHeader])


class MessageRow(Struct, kw_only=True):
    """One row of ej_message, with its person and headers as JSON of carriers."""

    id: int
    ticket_id: int
    created_at: datetime
    created_by: int
    changed_at: datetime | None
    author: str
    slevel: int
    type: int
    message_id: str
    time_spent: int
    body: str
    html_body: str
    email_header: str
    debug_info: str
    mail_sorter: str
    message_category: int
    customer_id: int | None
    search_title: str
    important: bool
    language: str
    sentiment: int
    sentiment_confidence: int
    badge: int
    extra_fields: dict[str, object]
    person: str | None = None
    headers: str | None = None

    def whole_person(self) -> Person | None:
        """The customer that the message is from; None for one of the desk's."""
        return PERSON_DECODER.decode(self.person) if self.person else None

    def all_headers(self) -> list[TicketMessageHeader]:
        """What stands above the message, in the order of its making."""
        return HEADERS_DECODER.decode(self.headers) if self.headers else []


async def load_messages(db: Db, ids: list[int]) -> list[MessageRow]:
    """Messages in the order of their ids in the list; unknown ones are left out."""
    return await rows(
        db,
        MessageRow,
        """
        SELECT m.*, to_json(p)::text AS person,
               (SELECT json_agg(json_build_object(
                    'Id', h.id, 'Name', h.name, 'Value', h.value,
                    'StdItem', h.std_item::text, 'StdItemCol', h.std_item_col::text)
                    ORDER BY h.id)::text
                FROM message_header h WHERE h.message_id = m.id) AS headers
        FROM unnest($1::int[]) WITH ORDINALITY AS w (id, place)
        JOIN ej_message m USING (id)
        LEFT JOIN wire_person p ON p."PersonId" = m.customer_id
        ORDER BY w.place
        """,
        ids,
    )


async def ids_of_ticket(db: Db, ticket_id: int) -> list[int]:
    """The messages of a ticket, the oldest first."""
    sql = "SELECT id FROM ej_message WHERE ticket_id = $1 ORDER BY created_at, id"
    return [record["id"] for record in await db.fetch(sql, ticket_id)]


async def ticket_of(db: Db, message_id: int) -> int | None:
    """The ticket that a message is on; None where there is no such message."""
    sql = "SELECT ticket_id FROM ej_message WHERE id = $1"
    return await value(db, int, sql, message_id)


async def insert_message(db: Db, message: MessageRow) -> int:
    """Write a new message; its id. The search title is the ticket's."""
    return await value(
        db,
        int,
        """
        INSERT INTO ej_message (ticket_id, created_at, created_by, author, slevel, type,
            message_id, time_spent, body, html_body, email_header, message_category,
            customer_id, important, badge, extra_fields, mail_sorter, debug_info,
            search_title)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
               $17, $18, title
        FROM ticket WHERE id = $1 RETURNING id
        """,
        message.ticket_id,
        message.created_at,
        message.created_by,
        message.author,
        message.slevel,
        message.type,
        message.message_id,
        message.time_spent,
        message.body,
        message.html_body,
        message.email_header,
        message.message_category,
        message.customer_id,
        message.important,
        message.badge,
        message.extra_fields,
        message.mail_sorter,
        message.debug_info,
    )


async def update_message(
    db: Db, message: MessageRow, changed_by: int, changed_at: datetime
) -> None:
    """Write what may be changed of a message over the one with its id."""
    await execute(
        db,
        """
        UPDATE ej_message SET author = $2, slevel = $3, type = $4, message_id = $5,
            time_spent = $6, body = $7, html_body = $8, email_header = $9,
            important = $10, extra_fields = $11, changed_by = $12, changed_at = $13
        WHERE id = $1
        """,
        message.id,
        message.author,
        message.slevel,
        message.type,
        message.message_id,
        message.time_spent,
        message.body,
        message.html_body,
        message.email_header,
        message.important,
        message.extra_fields,
        changed_by,
        changed_at,
    )


async def write_headers(db: Db, message_id: int, headers: list[TicketMessageHeader]) -> None:
    """Add headers without an id and change those with one; others stay."""
    fresh = [header for header in headers if not header.id]
    await execute(
        db,
        """
        INSERT INTO message_header (message_id, name, value, std_item, std_item_col)
        SELECT $1, * FROM unnest($2::text[], $3::text[], $4::int[], $5::int[])
        """,
        message_id,
        [header.name for header in fresh],
        [header.value for header in fresh],
        [header.std_item.number for header in fresh],
        [header.std_item_col.number for header in fresh],
    )
    known = [header for header in headers if header.id]
    await execute(
        db,
        """
        UPDATE message_header h SET name = w.name, value = w.value,
            std_item = w.std_item, std_item_col = w.std_item_col
        FROM unnest($2::int[], $3::text[], $4::text[], $5::int[], $6::int[])
            AS w (id, name, value, std_item, std_item_col)
        WHERE h.id = w.id AND h.message_id = $1
        """,
        message_id,
        [header.id for header in known],
        [header.name for header in known],
        [header.value for header in known],
        [header.std_item.number for header in known],
        [header.std_item_col.number for header in known],
    )


async def message_of_header(db: Db, header_id: int) -> int | None:
    """The message that a header stands above; None where there is no such header."""
    sql = "SELECT message_id FROM message_header WHERE id = $1"
    return await value(db, int, sql, header_id)


async def delete_header(db: Db, header_id: int) -> None:
    """Remove a header."""
    await execute(db, "DELETE FROM message_header WHERE id = $1", header_id)


async def delete_message(db: Db, message_id: int) -> None:
    """Remove a message with its headers and its links to files."""
    await execute(db, "DELETE FROM ej_message WHERE id = $1", message_id)


class LoggedChange(Struct, frozen=True, kw_only=True):
    """A changed value as the log has it; `number` is the vendor's log_change."""

    number: int
    before: str
    after: str


class MessageLogEntry(Struct, frozen=True, kw_only=True):
    """What the log keeps of a deed on a message, beside the ticket's own entry."""

    ticket_id: int
    message_id: int
    user_id: int
    action: int  # TicketLogAction from 10001 on
    at: datetime
    description: str = ""
    changes: list[LoggedChange] = []


async def insert_log_entry(db: Db, entry: MessageLogEntry) -> None:
    """Write an entry into the message log, with the values that it changed."""
    await execute(
        db,
        """
        WITH deed AS (
            INSERT INTO ticket_log_action (ticket_id, org_ticket_id, message_id,
                user_id, log_when, log_action, description)
            VALUES ($1, $1, $2, $3, $4, $5, $6) RETURNING id
        )
        INSERT INTO ticket_log_change
            (ticket_id, message_id, action_id, log_change, from_value, to_value)
        SELECT $1, $2, deed.id, c.*
        FROM deed, unnest($7::int[], $8::text[], $9::text[]) AS c
        """,
        entry.ticket_id,
        entry.message_id,
        entry.user_id,
        entry.at,
        entry.action,
        entry.description,
        [change.number for change in entry.changes],
        [change.before for change in entry.changes],
        [change.after for change in entry.changes],
    )


async def send_event(db: Db, event: str, message_id: int, associate_id: int, at: datetime) -> None:
    """Leave an event about a message; one that begins with `skranke.` stays here."""
    await execute(
        db,
        """
        INSERT INTO event_outbox (event, primary_key, associate_id, happened)
        VALUES ($1, $2, $3, $4)
        """,
        event,
        message_id,
        associate_id,
        at,
    )
