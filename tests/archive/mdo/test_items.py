"""The lists of priorities, statuses, types, tags, sales, projects and enums."""

from collections.abc import Callable

from skranke.archive.mdo.carriers import MDOListItem
from skranke.archive.mdo.providers import Asked, items, items_by_id
from skranke.core.context import Call
from tests.conftest import ADA, ANNA, NOW, STEN

Calling = Callable[..., Call]


async def asked(call: Call, name: str, additional: str = "") -> list[MDOListItem]:
    return await items(call, name, Asked(additional=additional))


def brief(found: list[MDOListItem]) -> list[tuple[int, str, str]]:
    return [(item.id, item.name, item.extra_info) for item in found]


async def limit_type(call: Call) -> None:
    await call.db.execute(
        "INSERT INTO ticket_type (ticket_type_id, name, rank, tooltip, icon) VALUES"
        " (30, 'Incident', 0, 'Broken', 'fire');"
        "INSERT INTO ticket_type_priority VALUES (30, 2), (30, 3);"
        "INSERT INTO ticket_type_status VALUES (30, 1), (30, 3)"
    )


async def test_priorities_stand_in_their_sort_order(calling: Calling):
    call = calling(ANNA)
    await call.db.execute("UPDATE ticket_priority SET sort_order = 0 WHERE id = 3")
    found = await asked(call, "ticketpriority")
    assert brief(found) == [(3, "High", "0"), (1, "Low", "1"), (2, "Medium", "2")]
    assert [item.rank for item in found] == [0, 1, 2]


async def test_deleted_priorities_are_shown_when_asked_for(calling: Calling):
    call = calling(ANNA)
    await call.db.execute("UPDATE ticket_priority SET status = 2 WHERE id = 1")
    assert [i.id for i in await asked(call, "ticketpriority")] == [2, 3]
    found = await asked(call, "ticketpriority", "showDeleted")
    assert [(i.id, i.deleted) for i in found] == [(1, True), (2, False), (3, False)]


async def test_default_items_and_a_types_limit_apply_to_priorities(calling: Calling):
    call = calling(ANNA)
    await limit_type(call)
    found = await asked(call, "ticketpriority", "includeDefaultItems&ticketType=30")
    assert brief(found) == [(-1, "Automatic", ""), (2, "Medium", "2"), (3, "High", "3")]
    assert len(await asked(call, "ticketpriority", "ticketType=1")) == 3
    assert len(await asked(call, "ticketpriority", "ticketType=99&unknown=1")) == 3


async def test_ticketstatus_holds_the_base_statuses(calling: Calling):
    assert brief(await asked(calling(ANNA), "ticketstatus")) == [
        (1, "Open", "Active"),
        (2, "Closed", "Closed"),
        (3, "Postponed", "Postponed"),
        (4, "Deleted", "Deleted"),
        (5, "Merged", "Merged"),
    ]


async def test_ticketticketstatus_holds_the_statuses_by_name(calling: Calling):
    call = calling(ANNA)
    await call.db.execute(
        "INSERT INTO ticket_status (id, name, status, ts_rank, deleted) VALUES"
        " (20, 'in queue', 1, 0, false), (21, 'Old', 1, 0, true)"
    )
    assert brief(await asked(call, "ticketticketstatus")) == [
        (2, "Closed", "2"),
        (4, "Deleted", "4"),
        (20, "in queue", "1"),
        (5, "Linked", "5"),
        (1, "Open", "1"),
        (3, "Postponed", "3"),
        (6, "Spam", "6"),
    ]
    every = await asked(call, "ticketticketstatus", "showDeleted=true")
    assert [i.id for i in every if i.deleted] == [21]


async def test_normal_statuses_and_a_types_limit_apply(calling: Calling):
    call = calling(ANNA)
    await limit_type(call)

    async def ids(additional: str) -> list[int]:
        return [i.id for i in await asked(call, "ticketticketstatus", additional)]

    assert await ids("onlyNormal=true") == [2, 1]
    assert await ids("onlyNormalWithPostponed=true") == [2, 1, 3]
    assert await ids("ticketType=30") == [1, 3]
    assert await ids("ticketType=30&onlyNormal=true") == [1]


