"""The one save that everything goes through: read, lay over, decide, write once.

Two saves at the same time both survive: each writes only over the version it read, and
the later one reads again and lays its own properties over the newer ticket. A save that
changes nothing writes nothing.
"""

from collections.abc import Callable

from skranke.catalog.categories.delegation import choose_owner_for
from skranke.catalog.statuses.carriers import TicketBaseStatus
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, Conflict, NotFound
from skranke.db.database import execute
from skranke.tickets import sql
from skranke.tickets.carriers import TicketEntity, TicketOrigin
from skranke.tickets.entity import entity
from skranke.tickets.links import load_customer_defaults
from skranke.tickets.reference_data import (
    AUTOMATIC_OWNER_ID,
    SYSTEM_USER_ID,
    ReferenceData,
    load_reference_data,
)
from skranke.tickets.rights import may_see
from skranke.tickets.row import TicketRow, row_changes
from skranke.tickets.save import apply_posted, effects, status_rules
from skranke.tickets.save.context import PLAIN_SAVE, SaveReason, save_context
from skranke.tickets.save.defaults import UserDefaults, default_row, load_user_defaults

MAX_TRIES = 20  # each lost race is one more read and write; nobody loses this many


async def reference_at(context: RequestContext, version: int) -> ReferenceData:
    """The lists as they were at least at `version`, read beside the ticket."""
    context.cache.observe(version)
    return await context.get_cached(load_reference_data)


async def save_existing(context: RequestContext, posted: TicketEntity) -> TicketEntity:
    """Lay the given properties over a stored ticket; NotFound without one."""
    asked = apply_posted.requested_links(posted, context.given)
    for _ in range(MAX_TRIES):
        found = await sql.load_ticket(context.db, posted.ticket_id, asked)
        if found is None:
            raise NotFound(f"TicketId: {posted.ticket_id} does not exist")
        lists = await reference_at(context, found.catalogue_version)
        if not may_see(found.row, lists, context.user):
            raise NotFound(f"TicketId: {posted.ticket_id} does not exist")
        apply_posted.check_links(posted, asked, found.links)
        saved = await _apply_and_write(context, found, posted, lists)
        if saved is not None:
            return entity(saved, found.links, lists, context.user)
    raise Conflict(f"TicketId: {posted.ticket_id} is being changed too often; try again")


async def _apply_and_write(
    context: RequestContext, found: sql.LoadedTicket, posted: TicketEntity, lists: ReferenceData
) -> TicketRow | None:
    """The row as it is after the save; None when another save came between."""
    before = found.row
    after = apply_posted.apply(
        before, posted, context.given, found.links, lists, context.user, context.now
    )
    after.owned_by = apply_posted.posted_owner(after, posted, context.given, lists)
    if after.owned_by != AUTOMATIC_OWNER_ID:
        return await write_update(context, found, after, lists)
    async with context.db.transaction():
        after.owned_by = await choose_owner(context, after, lists)
        return await write_update(context, found, after, lists, SaveReason(by_hand=False))


async def write_update(
    context: RequestContext,
    found: sql.LoadedTicket,
    after: TicketRow,
    lists: ReferenceData,
    purpose: SaveReason = PLAIN_SAVE,
) -> TicketRow | None:
    """Follow up and write a changed row; the row before where nothing has changed.

    A `touched` ticket is written all the same, as its messages are part of it.

    None when the ticket has been changed since it was read.
    """
    before, links = found.row, found.links
    status_rules.check_trash_permission(before, after, context.user)
    status_rules.check_stays_merged(before, after)
    left = effects.on_update(before, after, save_context(context, lists, purpose))
    secondary = [person.person_id for person in links.secondary_persons]
    changed = row_changes(before, after)
    changed += effects.secondary_change(found.secondary_ids, secondary)
    if not changed and not purpose.messages_changed:
        return before
    after.last_changed = context.now
    after.row_version = before.row_version + 1
    deed = sql.LogEntry(
        action=purpose.action or effects.log_action_of(changed, after, context.user),
        event="ticket.changed",
        ej_user_id=context.user.ej_user_id or SYSTEM_USER_ID,
        associate_id=context.user.associate_id,
        at=context.now,
        changes=changed,
        columns=effects.webhook_columns(changed),
    )
    return after if await sql.write_version(context.db, after, secondary, deed, left) else None


async def choose_owner(context: RequestContext, row: TicketRow, lists: ReferenceData) -> int:
    """The ejuser id that the category's rules choose; the system's for nobody."""
    contacts = await _service_contacts(context, row, lists)
    category = lists.categories[row.category]
    chosen = await choose_owner_for(context, category, row.cust_id, contacts)
    return SYSTEM_USER_ID if chosen is None else chosen


async def _service_contacts(
    context: RequestContext, row: TicketRow, lists: ReferenceData
) -> tuple[int, ...]:
    """Ejuser ids of the customer's service contacts: the person's, the company's."""
    if row.cust_id is None:
        return ()
    wishes_of = await load_customer_defaults(context.db, row.cust_id)
    wishes = (wishes_of.support_associate_id, wishes_of.company_support_associate_id)
    known = (lists.associates.get(wish) for wish in wishes)
    return tuple(a.ej_user_id for a in known if a and a.ej_user_id)


