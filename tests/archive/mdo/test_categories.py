"""The list of categories: paths, tree, members, and what is hidden from whom."""

import pytest

from skranke.archive.mdo.carriers import MDOListItem
from skranke.archive.mdo.providers import ListQuery, items, items_by_id
from skranke.core.context import CurrentUser, RequestContext
from tests.cast import ADA, ANNA, BO, RITA, STEN, ContextOf

TREE = """
INSERT INTO ej_category
    (id, parent_id, name, fullname, category_master, reply_template) VALUES
    (20, 1, 'Heating', 'Support/Heating', 4, -1),
    (21, 20, 'Noise', 'Support/Heating/Noise', NULL, 7),
    (22, -1, 'Support-Desk', 'Support-Desk', NULL, 0),
    (23, 2, 'Salaries', 'Payroll/Salaries', NULL, 0)
"""


async def names(context: RequestContext, additional: str = "", *, flat: bool = False) -> list[str]:
    asked = ListQuery(flat=flat, additional=additional)
    return [i.name for i in await items(context, "ejcategory", asked)]


async def test_categories_stand_under_their_paths_in_their_order(context_of: ContextOf):
    context = context_of(ANNA)
    await context.db.execute(TREE)
    found = await items(context, "ejcategory", ListQuery())
    assert [(i.id, i.name, i.extra_info) for i in found] == [
        (2, "Payroll", "parentId=0&replyTemplateId=0"),
        (23, "Payroll/Salaries", "parentId=2&replyTemplateId=0"),
        (1, "Support", "parentId=0&replyTemplateId=0"),
        (20, "Support/Heating", "parentId=1&replyTemplateId=-1"),
        (21, "Support/Heating/Noise", "parentId=20&replyTemplateId=7"),
        (22, "Support-Desk", "parentId=0&replyTemplateId=0"),
    ]
    assert all(i.full_name == i.name and not i.child_items for i in found)


@pytest.mark.parametrize(
    ("user", "sees"), [(ANNA, True), (BO, True), (ADA, True), (STEN, False), (RITA, False)]
)
async def test_a_members_only_category_is_hidden_from_strangers(
    context_of: ContextOf, user: CurrentUser, sees: bool
):
    context = context_of(user)
    assert ("Payroll" in await names(context)) is sees
    assert bool(await items_by_id(context, "ejcategory", [2])) is sees
    found = await items(context, "ejcategory", ListQuery(flat=True, search="pay"))
    assert bool(found) is sees


async def test_a_hidden_parent_is_not_told_by_its_open_children(context_of: ContextOf):
    context = context_of(STEN)
    await context.db.execute(TREE)
    [salaries] = await items_by_id(context, "ejcategory", [23])
    assert salaries.extra_info == "parentId=0&replyTemplateId=0"
    assert "Payroll/Salaries" in await names(context, "hierarchy=true")


async def test_the_hierarchy_puts_categories_under_their_parents(context_of: ContextOf):
    context = context_of(ANNA)
    await context.db.execute(TREE)
    asked = ListQuery(additional="hierarchy=true&shortNames=True")
    top = await items(context, "ejcategory", asked)

    def outline(level: list[MDOListItem]) -> dict[str, object]:
        return {item.name: outline(item.child_items) for item in level}

    assert outline(top) == {
        "Payroll": {"Salaries": {}},
        "Support": {"Heating": {"Noise": {}}},
        "Support-Desk": {},
    }
    assert len(await names(context, "hierarchy=true", flat=True)) == 6
    assert len(await names(context, "hierarchy=false")) == 6


async def test_own_categories_are_those_of_a_member(context_of: ContextOf):
    own = "onlyOwnCategories=true"
    assert await names(context_of(ANNA), own) == ["Payroll", "Support"]
    assert await names(context_of(STEN), own) == []
    assert await names(context_of(ADA), own) == []


async def test_tooltip_and_master_are_added_when_asked_for(context_of: ContextOf):
    context = context_of(ANNA)
    await context.db.execute(TREE)
    asked = ListQuery(additional="shortTooltip=true&includeAdministrativeInfo=True")
    found = {i.id: i for i in await items(context, "ejcategory", asked)}
    assert found[20].tool_tip == "Support/Heating"
    assert found[20].extra_info.endswith("&categoryMaster=Bo%20Berg")
    assert found[21].extra_info == "parentId=20&replyTemplateId=7"
