"""Saving and deleting categories.

Source: the admin manual on categories, and TicketCategoryEntity of the reference.
"""

from skranke.archive.mdo.editing import edit_lists, merge_posted, require_length, require_name
from skranke.catalog.categories import sql
from skranke.catalog.categories.carriers import (
    TicketCategoryClosingStatus,
    TicketCategoryEntity,
    TicketCategoryFlags,
)
from skranke.catalog.categories.carriers import TicketCategoryDelegateMethod as Method
from skranke.catalog.categories.sql import load_categories
from skranke.catalog.categories.tree import TOP_PARENT_ID, TreeNode, full_names
from skranke.catalog.extra_fields import rules as extra
from skranke.catalog.extra_fields.encoding import Field
from skranke.catalog.extra_fields.sql import load_definitions
from skranke.catalog.statuses.carriers import TicketBaseStatus, TicketStatusEntity
from skranke.catalog.statuses.sql import Statuses, load_statuses
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.people.sql import load_associates_by_ej_user

MAX_NAME_CHARACTERS, MAX_EXTERNAL_NAME_CHARACTERS, MAX_EMAILS_CHARACTERS = 64, 255, 2047
LAG_OFF = -1  # AssignmentLag
BASE_OF_CLOSING_STATUS = {
    TicketCategoryClosingStatus.Active: TicketBaseStatus.Active,
    TicketCategoryClosingStatus.Closed: TicketBaseStatus.Closed,
    TicketCategoryClosingStatus.Postponed: TicketBaseStatus.Postponed,
}
Fields = dict[str, Field]


def default_category(fields: Fields) -> TicketCategoryEntity:
    """A new category: at the top, assigned by hand."""
    shown, custom = extra.default_texts(fields)
    return TicketCategoryEntity(
        parent_id=TOP_PARENT_ID,
        delegate_method=Method.Not,
        assignment_lag=LAG_OFF,
        extra_fields=shown,
        custom_fields=custom,
    )


async def save_category(
    context: RequestContext, posted: TicketCategoryEntity
) -> TicketCategoryEntity:
    """The category as it is after the save: a new one for id 0, else the changed.

    Its full name and those of all below it follow. NotFound and BadValue change
    nothing.
    """
    async with edit_lists(context):
        fields = (await load_definitions(context.db)).get(sql.EXTRA_FIELDS_DOMAIN, {})
        category_id = posted.ticket_category_id
        known = {i: c.carrier for i, c in (await load_categories(context.db)).items()}
        before = known.get(category_id) if category_id else default_category(fields)
        if before is None:
            raise NotFound(f"TicketCategoryId: {category_id} does not exist")
        after = merge_posted(context, before, posted, new=category_id == 0)
        after.ticket_category_id = category_id
        _settle_statuses(before, after, await load_statuses(context.db))
        _normalize(after)
        await _check(context, before, after, known)
        after.ticket_category_id = await sql.write_category(context.db, after)
        await _write_fields(context, after, fields)
        await _write_full_names(context, after, known)
        return (await load_categories(context.db))[after.ticket_category_id].carrier


def _normalize(category: TicketCategoryEntity) -> None:
    category.name = require_name(category.name, MAX_NAME_CHARACTERS)
    category.parent_id = category.parent_id or TOP_PARENT_ID
    require_length(category.external_name, MAX_EXTERNAL_NAME_CHARACTERS, "ExternalName")
    require_length(category.notification_email, MAX_EMAILS_CHARACTERS, "NotificationEmail")
    if TicketCategoryFlags.Internal not in category.flags:
        # customers must be able to read something
        category.external_name = category.external_name or category.name
    category.assignment_lag = max(category.assignment_lag, LAG_OFF)


