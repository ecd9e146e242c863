"""The MDO agent: lists of choices, and what each caller has chosen in them.

Names of lists are read in any case; an unknown one is NotFound. The desk keeps no
history of what a user picked: without given ids a history is empty. Source: reference,
MDO agent.
"""

from typing import Annotated

from msgspec import Meta

from skranke.archive.mdo import providers
from skranke.archive.mdo.carriers import MDOListItem, SelectableMDOListItem
from skranke.archive.mdo.providers import Asked
from skranke.archive.mdo.selection import select, selectable
from skranke.core.context import Call, Right
from skranke.core.schema import Int32
from skranke.http.operation import operation

# part of a key in the database, whose rows of an index are bounded
Kept = Annotated[str, Meta(max_length=255)]


@operation("MDO", right=Right.READ, transaction=False)
async def get_list(
    call: Call, name: str, force_flat_list: bool, additional_info: str, only_history: bool
) -> list[MDOListItem]:
    """A list in its own order, groups holding their items unless forced flat."""
    asked = Asked(flat=force_flat_list, additional=additional_info)
    return await providers.items_after_history(call, name, asked, [], only_history=only_history)


@operation("MDO", right=Right.READ, transaction=False)
async def get_list_with_history(
    call: Call,
    name: str,
    force_flat_list: bool,
    additional_info: str,
    history_items: list[Int32],
    only_history: bool,
) -> list[MDOListItem]:
    """The items of these ids first, deleted ones too, then the rest of the list."""
    asked = Asked(flat=force_flat_list, additional=additional_info)
    return await providers.items_after_history(
        call, name, asked, history_items, only_history=only_history
    )


@operation("MDO", right=Right.READ, transaction=False)
async def get_list_with_restriction(
    call: Call, name: str, additional_info: str, search_value: str
) -> list[MDOListItem]:
    """The items with words that begin like those of the search value, flat."""
    asked = Asked(flat=True, additional=additional_info, search=search_value)
    return await providers.items(call, name, asked)


@operation("MDO", right=Right.READ, transaction=False)
async def get_simple_list(call: Call, name: str) -> list[MDOListItem]:
    """A list, flat."""
    return await providers.items(call, name, Asked(flat=True))


@operation("MDO", right=Right.READ, transaction=False)
async def get_list_item(call: Call, list_name: str, id: Int32) -> MDOListItem | None:
    """One item, deleted or not; null when the list has none of that id."""
    found = await providers.items_by_id(call, list_name, [id])
    return found[0] if found else None


@operation("MDO", right=Right.READ, transaction=False)
async def get_list_names(call: Call) -> list[str]:
    """The names of all lists, sorted, without their variants."""
    return sorted(providers.LISTS)


@operation("MDO", right=Right.READ, transaction=False)
async def get_list_id_by_list_name(call: Call, name: str) -> Int32:
    """The list's number, this desk's own and always the same."""
    return providers.LISTS[providers.base_name(name)].list_id


@operation("MDO", right=Right.READ, transaction=False)
async def get_selectable_list(
    call: Call, name: str, force_flat_list: bool, additional_info: str, only_history: bool
) -> list[SelectableMDOListItem]:
    """As GetList, with what the caller has chosen."""
    found = await get_list(call, name, force_flat_list, additional_info, only_history)
    return await selectable(call, name, additional_info, found)


@operation("MDO", right=Right.READ, transaction=False)
async def get_selectable_list_with_history(
    call: Call,
    name: str,
    force_flat_list: bool,
    additional_info: str,
    history_items: list[Int32],
    only_history: bool,
) -> list[SelectableMDOListItem]:
    """As GetListWithHistory, with what the caller has chosen."""
    found = await get_list_with_history(
        call, name, force_flat_list, additional_info, history_items, only_history
    )
    return await selectable(call, name, additional_info, found)


@operation("MDO", right=Right.READ, transaction=False)
async def get_selectable_list_with_restriction(
    call: Call, name: str, additional_info: str, search_value: str
) -> list[SelectableMDOListItem]:
    """As GetListWithRestriction, with what the caller has chosen."""
    found = await get_list_with_restriction(call, name, additional_info, search_value)
    return await selectable(call, name, additional_info, found)


@operation("MDO", right=Right.READ, transaction=False)
async def get_selectable_simple_list(call: Call, name: str) -> list[SelectableMDOListItem]:
    """As GetSimpleList, with what the caller has chosen."""
    return await selectable(call, name, "", await get_simple_list(call, name))


# the odd parameter becomes the reference's SelectableMDOList
@operation("MDO", right=Right.READ)
async def set_selected(
    call: Call, name: str, additional_info: Kept, selectable_m_d_o_list: list[SelectableMDOListItem]
) -> list[SelectableMDOListItem]:
    """Choose the items that say Selected and drop the others that are named.

    The choice is the caller's own, so reading is right enough. The named items as they
    are now; BadValue for an id that isn't in the list, and then nothing is changed.
    """
    return await select(call, name, additional_info, selectable_m_d_o_list)
