"""The body of a call, byte for byte. Source: reference, WebhookPayload and its samples.

Keys stand in the samples' order. FieldValues are numbers and dates alone: texts of a
ticket are nobody's business who hasn't the right to read it.
"""

from datetime import UTC, datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from skranke.db.database import Db, Record

CONTEXT_IDENTIFIER = "Default"  # what installations on site are called
NO_DATE = "0001-01-01T00:00:00"
DELIVERY_PROPERTY = "skranke:delivery"  # a property that says how to deliver, and isn't sent


class WebhookEvent(Struct, frozen=True, kw_only=True):
    """What happened to what; `name` is what hooks listen for."""

    name: str
    event: str
    entity: str | None  # None: the key is left out
    primary_key: int
    changes: list[str] = []
    associate_id: int
    happened: datetime
    field_values: dict[str, object] | None = None  # None: the key is left out


def error_body(
    news: WebhookEvent, event_id: UUID, name: str, properties: dict[str, object]
) -> bytes:
    """The bytes that one hook is sent; its properties can't stand for our keys."""
    body: dict[str, object] = {
        "EventId": str(event_id),
        "Timestamp": dotnet_time(news.happened),
        "Changes": news.changes,
        "Event": news.event,
        "PrimaryKey": news.primary_key,
    }
    if news.entity is not None:
        body["Entity"] = news.entity
    body |= {
        "ContextIdentifier": CONTEXT_IDENTIFIER,
        "ChangedByAssociateId": news.associate_id,
        "WebhookName": name,
    }
    if news.field_values is not None:
        body["FieldValues"] = news.field_values
    more = {k: v for k, v in properties.items() if k != DELIVERY_PROPERTY and k not in body}
    return msgspec.json.encode(body | more)


def dotnet_time(instant: datetime) -> str:
    """An instant with seven decimals, as .NET writes it."""
    at = instant.astimezone(UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond:06d}0Z"


def field_value(value: object) -> object:
    """A column as FieldValues have it: dates in UTC without a Z, truth as 1 and 0."""
    if value is None:
        return NO_DATE
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
    return int(value) if isinstance(value, bool) else value


async def ticket_values(db: Db, ticket_id: int) -> dict[str, object]:
    """The ticket's ids, enums, numbers and dates; empty where it is gone."""
    found = await db.fetchrow(
        """
        SELECT activate, alert_level, alert_stop, alert_timeout, category, closed_at,
               coalesce(nullif(connect_id, 0), -1) AS connect_id,
               coalesce(contact_id, 0) AS contact_id, created_at,
               created_by, coalesce(cust_id, -1) AS cust_id, deadline, filter_id,
               first_read_by_owner, first_read_by_user, has_attachment, id,
               last_changed, num_messages, num_replies, origin, owned_by, priority,
               coalesce(project_id, 0) AS project_id, read_by_customer, read_by_owner,
               read_status, real_time_spent_externally, real_time_spent_internally,
               real_time_spent_queue, real_time_to_close, real_time_to_reply,
               replied_at, coalesce(sale_id, 0) AS sale_id, slevel, status,
               ticket_status, ticket_type, time_spent_externally,
               time_spent_internally, time_spent_queue, time_to_close, time_to_reply
        FROM ticket WHERE id = $1
        """,
        ticket_id,
    )
    return _values(found)


async def message_values(db: Db, message_id: int) -> dict[str, object]:
    """The message's ids, enums, numbers and dates; empty where it is gone."""
    found = await db.fetchrow(
        """
        SELECT badge, created_at, created_by, coalesce(customer_id, 0) AS customer_id,
               id, important, message_category, sentiment, sentiment_confidence, slevel,
               ticket_id, time_spent, type
        FROM ej_message WHERE id = $1
        """,
        message_id,
    )
    return _values(found)


async def contact_values(db: Db, contact_id: int) -> dict[str, object]:
    """The company's ids, numbers and dates; its id alone where it is gone."""
    found = await db.fetchrow(
        """
        SELECT (SELECT count(*)::int FROM contact_interest i
                WHERE i.contact_id = c.contact_id) AS "activeInterests",
               associate_id, business_idx, category_idx, country_id, deleted,
               deleted_date AS "DeletedDate", registered, registered_associate_id, source,
               updated, 0 AS userdef_id, 0 AS userdef2_id
        FROM contact c WHERE contact_id = $1
        """,
        contact_id,
    )
    return _values(found) or {"contact_id": contact_id}


async def person_values(db: Db, person_id: int) -> dict[str, object]:
    """The person's ids, numbers and dates; its id alone where it is gone."""
    found = await db.fetchrow(
        """
        SELECT (SELECT count(*)::int FROM person_interest i
                WHERE i.person_id = p.person_id) AS "activeInterests",
               associate_id, business_idx, category_idx,
               coalesce(contact_id, 0) AS contact_id, country_id,
               deleted_date AS "DeletedDate", group_idx AS group_id, person_id, position_idx,
               registered, registered_associate_id, retired, source, updated,
               updated_associate_id, 0 AS userdef_id, 0 AS userdef2_id
        FROM person p WHERE person_id = $1
        """,
        person_id,
    )
    return _values(found) or {"person_id": person_id}


# how the vendor's table numbers the types of users, by the wire's numbers of UserType
ASSOCIATE_TYPES = {1: 0, 2: 1, 3: 4, 4: 7, 5: 13}


async def associate_values(db: Db, associate_id: int) -> dict[str, object]:
    """The user's ids, numbers and dates; the id alone where it is gone."""
    found = await db.fetchrow(
        """
        SELECT deleted, coalesce(group_idx, 0) AS group_idx,
               coalesce(person_id, 0) AS person_id, registered_associate_id, type, updated,
               updated_associate_id, false AS waiting_for_approval
        FROM associate WHERE associate_id = $1
        """,
        associate_id,
    )
    values = _values(found)
    if not values:
        return {"associate_id": associate_id}
    return values | {"type": ASSOCIATE_TYPES.get(found["type"] if found else 0, 0)}


def _values(found: Record | None) -> dict[str, object]:
    return {name: field_value(value) for name, value in found.items()} if found else {}
