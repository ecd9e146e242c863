"""Form bodies: every spelling of a path, and what is not a form."""

import json as standard
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from random import Random
from typing import Annotated, Any, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec import Meta, field

from skranke.catalog.categories.carriers import TicketCategoryEntity, TicketCategoryFlags
from skranke.catalog.statuses.carriers import TicketBaseStatus
from skranke.catalog.tags.carriers import Tag
from skranke.core.dates import Locale
from skranke.core.errors import (
    ApiError,
    BadValue,
    MalformedRequest,
    UnsupportedMediaType,
    error_body,
)
from skranke.core.schema import Carrier, EFieldRight, FieldProperty, FieldRight, Int32
from skranke.http import negotiation as content
from skranke.http.formats import form, json_codec
from skranke.http.request import Head
from skranke.people.carriers import Person
from skranke.tickets.carriers import TicketEntity
from tests.http.test_properties import LOCALES, SHAPES, carriers, few, many

Pairs = Iterator[tuple[str, str]]
OSLO = Locale(ZoneInfo("Europe/Oslo"))
IDS = list[Int32]


class FormNode(Carrier):
    name: Annotated[str, Meta(max_length=5)] = ""
    weight: float = 0.0
    content: bytes = b""
    maybe: Int32 | None = None
    words: list[str] = field(default_factory=list)
    rows: list[list[Int32]] = field(default_factory=list)
    nodes: "list[FormNode]" = field(default_factory=list)


def read(body: bytes | str, shape: Any = TicketEntity) -> Any:
    body = body.encode() if isinstance(body, str) else body
    return form.decode(body, shape, OSLO)[0]


def posted_names(body: str) -> set[str]:
    return set(form.decode(body.encode(), TicketEntity, OSLO)[1])


def refusal(body: bytes | str, shape: Any = TicketEntity) -> ApiError:
    with pytest.raises(ApiError) as refused:
        read(body, shape)
    assert refused.value.status == 400
    return refused.value


@pytest.mark.parametrize(
    "name",
    [
        "Category.TicketCategoryId",
        "category.ticketcategoryid",
        "Category[TicketCategoryId]",
        "CATEGORY[ticketCategoryId]",
        "Category%5BTicketCategoryId%5D",
        "Category%2eTicketCategoryId",
    ],
)
def test_a_path_is_dotted_or_bracketed_in_any_case(name: str):
    assert read(f"{name}=3").category == TicketCategoryEntity(ticket_category_id=3)


@pytest.mark.parametrize(
    "body",
    [
        "Tags[0].Id=1&Tags[1].Id=2",
        "Tags[0][Id]=1&Tags[1][Id]=2",
        "tags.0.id=1&tags.1.id=2",
        "Tags[7].Id=2&Tags[3].Id=1",
        "Tags[].Id=1&Tags[].Id=2",
        "Tags[].Id=2&tags[00].ID=1",
        "Tags%5B0%5D.Id=1&TAGS%5B1%5D%5Bid%5D=2",
    ],
)
def test_an_array_of_carriers_is_indexed(body: str):
    assert read(body).tags == [Tag(id=1), Tag(id=2)]


def test_members_of_an_item_may_stand_anywhere():
    body = "Tags[1].Name=b&Title=x&tags[0][name]=a&Tags[1].Id=2&tags[0].id=1"
    assert read(body).tags == [Tag(id=1, name="a"), Tag(id=2, name="b")]


@pytest.mark.parametrize(
    "body",
    [
        "=1&=2",
        "ids=1&ids=2",
        "ids[]=1&ids[]=2",
        "ids[0]=1&ids[1]=2",
        "[]=1&[]=2",
        "[1]=2&[0]=1",
        "ids[1]=2&ids[0]=1",
        "anything=1&=2",
        "ids[0]=1&ids=2",
        "ids=+1&ids=2.0",
    ],
)
def test_a_body_may_be_an_array(body: str):
    assert read(body, IDS) == [1, 2]


def test_a_body_may_be_an_array_of_carriers():
    expected = [Tag(id=1), Tag(id=2, name="b")]
    assert read("[0].Id=1&[1].Id=2&[1].Name=b", list[Tag]) == expected
    assert read("tags[0].Id=1&tags[1].Id=2&tags[1].Name=b", list[Tag]) == expected


