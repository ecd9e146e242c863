"""The Archive agent: lists by arrays and by strings, pages, columns, choices."""

from typing import Any

import pytest

import skranke.app
from skranke.archive import operations as agent
from skranke.archive.carriers import (
    ActivityFilter,
    ArchiveListItem,
    ArchiveOrderByInfo,
    ArchiveRestrictionInfo,
    InterRestrictionOperator,
    OrderBySortType,
)
from skranke.archive.mdo.providers import ListQuery, items
from skranke.archive.user_columns import operations as choosing
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.people.archive import get_group_associate_ids
from tests.archive.make import days_ago, fetch_list, make_ticket, update_ticket
from tests.cast import ANNA, BO, NOW, ContextOf

assert skranke.app  # importing it is what lends every provider
Info = ArchiveRestrictionInfo
And, Or = InterRestrictionOperator.And, InterRestrictionOperator.Or
ALL_ENTITIES: tuple[str, ...] = ("ticket", "ticketdisplayclosed")


def one(name: str, operator: str, *values: str, **more: Any) -> Info:
    return Info(name=name, operator=operator, values=list(values), **more)


async def rows(context: RequestContext, *infos: Info, **others: Any) -> list[ArchiveListItem]:
    usual: dict[str, Any] = {
        "provider_name": "ticket",
        "columns": ["ticketId", "title"],
        "sort_order": [],
        "restriction": list(infos),
        "entities": [],
        "page": 0,
        "page_size": 100,
    }
    return await agent.get_archive_list_by_columns(context, **usual | others)


async def keys(context: RequestContext, *infos: Info, **others: Any) -> list[int]:
    return [row.primary_key for row in await rows(context, *infos, **others)]


async def test_cells_are_encoded_but_for_texts_and_lists(context_of: ContextOf):
    context = context_of(ANNA)
    ticket_id = await make_ticket(context, title="No heating", tags=[])
    await update_ticket(context, ticket_id, created_at=days_ago(1.5), time_to_reply=90)
    [row] = await rows(
        context,
        one("ticketId", "=", str(ticket_id)),
        columns=[
            "ticketId",
            "title",
            "status",
            "createdAt",
            "closedAt",
            "timeToReply",
            "has_attachment",
            "ownedBy/associateDbId",
            "sale/amount",
            "saleId",
        ],
    )
    shown = {name: data.display_value for name, data in row.column_data.items()}
    assert row.entity_name == "ticket"
    assert row.link_hint == f"nav=ticket&ticket_id={ticket_id}"
    assert shown == {
        "ticketId": f"[I:{ticket_id}]",
        "title": "No heating",
        "status": "Open",
        "createdAt": "[DT:02/28/2026 22:00:00.0000000]",
        "closedAt": "",
        "timeToReply": "[TS:90]",
        "has_attachment": "[I:0]",
        "ownedBy/associateDbId": "[I:3]",
        "sale/amount": "",
        "saleId": "",
    }


async def test_infos_join_with_and_before_or_and_by_their_parentheses(context_of: ContextOf):
    context = context_of(ANNA)
    a, b, c = [await make_ticket(context, title=title) for title in ("A1", "B1", "A2")]
    begins_a, is_1 = one("title", "begins", "A"), one("title", "ends", "1")
    assert await keys(context, begins_a, is_1) == [a]
    first = one("title", "=", "B1", inter_operator=Or)
    assert await keys(context, first, begins_a, is_1) == [a, b]
    opened = one("title", "=", "B1", inter_operator=Or, inter_parenthesis=1)
    closed = one("title", "begins", "A", inter_parenthesis=-1, inter_operator=And)
    assert await keys(context, opened, closed, is_1) == [a, b]
    assert await keys(context, opened, closed, one("title", "ends", "2")) == [c]
    ignored = one("title", "=", "nothing", is_active=False)
    assert await keys(context, begins_a, ignored) == [a, c]
    nested = Info(sub_restrictions=[first, begins_a])
    assert await keys(context, nested, is_1) == [a, b]
    in_ids = one("ticketId", "in", f"[I:{a}]", str(c))
    assert await keys(context, in_ids) == [a, c]


@pytest.mark.parametrize(
    ("infos", "told"),
    [
        ([one("title", "=", "a"), one("foo", "=", "b")], r"^Restriction\[1\]: there"),
        ([one("title", "~", "a")], r"^Restriction\[0\]: title has no operator '~'"),
        ([one("title", "=", "a", inter_parenthesis=1)], "leaves a parenthesis open"),
        ([one("title", "=", "a", inter_parenthesis=-1)], r"\[0\]: closes a parenth"),
        ([Info(operator="=")], r"\[0\]: names no column"),
        ([Info(sub_restrictions=[one("x", "=")])], r"SubRestrictions\[0\]: there"),
        ([one("title", "=", "a\0")], "NUL"),
        ([one("tags", "intArrayOneOf", str(2**40))], "is not a valid id"),
    ],
)
async def test_a_wrong_info_is_pointed_at(context_of: ContextOf, infos: list[Info], told: str):
    with pytest.raises(BadValue, match=told):
        await rows(context_of(ANNA), *infos)