async def test_types_stand_by_rank(calling: Calling):
    call = calling(ANNA)
    await limit_type(call)
    incident, request = await asked(call, "TicketType")
    assert incident == MDOListItem(id=30, name="Incident", tool_tip="Broken", icon_hint="fire")
    assert brief([request]) == [(1, "Request", "")]


async def test_a_type_for_groups_is_offered_to_their_members(calling: Calling):
    call = calling(ANNA)
    await limit_type(call)
    await call.db.execute("INSERT INTO ticket_type_group_link VALUES (30, 2)")
    assert [i.id for i in await asked(call, "tickettype")] == [1]
    assert [i.id for i in await asked(calling(STEN), "tickettype")] == [30, 1]
    assert [i.id for i in await asked(calling(ADA), "tickettype")] == [30, 1]
    assert [i.id for i in await items_by_id(call, "tickettype", [30])] == [30]


async def test_tags_stand_by_rank_and_name_without_deleted_ones(calling: Calling):
    call = calling(ANNA)
    await call.db.execute(
        "INSERT INTO tags (tags_id, name, tooltip, rank, deleted) VALUES"
        " (7, 'vip', '', 2, false), (8, 'noise', 'Loud', 1, false),"
        " (9, 'old', '', 0, true)"
    )
    found = await asked(call, "tags")
    assert [(i.id, i.name, i.tool_tip) for i in found] == [(8, "noise", "Loud"), (7, "vip", "")]
    every = await asked(call, "tags", "showDeleted=1")
    assert [(i.id, i.deleted) for i in every] == [(9, True), (8, False), (7, False)]


async def test_sales_bear_heading_and_company(calling: Calling):
    call = calling(ANNA)
    await call.db.execute(
        "INSERT INTO sale (sale_id, heading, contact_id, currency, deleted, registered)"
        " VALUES (5, 'Pump 100%', 2, 'NOK', false, $1),"
        " (4, 'Pipes', NULL, 'EUR', false, $1), (6, 'Gone', 2, 'NOK', true, $1)",
        NOW,
    )
    assert brief(await asked(call, "sale")) == [
        (4, "Pipes", "Pipes"),
        (5, "Pump 100% (Fjord AS)", "Pump 100%"),
    ]
    assert [i.id for i in await asked(call, "sale", "hasCurrency=nok")] == [5]
    assert await asked(call, "sale", "stakeholderOnly=1") == []
    assert await asked(call, "sale", "hasCurrency=NOK;hasQuoteOnly=1") == []
    assert [i.id for i in await items(call, "sale", Asked(search="fjord"))] == [5]
    assert [i.id for i in await items(call, "sale", Asked(search="%"))] == []
    gone = await asked(call, "sale", "showDeleted=1")
    assert [(i.id, i.deleted) for i in gone] == [(4, False), (5, False), (6, True)]
    assert [i.id for i in await items_by_id(call, "sale", [6, 4, 77])] == [6, 4]


async def test_projects_stand_by_name(calling: Calling):
    call = calling(ANNA)
    await call.db.execute(
        "INSERT INTO project (project_id, name, deleted, registered) VALUES"
        " (3, 'beta', false, $1), (4, 'Alpha one', false, $1), (5, 'Gone', true, $1)",
        NOW,
    )
    found = await asked(call, "project")
    assert brief(found) == [(4, "Alpha one", ""), (3, "beta", "")]
    assert [i.id for i in await items(call, "project", Asked(search="one"))] == [4]
    assert [i.deleted for i in await items_by_id(call, "project", [5])] == [True]


async def test_the_enums_of_a_ticket_are_lists_too(calling: Calling):
    call = calling(ANNA)
    origins = brief(await asked(call, "ticketorigin"))
    assert [number for number, _, _ in origins] == list(range(15))
    assert origins[1] == (1, "E-mail", "")
    assert origins[10] == (10, "Automatic", "")
    assert origins[13] == (13, "API", "")
    assert brief(await asked(call, "ticketread")) == [
        (0, "Unknown", ""),
        (1, "Read by owner", ""),
        (2, "New information", ""),
        (3, "Not read by owner", ""),
    ]
    assert brief(await asked(call, "ticketslevel")) == [
        (0, "Unknown", "Unknown"),
        (1, "Internal", "Internal"),
        (2, "External", "External"),
    ]