def test_arrays_of_values_are_repeated_or_indexed_and_may_lie_in_each_other():
    node = read("words=a&words[]=b&words[0]=&rows[0][]=1&rows[0][]=2&rows[1][0]=3", FormNode)
    assert node.words == ["", "a", "b"]
    assert node.rows == [[1, 2], [3]]
    deep = read("nodes[0].nodes[0].name=a&nodes[0].nodes[1].name=b", FormNode)
    assert [node.name for node in deep.nodes[0].nodes] == ["a", "b"]


def test_dictionaries_keep_the_case_of_their_keys():
    ticket = read(
        "CustomFields[SuperOffice:1]=x&customfields[x_Name]=y&CustomFields[a.b]=z"
        "&CustomFields.x_dotted=w&CustomFields[]=v&CustomFields[7]=u&CustomFields[7]=t"
    )
    assert ticket.custom_fields == {
        "SuperOffice:1": "x",
        "x_Name": "y",
        "a.b": "z",
        "x_dotted": "w",
        "": "v",
        "7": "t",
    }


def test_dictionaries_hold_carriers():
    ticket = read("FieldProperties[Title].FieldRight.Mask=67&fieldProperties[x][fieldType]=t")
    right = FieldRight(mask=EFieldRight.of(67))
    assert ticket.field_properties == {
        "Title": FieldProperty(field_right=right),
        "x": FieldProperty(field_type="t"),
    }


def test_values_are_read_as_in_json():
    ticket = read(
        "TicketId=3.0&HasAttachment=1&BaseStatus=active&Category.Flags=Internal,membersonly"
        "&Origin=1&CreatedAt=2026-07-01T12:00:00&Deadline=2026-07-01T12:00:00%2B05:00"
        "&ClosedAt=0001-01-01T00:00:00&ConnectId=&TimeSpent=%2B5"
    )
    assert (ticket.ticket_id, ticket.has_attachment, ticket.time_spent) == (3, True, 5)
    assert ticket.base_status is TicketBaseStatus.Active
    flags = TicketCategoryFlags.Internal | TicketCategoryFlags.MembersOnly
    assert ticket.category.flags is flags
    assert ticket.created_at == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert ticket.deadline == datetime(2026, 7, 1, 7, tzinfo=UTC)
    assert ticket.closed_at is None
    node = read("weight=1.5e3&content=aGk%2B&maybe=4", FormNode)
    assert node == FormNode(weight=1500.0, content=b"hi>", maybe=4)


def test_plus_and_percent_are_utf_8():
    assert read("Title=Sm%C3%B8r+og%20br%C3%B8d+%2B+%26").title == "Smør og brød + &"
    assert read("Title=Smør").title == "Smør"
    assert read("Title=100%").title == "100%"
    assert read("Title=a=b").title == "a=b"


@pytest.mark.parametrize("body", [b"Title=%ff", b"Title=\xff", b"%ff=1", b"Title=%ED%A0%80"])
def test_what_is_no_utf_8_is_refused(body: bytes):
    assert "UTF-8" in refusal(body).message


def test_the_last_of_repeated_names_wins():
    assert read("Title=a&title=b").title == "b"
    assert read("Person.PersonId=1&person[personid]=2").person == Person(person_id=2)


def test_blank_is_null_or_empty():
    ticket, had = form.decode(b"Person=&Tags=&CustomFields=&Title=&Messages[]=", TicketEntity, OSLO)
    assert ticket == TicketEntity()
    assert had == {"Person", "Tags", "CustomFields", "Title", "Messages"}
    assert read("ids=", IDS) == []
    assert read("ids[]=&ids[]=1&ids[]=2", IDS) == [1, 2]


def test_unknown_names_are_ignored():
    body = "Nope=1&Nope.x[3]=2&Title=a&Person.Nope=1&_Links[Self]=x&Person.PersonId=3"
    ticket = read(body)
    assert (ticket.title, ticket.person.person_id) == ("a", 3)
    assert posted_names(body) == {"Title", "Person"}


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ("Category=1&Category.Name=x", "Category"),
        ("Category.Name=x&category=", "Category"),
        ("Title=1&Title.x=2", "Title"),
        ("Tags[0]=1&Tags[0].Id=2", "Tags[0]"),
        ("CustomFields=1&CustomFields[x]=2", "CustomFields"),
        ("CustomFields[x]=1&CustomFields[x][y]=2", "CustomFields[x]"),
        ("Person.Position=1&Person.Position.x=2", "Person.Position"),
    ],
)
def test_a_value_and_members_in_one_place_are_refused(body: str, path: str):
    refused = refusal(body)
    assert isinstance(refused, MalformedRequest)
    assert refused.message == f"{path}: it is given both a value and members"


