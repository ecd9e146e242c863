"""JSON Patch and merge patch, with what the reference's clients expect of both."""

import json
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.catalog.priorities.carriers import TicketPriorityEntity
from skranke.catalog.statuses.carriers import TicketBaseStatus
from skranke.catalog.tags.carriers import Tag
from skranke.core.dates import Locale
from skranke.core.errors import ApiError
from skranke.http.formats import json_codec as wire_json
from skranke.http.formats.json_patch import MAX_OPERATIONS, apply_patch
from skranke.people.carriers import Associate, Person
from skranke.tickets.carriers import TicketEntity
from skranke.tickets.message_rows import TicketMessage

LOCALE = Locale(ZoneInfo("UTC"))
OSLO = Locale(ZoneInfo("Europe/Oslo"))
TICKET = TicketEntity(
    ticket_id=7,
    title="No heating",
    author="Kari",
    deadline=datetime(2026, 3, 2, 10, tzinfo=UTC),
    base_status=TicketBaseStatus.Active,
    category=TicketCategoryEntity(ticket_category_id=2, name="House", fullname="House"),
    secondary_persons=[Person(person_id=8, firstname="Ola"), Person(person_id=9)],
    tags=[Tag(id=1, name="cold"), Tag(id=2, name="urgent")],
    extra_fields={"x_floor": "[I:3]"},
    custom_fields={"x_floor": "[I:3]", "SuperOffice:1": "blue"},
)


def after(patch: Any, carrier: TicketEntity = TICKET) -> tuple[TicketEntity, set[str]]:
    body = patch if isinstance(patch, str) else json.dumps(patch)
    untouched = deepcopy(carrier)
    changed, touched = apply_patch(carrier, body.encode(), LOCALE)
    assert carrier == untouched  # a patch makes a new carrier
    return changed, set(touched)


def replace(path: str, value: Any, op: str = "replace") -> list[dict[str, Any]]:
    return [{"op": op, "path": path, "value": value}]


def patch_error(patch: Any) -> ApiError:
    with pytest.raises(ApiError) as refusal:
        after(patch)
    return refusal.value


@pytest.mark.parametrize("path", ["/Title", "Title", "title", "/TITLE"])
@pytest.mark.parametrize("op", ["replace", "add", "REPLACE"])
def test_a_path_is_read_in_any_case_with_or_without_a_slash(path: str, op: str) -> None:
    changed, touched = after(replace(path, "Warm", op))
    assert (changed.title, touched) == ("Warm", {"Title"})
    assert changed.author == "Kari"


def test_what_the_body_begins_with_says_what_it_is() -> None:
    merged, touched = after(' \n {"title": "Warm"}')
    assert (merged.title, touched) == ("Warm", {"Title"})
    listed, _ = after('\ufeff  [{"op": "replace", "path": "title", "value": "Warm"}]')
    assert listed == merged


@pytest.mark.parametrize("nothing", ["[]", "{}"])
def test_an_empty_patch_changes_nothing(nothing: str) -> None:
    assert after(nothing) == (TICKET, set())


def test_values_are_read_as_bodies_are() -> None:
    changed, _ = after(
        {"ConnectId": "12", "BaseStatus": 2, "Deadline": "/Date(0)/", "HasAttachment": "true"}
    )
    assert (changed.connect_id, changed.has_attachment) == (12, True)
    assert changed.base_status is TicketBaseStatus.Closed
    assert changed.deadline == datetime(1970, 1, 1, tzinfo=UTC)


def test_a_date_without_an_offset_is_on_the_callers_wall() -> None:
    body = b'{"Deadline": "2026-07-01T12:00:00"}'
    changed, _ = apply_patch(TICKET, body, OSLO)
    assert changed.deadline == datetime(2026, 7, 1, 10, tzinfo=UTC)


def test_an_id_as_text_refers_and_drops_what_was_known_of_the_other() -> None:
    for patch in (
        {"Category": {"TicketCategoryId": "3"}},
        replace("Category/TicketCategoryId", "3"),
        replace("category", {"ticketCategoryId": 3}),
    ):
        changed, touched = after(patch)
        assert changed.category == TicketCategoryEntity(ticket_category_id=3)
        assert touched == {"Category"}


def test_another_member_of_a_reference_leaves_the_rest() -> None:
    changed, _ = after({"Category": {"Name": "Home"}})
    assert changed.category
    assert (changed.category.ticket_category_id, changed.category.name) == (2, "Home")


