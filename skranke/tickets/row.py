"""A ticket as its table has it: flat, by numbers; what the rules work on.

A save compares two rows: the columns that differ are the log's changes, the webhook's
`Changes` and the reason to write at all.
"""

from datetime import datetime
from typing import cast

from msgspec import Struct, structs

COLUMNS = """id, title, created_at, last_changed, read_by_owner, read_by_customer,
    first_read_by_owner, first_read_by_user, activate, closed_at, replied_at,
    alert_timeout, deadline, created_by, author, owned_by, category, orig_category,
    slevel, priority, orig_priority, status, ticket_status, origin, cust_id, contact_id,
    alert_level, alert_stop, connect_id, read_status, time_to_reply,
    real_time_to_reply, time_to_close, real_time_to_close, time_spent_internally,
    time_spent_externally, time_spent_queue, real_time_spent_internally,
    real_time_spent_externally, real_time_spent_queue, time_spent_calculated,
    time_spent, has_attachment, num_replies, num_messages, from_address, filter_id,
    filter_address, tags, language, sentiment, sentiment_confidence,
    suggested_category_id, orig_human_category_id, sale_id, project_id,
    form_submission_id, ticket_type, extra_fields, row_version"""


class TicketRow(Struct, kw_only=False):
    """One row of `ticket`; fields stand in the order of COLUMNS."""

    id: int
    title: str
    created_at: datetime
    last_changed: datetime | None
    read_by_owner: datetime | None
    read_by_customer: datetime | None
    first_read_by_owner: datetime | None
    first_read_by_user: datetime | None
    activate: datetime | None
    closed_at: datetime | None
    replied_at: datetime | None
    alert_timeout: datetime | None
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
    alert_stop: int
    connect_id: int
    read_status: int
    time_to_reply: int
    real_time_to_reply: int
    time_to_close: int
    real_time_to_close: int
    time_spent_internally: int
    time_spent_externally: int
    time_spent_queue: int
    real_time_spent_internally: int
    real_time_spent_externally: int
    real_time_spent_queue: int
    time_spent_calculated: datetime | None
    time_spent: int
    has_attachment: bool
    num_replies: int
    num_messages: int
    from_address: str
    filter_id: int
    filter_address: str
    tags: list[int]
    language: str
    sentiment: int
    sentiment_confidence: int
    suggested_category_id: int
    orig_human_category_id: int
    sale_id: int | None
    project_id: int | None
    form_submission_id: int | None
    ticket_type: int
    extra_fields: dict[str, object]
    row_version: int


# Numbers of log_change by column. Source: ticket_log_change of the vendor's database;
# columns without a published number have ours, from 1001 (docs/differences.md).
CHANGE_NUMBERS = {
    "created_at": 1,
    "title": 2,
    "last_changed": 3,
    "read_by_owner": 4,
    "read_by_customer": 5,
    "closed_at": 6,
    "time_to_close": 7,
    "real_time_to_close": 8,
    "time_to_reply": 9,
    "real_time_to_reply": 10,
    "author": 11,
    "created_by": 12,
    "alert_level": 13,
    "alert_timeout": 14,
    "connect_id": 15,
    "filter_id": 16,
    "read_status": 17,
    "has_attachment": 18,
    "alert_stop": 20,
    "replied_at": 21,
    "slevel": 22,
    "category": 23,
    "priority": 24,
    "cust_id": 25,
    "status": 26,
    "first_read_by_user": 27,
    "activate": 28,
    "owned_by": 29,
    "extra_fields": 33,
    "first_read_by_owner": 34,
    "ticket_status": 35,
    "deadline": 36,
    "filter_address": 37,
    "tags": 1001,
    "ticket_type": 1002,
    "sale_id": 1003,
    "project_id": 1004,
    "orig_human_category_id": 1005,
    "suggested_category_id": 1006,
    "contact_id": 1007,
    "num_replies": 1008,
    "num_messages": 1009,
    "time_spent": 1010,
    "time_spent_internally": 1011,
    "time_spent_externally": 1012,
    "time_spent_queue": 1013,
    "real_time_spent_internally": 1014,
    "real_time_spent_externally": 1015,
    "real_time_spent_queue": 1016,
    "language": 1017,
    "sentiment": 1018,
    "sentiment_confidence": 1019,
    "ticket_customers": 1020,
    "origin": 1021,
    "from_address": 1022,
    "form_submission_id": 1023,
}
SECONDARY_PERSONS_COLUMN = "ticket_customers"
UNLOGGED_COLUMNS = frozenset(
    {"id", "row_version", "last_changed", "time_spent_calculated", "orig_category", "orig_priority"}
)


class ColumnChange(Struct, frozen=True):
    """A column that a save changed, with both values as the log shows them."""

    column: str
    before: str
    after: str


def row_changes(before: TicketRow, after: TicketRow) -> list[ColumnChange]:
    """What differs between two states of a ticket, in the table's order.

    What follows from the others (last_changed, row_version, orig_…) is left out.
    """
    return [
        ColumnChange(name, log_text(old), log_text(new))
        for name in TicketRow.__struct_fields__
        if (old := getattr(before, name)) != (new := getattr(after, name))
        and name not in UNLOGGED_COLUMNS
    ]


def log_text(value: object) -> str:
    """A value as the log's 255 characters have it; longer ones are cut."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list):
        items = cast("list[object]", value)
        return ",".join(map(str, items))[:255]
    return str(value)[:255]


def copy_row(row: TicketRow) -> TicketRow:
    """The same row, to be changed apart."""
    return structs.replace(row)
