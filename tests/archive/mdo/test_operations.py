"""The MDO agent's operations and the REST addresses of the lists."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from skranke.archive.mdo import operations, resources
from skranke.archive.mdo.carriers import MDOListItem, SelectableMDOListItem
from skranke.core.context import Call, Right
from skranke.core.dates import Locale
from skranke.core.errors import BadValue, Malformed, NotFound
from skranke.http.codecs import json_codec
from skranke.http.operation import OPERATIONS, Operation
from skranke.http.parameters import bound
from skranke.http.request import Head
from tests.conftest import ANNA, BO, RITA

Calling = Callable[..., Call]

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
    assert {o.right for o in [*AGENT, *REST]} == {Right.READ}


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


async def test_names_and_numbers_are_told(calling: Calling):
    call = calling(ANNA)
    names = await operations.get_list_names(call)
    assert names == sorted(names)
    assert {"associate", "person_new", "tickettype"} <= set(names)
    assert await resources.get_names(call) == names
    assert await operations.get_list_id_by_list_name(call, "TagsHeadings") == 10
    with pytest.raises(NotFound, match="'colours'"):
        await operations.get_list_id_by_list_name(call, "colours")


async def test_a_list_is_flat_only_when_forced(calling: Calling):
    call = calling(ANNA)
    await call.db.execute(
        "INSERT INTO ej_category (id, parent_id, name, fullname)"
        " VALUES (20, 1, 'Heating', 'Support/Heating')"
    )
    tree = await operations.get_list(call, "ejcategory", False, "hierarchy=1", False)
    assert ids(tree) == [2, 1]
    flat = await operations.get_list(call, "ejcategory", True, "hierarchy=1", False)
    assert ids(flat) == [2, 1, 20]
    assert flat == await operations.get_simple_list(call, "EJCategory")
    chosen = await operations.get_selectable_list(call, "ejcategory", False, "hierarchy=1", False)
    assert [ids(item.child_items) for item in chosen] == [[], [20]]


async def test_history_items_come_first_in_the_order_given(calling: Calling):
    call = calling(ANNA)
    await call.db.execute("UPDATE ticket_priority SET status = 2 WHERE id = 1")
    name = "ticketpriority"
    with_history = operations.get_list_with_history
    found = await with_history(call, name, False, "", [3, 1, 3, 99], False)
    assert ids(found) == [3, 1, 2]
    assert ids(await with_history(call, name, False, "", [3, 1], True)) == [3, 1]
    assert await operations.get_list(call, name, False, "", True) == []
    selectable = await operations.get_selectable_list_with_history(
        call, name, False, "", [3], False
    )
    assert ids(selectable) == [3, 2]


async def test_a_group_is_kept_below_its_own_history_item(calling: Calling):
    call = calling(ANNA)
    await call.db.execute(
        "INSERT INTO ej_category (id, parent_id, name, fullname)"
        " VALUES (20, 1, 'Heating', 'Support/Heating')"
    )
    found = await operations.get_list_with_history(
        call, "ejcategory", False, "hierarchy=1", [1], False
    )
    assert [(i.id, ids(i.child_items)) for i in found] == [(1, []), (2, []), (1, [20])]


async def test_a_restriction_narrows_a_list_by_words(calling: Calling):
    call = calling(ANNA)
    restricted = operations.get_list_with_restriction
    assert ids(await restricted(call, "associate", "", "an ag")) == [3]
    assert ids(await restricted(call, "person_new", "", "kunde")) == [7, 8]
    assert ids(await restricted(call, "ticketread", "", "")) == [0, 1, 2, 3]
    selectable = await operations.get_selectable_list_with_restriction(call, "associate", "", "bo")
    assert ids(selectable) == [4]


async def test_a_single_item_is_null_when_it_is_not_in_the_list(calling: Calling):
    call = calling(ANNA)
    found = await operations.get_list_item(call, "ticketstatus", 5)
    assert found == MDOListItem(id=5, name="Merged", extra_info="Merged")
    assert await operations.get_list_item(call, "ticketstatus", 6) is None


async def set_selected(
    call: Call, name: str, additional: str, **wish: bool
) -> list[SelectableMDOListItem]:
    wished = [SelectableMDOListItem(id=int(i[1:]), selected=s) for i, s in wish.items()]
    return await operations.set_selected(call, name, additional, wished)


async def selection(call: Call, name: str, additional: str = "") -> list[int]:
    found = await operations.get_selectable_list(call, name, False, additional, False)
    return [item.id for item in found if item.selected]


async def test_a_choice_is_kept_until_it_is_dropped(calling: Calling):
    call = calling(ANNA)
    updated = await set_selected(call, "TicketRead", "", _2=True, _3=True, _1=False)
    assert [(i.id, i.name, i.selected, i.last_changed) for i in updated] == [
        (2, "New information", True, call.now),
        (3, "Not read by owner", True, call.now),
        (1, "Read by owner", False, None),
    ]
    assert await selection(call, "ticketread") == [2, 3]
    later = calling(ANNA, now=LATER)
    await set_selected(later, "ticketread", "", _2=True, _3=False)
    simple = await operations.get_selectable_simple_list(later, "ticketread")
    chosen = [(i.id, i.last_changed) for i in simple if i.selected]
    assert chosen == [(2, call.now)]
    over_rest = await resources.get_selectable_list(later, "ticketread", False, "")
    assert over_rest == simple


async def test_a_choice_is_the_callers_own_and_one_per_additional_info(calling: Calling):
    await set_selected(calling(ANNA), "tickettype", "a=1", _1=True)
    assert await selection(calling(ANNA), "tickettype", "a=1") == [1]
    assert await selection(calling(ANNA), "tickettypewithallitem", "a=1") == [1]
    assert await selection(calling(ANNA), "tickettype") == []
    assert await selection(calling(BO), "tickettype", "a=1") == []


async def test_children_are_chosen_with_their_groups(calling: Calling):
    call = calling(ANNA)
    await call.db.execute(
        "INSERT INTO ej_category (id, parent_id, name, fullname)"
        " VALUES (20, 1, 'Heating', 'Support/Heating')"
    )
    child = SelectableMDOListItem(id=20, selected=True)
    group = SelectableMDOListItem(id=1, child_items=[child])
    await operations.set_selected(call, "ejcategory", "", [group])
    assert await selection(call, "ejcategory") == [20]


async def test_an_id_that_is_not_in_the_list_changes_nothing(calling: Calling):
    with pytest.raises(BadValue, match="SelectableMDOList: 9 is not in ticketread"):
        await set_selected(calling(ANNA), "ticketread", "", _1=True, _9=True)
    assert await selection(calling(ANNA), "ticketread") == []
    with pytest.raises(BadValue, match="2 is not in ejcategory"):
        await set_selected(calling(RITA), "ejcategory", "", _2=True)


def parsed(operation: Operation, parts: dict[str, str], query: str) -> dict[str, Any]:
    pairs = dict(pair.split("=") for pair in query.split("&") if pair)
    head = Head(method="GET", path="", query=pairs, headers={}, peer="")
    return bound(operation, head, parts, b"", UTC_ZONE)[0]


@pytest.mark.parametrize("text", ["True", "true", "TRUE", "1"])
def test_flat_is_read_in_any_spelling(text: str):
    [operation] = [o for o in REST if o.path == "/api/v1/MDOList/{name}"]
    assert parsed(operation, {"name": "tags"}, f"flat={text}&query=x") == {
        "name": "tags",
        "flat": True,
        "additional": "",
        "query": "x",
        "search": "",
    }
    assert parsed(operation, {"name": "tags"}, "")["flat"] is False
    with pytest.raises(Malformed):
        parsed(operation, {"name": "tags"}, "flat=perhaps")


async def test_a_query_over_rest_implies_flat(calling: Calling):
    call = calling(ANNA)
    await call.db.execute(
        "INSERT INTO ej_category (id, parent_id, name, fullname)"
        " VALUES (20, 1, 'Heating', 'Support/Heating')"
    )
    tree = "hierarchy=true"
    get = resources.get_list
    assert ids(await get(call, "ejcategory", False, tree, "", "")) == [2, 1]
    assert ids(await get(call, "ejcategory", True, tree, "", "")) == [2, 1, 20]
    assert ids(await get(call, "ejcategory", False, tree, "heat", "")) == [20]
    assert ids(await get(call, "ejcategory", False, tree, "", "heat")) == [20]
    with pytest.raises(NotFound, match="'colours'"):
        await get(call, "colours", False, "", "", "")


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