def test_a_reference_is_made_where_there_was_none() -> None:
    changed, touched = after({"Priority": {"ticketPriorityId": 4}})
    assert changed.priority == TicketPriorityEntity(ticket_priority_id=4)
    assert touched == {"Priority"}


@pytest.mark.parametrize(
    ("name", "default"),
    [
        ("Title", ""),
        ("Deadline", None),
        ("Category", None),
        ("ConnectId", 0),
        ("BaseStatus", TicketBaseStatus.Unknown),
        ("Tags", []),
    ],
)
def test_null_and_remove_give_the_default(name: str, default: Any) -> None:
    merged, touched = after({name: None})
    removed, _ = after([{"op": "remove", "path": name}])
    assert merged == removed
    attribute = {"ConnectId": "connect_id", "BaseStatus": "base_status"}
    assert getattr(merged, attribute.get(name, name.lower())) == default
    assert touched == {name}


def ids(patch: Any) -> list[int]:
    return [tag.id for tag in after(patch)[0].tags]


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        (replace("Tags/-", {"Id": 9}, "add"), [1, 2, 9]),
        (replace("Tags/0", {"Id": 9}, "add"), [9, 1, 2]),
        (replace("Tags/2", {"Id": 9}, "add"), [1, 2, 9]),
        (replace("Tags/1", {"Id": 9}), [1, 9]),
        (replace("Tags/1/Id", 9), [1, 9]),
        ([{"op": "remove", "path": "/tags/0"}], [2]),
        (replace("Tags", [{"Id": 9}]), [9]),
        (replace("Tags", [{"Id": 9}, {"Id": 8}], "add"), [1, 2, 9, 8]),
        (replace("Tags", []), []),
        ({"Tags": [{"Id": 9}]}, [9]),
        ({"Tags": {"Id": 9}}, [1, 2, 9]),
    ],
)
def test_an_array_is_appended_to_replaced_or_changed_inside(
    patch: Any, expected: list[int]
) -> None:
    assert ids(patch) == expected


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        (replace("CustomFields/SuperOffice:1", "red"), {"SuperOffice:1": "red"}),
        (replace("customfields/superoffice:1", "red"), {"SuperOffice:1": "red"}),
        (replace("CustomFields", {"SuperOffice:1": "red"}), {"SuperOffice:1": "red"}),
        (replace("CustomFields", {"x_new": "1"}, "add"), {"x_new": "1"}),
        ({"CustomFields": {"X_FLOOR": "[I:4]"}}, {"x_floor": "[I:4]"}),
        ({"CustomFields": {"SuperOffice:1": None}}, {"SuperOffice:1": ""}),
        ([{"op": "remove", "path": "CustomFields/x_floor"}], {"x_floor": ""}),
        ({"CustomFields": None}, {"x_floor": "", "SuperOffice:1": ""}),
        (replace("CustomFields/a~1b~0c", "red"), {"a/b~c": "red"}),
    ],
)
def test_keys_of_a_dictionary_are_set_and_the_others_stay(
    patch: Any, expected: dict[str, str]
) -> None:
    changed, touched = after(patch)
    assert changed.custom_fields == TICKET.custom_fields | expected
    assert changed.extra_fields == TICKET.extra_fields
    assert touched == {"CustomFields"}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("Title", "No heating"),
        ("TicketId", "7"),
        ("BaseStatus", "active"),
        ("BaseStatus", 1),
        ("Deadline", "2026-03-02T11:00:00+01:00"),
        ("Category/TicketCategoryId", 2),
        ("CustomFields/superoffice:1", "blue"),
        ("Tags/1/Name", "urgent"),
        ("Priority", None),
    ],
)
def test_a_test_that_holds_lets_the_patch_go_on(path: str, value: Any) -> None:
    patch = [*replace(path, value, "test"), *replace("Author", "Ola")]
    changed, touched = after(patch)
    assert (changed.author, touched) == ("Ola", {"Author"})
    assert changed.title == TICKET.title


def test_a_test_that_fails_is_a_conflict_and_nothing_is_done() -> None:
    refusal = patch_error([*replace("Author", "Ola"), *replace("Title", "x", "test")])
    assert (refusal.status, "Title" in refusal.message) == (409, True)
    assert patch_error(replace("CustomFields/none", "x", "test")).status == 409


def test_a_test_sees_what_the_patch_has_done_before() -> None:
    changed, _ = after([*replace("Title", "x"), *replace("Title", "x", "test")])
    assert changed.title == "x"


