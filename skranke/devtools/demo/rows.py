"""The rows that the demo desk copies in: a Struct's fields are its table's columns."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct, structs

from skranke.db.database import Db


async def copy(db: Db, table: str, rows: Sequence[Struct]) -> None:
    """Write the rows, at least one, with a single COPY; other columns keep defaults."""
    await db.copy_records_to_table(
        table,
        records=[structs.astuple(row) for row in rows],
        columns=list(rows[0].__struct_fields__),
    )


class Contact(Struct, kw_only=True):
    contact_id: int
    name: str
    orgnr: str
    country_id: int
    category_idx: int
    associate_id: int
    support_associate_id: int
    ticket_priority_id: int


class Person(Struct, kw_only=True):
    person_id: int
    contact_id: int
    firstname: str
    lastname: str
    position_idx: int
    country_id: int
    rank: int
    support_associate_id: int
    ticket_priority_id: int


class ListItem(Struct, kw_only=True):
    list: str
    id: int
    name: str
    rank: int


class Phone(Struct, kw_only=True):
    person_id: int | None
    contact_id: int | None
    ptype_idx: int
    phone: str
    search_phone_number: str


class Email(Struct, kw_only=True):
    email_id: int
    person_id: int | None
    contact_id: int | None
    email_address: str


class Credentials(Struct, kw_only=True):
    associate_id: int
    type: str
    value: str
    registered: datetime


class FormSubmission(Struct, kw_only=True):
    form_submission_id: int
    form_id: int
    email_address: str
    status: int
    when_submitted: datetime
    contact_id: int
    person_id: int
    response: str


class Ticket(Struct, kw_only=True):
    """`extra_fields` are JSON values by `x_` name, unset ones left out: texts, numbers
    and true as such; date, date-time and time of day as ISO text without a zone, the
    desk's wall time; a time span as whole seconds.
    """

    id: int
    title: str
    created_at: datetime
    last_changed: datetime
    read_by_owner: datetime | None
    read_by_customer: datetime | None
    first_read_by_owner: datetime | None
    first_read_by_user: datetime | None
    activate: datetime | None
    closed_at: datetime | None
    replied_at: datetime | None
    deadline: datetime | None
    created_by: int
    author: str
    owned_by: int
    category: int
    orig_category: int
    slevel: int
    priority: int
    orig_priority: int
    status: int
    ticket_status: int
    origin: int
    cust_id: int | None
    contact_id: int | None
    alert_level: int
    connect_id: int
    read_status: int
    time_to_reply: int
    real_time_to_reply: int
    time_to_close: int
    real_time_to_close: int
    time_spent_internally: int = 0
    time_spent_externally: int = 0
    time_spent_queue: int = 0
    real_time_spent_internally: int = 0
    real_time_spent_externally: int = 0
    real_time_spent_queue: int = 0
    time_spent_calculated: datetime | None
    time_spent: int
    num_replies: int
    num_messages: int
    from_address: str
    filter_address: str
    tags: list[int]
    language: str
    sentiment: int
    sentiment_confidence: int
    suggested_category_id: int
    sale_id: int | None
    project_id: int | None
    form_submission_id: int | None = None
    ticket_type: int
    extra_fields: dict[str, object]


class TicketCustomer(Struct, kw_only=True):
    ticket_id: int
    customer_id: int


class Message(Struct, kw_only=True):
    id: int
    ticket_id: int
    created_at: datetime
    created_by: int
    author: str
    slevel: int
    type: int
    message_id: str
    time_spent: int
    body: str
    html_body: str
    email_header: str
    customer_id: int | None
    search_title: str
    language: str
    sentiment: int
    sentiment_confidence: int
    badge: int


class Header(Struct, kw_only=True):
    message_id: int
    name: str
    value: str


class StatusHistory(Struct, kw_only=True):
    ticket_id: int
    ticket_status: int
    timespan: int
    real_timespan: int
    from_datetime: datetime
    to_datetime: datetime
