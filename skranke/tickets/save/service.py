"""The one save that everything goes through: read, lay over, decide, write once.

Two saves at the same time both survive: each writes only over the version it read, and
the later one reads again and lays its own properties over the newer ticket. A save that
changes nothing writes nothing.
"""

from skranke.catalog.categories.delegation import delegate
from skranke.catalog.statuses.carriers import TicketBaseStatus
from skranke.core.context import Call
from skranke.core.errors import BadValue, Clash, NotFound
from skranke.db.database import execute
from skranke.tickets import sql
from skranke.tickets.carriers import TicketEntity, TicketOrigin
from skranke.tickets.entity import entity
from skranke.tickets.links import customer
from skranke.tickets.reference_data import AUTOMATIC, SYSTEM_USER, Choices, choices
from skranke.tickets.rights import may_see
from skranke.tickets.row import TicketRow, changes
from skranke.tickets.save import apply_posted, effects, status
from skranke.tickets.save.context import NOTHING_MORE, Purpose, occasion
from skranke.tickets.save.defaults import OwnDefaults, default_row, own_defaults

TRIES = 20  # each lost race is one more read and write; nobody loses this many


async def lists_of(call: Call, version: int) -> Choices:
    """The lists as they were at least at `version`, read beside the ticket."""
    call.memory.seen(version)
    return await call.recall(choices)


async def update(call: Call, posted: TicketEntity) -> TicketEntity:
    """Lay the given properties over a stored ticket; NotFound without one."""
    asked = apply_posted.wanted(posted, call.given)
    for _ in range(TRIES):
        found = await sql.stored(call.db, posted.ticket_id, asked)
        if found is None:
            raise NotFound(f"TicketId: {posted.ticket_id} does not exist")
        lists = await lists_of(call, found.catalogue_version)
        if not may_see(found.row, lists, call.caller):
            raise NotFound(f"TicketId: {posted.ticket_id} does not exist")
        apply_posted.check_links(posted, asked, found.links)
        saved = await _over(call, found, posted, lists)
        if saved is not None:
            return entity(saved, found.links, lists, call.caller)
    raise Clash(f"TicketId: {posted.ticket_id} is being changed too often; try again")


async def _over(
    call: Call, found: sql.Stored, posted: TicketEntity, lists: Choices
) -> TicketRow | None:
    """The row as it is after the save; None when another save came between."""
    before = found.row
    after = apply_posted.merged(
        before, posted, call.given, found.links, lists, call.caller, call.now
    )
    after.owned_by = apply_posted.owner(after, posted, call.given, lists)
    if after.owned_by != AUTOMATIC:
        return await write(call, found, after, lists)
    async with call.db.transaction():
        after.owned_by = await assigned(call, after, lists)
        return await write(call, found, after, lists, Purpose(by_hand=False))


async def write(
    call: Call, found: sql.Stored, after: TicketRow, lists: Choices, purpose: Purpose = NOTHING_MORE
) -> TicketRow | None:
    """Follow up and write a changed row; the row before where nothing has changed.

    A `touched` ticket is written all the same, as its messages are part of it.

    None when the ticket has been changed since it was read.
    """
    before, links = found.row, found.links
    status.check_allowed(before, after, call.caller)
    left = effects.follow(before, after, occasion(call, lists, purpose))
    secondary = [person.person_id for person in links.secondary_persons]
    changed = changes(before, after)
    changed += effects.secondary_change(found.secondary_ids, secondary)
    if not changed and not purpose.touched:
        return before
    after.last_changed = call.now
    after.row_version = before.row_version + 1
    deed = sql.Deed(
        action=purpose.action or effects.action_of(changed, after, call.caller),
        event="ticket.changed",
        ej_user_id=call.caller.ej_user_id or SYSTEM_USER,
        associate_id=call.caller.associate_id,
        at=call.now,
        changes=changed,
        columns=effects.webhook_columns(changed),
    )
    return after if await sql.update(call.db, after, secondary, deed, left) else None


async def assigned(call: Call, row: TicketRow, lists: Choices) -> int:
    """The ejuser id that the category's rules choose; the system's for nobody."""
    contacts = await _our_contacts(call, row, lists)
    category = lists.categories[row.category]
    chosen = await delegate(call, category, row.cust_id, contacts)
    return SYSTEM_USER if chosen is None else chosen


async def _our_contacts(call: Call, row: TicketRow, lists: Choices) -> tuple[int, ...]:
    """Ejuser ids of the customer's service contacts: the person's, the company's."""
    if row.cust_id is None:
        return ()
    wishes_of = await customer(call.db, row.cust_id)
    wishes = (wishes_of.support_associate_id, wishes_of.company_support_associate_id)
    known = (lists.associates.get(wish) for wish in wishes)
    return tuple(a.ej_user_id for a in known if a and a.ej_user_id)


