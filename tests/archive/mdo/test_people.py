"""The lists of associates, Service users, persons and companies."""

import pytest

from skranke.archive.mdo.carriers import MDOListItem
from skranke.archive.mdo.providers import ListQuery, items, items_by_id
from tests.cast import ANNA, ContextOf


async def test_associates_stand_in_the_order_of_their_full_names(context_of: ContextOf):
    found = await items(context_of(ANNA), "associate", ListQuery())
    assert [(i.id, i.name, i.extra_info) for i in found] == [
        (2, "Ada Admin", ""),
        (3, "Anna Agent", ""),
        (4, "Bo Berg", ""),
        (6, "Rita Reads", ""),
        (5, "Sten Strange", ""),
    ]


async def test_deleted_associates_are_shown_when_asked_for(context_of: ContextOf):
    context = context_of(ANNA)
    await context.db.execute(
        "UPDATE associate SET deleted = true, rank = 9, tooltip = 'Left'"
        " WHERE associate_id = 4;"
        "UPDATE associate SET type = 2 WHERE associate_id = 5"
    )
    assert [i.id for i in await items(context, "associate", ListQuery())] == [2, 3, 6]
    everyone = await items(context, "associate", ListQuery(additional="showDeleted"))
    assert [i.id for i in everyone] == [2, 3, 4, 6]
    bo = MDOListItem(id=4, name="Bo Berg", tool_tip="Left", deleted=True, rank=9)
    assert everyone[2] == bo
    assert await items_by_id(context, "associate", [4]) == [bo]


async def test_service_users_are_those_who_may_still_use_service(context_of: ContextOf):
    context = context_of(ANNA)
    await context.db.execute(
        "INSERT INTO associate (associate_id, name, person_id, role_id)"
        " VALUES (90, 'seller', 7, 2);"
        "UPDATE ejuser SET status = 3 WHERE id = 5;"
        "UPDATE ejuser SET status = 2 WHERE id = 4"
    )
    found = await items(context, "serviceassociate", ListQuery())
    assert [i.id for i in found] == [2, 3, 4, 6]
    gone = await items(context, "serviceassociate", ListQuery(additional="showDeleted=1"))
    assert [(i.id, i.deleted) for i in gone if i.deleted] == [(5, True)]


async def test_default_items_are_the_caller_automatic_and_unassigned(context_of: ContextOf):
    asked = ListQuery(additional="ShouldIncludeDefaultItems=True")
    found = await items(context_of(ANNA), "serviceassociate", asked)
    assert [(i.id, i.name) for i in found[:4]] == [
        (3, "Anna Agent"),
        (2147483647, "Automatic"),
        (0, "Unassigned"),
        (2, "Ada Admin"),
    ]


async def test_a_person_bears_name_company_and_company_id(context_of: ContextOf):
    context = context_of(ANNA)
    await context.db.execute(
        "UPDATE contact SET department = 'Oslo' WHERE contact_id = 2;"
        "INSERT INTO person (person_id, firstname, middle_name) VALUES (70, 'Liv', 'M')"
    )
    assert await items_by_id(context, "person_new", [70, 7]) == [
        MDOListItem(
            id=70,
            name="Liv M",
            full_name="Liv M",
            type="Person",
            icon_hint="Personwithoutcontact",
            extra_info="0",
        ),
        MDOListItem(
            id=7,
            name="Kari Kunde (Fjord AS, Oslo)",
            full_name="Kari Kunde",
            tool_tip="kari@fjord.example",
            type="Person",
            icon_hint="Personwithcontact",
            extra_info="2",
        ),
    ]


@pytest.mark.parametrize(
    ("search", "ids"),
    [
        ("kari", [7]),
        ("KUN", [7, 8]),
        ("ola kun", [8]),
        ("kunde kari", [7]),
        ("kari@fjord", [7]),
        ("fjord as", [7, 8]),
        ("unde", []),
        ("%", []),
        ("k_ri", []),
        ("o'; DROP TABLE person; --", []),
    ],
)
async def test_persons_are_found_by_name_email_and_company(
    context_of: ContextOf, search: str, ids: list[int]
):
    found = await items(context_of(ANNA), "person_new", ListQuery(search=search))
    assert [i.id for i in found] == ids


async def test_persons_are_the_first_hundred_by_name(context_of: ContextOf):
    context = context_of(ANNA)
    await context.db.execute(
        "INSERT INTO person (person_id, firstname)"
        " SELECT 5000 - n, 'm' || lpad(n::text, 4, '0') FROM generate_series(1, 200) n"
    )
    found = await items(context, "person_new", ListQuery())
    names = [i.name for i in found]
    assert len(found) == 100
    assert names == sorted(names, key=str.lower)
    assert names[0] == "Ada Admin (Skranke)"
    assert len(await items(context, "person_new", ListQuery(search="m0"))) == 100
    everyone = [5000 - n for n in range(1, 201)]
    assert len(await items_by_id(context, "person_new", everyone)) == 200


async def test_deleted_persons_are_left_out_unless_asked_for(context_of: ContextOf):
    context = context_of(ANNA)
    await context.db.execute("UPDATE person SET deleted_date = now() WHERE person_id = 7")
    assert not await items(context, "person_new", ListQuery(search="kari"))
    asked = ListQuery(search="kari", additional="showDeleted")
    assert [i.deleted for i in await items(context, "person_new", asked)] == [True]
    assert [i.deleted for i in await items_by_id(context, "person_new", [7])] == [True]


async def test_companies_stand_by_name_with_their_id_twice(context_of: ContextOf):
    context = context_of(ANNA)
    await context.db.execute(
        "INSERT INTO contact (contact_id, name, department, deleted_date) VALUES"
        " (60, 'fjord', 'Bergen', NULL), (61, 'Gone', '', now())"
    )
    found = await items(context, "contact_new", ListQuery())
    assert [(i.id, i.name, i.type, i.extra_info) for i in found] == [
        (2, "Fjord AS", "Contact", "2"),
        (60, "fjord, Bergen", "Contact", "60"),
        (1, "Skranke", "Contact", "1"),
    ]
    assert [i.id for i in await items(context, "contact_new", ListQuery(search="ber"))] == [60]
    some = ListQuery(additional="contact_id=1, 2,x,99999999999")
    assert [i.id for i in await items(context, "contact_new", some)] == [2, 1]
    assert [i.id for i in await items_by_id(context, "contact_new", [61])] == [61]
