"""The lists of priorities, statuses, types, tags, sales, projects and enums."""

from skranke.archive.mdo.carriers import MDOListItem
from skranke.archive.mdo.providers import ListQuery, items, items_by_id
from skranke.core.context import RequestContext
from tests.cast import ADA, ANNA, NOW, STEN, ContextOf


async def fetch_items(
    context: RequestContext, name: str, additional: str = ""
) -> list[MDOListItem]:
    return await items(context, name, ListQuery(additional=additional))


def brief(found: list[MDOListItem]) -> list[tuple[int, str, str]]:
    return [(item.id, item.name, item.extra_info) for item in found]


async def limit_type(context: RequestContext) -> None:
    await context.db.execute(
        "INSERT INTO ticket_type (ticket_type_id, name, rank, tooltip, icon) VALUES"
        " (30, 'Incident', 0, 'Broken', 'fire');"
        "INSERT INTO ticket_type_priority VALUES (30, 2), (30, 3);"
        "INSERT INTO ticket_type_status VALUES (30, 1), (30, 3)"
    )


async def test_priorities_stand_in_their_sort_order(context_of: ContextOf):
    context = context_of(ANNA)
    await context.db.execute("UPDATE ticket_priority SET sort_order = 0 WHERE id = 3")
    found = await fetch_items(context, "ticketpriority")
    assert brief(found) == [(3, "High", "0"), (1, "Low", "1"), (2, "Medium", "2")]
    assert [item.rank for item in found] == [0, 1, 2]


async def test_deleted_priorities_are_shown_when_asked_for(context_of: ContextOf):
    context = context_of(ANNA)
    await context.db.execute("UPDATE ticket_priority SET status = 2 WHERE id = 1")
    assert [i.id for i in await fetch_items(context, "ticketpriority")] == [2, 3]
    found = await fetch_items(context, "ticketpriority", "showDeleted")
    assert [(i.id, i.deleted) for i in found] == [(1, True), (2, False), (3, False)]


async def test_default_items_and_a_types_limit_apply_to_priorities(context_of: ContextOf):
    context = context_of(ANNA)
    await limit_type(context)
    found = await fetch_items(context, "ticketpriority", "includeDefaultItems&ticketType=30")
    assert brief(found) == [(-1, "Automatic", ""), (2, "Medium", "2"), (3, "High", "3")]
    assert len(await fetch_items(context, "ticketpriority", "ticketType=1")) == 3
    assert len(await fetch_items(context, "ticketpriority", "ticketType=99&unknown=1")) == 3


async def test_ticketstatus_holds_the_base_statuses(context_of: ContextOf):
    assert brief(await fetch_items(context_of(ANNA), "ticketstatus")) == [
        (1, "Open", "Active"),
        (2, "Closed", "Closed"),
        (3, "Postponed", "Postponed"),
        (4, "Deleted", "Deleted"),
        (5, "Merged", "Merged"),
    ]


async def test_ticketticketstatus_holds_the_statuses_by_name(context_of: ContextOf):
    context = context_of(ANNA)
    await context.db.execute(
        "INSERT INTO ticket_status (id, name, status, ts_rank, deleted) VALUES"
        " (20, 'in queue', 1, 0, false), (21, 'Old', 1, 0, true)"
    )
    assert brief(await fetch_items(context, "ticketticketstatus")) == [
        (2, "Closed", "2"),
        (4, "Deleted", "4"),
        (20, "in queue", "1"),
        (5, "Linked", "5"),
        (1, "Open", "1"),
        (3, "Postponed", "3"),
        (6, "Spam", "6"),
    ]
    every = await fetch_items(context, "ticketticketstatus", "showDeleted=true")
    assert [i.id for i in every if i.deleted] == [21]


async def test_normal_statuses_and_a_types_limit_apply(context_of: ContextOf):
    context = context_of(ANNA)
    await limit_type(context)

    async def ids(additional: str) -> list[int]:
        return [i.id for i in await fetch_items(context, "ticketticketstatus", additional)]

    assert await ids("onlyNormal=true") == [2, 1]
    assert await ids("onlyNormalWithPostponed=true") == [2, 1, 3]
    assert await ids("ticketType=30") == [1, 3]
    assert await ids("ticketType=30&onlyNormal=true") == [1]