@pytest.mark.parametrize(
    ("body", "tree"),
    [
        ("ticketId=abc", {"TicketId": "abc"}),
        ("Title.x=1", {"Title": {"x": "1"}}),
        ("Category=3", {"Category": "3"}),
        ("CustomFields=3", {"CustomFields": "3"}),
        ("CustomFields[a][b]=3", {"CustomFields": {"a": {"b": "3"}}}),
        ("Tags=3", {"Tags": ["3"]}),
        ("Tags[0].Id=1&Tags[1].Id=x", {"Tags": [{"Id": "1"}, {"Id": "x"}]}),
        ("Category[TicketCategoryId]=x", {"Category": {"TicketCategoryId": "x"}}),
        ("Category.Flags=Nope", {"Category": {"Flags": "Nope"}}),
        ("CreatedAt=yesterday", {"CreatedAt": "yesterday"}),
        ("BaseStatus=99", {"BaseStatus": "99"}),
        ("HasAttachment=perhaps", {"HasAttachment": "perhaps"}),
        ("TicketId=3000000000", {"TicketId": "3000000000"}),
        (f"Title={'x' * 256}", {"Title": "x" * 256}),
        ("Title=%00", {"Title": "\0"}),
        ("CustomFields[%00]=x", {"CustomFields": {"\0": "x"}}),
    ],
)
def test_faults_are_named_as_in_json(body: str, tree: Any):
    with pytest.raises((BadValue, MalformedRequest)) as refused:
        json_codec.decode(standard.dumps(tree).encode(), TicketEntity, OSLO)
    assert refusal(body).message == refused.value.message


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("Tags.Id=1", "Tags: 'Id' is not an index of an array"),
        ("Tags[-1].Id=1", "Tags: '-1' is not an index of an array"),
        ("Tags[²].Id=1", "Tags: '²' is not an index of an array"),
        ("Tags[10001].Id=1", "Tags: the index 10001 is above 10000"),
        ("Tags[999999999].Id=1", "Tags: the index 999999999 is above 10000"),
        ("Tags[9999999999].Id=1", "Tags: '9999999999' is not an index of an array"),
        ("Tags[0]Id=1", "Tags[0]Id is not a path to a member."),
        ("Tags[0=1", "Tags[0 is not a path to a member."),
        ("a]=1", "a] is not a path to a member."),
        ("[Category].[Name]=1", "[Category].[Name] is not a path to a member."),
        ("a..b=1", "a..b is not a path to a member."),
        ("=1", "The body: '1' is not an object (TicketEntity)"),
        ("=", "The body is missing."),
    ],
)
def test_a_path_that_leads_nowhere_is_refused(body: str, said: str):
    assert refusal(body).message == said


@pytest.mark.parametrize(
    "body",
    [
        '{"Title":"a=b"}',
        ' \r\n{"Title":"x"}',
        '[{"Id":"="}]',
        "[[1]]",
        '"a=b"',
        '<TicketEntity a="b"/>',
        "Title",
        "Title&Name",
        "{}",
        "",
    ],
)
def test_what_is_no_form_is_refused_as_such(body: str):
    assert "not a form" in refusal(body).message


def test_an_index_costs_no_more_than_its_item():
    assert read("ids[10000]=2&ids[9]=1&ids=3", IDS) == [1, 2, 3]
    rows = "&".join(f"rows[{at}][{10_000 - at}]={at}" for at in range(10_000))
    assert read(rows, FormNode).rows == [[at] for at in range(10_000)]


def test_ten_thousand_names_are_read_and_no_more():
    assert read("&".join(["ids=7"] * 10_000), IDS) == [7] * 10_000
    assert "10000 names" in refusal("&".join(["ids=7"] * 10_001), IDS).message
    assert "10000 names" in refusal("=" + "&" * 1_000_000).message


def test_paths_have_sixty_four_steps_and_no_more():
    assert str(read("nodes[0]." * 31 + "name=a", FormNode)).count("Node(") == 32
    assert "64 levels" in refusal("nodes[0]." * 32 + "name=a", FormNode).message
    assert "64 levels" in refusal("Nope" + "[x]" * 500_000 + "=1").message


