"""A ticket's row and links as the carriers that the wire shows."""

from skranke.catalog.extra_fields.rules import wire_texts
from skranke.catalog.statuses.carriers import TicketBaseStatus
from skranke.core.context import CurrentUser
from skranke.people.carriers import Associate
from skranke.tickets.carriers import TicketEntity, TicketOrigin, TicketReadStatus
from skranke.tickets.links import Links
from skranke.tickets.message_rows import TicketSecurityLevel
from skranke.tickets.reference_data import (
    AUTOMATIC_OWNER_ID,
    NO_ASSOCIATE,
    SYSTEM_ASSOCIATE,
    SYSTEM_USER_ID,
    ReferenceData,
)
from skranke.tickets.rights import field_properties, table_right
from skranke.tickets.row import TicketRow


def entity(
    row: TicketRow, links: Links, lists: ReferenceData, current_user: CurrentUser
) -> TicketEntity:
    """The whole TicketEntity, for this caller. Source: reference page, response table.

    OwnedBy of an unassigned ticket is an Associate with id 0.
    """
    base = TicketBaseStatus.of(row.status)
    read = TicketReadStatus.of(row.read_status)
    suggested = lists.categories.get(row.suggested_category_id)
    extra, custom = wire_texts(lists.fields, row.extra_fields)
    return TicketEntity(
        ticket_id=row.id,
        title=row.title,
        created_at=row.created_at,
        last_changed=row.last_changed,
        read_by_owner=row.read_by_owner,
        read_by_customer=row.read_by_customer,
        first_read_by_owner=row.first_read_by_owner,
        first_read_by_user=row.first_read_by_user,
        activate=row.activate,
        closed_at=row.closed_at,
        replied_at=row.replied_at,
        alert_timeout=row.alert_timeout,
        deadline=row.deadline,
        created_by=user(row.created_by, lists),
        author=row.author,
        owned_by=owner(row.owned_by, lists),
        category=lists.categories[row.category].carrier,
        slevel=TicketSecurityLevel.of(row.slevel),
        priority=lists.priorities.by_id[row.priority],
        base_status=base,
        status=lists.statuses.by_id[row.ticket_status],
        origin=TicketOrigin.of(row.origin),
        person=links.person,
        secondary_persons=links.secondary_persons,
        alert_level=row.alert_level,
        connect_id=row.connect_id,
        read_status=read,
        time_to_reply=row.time_to_reply,
        real_time_to_reply=row.real_time_to_reply,
        time_to_close=row.time_to_close,
        real_time_to_close=row.real_time_to_close,
        time_spent_internally=row.time_spent_internally,
        time_spent_externally=row.time_spent_externally,
        time_spent_queue=row.time_spent_queue,
        real_time_spent_internally=row.real_time_spent_internally,
        real_time_spent_externally=row.real_time_spent_externally,
        real_time_spent_queue=row.real_time_spent_queue,
        time_spent=row.time_spent,
        has_attachment=row.has_attachment,
        num_replies=row.num_replies,
        num_messages=row.num_messages,
        from_address=row.from_address,
        messages=links.messages,
        tags=[lists.tags.by_id[tag] for tag in row.tags if tag in lists.tags.by_id],
        language=row.language,
        sentiment=row.sentiment,
        sentiment_confidence=row.sentiment_confidence,
        suggested_category_id=row.suggested_category_id,
        suggested_category_name=suggested.carrier.name if suggested else "",
        orig_human_category_id=row.orig_human_category_id,
        icon_hint=icon_hint(base, read),
        sale=links.sale,
        project=links.project,
        form_submission=links.form_submission,
        ticket_type=lists.types[row.ticket_type].carrier,
        extra_fields=extra,
        custom_fields=custom,
        table_right=table_right(current_user.permissions),
        field_properties=field_properties(current_user.permissions, row.id == 0),
    )


def user(ej_user_id: int, lists: ReferenceData) -> Associate:
    """The associate behind a Service user; for what came from outside, the system."""
    return lists.users.get(ej_user_id, SYSTEM_ASSOCIATE)


def owner(ej_user_id: int, lists: ReferenceData) -> Associate:
    """The owner as an Associate: id 0 for nobody, MaxInt for whom the rules choose."""
    if ej_user_id == AUTOMATIC_OWNER_ID:
        return Associate(associate_id=AUTOMATIC_OWNER_ID)
    return NO_ASSOCIATE if ej_user_id == SYSTEM_USER_ID else user(ej_user_id, lists)


def icon_hint(base: TicketBaseStatus, read: TicketReadStatus) -> str:
    """The state as one word for an icon: ours, as the vendor's values are unknown."""
    return f"ticket_{base.value}_{read.value}".lower()
