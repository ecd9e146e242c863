"""The MDO agent: lists of choices, and the user's selection in them.

Names of lists are read in any case; an unknown one is NotFound. The server stores no
history of what a user picked: without given ids the history is empty. Source: reference,
MDO agent.
"""

from typing import Annotated

from msgspec import Meta

from skranke.archive.mdo import providers
from skranke.archive.mdo.carriers import MDOListItem, SelectableMDOListItem
from skranke.archive.mdo.providers import ListQuery
from skranke.archive.mdo.selection import select, to_selectable
from skranke.core.context import Permission, RequestContext
from skranke.core.schema import Int32
from skranke.http.operation import operation

# part of a database key; PostgreSQL limits the size of index rows
AdditionalInfo = Annotated[str, Meta(max_length=255)]


@operation("MDO", permission=Permission.READ, transaction=False)
async def get_list(
    context: RequestContext,
    name: str,
    force_flat_list: bool,
    additional_info: str,
    only_history: bool,
) -> list[MDOListItem]:
    """A list in its own order; groups contain their items unless a flat list is forced."""
    asked = ListQuery(flat=force_flat_list, additional=additional_info)
    return await providers.items_after_history(context, name, asked, [], only_history=only_history)


@operation("MDO", permission=Permission.READ, transaction=False)
async def get_list_with_history(
    context: RequestContext,
    name: str,
    force_flat_list: bool,
    additional_info: str,
    history_items: list[Int32],
    only_history: bool,
) -> list[MDOListItem]:
    """The items with these ids first, including deleted ones, then the rest of the list."""
    asked = ListQuery(flat=force_flat_list, additional=additional_info)
    return await providers.items_after_history(
        context, name, asked, history_items, only_history=only_history
    )


@operation("MDO", permission=Permission.READ, transaction=False)
async def get_list_with_restriction(
    context: RequestContext, name: str, additional_info: str, search_value: str
) -> list[MDOListItem]:
    """The items, flat, that have a word beginning with each word of the search value."""
    asked = ListQuery(flat=True, additional=additional_info, search=search_value)
    return await providers.items(context, name, asked)


@operation("MDO", permission=Permission.READ, transaction=False)
async def get_simple_list(context: RequestContext, name: str) -> list[MDOListItem]:
    """A list, flat."""
    return await providers.items(context, name, ListQuery(flat=True))


@operation("MDO", permission=Permission.READ, transaction=False)
async def get_list_item(context: RequestContext, list_name: str, id: Int32) -> MDOListItem | None:
    """One item, deleted or not; null if the list has no item with this id."""
    found = await providers.items_by_id(context, list_name, [id])
    return found[0] if found else None


@operation("MDO", permission=Permission.READ, transaction=False)
async def get_list_names(context: RequestContext) -> list[str]:
    """The names of all lists, sorted, without their variants."""
    return sorted(providers.LISTS)


@operation("MDO", permission=Permission.READ, transaction=False)
async def get_list_id_by_list_name(context: RequestContext, name: str) -> Int32:
    """The list's number, which is specific to Skranke and never changes."""
    return providers.LISTS[providers.base_name(name)].list_id


@operation("MDO", permission=Permission.READ, transaction=False)
async def get_selectable_list(
    context: RequestContext,
    name: str,
    force_flat_list: bool,
    additional_info: str,
    only_history: bool,
) -> list[SelectableMDOListItem]:
    """As GetList, with the user's selection."""
    found = await get_list(context, name, force_flat_list, additional_info, only_history)
    return await to_selectable(context, name, additional_info, found)


@operation("MDO", permission=Permission.READ, transaction=False)
async def get_selectable_list_with_history(
    context: RequestContext,
    name: str,
    force_flat_list: bool,
    additional_info: str,
    history_items: list[Int32],
    only_history: bool,
) -> list[SelectableMDOListItem]:
    """As GetListWithHistory, with the user's selection."""
    found = await get_list_with_history(
        context, name, force_flat_list, additional_info, history_items, only_history
    )
    return await to_selectable(context, name, additional_info, found)


@operation("MDO", permission=Permission.READ, transaction=False)
async def get_selectable_list_with_restriction(
    context: RequestContext, name: str, additional_info: str, search_value: str
) -> list[SelectableMDOListItem]:
    """As GetListWithRestriction, with the user's selection."""
    found = await get_list_with_restriction(context, name, additional_info, search_value)
    return await to_selectable(context, name, additional_info, found)


@operation("MDO", permission=Permission.READ, transaction=False)
async def get_selectable_simple_list(
    context: RequestContext, name: str
) -> list[SelectableMDOListItem]:
    """As GetSimpleList, with the user's selection."""
    return await to_selectable(context, name, "", await get_simple_list(context, name))


# the odd parameter becomes the reference's SelectableMDOList
@operation("MDO", permission=Permission.READ)
async def set_selected(
    context: RequestContext,
    name: str,
    additional_info: AdditionalInfo,
    selectable_m_d_o_list: list[SelectableMDOListItem],
) -> list[SelectableMDOListItem]:
    """Select the items with Selected and deselect the other posted items.

    The selection belongs to the user, so the read permission suffices. Returns the
    posted items as they are now. BadValue, and no change, for an id not in the list.
    """
    return await select(context, name, additional_info, selectable_m_d_o_list)
