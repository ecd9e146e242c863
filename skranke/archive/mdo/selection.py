"""Selectable lists: the same items, each with whether the caller has chosen it.

A choice is the caller's own, one for each list and additional info. Source: reference,
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
    """The items as the caller sees them; LastChanged is null where not chosen."""
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
    """Choose and drop as the items say, children too; others stay as they are.

    The items named, flat, as they are now. BadValue for an id that isn't in the list.
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
    """Whether each id is to be chosen; where one comes twice, its last word."""
    wish: dict[int, bool] = {}
    for item in items:
        wish[item.id] = item.selected
        wish |= _requested_selection(item.child_items)
    return wish