async def test_types_stand_by_rank(context_of: ContextOf):
    context = context_of(ANNA)
    await limit_type(context)
    incident, request = await fetch_items(context, "TicketType")
    assert incident == MDOListItem(id=30, name="Incident", tool_tip="Broken", icon_hint="fire")
    assert brief([request]) == [(1, "Request", "")]


async def test_a_type_for_groups_is_offered_to_their_members(context_of: ContextOf):
    context = context_of(ANNA)
    await limit_type(context)
    await context.db.execute("INSERT INTO ticket_type_group_link VALUES (30, 2)")
    assert [i.id for i in await fetch_items(context, "tickettype")] == [1]
    assert [i.id for i in await fetch_items(context_of(STEN), "tickettype")] == [30, 1]
    assert [i.id for i in await fetch_items(context_of(ADA), "tickettype")] == [30, 1]
    assert [i.id for i in await items_by_id(context, "tickettype", [30])] == [30]


async def test_tags_stand_by_rank_and_name_without_deleted_ones(context_of: ContextOf):
    context = context_of(ANNA)
    await context.db.execute(
        "INSERT INTO tags (tags_id, name, tooltip, rank, deleted) VALUES"
        " (7, 'vip', '', 2, false), (8, 'noise', 'Loud', 1, false),"
        " (9, 'old', '', 0, true)"
    )
    found = await fetch_items(context, "tags")
    assert [(i.id, i.name, i.tool_tip) for i in found] == [(8, "noise", "Loud"), (7, "vip", "")]
    every = await fetch_items(context, "tags", "showDeleted=1")
    assert [(i.id, i.deleted) for i in every] == [(9, True), (8, False), (7, False)]


async def test_sales_bear_heading_and_company(context_of: ContextOf):
    context = context_of(ANNA)
    await context.db.execute(
        "INSERT INTO sale (sale_id, heading, contact_id, currency, deleted, registered)"
        " VALUES (5, 'Pump 100%', 2, 'NOK', false, $1),"
        " (4, 'Pipes', NULL, 'EUR', false, $1), (6, 'Gone', 2, 'NOK', true, $1)",
        NOW,
    )
    assert brief(await fetch_items(context, "sale")) == [
        (4, "Pipes", "Pipes"),
        (5, "Pump 100% (Fjord AS)", "Pump 100%"),
    ]
    assert [i.id for i in await fetch_items(context, "sale", "hasCurrency=nok")] == [5]
    assert await fetch_items(context, "sale", "stakeholderOnly=1") == []
    assert await fetch_items(context, "sale", "hasCurrency=NOK;hasQuoteOnly=1") == []
    assert [i.id for i in await items(context, "sale", ListQuery(search="fjord"))] == [5]
    assert [i.id for i in await items(context, "sale", ListQuery(search="%"))] == []
    gone = await fetch_items(context, "sale", "showDeleted=1")
    assert [(i.id, i.deleted) for i in gone] == [(4, False), (5, False), (6, True)]
    assert [i.id for i in await items_by_id(context, "sale", [6, 4, 77])] == [6, 4]


async def test_projects_stand_by_name(context_of: ContextOf):
    context = context_of(ANNA)
    await context.db.execute(
        "INSERT INTO project (project_id, name, deleted, registered) VALUES"
        " (3, 'beta', false, $1), (4, 'Alpha one', false, $1), (5, 'Gone', true, $1)",
        NOW,
    )
    found = await fetch_items(context, "project")
    assert brief(found) == [(4, "Alpha one", ""), (3, "beta", "")]
    assert [i.id for i in await items(context, "project", ListQuery(search="one"))] == [4]
    assert [i.deleted for i in await items_by_id(context, "project", [5])] == [True]


async def test_the_enums_of_a_ticket_are_lists_too(context_of: ContextOf):
    context = context_of(ANNA)
    origins = brief(await fetch_items(context, "ticketorigin"))
    assert [number for number, _, _ in origins] == list(range(15))
    assert origins[1] == (1, "E-mail", "")
    assert origins[10] == (10, "Automatic", "")
    assert origins[13] == (13, "API", "")
    assert brief(await fetch_items(context, "ticketread")) == [
        (0, "Unknown", ""),
        (1, "Read by owner", ""),
        (2, "New information", ""),
        (3, "Not read by owner", ""),
    ]
    assert brief(await fetch_items(context, "ticketslevel")) == [
        (0, "Unknown", "Unknown"),
        (1, "Internal", "Internal"),
        (2, "External", "External"),
    ]
