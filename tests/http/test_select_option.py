"""`$select`: what is kept, what becomes its default, and what it applies to."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import skranke.app  # noqa: F401 # pyright: ignore[reportUnusedImport]
from skranke.archive.mdo.carriers import MDOListItem
from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.catalog.priorities.carriers import TicketPriorityEntity
from skranke.catalog.sales.carriers import Sale
from skranke.catalog.statuses.carriers import TicketBaseStatus
from skranke.catalog.tags.carriers import Tag
from skranke.core.schema import NO_WALL_TIME, ETableRight, FieldProperty, TableRight
from skranke.http.operation import OPERATIONS
from skranke.http.select_option import may_select, select_properties
from skranke.people.carriers import Person
from skranke.tickets.carriers import TicketEntity
from tests.http.test_properties import carriers, few

CATEGORY = TicketCategoryEntity(ticket_category_id=4, name="Heat", parent_id=2)
TICKET = TicketEntity(
    ticket_id=7,
    title="No heating",
    created_at=datetime(2026, 3, 2, tzinfo=UTC),
    base_status=TicketBaseStatus.Active,
    has_attachment=True,
    time_spent=9,
    category=CATEGORY,
    person=Person(position="Chief", person_id=3, firstname="Kari"),
    tags=[Tag(id=1, name="a", tool_tip="x"), Tag(id=2, name="b")],
    custom_fields={"SuperOffice:1": "x", "x_name": "y"},
    table_right=TableRight(mask=ETableRight.FULL),
    field_properties={"Title": FieldProperty(field_length=239)},
)


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        ("title", {"title": "No heating"}),
        ("TITLE, TimeSpent ,", {"title": "No heating", "time_spent": 9}),
        ("TicketId", {}),
        ("id", {}),
        ("title,nope", {"title": "No heating"}),
        (
            "HasAttachment,BaseStatus",
            {"has_attachment": True, "base_status": TicketBaseStatus.Active},
        ),
        ("createdat", {"created_at": TICKET.created_at}),
        ("category", {"category": CATEGORY}),
        ("category,category/name", {"category": CATEGORY}),
        ("category/name,category/", {"category": CATEGORY}),
        ("category/id", {"category": TicketCategoryEntity(ticket_category_id=4)}),
        ("Category/TicketCategoryId", {"category": TicketCategoryEntity(ticket_category_id=4)}),
        ("category/Name,category/ParentId", {"category": CATEGORY}),
        ("category/nope", {"category": CATEGORY}),
        ("person/firstname", {"person": Person(person_id=3, firstname="Kari")}),
        ("owned_by,sale/id,status/name,TITLE/x", {"title": "No heating"}),
        ("tags", {"tags": TICKET.tags}),
        ("tags/name", {"tags": [Tag(id=1, name="a"), Tag(id=2, name="b")]}),
        ("customfields", {"custom_fields": TICKET.custom_fields}),
        ("customfields/X_Name", {"custom_fields": {"x_name": "y"}}),
        ("TableRight", {"table_right": TICKET.table_right}),
        (
            "FieldProperties/title/fieldlength",
            {"field_properties": {"Title": FieldProperty(field_length=239)}},
        ),
    ],
)
def test_the_named_and_the_key_are_kept(names: str, kept: dict[str, Any]):
    assert select_properties(TICKET, names) == TicketEntity(ticket_id=7, **kept)


@pytest.mark.parametrize("names", ["", " , ", "nope", "nope,no/title", "*"])
def test_where_no_name_is_known_all_is_kept(names: str):
    assert select_properties(TICKET, names) == TICKET


def test_the_key_is_the_first_that_is_called_so():
    person = Person(position="Chief", person_id=3, contact_id=5, firstname="Kari")
    assert select_properties(person, "firstname") == Person(person_id=3, firstname="Kari")
    sale = Sale(contact_name="x", sale_id=4, contact_id=5)
    assert select_properties(sale, "contactname") == Sale(contact_name="x", sale_id=4)
    right = TableRight(mask=ETableRight.FULL, reason="none")
    assert select_properties(right, "mask") == TableRight(mask=ETableRight.FULL)


def test_a_wall_time_becomes_the_null_date():
    hours = TicketPriorityEntity(ticket_priority_id=1, mon_start=datetime(1, 1, 1, 8))  # noqa: DTZ001 - naive on the wire
    assert select_properties(hours, "name").mon_start == NO_WALL_TIME


def test_arrays_are_trimmed_item_by_item():
    items = [MDOListItem(id=1, name="a", tool_tip="x"), MDOListItem(id=2, name="b")]
    expected = [MDOListItem(id=1, name="a"), MDOListItem(id=2, name="b")]
    assert select_properties(items, "name") == expected
    assert select_properties([], "name") == []


@pytest.mark.parametrize("value", [None, 5, "text", True, b"x", [1, 2]])
def test_what_has_no_properties_stays(value: Any):
    assert select_properties(value, "title") == value


def test_a_very_long_path_is_only_a_name():
    assert select_properties(TICKET, "title/" + "x/" * 100_000 + "x").title == "No heating"
    assert select_properties(TICKET, ",".join(f"x{at}" for at in range(100_000))) == TICKET


NAMES = st.sampled_from([*TicketEntity.__struct_encode_fields__, "tags/name", "x", "/"])


@few
@given(carriers(TicketEntity), st.lists(NAMES, max_size=4).map(",".join))
def test_trimming_copies_and_is_the_same_when_done_again(ticket: TicketEntity, names: str):
    before = msgspec.json.encode(ticket)
    once = select_properties(ticket, names)
    assert msgspec.json.encode(ticket) == before
    assert once.ticket_id == ticket.ticket_id
    assert select_properties(once, names) == once


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("GetTicketEntity", True),
        ("GetTickets", True),
        ("SaveTicketEntity", False),
        ("CreateDefaultTicketEntity", False),
    ],
)
def test_it_applies_to_all_but_defaults_and_plain_saves(name: str, expected: bool):
    [found] = [o for o in OPERATIONS if o.name == name and "/Agents/" in o.path]
    assert may_select(found) is expected
    assert may_select(msgspec.structs.replace(found, path="/api/v1/Ticket")) is False


def test_it_applies_to_a_save_that_wraps_its_entity():
    [save] = [o for o in OPERATIONS if o.name == "SaveTicketEntity"]
    assert may_select(msgspec.structs.replace(save, entity=None))