@pytest.mark.parametrize(
    ("patch", "told"),
    [
        (replace("Department", "x"), "Department"),
        ({"Department": "x"}, "Department"),
        ({"Category": {"Id": 3}}, "Category/Id"),
        (replace("Title/Deeper", "x"), "Title/Deeper"),
        (replace("", "x"), ""),
        (replace("/", "x"), ""),
        (replace("Tags/2", {"Id": 9}), "Tags/2"),
        (replace("Tags/3", {"Id": 9}, "add"), "Tags/3"),
        (replace("Tags/-", {"Id": 9}), "Tags/-"),
        (replace("Tags/x", {"Id": 9}), "Tags/x"),
        ([{"op": "remove", "path": "Tags/2"}], "Tags/2"),
        ([{"op": "remove", "path": "CustomFields/none"}], "CustomFields/none"),
        (replace("CustomFields/x_floor/deeper", "x"), "CustomFields/x_floor/deeper"),
        ([{"op": "move", "from": "Title", "path": "Author"}], "move"),
        ([{"op": "copy", "from": "Title", "path": "Author"}], "copy"),
        (replace("Title", "x", "rename"), "rename"),
        ([{"op": "replace", "path": "Title"}], "Title"),
        ([{"op": "replace"}], "path"),
        ([7], "7"),
        (replace("ConnectId", "abc"), "ConnectId"),
        (replace("Title", "x" * 256), "Title"),
        (replace("Tags/0/Id", "abc"), "Tags.0.Id"),
        (replace("BaseStatus", "Sleeping"), "Sleeping"),
        (replace("CustomFields", "x"), "CustomFields"),
        (replace("Title", "x") * (MAX_OPERATIONS + 1), str(MAX_OPERATIONS)),
        ("7", "neither"),
        ('"Title"', "neither"),
        ("[", "JSON"),
    ],
)
def test_what_cant_be_done_is_refused_and_named(patch: Any, told: str) -> None:
    refusal = patch_error(patch)
    assert refusal.status == 400
    assert told in refusal.message


def test_links_that_come_back_are_ignored() -> None:
    links = {"Self": "http://desk.example/api/v1/Ticket/7"}
    assert after({"_Links": links}) == (TICKET, set())
    assert after(replace("/_Links/Self", "x")) == (TICKET, set())


WORDS = st.text("abc æ'\"/~", max_size=8)
IDS = st.integers(0, 2**31 - 1)
TIMES = st.none() | st.datetimes(timezones=st.just(UTC)).filter(lambda time: 2 < time.year < 9999)
PERSONS = st.builds(Person, person_id=IDS, position=WORDS, firstname=WORDS)
FIELDS = st.dictionaries(WORDS, WORDS).filter(
    lambda found: len({key.lower() for key in found}) == len(found)
)
TICKETS = st.builds(
    TicketEntity,
    ticket_id=IDS,
    title=WORDS,
    deadline=TIMES,
    owned_by=st.none() | st.builds(Associate, associate_id=IDS, name=WORDS),
    person=st.none() | PERSONS,
    secondary_persons=st.lists(PERSONS, max_size=3),
    base_status=st.sampled_from(TicketBaseStatus),
    priority=st.none() | st.builds(TicketPriorityEntity, ticket_priority_id=IDS),
    messages=st.lists(st.builds(TicketMessage, created_at=TIMES), max_size=2),
    tags=st.lists(st.builds(Tag, id=IDS, name=WORDS), max_size=3),
    custom_fields=FIELDS,
)


@settings(max_examples=100, deadline=None)
@given(ticket=TICKETS)
def test_a_merge_patch_equal_to_the_carrier_changes_nothing(ticket: TicketEntity) -> None:
    body = wire_json.encode(ticket, LOCALE)
    assert apply_patch(ticket, body, LOCALE)[0] == ticket


@settings(max_examples=100, deadline=None)
@given(before=TICKETS, wished=TICKETS)
def test_a_patch_of_every_property_makes_the_other_carrier(
    before: TicketEntity, wished: TicketEntity
) -> None:
    whole = json.loads(wire_json.encode(wished, LOCALE))
    patch = [part for name in whole for part in replace(name, whole[name])]
    changed, touched = apply_patch(before, json.dumps(patch).encode(), LOCALE)
    merged = {k.lower(): v for k, v in before.custom_fields.items()}
    merged |= {k.lower(): v for k, v in wished.custom_fields.items()}
    assert {k.lower(): v for k, v in changed.custom_fields.items()} == merged
    changed.custom_fields = wished.custom_fields
    assert changed == wished
    assert touched == whole.keys()