async def test_rows_are_sorted_and_paged(context_of: ContextOf):
    context = context_of(ANNA)
    made = [await make_ticket(context, title=f"Row {n}") for n in (2, 1, 3)]
    order = [ArchiveOrderByInfo(name="title", direction=OrderBySortType.DESC)]
    of_row = one("title", "begins", "Row")
    wanted = [made[2], made[0], made[1]]
    assert await keys(context, of_row, sort_order=order) == wanted
    by_two = {"sort_order": order, "page_size": 2}
    assert await keys(context, of_row, page=0, **by_two) == wanted[:2]
    assert await keys(context, of_row, page=1, **by_two) == wanted[2:]
    assert await keys(context, of_row, page=-1, **by_two) == wanted[1:]


async def test_strings_say_the_same_as_arrays(context_of: ContextOf):
    context = context_of(ANNA)
    a, b = [await make_ticket(context, title=title) for title in ("A", "B")]
    said = ("ticket", "ticketId,title", "title desc", f"ticketId in ({a},{b})", "ticket", 0, 10)
    for asked in (
        agent.get_archive_list_by_columns2(context, *said),
        agent.get_archive_list_by_columns_with_context2(context, *said, ""),
    ):
        found = await asked
        assert [row.primary_key for row in found] == [b, a]
        assert found[0].column_data["title"].display_value == "B"
    counted = await agent.get_archive_list_by_columns_with_header2(
        context, *said[:-1], 1, "rowcount=true"
    )
    assert (counted.row_count, len(counted.rows)) == (2, 1)
    plain = await agent.get_archive_list_by_columns_with_header_with_context2(
        context, *said, "", ""
    )
    assert (plain.row_count, len(plain.rows)) == (0, 2)
    with pytest.raises(BadValue, match="Restrictions, character 1: there is no"):
        await agent.get_archive_list_by_columns2(
            context, "ticket", "ticketId", "", "foo = 1", "", 0, 10
        )


async def test_arrays_with_context_and_header_bring_the_same_rows(context_of: ContextOf):
    context = context_of(ANNA)
    ticket_id = await make_ticket(context)
    asked = (
        "Ticket",
        ["ticketId"],
        list[ArchiveOrderByInfo](),
        [one("ticketId", "=", str(ticket_id))],
        list(ALL_ENTITIES),
        0,
        10,
    )
    with_context = await agent.get_archive_list_by_columns_with_context(context, *asked, "")
    assert [row.primary_key for row in with_context] == [ticket_id]
    header = await agent.get_archive_list_by_columns_with_header(context, *asked, "rowcount=true")
    assert header.row_count == 1
    both = await agent.get_archive_list_by_columns_with_header_with_context(
        context, *asked, "rowcount=True", ""
    )
    assert both == header


async def test_a_chosen_list_shows_the_columns_that_its_user_chose(context_of: ContextOf):
    context = context_of(ANNA)
    ticket_id = await make_ticket(context, title="Chosen")
    await choosing.set_chosen_columns(context, "Requests", "ticket", ["TITLE", "author"])
    await choosing.set_chosen_columns_v2(context, "Requests", "Ticket", "x", "", ["status"])
    info = [one("ticketId", "=", str(ticket_id))]
    there = ("requests", "Ticket", list[ArchiveOrderByInfo](), info, list[str](), 0, 10)
    [row] = await agent.get_archive_list(context, *there)
    assert list(row.column_data) == ["title", "author"]
    [row] = await agent.get_archive_list_with_context(context, *there, "x")
    assert list(row.column_data) == ["status"]
    [row] = await agent.get_archive_list(context_of(BO), *there)
    assert "ticketStatusName" in row.column_data
    said = ("requests", "Ticket", "", f"ticketId = {ticket_id}", "", 0, 10)
    [row] = await agent.get_archive_list2(context, *said)
    assert list(row.column_data) == ["title", "author"]
    [row] = await agent.get_archive_list_with_context2(context, *said, "x")
    assert list(row.column_data) == ["status"]
    with pytest.raises(BadValue, match="ChosenColumns: there is no column 'foo'"):
        await choosing.set_chosen_columns(context, "Requests", "ticket", ["foo"])


