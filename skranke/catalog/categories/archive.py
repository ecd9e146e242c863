"""The archive of category members. Source: reference, provider categorymembers.

Members that a whole user group brings have no row of their own; they are not in it.
"""

from typing import LiteralString

from skranke.archive.columns import boolean, list_item, number
from skranke.archive.providers import Bind, Join, Provider, register_provider
from skranke.catalog.categories.rules import is_open_to
from skranke.catalog.categories.sql import load_categories
from skranke.core.context import RequestContext
from skranke.people.archive import user_block


async def closed_category_ids(context: RequestContext) -> list[int]:
    """The categories that are for their members alone, of which the caller is none."""
    known = await context.get_cached(load_categories)
    return [i for i, c in known.items() if not is_open_to(c, context.user)]


async def visibility_condition(context: RequestContext, bind: Bind) -> LiteralString:
    """Members of categories that are open to the caller."""
    closed = await closed_category_ids(context)
    return f"m.category_id <> ALL ({bind(closed)}::int[])" if closed else ""


USER_BLOCK = user_block("", "a", "m.user_id")
OWN_COLUMNS = [
    number("categoryMembershipId", "m.id", nullable=False, sortable=False),
    number("categoryId", "m.category_id", nullable=False),
    list_item(
        "categoryFullName",
        "m.category_id",
        "ejCategory",
        text="k.fullname",
        worded=True,
        nullable=False,
        joins=("k",),
        list_name="ejcategory",
    ),
    number("weight", "m.weight", nullable=False),
    boolean("isDefinedByUsergroup", "m.is_defined_by_usergroup", nullable=False, sortable=False),
]
OWN_JOINS = {"k": Join("JOIN ej_category k ON k.id = m.category_id")}

register_provider(
    Provider(
        name="CategoryMembers",
        entity="existingCategoryMember",
        table="category_membership m",
        alias="m",
        key="m.id",
        kinds={"existingcategorymember": ""},
        columns=[*OWN_COLUMNS, *USER_BLOCK.columns],
        joins=OWN_JOINS | USER_BLOCK.joins,
        visible_sql=visibility_condition,
        default_columns=("categoryMembershipId", "categoryId", "fullName", "weight"),
    )
)
