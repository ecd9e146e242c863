"""The ticket that hasn't been saved: what a new one starts as.

Source: reference, CreateDefaultTicketEntity; the order in which type, category and the
user's own preferences are asked is the admin manual's.
"""

from datetime import datetime

from msgspec import Struct

from skranke.catalog.extra_fields.encoding import Field
from skranke.catalog.extra_fields.rules import default_values
from skranke.catalog.statuses.carriers import TicketBaseStatus, TicketStatusEntity
from skranke.catalog.ticket_types.sql import AllowedType
from skranke.core.context import CurrentUser, RequestContext
from skranke.db.database import Db, rows, value
from skranke.tickets.carriers import TicketOrigin, TicketReadStatus
from skranke.tickets.message_rows import TicketSecurityLevel
from skranke.tickets.reference_data import AUTOMATIC_OWNER_ID, SYSTEM_USER_ID, ReferenceData
from skranke.tickets.row import TicketRow

OWNER_BY_RULES, OWNER_NOBODY, OWNER_USER = 1, 2, 3  # ejuser.default_user


class UserDefaults(Struct, frozen=True, kw_only=True):
    """What a user wants new tickets to start as; zeros where he hasn't said."""

    id: int = 0
    default_category: int | None = None
    use_last_category: bool = False
    default_user: int = OWNER_BY_RULES
    default_status_new_ticket: int | None = None


async def load_user_defaults(db: Db) -> dict[int, UserDefaults]:
    """Every Service user's defaults by ejuser id."""
    found = await rows(
        db,
        UserDefaults,
        """
        SELECT id, default_category, use_last_category, default_user,
               default_status_new_ticket
        FROM ejuser
        """,
    )
    return {own.id: own for own in found}


async def default_row(
    context: RequestContext, lists: ReferenceData, ticket_type: int = 0, category: int = 0
) -> TicketRow:
    """A new ticket's row of a type (0: the default one) in a category (0: the user's).

    An owner of AUTOMATIC means that the category's rules will choose.
    """
    own = (await context.get_cached(load_user_defaults)).get(
        context.user.ej_user_id, UserDefaults()
    )
    kind = lists.types.get(ticket_type) or lists.default_type
    category = category or await _default_category(context, own, lists)
    status = _default_status(kind, category, own, lists)
    priority = kind.carrier.default_ticket_priority
    return _row(
        user=context.user,
        now=context.now,
        kind=kind,
        category=category,
        status=status,
        priority=priority or lists.priorities.default.ticket_priority_id,
        owner=_default_owner(own, context.user),
        fields=lists.fields,
        external=kind.carrier.external_as_default or lists.preferences.external_as_default,
    )


async def _default_category(
    context: RequestContext, own: UserDefaults, lists: ReferenceData
) -> int:
    last: int | None = None
    if own.use_last_category:
        sql = "SELECT category_id FROM ejuser_last_category WHERE ejuser_id = $1"
        last = await value(context.db, int, sql, own.id)
    wishes = (last, own.default_category, min(lists.categories))
    return next(wish for wish in wishes if wish in lists.categories)


def _default_status(
    kind: AllowedType, category: int, own: UserDefaults, lists: ReferenceData
) -> TicketStatusEntity:
    of_category = lists.categories[category].carrier.default_ticket_status
    wishes = (
        kind.carrier.default_ticket_status,
        of_category.ticket_status_id if of_category else 0,
        own.default_status_new_ticket,
    )
    usable = lists.statuses.by_id
    wish = next((wish for wish in wishes if wish in usable), None)
    return usable[wish] if wish else lists.statuses.defaults[TicketBaseStatus.Active]


def _default_owner(own: UserDefaults, user: CurrentUser) -> int:
    if own.default_user == OWNER_USER and user.ej_user_id:
        return user.ej_user_id
    return SYSTEM_USER_ID if own.default_user == OWNER_NOBODY else AUTOMATIC_OWNER_ID


def _row(
    *,
    user: CurrentUser,
    now: datetime,
    kind: AllowedType,
    category: int,
    status: TicketStatusEntity,
    priority: int,
    owner: int,
    external: bool,
    fields: dict[str, Field],
) -> TicketRow:
    level = TicketSecurityLevel.External if external else TicketSecurityLevel.Internal
    return TicketRow(
        id=0,
        title="",
        created_at=now,
        last_changed=None,
        read_by_owner=None,
        read_by_customer=None,
        first_read_by_owner=None,
        first_read_by_user=None,
        activate=None,
        closed_at=None,
        replied_at=None,
        alert_timeout=None,
        deadline=None,
        created_by=user.ej_user_id or SYSTEM_USER_ID,
        author=user.full_name or user.name,
        owned_by=owner,
        category=category,
        orig_category=category,
        slevel=level.number,
        priority=priority,
        orig_priority=priority,
        status=status.status.number,
        ticket_status=status.ticket_status_id,
        origin=TicketOrigin.API.number,
        cust_id=None,
        contact_id=None,
        alert_level=0,
        alert_stop=-1,
        connect_id=0,
        read_status=TicketReadStatus.Red.number,
        time_to_reply=0,
        real_time_to_reply=0,
        time_to_close=0,
        real_time_to_close=0,
        time_spent_internally=0,
        time_spent_externally=0,
        time_spent_queue=0,
        real_time_spent_internally=0,
        real_time_spent_externally=0,
        real_time_spent_queue=0,
        time_spent_calculated=None,
        time_spent=0,
        has_attachment=False,
        num_replies=0,
        num_messages=0,
        from_address="",
        filter_id=0,
        filter_address="",
        tags=[],
        language="",
        sentiment=0,
        sentiment_confidence=0,
        suggested_category_id=0,
        orig_human_category_id=0,
        sale_id=None,
        project_id=None,
        form_submission_id=None,
        ticket_type=kind.carrier.ticket_type_id,
        extra_fields=default_values(fields),
        row_version=0,
    )
