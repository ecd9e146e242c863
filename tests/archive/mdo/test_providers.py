"""The table of lists: names, numbers, variants, and wrong registrations."""

import pytest

from skranke.archive.mdo import providers
from skranke.archive.mdo.carriers import MDOListItem
from skranke.archive.mdo.providers import ALL_ITEMS_ID, LISTS, InvalidList, ListQuery, mdo_list
from skranke.core.context import RequestContext
from skranke.core.errors import NotFound
from tests.cast import ANNA, ContextOf

# the numbers are kept by clients: none may ever change
NUMBERS = {
    "associate": 1,
    "serviceassociate": 2,
    "person_new": 3,
    "contact_new": 4,
    "ejcategory": 5,
    "ticketpriority": 6,
    "ticketstatus": 7,
    "ticketticketstatus": 8,
    "tickettype": 9,
    "tags": 10,
    "sale": 11,
    "project": 12,
    "ticketorigin": 13,
    "ticketread": 14,
    "ticketslevel": 15,
    "restrictionoperators": 16,
    "business": 201,
    "category": 202,
    "perspos": 203,
    "mrmrs": 204,
    "salutation": 205,
    "contint": 206,
    "persint": 207,
    "source": 208,
    "customerlanguage": 209,
    "consentpurpose": 210,
    "consentsource": 211,
    "legalbase": 212,
    "country": 220,
    "addressformat": 221,
    "usergroup": 222,
}


def test_every_list_is_lent_under_its_name_and_number():
    assert {name: known.list_id for name, known in LISTS.items()} == NUMBERS


@pytest.mark.parametrize(("name", "list_id"), [("tags", 99), ("colours", 10), ("Colours", 99)])
def test_a_taken_or_misspelled_registration_is_refused(name: str, list_id: int):
    with pytest.raises(InvalidList, match=name):

        @mdo_list(name, list_id)
        async def empty_list(context: RequestContext, asked: ListQuery) -> list[MDOListItem]:
            return []


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("TicketType", "tickettype"),
        (" tags ", "tags"),
        ("tagsWithNoSelection", "tags"),
        ("tagsheadingswithallitemwithnoselection", "tags"),
    ],
)
def test_a_name_is_read_in_any_case_and_variant(name: str, base: str):
    assert providers.base_name(name) == base


@pytest.mark.parametrize("name", ["", "colours", "withallitem", "tagsheadingsheading"])
async def test_an_unknown_list_is_named_in_the_refusal(context_of: ContextOf, name: str):
    with pytest.raises(NotFound, match=repr(name)):
        await providers.items(context_of(ANNA), name, ListQuery())


async def test_variants_begin_with_their_extra_items(context_of: ContextOf):
    async def ids(name: str) -> list[int]:
        return [i.id for i in await providers.items(context_of(ANNA), name, ListQuery())]

    plain = await ids("ticketslevel")
    assert await ids("ticketslevelheadings") == plain
    assert await ids("ticketslevelwithallitem") == [ALL_ITEMS_ID, *plain]
    assert await ids("ticketslevelwithnoselection") == [0, *plain]
    both = "ticketslevelheadingswithallitemwithnoselection"
    assert await ids(both) == [0, ALL_ITEMS_ID, *plain]


async def test_a_search_leaves_out_the_extra_items(context_of: ContextOf):
    found = await providers.items(
        context_of(ANNA), "ticketslevelwithallitem", ListQuery(flat=True, search="int")
    )
    assert [item.id for item in found] == [1]


@pytest.mark.parametrize(
    ("additional", "has", "number"),
    [
        ("", False, None),
        ("ticketType", True, None),
        ("ticketType=", True, None),
        ("TICKETTYPE = 7", True, 7),
        ("other=1&ticketType=7;last", True, 7),
        ("ticketType=False", False, None),
        ("ticketType=0", False, 0),
        ("ticketType=-7", True, None),
        ("ticketType=99999999999", True, None),
    ],
)
def test_attributes_are_read_from_the_additional_info(
    additional: str, has: bool, number: int | None
):
    asked = ListQuery(additional=additional)
    assert asked.has("ticketType") is has
    assert asked.number("ticketType") == number


async def test_a_group_stays_while_an_item_in_it_is_found(context_of: ContextOf):
    context = context_of(ANNA)
    await context.db.execute(
        "INSERT INTO ej_category (id, parent_id, name, fullname)"
        " VALUES (20, 1, 'Heating', 'Support/Heating')"
    )
    asked = ListQuery(additional="hierarchy=true&shortNames=true", search="heating")
    [support] = await providers.items(context, "ejcategory", asked)
    assert (support.id, [child.id for child in support.child_items]) == (1, [20])