DICTIONARIES = ("ExtraFields", "CustomFields", "FieldProperties")
Spell = Callable[[str], str]


def flat(tree: Any, spell: Spell, path: str = "", holder: str = "") -> Pairs:
    """What JSON holds as names and values; `spell` writes a member as a step."""
    if tree in (None, [], {}):
        yield path, ""
    elif isinstance(tree, list):
        for index, item in enumerate(cast("list[Any]", tree)):
            yield from flat(item, spell, f"{path}[{index}]")
    elif isinstance(tree, dict):
        for name, item in cast("dict[str, Any]", tree).items():
            assume(holder not in DICTIONARIES or "]" not in name)  # which ends a key
            step = f"[{name}]" if holder in DICTIONARIES else spell(name)
            inner = path + step if path else name
            yield from flat(item, spell, inner, "" if holder in DICTIONARIES else name)
    else:
        yield path, tree if isinstance(tree, str) else standard.dumps(tree)


def dot_spelling(name: str) -> str:
    return f".{name}"


def bracket_spelling(name: str) -> str:
    return f"[{name[:1].lower()}{name[1:]}]"


@few
@given(
    carriers(TicketEntity),
    st.sampled_from([x for x in LOCALES if x.offset]),
    st.sampled_from([dot_spelling, bracket_spelling]),
    st.randoms(use_true_random=False),
)
def test_any_ticket_comes_in_as_a_form_as_it_does_in_json(
    ticket: TicketEntity, locale: Locale, spell: Spell, rng: Random
):
    body = json_codec.encode(ticket, locale)
    pairs = list(flat(standard.loads(body), spell))
    rng.shuffle(pairs)
    back = form.decode(urlencode(pairs).encode(), TicketEntity, locale)
    assert back[0] == ticket
    assert back == json_codec.decode(body, TicketEntity, locale)


def harmless(body: bytes, shape: Any) -> None:
    """Reads the body; whatever it is, a refusal is the worst that comes of it."""
    try:
        value, _ = form.decode(body, shape, LOCALES[3])
    except ApiError as refused:
        msgspec.json.encode(error_body(refused))
    else:
        json_codec.encode(value, LOCALES[3])


@many
@given(st.binary(max_size=200), st.sampled_from([*SHAPES, FormNode]))
def test_any_bytes_are_read_or_refused(body: bytes, shape: Any):
    harmless(body, shape)


PARTS = st.sampled_from(
    [
        "Tags",
        "Person",
        "PersonId",
        "Title",
        "CustomFields",
        "Messages",
        "nodes",
        "rows",
        "[",
        "]",
        "[]",
        "[0]",
        "[1]",
        "0",
        ".",
        "=",
        "&",
        "%",
        "%5B",
        "%00",
        "%ff",
        "+",
        "x",
        "=1",
        "\u00e5",
        "=2026-01-01",
        "&Deadline=",
        "&Id",
        "\x00",
    ]
)


@many
@given(st.lists(PARTS, max_size=30).map("".join), st.sampled_from([*SHAPES, FormNode]))
def test_anything_like_a_form_is_read_or_refused(body: str, shape: Any):
    harmless(body.encode(), shape)


def decode_as(kind: str, body: bytes, shape: Any) -> Any:
    head = Head(method="POST", path="/", query={}, headers={"content-type": kind}, peer="")
    return content.request_codec(head, body).decode(body, shape, OSLO)[0]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"Id=7"),
        ("Application/X-WWW-Form-URLencoded; charset=UTF-8", b"Id=7"),
        ("application/x-www-form-urlencoded; charset=utf-16", "Id=7".encode("utf-16")),
        ("", b"Id=7"),
    ],
)
def test_a_form_is_known_by_its_type_or_its_looks(kind: str, body: bytes):
    assert decode_as(kind, body, Tag) == Tag(id=7)


def test_text_without_a_type_is_no_form():
    with pytest.raises(UnsupportedMediaType):
        decode_as("", b"Id: 7", Tag)


def test_no_answer_is_a_form():
    accept = {"accept": "application/x-www-form-urlencoded"}
    head = Head(method="POST", path="/", query={}, headers=accept, peer="")
    assert content.response_codec(head)[1] == "application/json; charset=utf-8"
