"""The categories, as the List agent reads and changes them.

One that is open to its members only isn't there for anybody else.
"""

from skranke.archive.mdo.carriers import MDOListItem
from skranke.archive.mdo.providers import ListQuery
from skranke.catalog.categories import save
from skranke.catalog.categories.carriers import TicketCategory, TicketCategoryEntity
from skranke.catalog.categories.lists import ejcategory
from skranke.catalog.categories.rules import is_open_to
from skranke.catalog.categories.sql import EXTRA_FIELDS_DOMAIN, load_categories
from skranke.catalog.extra_fields.sql import load_definitions
from skranke.core.context import Permission, RequestContext
from skranke.core.schema import Int32
from skranke.http.operation import operation


@operation(
    "List", permission=Permission.READ, query=("ticket_category_entity_id",), transaction=False
)
async def get_ticket_category_entity(
    context: RequestContext, ticket_category_entity_id: Int32
) -> TicketCategoryEntity | None:
    """A category; null without one that the caller may know of."""
    return (await _open_categories(context)).get(ticket_category_entity_id)


@operation("List", permission=Permission.READ, bare=True, transaction=False)
async def get_ticket_category_list(
    context: RequestContext, ticket_category_entity_ids: list[Int32]
) -> list[TicketCategoryEntity]:
    """Categories in the order of the ids; unknown ones are left out."""
    known = await _open_categories(context)
    return [known[i] for i in ticket_category_entity_ids if i in known]


@operation("List", permission=Permission.READ, transaction=False)
async def get_ticket_categories(context: RequestContext) -> list[TicketCategoryEntity]:
    """The categories by their full names."""
    return list((await _open_categories(context)).values())


@operation("List", permission=Permission.READ, query=("ticket_category_id",), transaction=False)
async def get_ticket_category(
    context: RequestContext, ticket_category_id: Int32
) -> TicketCategory | None:
    """A category by its name, its path as the tooltip; null as of the entity."""
    found = (await _open_categories(context)).get(ticket_category_id)
    if found is None:
        return None
    return TicketCategory(id=found.ticket_category_id, value=found.name, tooltip=found.fullname)


@operation("List", permission=Permission.READ, transaction=False)
async def create_default_ticket_category_entity(context: RequestContext) -> TicketCategoryEntity:
    """A blank category at the top of the tree; nothing is saved."""
    return save.default_category(
        (await context.get_cached(load_definitions)).get(EXTRA_FIELDS_DOMAIN, {})
    )


@operation("List", permission=Permission.ADMINISTER, transaction=False)
async def save_ticket_category_entity(
    context: RequestContext, entity: TicketCategoryEntity
) -> TicketCategoryEntity:
    """The category as it is after the save: a new one for id 0, else the changed.

    Absent properties are kept; Fullname follows from names and parents. NotFound
    without the category, BadValue for what can't be, such as a parent that lies below.
    """
    return await save.save_category(context, entity)


@operation(
    "List",
    permission=Permission.ADMINISTER,
    query=("ticket_category_entity_id",),
    transaction=False,
)
async def delete_ticket_category_entity(
    context: RequestContext, ticket_category_entity_id: Int32
) -> None:
    """Remove a category, with its memberships.

    NotFound without one; BadValue for one that has tickets, which MoveAllTickets moves,
    or categories below it.
    """
    await save.delete_category(context, "TicketCategoryEntityId", ticket_category_entity_id)


@operation("List", permission=Permission.READ, transaction=False)
async def get_ticket_categories_for_user_groups(
    context: RequestContext, user_group_ids: list[Int32]
) -> list[MDOListItem]:
    """The categories that any of these user groups is a member of, by full name."""
    known = await context.get_cached(load_categories)
    linked = {i for i, c in known.items() if c.group_ids.intersection(user_group_ids)}
    shown = await ejcategory(context, ListQuery(flat=True))
    return [item for item in shown if item.id in linked]


@operation("List", permission=Permission.ADMINISTER, transaction=False)
async def set_ticket_categories_for_user_group(
    context: RequestContext, user_group_id: Int32, category_ids: list[Int32]
) -> None:
    """Make a user group a member of these categories and of no others.

    Its users get tickets of them with weight 1 unless they are members by themselves.
    BadValue for a group or category that isn't there.
    """
    await save.set_group_categories(context, user_group_id, category_ids)


async def _open_categories(context: RequestContext) -> dict[int, TicketCategoryEntity]:
    """The categories that the caller may know of, by id."""
    known = await context.get_cached(load_categories)
    return {i: c.carrier for i, c in known.items() if is_open_to(c, context.user)}
