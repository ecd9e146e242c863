"""The list of ticket categories. Source: reference, MDO list ejcategory."""

from urllib.parse import quote

from skranke.archive.mdo.carriers import MDOListItem
from skranke.archive.mdo.providers import ListQuery, mdo_list
from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.catalog.categories.rules import is_open_to
from skranke.catalog.categories.sql import Category, load_categories
from skranke.core.context import RequestContext
from skranke.people.sql import load_associates_by_ej_user

TOP_PARENT_ID = 0  # the list's parent id of a category without one


@mdo_list("ejcategory", 5)
async def ejcategory(context: RequestContext, asked: ListQuery) -> list[MDOListItem]:
    """The categories that are open to the caller, sorted by path, under their paths.

    Unless flat, `hierarchy` puts each under its parent; one whose parent isn't shown
    stands at the top. `onlyOwnCategories` keeps those that the caller is a member of,
    `shortNames` drops the path, `shortTooltip` puts it into the tooltip,
    `includeAdministrativeInfo` adds the category master's name to the extra info.
    """
    known = await context.get_cached(load_categories)
    shown = {i: c.carrier for i, c in known.items() if _is_shown(c, context, asked)}
    masters: dict[int, str] = {}
    if asked.has("includeAdministrativeInfo"):
        users = await context.get_cached(load_associates_by_ej_user)
        masters = {i: user.full_name for i, user in users.items()}
    items = {
        c.ticket_category_id: _item(c, shown, asked, masters)
        for c in sorted(shown.values(), key=_path)
    }
    if asked.flat or not asked.has("hierarchy"):
        return list(items.values())
    return _build_tree(items, shown)


def _is_shown(category: Category, context: RequestContext, asked: ListQuery) -> bool:
    own = category.has_member(context.user.ej_user_id)
    return is_open_to(category, context.user) and (own or not asked.has("onlyOwnCategories"))


def _path(category: TicketCategoryEntity) -> tuple[list[str], int]:
    path = category.fullname.casefold().split("/")
    return path, category.ticket_category_id


def _item(
    category: TicketCategoryEntity,
    shown: dict[int, TicketCategoryEntity],
    asked: ListQuery,
    masters: dict[int, str],
) -> MDOListItem:
    parent = category.parent_id if category.parent_id in shown else TOP_PARENT_ID
    extra_info = f"parentId={parent}&replyTemplateId={category.reply_template}"
    if master := masters.get(category.category_master):
        extra_info += f"&categoryMaster={quote(master)}"
    short = asked.has("shortNames")
    return MDOListItem(
        id=category.ticket_category_id,
        name=category.name if short else category.fullname,
        tool_tip=category.fullname if asked.has("shortTooltip") else "",
        extra_info=extra_info,
        full_name=category.fullname,
    )


def _build_tree(
    items: dict[int, MDOListItem], shown: dict[int, TicketCategoryEntity]
) -> list[MDOListItem]:
    top: list[MDOListItem] = []
    for item_id, item in items.items():
        parent = items.get(shown[item_id].parent_id)
        (parent.child_items if parent else top).append(item)
    return top