async def save_new(
    context: RequestContext,
    posted: TicketEntity,
    prepare: Callable[[TicketRow], None] | None = None,
) -> TicketEntity:
    """Save a new ticket: what is given over what a default ticket has.

    `prepare` sets in its row what no entity has, such as the mailbox that it came by.
    """
    asked = apply_posted.requested_links(posted, context.given)
    fresh = await sql.prepare_new_ticket(context.db, asked)
    lists = await reference_at(context, fresh.catalogue_version)
    apply_posted.check_links(posted, asked, fresh.links)
    default = await _default_row(context, posted, lists)
    row = _new_row(context, default, posted, fresh, lists)
    if prepare is not None:
        prepare(row)
    if "Priority" not in context.given or not apply_posted.has_priority(posted):
        row.priority = await _automatic_priority(context, row, lists)
    async with context.db.transaction():
        if row.owned_by == AUTOMATIC_OWNER_ID:
            row.owned_by = await choose_owner(context, row, lists)
        await _write_new(context, default, row, fresh, posted, lists)
    return entity(row, fresh.links, lists, context.user)


async def _default_row(
    context: RequestContext, posted: TicketEntity, lists: ReferenceData
) -> TicketRow:
    kind = posted.ticket_type.ticket_type_id if posted.ticket_type else 0
    category = posted.category.ticket_category_id if posted.category else 0
    known = category if category in lists.categories else 0
    offered = kind in lists.types and not lists.types[kind].deleted
    return await default_row(context, lists, kind if offered else 0, known)


def _new_row(
    context: RequestContext,
    default: TicketRow,
    posted: TicketEntity,
    fresh: sql.NewTicket,
    lists: ReferenceData,
) -> TicketRow:
    row = apply_posted.apply(
        default, posted, context.given, fresh.links, lists, context.user, context.now
    )
    row.id = fresh.ticket_id
    row.owned_by = apply_posted.posted_owner(row, posted, context.given, lists)
    _apply_only_when_new(row, posted, context, lists)
    if TicketBaseStatus.of(row.status) is TicketBaseStatus.Deleted:
        raise BadValue("BaseStatus", "a new ticket can't be in the bin")
    return row


def _apply_only_when_new(
    row: TicketRow, posted: TicketEntity, context: RequestContext, lists: ReferenceData
) -> None:
    """Set what only a new ticket takes: who made it, when, where, from what address."""
    given = context.given
    if "CreatedAt" in given and posted.created_at:
        row.created_at = posted.created_at
    if "CreatedBy" in given and posted.created_by and posted.created_by.associate_id:
        wish = posted.created_by.associate_id
        row.created_by = apply_posted.require_service_user("CreatedBy.AssociateId", wish, lists)
    if "Origin" in given and posted.origin is not TicketOrigin.Unknown:
        row.origin = posted.origin.number
    if "FromAddress" in given:
        row.from_address = posted.from_address


async def _automatic_priority(context: RequestContext, row: TicketRow, lists: ReferenceData) -> int:
    """The customer's own priority, his company's, else the one that stands in the row.

    Source: the admin manual's order of automatic priorities.
    """
    if row.cust_id is None:
        return row.priority
    wishes_of = await load_customer_defaults(context.db, row.cust_id)
    wishes = (wishes_of.ticket_priority_id, wishes_of.company_ticket_priority_id)
    known = lists.priorities.by_id
    allowed = lists.types[row.ticket_type].priorities or known
    usable = (w for w in wishes if w in known and apply_posted.is_selectable(known[w]))
    return next((wish for wish in usable if wish in allowed), row.priority)


async def _write_new(
    context: RequestContext,
    default: TicketRow,
    row: TicketRow,
    fresh: sql.NewTicket,
    posted: TicketEntity,
    lists: ReferenceData,
) -> None:
    row.orig_category, row.orig_priority = row.category, row.priority
    effects.on_create(row, save_context(context, lists))
    if "ReadStatus" not in context.given or not posted.read_status.number:
        row.read_status = effects.initial_read_status(row.owned_by, context.user)
    row.last_changed = context.now
    row.row_version = 1
    deed = sql.LogEntry(
        action=effects.NEW_TICKET,
        event="ticket.created",
        ej_user_id=context.user.ej_user_id or SYSTEM_USER_ID,
        associate_id=context.user.associate_id,
        at=context.now,
        changes=row_changes(default, row),
        columns=[],
    )
    secondary = [person.person_id for person in fresh.links.secondary_persons]
    await sql.insert_ticket(context.db, row, secondary, deed)
    await _remember_category(context, row.category)


async def _remember_category(context: RequestContext, category_id: int) -> None:
    """Keep the category for a user whose new tickets start in the last one he used."""
    own = (await context.get_cached(load_user_defaults)).get(
        context.user.ej_user_id, UserDefaults()
    )
    if own.use_last_category:
        await execute(
            context.db,
            """
            INSERT INTO ejuser_last_category VALUES ($1, $2)
            ON CONFLICT (ejuser_id) DO UPDATE SET category_id = excluded.category_id
            """,
            own.id,
            category_id,
        )