async def test_a_configuration_has_the_chosen_columns_first(context_of: ContextOf):
    context = context_of(ANNA)
    await choosing.set_chosen_columns(context, "Requests", "ticket", ["title", "author"])
    await choosing.set_chosen_entities(context, "Requests", "ticket", ["ticket"])
    await choosing.set_column_widths(context, "Requests", ["title=30c", "author:10%"])
    told = await choosing.get_archive_configuration(context, "requests", "Ticket")
    first = told.archive_column_info[:3]
    assert [c.name for c in first[:2]] == ["title", "author"]
    assert [c.is_visible for c in first] == [True, True, False]
    assert [c.width for c in first[:2]] == ["30c", "10%"]
    assert [e.selected for e in told.archive_entity_info] == [True, False]
    await choosing.set_column_widths_v2(context, "Requests", "ticket", "", "", ["5c"])
    told = await choosing.get_archive_configuration_v2(context, "Requests", "Ticket", "", "k")
    assert (told.archive_column_info[0].width, told.owner_keys) == ("5c", "k")
    other = await choosing.get_archive_configuration_with_context(
        context, "Requests", "Ticket", "x"
    )
    assert other.archive_column_info[0].name == "ticketId"
    await choosing.set_chosen_entities_v2(
        context, "Requests", "Ticket", "x", "", list(ALL_ENTITIES)
    )
    with pytest.raises(BadValue, match="Entities: Ticket has no entity 'sale'"):
        await choosing.set_chosen_entities(context, "Requests", "ticket", ["sale"])
    with pytest.raises(BadValue, match="'wide' is not a width"):
        await choosing.set_column_widths(context, "Requests", ["wide"])
    with pytest.raises(NotFound, match="no archive provider"):
        await choosing.get_archive_configuration(context, "Requests", "nothing")


async def test_a_chosen_entity_holds_where_a_list_names_none(context_of: ContextOf):
    context = context_of(ANNA)
    ticket_id = await make_ticket(context)
    await update_ticket(context, ticket_id, status=2)
    await choosing.set_chosen_entities(context, "Requests", "ticket", ["ticket"])
    said = ("Requests", "ticket", "", f"ticketId = {ticket_id}")
    assert await agent.get_archive_list2(context, *said, "", 0, 10) == []
    assert await agent.get_archive_list2(context, *said, ",".join(ALL_ENTITIES), 0, 10) != []


async def test_an_activity_filter_is_kept_for_its_user(context_of: ContextOf):
    context = context_of(ANNA)
    assert await choosing.get_activity_filter(context) == ActivityFilter()
    await choosing.set_activity_filter(context, ActivityFilter(from_date=NOW))
    assert (await choosing.get_activity_filter(context)).from_date == NOW
    assert (await choosing.get_activity_filter(context_of(BO))).from_date is None


async def test_columns_entities_and_providers_are_told(context_of: ContextOf):
    context = context_of(ANNA)
    assert {"Ticket", "TicketMessage", "Person", "Contact", "Associate", "CategoryMembers"} <= set(
        await agent.get_provider_names(context)
    )
    columns = await agent.get_available_columns(context, "ticket", "")
    tags = next(column for column in columns if column.name == "tags")
    assert (tags.restriction_type, tags.can_order_by) == ("intArray", False)
    entities = await agent.get_available_entities(context, "ticket", "")
    assert [e.type for e in entities] == list(ALL_ENTITIES)
    assert (await agent.create_default_archive_list_result(context)).rows == []


async def test_related_data_are_columns_of_one_row(context_of: ContextOf):
    context = context_of(ANNA)
    told = await agent.get_related_data(context, "contact", 2, ["name", "contactId"])
    shown = {t.field: t.field_value and t.field_value.display_value for t in told}
    assert shown == {"name": "Fjord AS", "contactId": "[I:2]"}
    assert await agent.get_related_data2(context, "contact", 99, "name") == []


async def test_associates_of_groups(context_of: ContextOf):
    context = context_of(ANNA)
    assert await get_group_associate_ids(context, [1]) == [2, 3, 4, 6]
    assert await get_group_associate_ids(context, [99]) == []


async def test_persons_companies_associates_and_members_are_archives(context_of: ContextOf):
    context = context_of(ANNA)
    [kari] = await fetch_list(
        context, "Person", filter="fullName begins 'Kari'", select="email/emailAddress"
    )
    assert kari["email/emailAddress"] == "kari@fjord.example"
    companies = await fetch_list(context, "contact", filter="name isPK 2 or name = 'skranke'")
    assert [row["contactId"] for row in companies] == [1, 2]
    [anna] = await fetch_list(
        context, "AllUsers", filter="assocName = 3", select="usergroup,role,ejUserId"
    )
    assert anna["usergroup"] == "First line"
    assert (anna["role"], anna["ejUserId"]) == ("Agent", 3)
    members = await fetch_list(
        context,
        "CategoryMembers",
        filter="categoryId = 2",
        order_by="fullName",
        select="fullName,weight",
    )
    assert [row["fullName"] for row in members] == ["Anna Agent", "Bo Berg"]


async def test_the_operators_of_a_type_are_a_list(context_of: ContextOf):
    asked = ListQuery(additional="datetime")
    told = await items(context_of(ANNA), "restrictionoperators", asked)
    hints = {item.type: item.extra_info for item in told}
    assert hints["before"] == "W"
    assert (hints["between"], hints["today"], hints["nextPeriod"]) == ("WW", "", "WW")
    assert await items(context_of(ANNA), "restrictionoperators", ListQuery()) == []