async def create(call: Call, posted: TicketEntity) -> TicketEntity:
    """Save a new ticket: what is given over what a default ticket has."""
    asked = apply_posted.wanted(posted, call.given)
    fresh = await sql.blank(call.db, asked)
    lists = await lists_of(call, fresh.catalogue_version)
    apply_posted.check_links(posted, asked, fresh.links)
    default = await _default(call, posted, lists)
    row = _new_row(call, default, posted, fresh, lists)
    if "Priority" not in call.given or not apply_posted.names_priority(posted):
        row.priority = await _automatic_priority(call, row, lists)
    async with call.db.transaction():
        if row.owned_by == AUTOMATIC:
            row.owned_by = await assigned(call, row, lists)
        await _insert(call, default, row, fresh, posted, lists)
    return entity(row, fresh.links, lists, call.caller)


async def _default(call: Call, posted: TicketEntity, lists: Choices) -> TicketRow:
    kind = posted.ticket_type.ticket_type_id if posted.ticket_type else 0
    category = posted.category.ticket_category_id if posted.category else 0
    known = category if category in lists.categories else 0
    offered = kind in lists.types and not lists.types[kind].deleted
    return await default_row(call, lists, kind if offered else 0, known)


def _new_row(
    call: Call, default: TicketRow, posted: TicketEntity, fresh: sql.Blank, lists: Choices
) -> TicketRow:
    row = apply_posted.merged(
        default, posted, call.given, fresh.links, lists, call.caller, call.now
    )
    row.id = fresh.ticket_id
    row.owned_by = apply_posted.owner(row, posted, call.given, lists)
    _only_when_new(row, posted, call, lists)
    if TicketBaseStatus.of(row.status) is TicketBaseStatus.Deleted:
        raise BadValue("BaseStatus", "a new ticket can't be in the bin")
    return row


def _only_when_new(row: TicketRow, posted: TicketEntity, call: Call, lists: Choices) -> None:
    """Set what only a new ticket takes: who made it, when, where, from what address."""
    given = call.given
    if "CreatedAt" in given and posted.created_at:
        row.created_at = posted.created_at
    if "CreatedBy" in given and posted.created_by and posted.created_by.associate_id:
        wish = posted.created_by.associate_id
        row.created_by = apply_posted.service_user("CreatedBy.AssociateId", wish, lists)
    if "Origin" in given and posted.origin is not TicketOrigin.Unknown:
        row.origin = posted.origin.number
    if "FromAddress" in given:
        row.from_address = posted.from_address


async def _automatic_priority(call: Call, row: TicketRow, lists: Choices) -> int:
    """The customer's own priority, his company's, else the one that stands in the row.

    Source: the admin manual's order of automatic priorities.
    """
    if row.cust_id is None:
        return row.priority
    wishes_of = await customer(call.db, row.cust_id)
    wishes = (wishes_of.ticket_priority_id, wishes_of.company_ticket_priority_id)
    known = lists.priorities.by_id
    allowed = lists.types[row.ticket_type].priorities or known
    usable = (w for w in wishes if w in known and apply_posted.selectable(known[w]))
    return next((wish for wish in usable if wish in allowed), row.priority)


async def _insert(
    call: Call,
    default: TicketRow,
    row: TicketRow,
    fresh: sql.Blank,
    posted: TicketEntity,
    lists: Choices,
) -> None:
    row.orig_category, row.orig_priority = row.category, row.priority
    effects.begin(row, occasion(call, lists))
    if "ReadStatus" not in call.given or not posted.read_status.number:
        row.read_status = effects.unread_by(row.owned_by, call.caller)
    row.last_changed = call.now
    row.row_version = 1
    deed = sql.Deed(
        action=effects.NEW_TICKET,
        event="ticket.created",
        ej_user_id=call.caller.ej_user_id or SYSTEM_USER,
        associate_id=call.caller.associate_id,
        at=call.now,
        changes=changes(default, row),
        columns=[],
    )
    secondary = [person.person_id for person in fresh.links.secondary_persons]
    await sql.insert(call.db, row, secondary, deed)
    await _remember_category(call, row.category)


async def _remember_category(call: Call, category_id: int) -> None:
    """Keep the category for a user whose new tickets start in the last one he used."""
    own = (await call.recall(own_defaults)).get(call.caller.ej_user_id, OwnDefaults())
    if own.use_last_category:
        await execute(
            call.db,
            """
            INSERT INTO ejuser_last_category VALUES ($1, $2)
            ON CONFLICT (ejuser_id) DO UPDATE SET category_id = excluded.category_id
            """,
            own.id,
            category_id,
        )
