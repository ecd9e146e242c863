"""Selectable lists: the items of a list, each with whether the user has selected it.

Each user has one selection per list and additional info. Source: reference,
SelectableMDOListItem and SetSelected of the MDO agent.
"""

from datetime import datetime

from skranke.archive.mdo import sql
from skranke.archive.mdo.carriers import MDOListItem, SelectableMDOListItem
from skranke.archive.mdo.providers import base_name, items_by_id
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue

SHARED_FIELDS = tuple(n for n in MDOListItem.__struct_fields__ if n != "child_items")


async def to_selectable(
    context: RequestContext, name: str, additional_info: str, items: list[MDOListItem]
) -> list[SelectableMDOListItem]:
    """The items with the user's selection; LastChanged is null if not selected."""
    chosen = await sql.load_selection(
        context.db, context.user.associate_id, base_name(name), additional_info
    )
    return [_to_selectable(item, chosen) for item in items]


def _to_selectable(item: MDOListItem, chosen: dict[int, datetime]) -> SelectableMDOListItem:
    return SelectableMDOListItem(
        **{shared: getattr(item, shared) for shared in SHARED_FIELDS},
        selected=item.id in chosen,
        last_changed=chosen.get(item.id),
        child_items=[_to_selectable(child, chosen) for child in item.child_items],
    )


async def select(
    context: RequestContext, name: str, additional_info: str, wished: list[SelectableMDOListItem]
) -> list[SelectableMDOListItem]:
    """Select and deselect the given items and their children; others do not change.

    Returns the given items, flat, as they are now. BadValue for an id not in the list.
    """
    wish = _requested_selection(wished)
    found = await items_by_id(context, name, list(wish))
    if missing := wish.keys() - {item.id for item in found}:
        raise BadValue("SelectableMDOList", f"{min(missing)} is not in {name}")
    whose = (context.user.associate_id, base_name(name), additional_info)
    chosen = [item_id for item_id, selected in wish.items() if selected]
    dropped = [item_id for item_id, selected in wish.items() if not selected]
    await sql.add_to_selection(context.db, *whose, chosen, context.now)
    await sql.remove_from_selection(context.db, *whose, dropped)
    return await to_selectable(context, name, additional_info, found)


def _requested_selection(items: list[SelectableMDOListItem]) -> dict[int, bool]:
    """Whether each id is to be selected; of duplicates the last one counts."""
    wish: dict[int, bool] = {}
    for item in items:
        wish[item.id] = item.selected
        wish |= _requested_selection(item.child_items)
    return wish
