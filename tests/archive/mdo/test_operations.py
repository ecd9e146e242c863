"""The MDO agent's operations and the REST addresses of the lists."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import msgspec
import pytest

from skranke.archive.mdo import operations, resources
from skranke.archive.mdo.carriers import MDOListItem, SelectableMDOListItem
from skranke.core.context import Permission, RequestContext
from skranke.core.dates import Locale
from skranke.core.errors import BadValue, MalformedRequest, NotFound
from skranke.http.formats import json_codec
from skranke.http.operation import OPERATIONS, Operation
from skranke.http.parameters import read_parameters
from skranke.http.request import Head
from tests.cast import ANNA, BO, RITA, ContextOf

LATER = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
UTC_ZONE = Locale(ZoneInfo("UTC"))
AGENT = [o for o in OPERATIONS if o.agent == "MDO"]
REST = [o for o in OPERATIONS if o.agent == "MDOList"]


def ids(found: list[Any]) -> list[int]:
    return [item.id for item in found]


def test_the_whole_agent_is_published():
    assert {o.name for o in AGENT} == {
        "GetList",
        "GetListWithHistory",
        "GetListWithRestriction",
        "GetSimpleList",
        "GetListItem",
        "GetListNames",
        "GetListIdByListName",
        "GetSelectableList",
        "GetSelectableListWithRestriction",
        "GetSelectableListWithHistory",
        "GetSelectableSimpleList",
        "SetSelected",
    }


def test_every_list_asks_for_the_right_to_read():
    assert {o.permission for o in [*AGENT, *REST]} == {Permission.READ}


@pytest.mark.parametrize(
    ("name", "members"),
    [
        ("GetList", ("Name", "ForceFlatList", "AdditionalInfo", "OnlyHistory")),
        (
            "GetListWithHistory",
            ("Name", "ForceFlatList", "AdditionalInfo", "HistoryItems", "OnlyHistory"),
        ),
        ("GetListWithRestriction", ("Name", "AdditionalInfo", "SearchValue")),
        ("GetListItem", ("ListName", "Id")),
        ("SetSelected", ("Name", "AdditionalInfo", "SelectableMDOList")),
    ],
)
def test_bodies_have_the_members_of_the_contract(name: str, members: tuple[str, ...]):
    [operation] = [o for o in AGENT if o.name == name]
    assert operation.body
    assert operation.body.__struct_encode_fields__ == members


async def test_names_and_numbers_are_told(context_of: ContextOf):
    context = context_of(ANNA)
    names = await operations.get_list_names(context)
    assert names == sorted(names)
    assert {"associate", "person_new", "tickettype"} <= set(names)
    assert await resources.get_names(context) == names
    assert await operations.get_list_id_by_list_name(context, "TagsHeadings") == 10
    with pytest.raises(NotFound, match="'colours'"):
        await operations.get_list_id_by_list_name(context, "colours")


async def test_a_list_is_flat_only_when_forced(context_of: ContextOf):
    context = context_of(ANNA)
    await context.db.execute(
        "INSERT INTO ej_category (id, parent_id, name, fullname)"
        " VALUES (20, 1, 'Heating', 'Support/Heating')"
    )
    tree = await operations.get_list(context, "ejcategory", False, "hierarchy=1", False)
    assert ids(tree) == [2, 1]
    flat = await operations.get_list(context, "ejcategory", True, "hierarchy=1", False)
    assert ids(flat) == [2, 1, 20]
    assert flat == await operations.get_simple_list(context, "EJCategory")
    chosen = await operations.get_selectable_list(
        context, "ejcategory", False, "hierarchy=1", False
    )
    assert [ids(item.child_items) for item in chosen] == [[], [20]]


async def test_history_items_come_first_in_the_order_given(context_of: ContextOf):
    context = context_of(ANNA)
    await context.db.execute("UPDATE ticket_priority SET status = 2 WHERE id = 1")
    name = "ticketpriority"
    with_history = operations.get_list_with_history
    found = await with_history(context, name, False, "", [3, 1, 3, 99], False)
    assert ids(found) == [3, 1, 2]
    assert ids(await with_history(context, name, False, "", [3, 1], True)) == [3, 1]
    assert await operations.get_list(context, name, False, "", True) == []
    selectable = await operations.get_selectable_list_with_history(
        context, name, False, "", [3], False
    )
    assert ids(selectable) == [3, 2]


async def test_a_group_is_kept_below_its_own_history_item(context_of: ContextOf):
    context = context_of(ANNA)
    await context.db.execute(
        "INSERT INTO ej_category (id, parent_id, name, fullname)"
        " VALUES (20, 1, 'Heating', 'Support/Heating')"
    )
    found = await operations.get_list_with_history(
        context, "ejcategory", False, "hierarchy=1", [1], False
    )
    assert [(i.id, ids(i.child_items)) for i in found] == [(1, []), (2, []), (1, [20])]


async def test_a_restriction_narrows_a_list_by_words(context_of: ContextOf):
    context = context_of(ANNA)
    restricted = operations.get_list_with_restriction
    assert ids(await restricted(context, "associate", "", "an ag")) == [3]
    assert ids(await restricted(context, "person_new", "", "kunde")) == [7, 8]
    assert ids(await restricted(context, "ticketread", "", "")) == [0, 1, 2, 3]
    selectable = await operations.get_selectable_list_with_restriction(
        context, "associate", "", "bo"
    )
    assert ids(selectable) == [4]


async def test_a_single_item_is_null_when_it_is_not_in_the_list(context_of: ContextOf):
    context = context_of(ANNA)
    found = await operations.get_list_item(context, "ticketstatus", 5)
    assert found == MDOListItem(id=5, name="Merged", extra_info="Merged")
    assert await operations.get_list_item(context, "ticketstatus", 6) is None


async def set_selected(
    context: RequestContext, name: str, additional: str, **wish: bool
) -> list[SelectableMDOListItem]:
    wished = [SelectableMDOListItem(id=int(i[1:]), selected=s) for i, s in wish.items()]
    return await operations.set_selected(context, name, additional, wished)


async def selection(context: RequestContext, name: str, additional: str = "") -> list[int]:
    found = await operations.get_selectable_list(context, name, False, additional, False)
    return [item.id for item in found if item.selected]


async def test_a_choice_is_kept_until_it_is_dropped(context_of: ContextOf):
    context = context_of(ANNA)
    updated = await set_selected(context, "TicketRead", "", _2=True, _3=True, _1=False)
    assert [(i.id, i.name, i.selected, i.last_changed) for i in updated] == [
        (2, "New information", True, context.now),
        (3, "Not read by owner", True, context.now),
        (1, "Read by owner", False, None),
    ]
    assert await selection(context, "ticketread") == [2, 3]
    later = context_of(ANNA, now=LATER)
    await set_selected(later, "ticketread", "", _2=True, _3=False)
    simple = await operations.get_selectable_simple_list(later, "ticketread")
    chosen = [(i.id, i.last_changed) for i in simple if i.selected]
    assert chosen == [(2, context.now)]
    over_rest = await resources.get_selectable_list(later, "ticketread", False, "")
    assert over_rest == simple


async def test_a_choice_is_the_callers_own_and_one_per_additional_info(context_of: ContextOf):
    await set_selected(context_of(ANNA), "tickettype", "a=1", _1=True)
    assert await selection(context_of(ANNA), "tickettype", "a=1") == [1]
    assert await selection(context_of(ANNA), "tickettypewithallitem", "a=1") == [1]
    assert await selection(context_of(ANNA), "tickettype") == []
    assert await selection(context_of(BO), "tickettype", "a=1") == []


async def test_children_are_chosen_with_their_groups(context_of: ContextOf):
    context = context_of(ANNA)
    await context.db.execute(
        "INSERT INTO ej_category (id, parent_id, name, fullname)"
        " VALUES (20, 1, 'Heating', 'Support/Heating')"
    )
    child = SelectableMDOListItem(id=20, selected=True)
    group = SelectableMDOListItem(id=1, child_items=[child])
    await operations.set_selected(context, "ejcategory", "", [group])
    assert await selection(context, "ejcategory") == [20]


async def test_an_id_that_is_not_in_the_list_changes_nothing(context_of: ContextOf):
    with pytest.raises(BadValue, match="SelectableMDOList: 9 is not in ticketread"):
        await set_selected(context_of(ANNA), "ticketread", "", _1=True, _9=True)
    assert await selection(context_of(ANNA), "ticketread") == []
    with pytest.raises(BadValue, match="2 is not in ejcategory"):
        await set_selected(context_of(RITA), "ejcategory", "", _2=True)


def parameters_of(operation: Operation, parts: dict[str, str], query: str) -> dict[str, Any]:
    pairs = parse_qsl(query)
    head = Head(method="GET", path="", query=dict(pairs), pairs=pairs, headers={}, peer="")
    return read_parameters(operation, head, parts, b"", UTC_ZONE)[0]


@pytest.mark.parametrize("text", ["True", "true", "TRUE", "1"])
def test_flat_is_read_in_any_spelling(text: str):
    [operation] = [o for o in REST if o.path == "/api/v1/MDOList/{name}"]
    assert parameters_of(operation, {"name": "tags"}, f"flat={text}&query=x") == {
        "name": "tags",
        "flat": True,
        "additional": "",
        "query": "x",
        "search": "",
    }
    assert parameters_of(operation, {"name": "tags"}, "")["flat"] is False
    with pytest.raises(MalformedRequest):
        parameters_of(operation, {"name": "tags"}, "flat=perhaps")


async def test_a_query_over_rest_implies_flat(context_of: ContextOf):
    context = context_of(ANNA)
    await context.db.execute(
        "INSERT INTO ej_category (id, parent_id, name, fullname)"
        " VALUES (20, 1, 'Heating', 'Support/Heating')"
    )
    tree = "hierarchy=true"
    get = resources.get_list
    assert ids(await get(context, "ejcategory", False, tree, "", "")) == [2, 1]
    assert ids(await get(context, "ejcategory", True, tree, "", "")) == [2, 1, 20]
    assert ids(await get(context, "ejcategory", False, tree, "heat", "")) == [20]
    assert ids(await get(context, "ejcategory", False, tree, "", "heat")) == [20]
    with pytest.raises(NotFound, match="'colours'"):
        await get(context, "colours", False, "", "", "")


def test_items_have_every_property_on_the_wire():
    child = SelectableMDOListItem(id=2)
    body = json_codec.encode([SelectableMDOListItem(id=1, child_items=[child])], UTC_ZONE)
    [item] = msgspec.json.decode(body)
    assert list(item) == [
        "Id",
        "Name",
        "ToolTip",
        "Deleted",
        "Rank",
        "Type",
        "ColorBlock",
        "IconHint",
        "Selected",
        "LastChanged",
        "ChildItems",
        "ExtraInfo",
        "StyleHint",
        "Hidden",
        "FullName",
        "TableRight",
        "FieldProperties",
    ]
    assert item["LastChanged"] == item["ChildItems"][0]["LastChanged"]
    assert item["LastChanged"] == "0001-01-01T00:00:00"


def test_the_vendors_camel_case_body_is_read():
    [operation] = [o for o in AGENT if o.name == "SetSelected"]
    body = b'{"name":"tags","selectableMDOList":[{"id":1,"childItems":[{"id":2}]}]}'
    read, _ = json_codec.decode(body, operation.body, UTC_ZONE)
    assert ids(read.selectable_m_d_o_list[0].child_items) == [2]
    long = msgspec.json.encode({"Name": "tags", "AdditionalInfo": "x" * 256})
    with pytest.raises(BadValue, match="AdditionalInfo"):
        json_codec.decode(long, operation.body, UTC_ZONE)