async def _check(
    context: RequestContext,
    before: TicketCategoryEntity,
    after: TicketCategoryEntity,
    known: dict[int, TicketCategoryEntity],
) -> None:
    if after.parent_id != TOP_PARENT_ID and after.parent_id not in known:
        raise BadValue("ParentId", f"{after.parent_id} does not exist")
    if after.parent_id == after.ticket_category_id:
        raise BadValue("ParentId", f"{after.parent_id} is the category itself")
    master = after.category_master
    if master not in (0, before.category_master):
        user = (await load_associates_by_ej_user(context.db)).get(master)
        if user is None or user.deleted:
            raise BadValue("CategoryMaster", f"{master} does not exist")


def _settle_statuses(
    before: TicketCategoryEntity, after: TicketCategoryEntity, known: Statuses
) -> None:
    """The default statuses as stored: a changed one, else as the older view has it."""
    after.default_ticket_status = _settle_status(
        "DefaultTicketStatus",
        before.default_ticket_status,
        after.default_ticket_status,
        before.closing_status,
        after.closing_status,
        known,
    )
    after.default_message_status = _settle_status(
        "DefaultMessageStatus",
        before.default_message_status,
        after.default_message_status,
        before.msg_closing_status,
        after.msg_closing_status,
        known,
    )


def _settle_status(
    name: str,
    old: TicketStatusEntity | None,
    new: TicketStatusEntity | None,
    old_view: TicketCategoryClosingStatus,
    view: TicketCategoryClosingStatus,
    known: Statuses,
) -> TicketStatusEntity | None:
    had = old.ticket_status_id if old else 0
    wish = new.ticket_status_id if new else 0
    if wish == had and view is not old_view:
        return (
            known.defaults[BASE_OF_CLOSING_STATUS[view]] if view in BASE_OF_CLOSING_STATUS else None
        )
    if wish != had and wish and (wish not in known.by_id or wish in known.deleted):
        fault = "is deleted" if wish in known.deleted else "does not exist"
        raise BadValue(f"{name}.TicketStatusId", f"{wish} {fault}")
    return known.by_id.get(wish)


async def _write_fields(
    context: RequestContext, category: TicketCategoryEntity, fields: Fields
) -> None:
    if fields:
        stored = await sql.load_extra_fields(context.db, category.ticket_category_id)
        posted = category.extra_fields, category.custom_fields
        applied = extra.apply_texts(fields, stored, *posted)
        await sql.write_extra_fields(context.db, category.ticket_category_id, applied)


async def _write_full_names(
    context: RequestContext, category: TicketCategoryEntity, known: dict[int, TicketCategoryEntity]
) -> None:
    changed = category.ticket_category_id
    places = {i: TreeNode(c.parent_id, c.name) for i, c in known.items()}
    places[changed] = TreeNode(category.parent_id, category.name)
    names = full_names(places, changed)
    await sql.write_full_names(context.db, list(names), list(names.values()))


async def delete_category(context: RequestContext, name: str, category_id: int) -> None:
    """Remove a category, with its memberships.

    NotFound without one; BadValue, which says why, for one with tickets (MoveAllTickets
    empties it), with categories below it, and for the last.
    """
    async with edit_lists(context):
        known = {i: c.carrier for i, c in (await load_categories(context.db)).items()}
        if category_id not in known:
            raise NotFound(f"{name}: {category_id} does not exist")
        below = [c.fullname for c in known.values() if c.parent_id == category_id]
        if below:
            raise BadValue(name, f"{category_id} has {below[0]!r} below it")
        if ticket := await sql.any_ticket_of(context.db, category_id):
            raise BadValue(name, f"{category_id} has tickets, such as {ticket}")
        if len(known) == 1:
            raise BadValue(name, f"{category_id} is the last category")
        await sql.delete_category(context.db, category_id)


async def set_group_categories(
    context: RequestContext, group_id: int, category_ids: list[int]
) -> None:
    """Make a user group a member of these categories and of no others."""
    async with edit_lists(context):
        if not await sql.is_user_group(context.db, group_id):
            raise BadValue("UserGroupId", f"{group_id} does not exist")
        known = await load_categories(context.db)
        if missing := [wish for wish in category_ids if wish not in known]:
            raise BadValue("CategoryIds", f"{missing[0]} does not exist")
        await sql.link_group(context.db, group_id, category_ids)
