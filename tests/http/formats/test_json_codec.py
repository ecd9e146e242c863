"""JSON in from any client, and out as the reference has it, byte by byte."""

import json as standard
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import pytest
from msgspec import Meta, field

from skranke.catalog.categories.carriers import TicketCategoryEntity, TicketCategoryFlags
from skranke.catalog.priorities.carriers import TicketPriorityEntity
from skranke.catalog.projects.carriers import Project
from skranke.catalog.sales.carriers import Sale
from skranke.catalog.statuses.carriers import TicketBaseStatus
from skranke.catalog.tags.carriers import Tag
from skranke.core.dates import Locale
from skranke.core.errors import ApiError, BadValue, MalformedRequest
from skranke.core.schema import Carrier, ETableRight, Int32
from skranke.http.formats import json_codec
from skranke.people.carriers import Person
from skranke.tickets.carriers import TicketEntity
from skranke.tickets.message_rows import TicketMessageHeader, TicketSecurityLevel

UTC_LOCALE = Locale(ZoneInfo("UTC"))
SAMPLES = Path(__file__).parents[2] / "samples"
REQUEST = (SAMPLES / "save-ticket-request.json").read_bytes()
RESPONSE = (SAMPLES / "save-ticket-response.json").read_bytes()
IDS = list[Int32]


class JsonNode(Carrier):
    name: Annotated[str, Meta(max_length=5)] = ""
    weight: float = 0.0
    content: bytes = b""
    maybe: Int32 | None = None
    nodes: "list[JsonNode]" = field(default_factory=list)
    rows: list[list[Int32]] = field(default_factory=list)


def read(body: bytes | str, shape: Any = TicketEntity) -> Any:
    body = body.encode() if isinstance(body, str) else body
    return json_codec.decode(body, shape, UTC_LOCALE)[0]


def posted_names(body: str, shape: Any = TicketEntity) -> set[str]:
    return set(json_codec.decode(body.encode(), shape, UTC_LOCALE)[1])


def encode(value: Any) -> str:
    return json_codec.encode(value, UTC_LOCALE).decode()


def refusal(body: bytes | str, shape: Any = TicketEntity) -> ApiError:
    with pytest.raises(ApiError) as refused:
        read(body, shape)
    assert refused.value.status == 400
    return refused.value


def test_the_sample_request_is_read_whole():
    ticket, had = json_codec.decode(REQUEST, TicketEntity, UTC_LOCALE)
    assert ticket.ticket_id == 389
    assert ticket.created_at == datetime(2002, 12, 18, 13, 13, 41, 407076, UTC)
    assert ticket.slevel is TicketSecurityLevel.External
    assert ticket.secondary_persons[0].firstname == "Chaya"
    assert ticket.messages[0].message_headers[1].name == ""
    assert [tag.id for tag in ticket.tags] == [131, 131]
    assert ticket.custom_fields == {"CustomFields1": "error", "CustomFields2": "aut"}
    assert had == set(standard.loads(REQUEST))


def test_the_sample_response_comes_out_as_it_went_in():
    expected = standard.loads(RESPONSE, object_hook=as_written_in_utc)
    header = standard.loads(encode(TicketMessageHeader()))
    expected["Messages"][0]["MessageHeaders"] = [header, header]
    out = standard.loads(encode(read(RESPONSE)))
    assert standard.dumps(out) == standard.dumps(expected)  # the order too


def as_written_in_utc(members: dict[str, Any]) -> dict[str, Any]:
    for name, value in members.items():
        if isinstance(value, str) and value[10:11] == "T":
            utc = datetime.fromisoformat(value).astimezone(UTC)
            members[name] = utc.replace(tzinfo=None).isoformat().rstrip("0")
    return members


def respell(spell: Callable[[str], str]) -> bytes:
    """The sample request with its members' names spelled otherwise."""

    def names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        kept = any(name.endswith("Fields1") for name, _ in pairs)  # a dictionary
        return {name if kept else spell(name): value for name, value in pairs}

    return standard.dumps(standard.loads(REQUEST, object_pairs_hook=names)).encode()


def camel(name: str) -> str:
    return name[:1].lower() + name[1:]


@pytest.mark.parametrize("spell", [camel, str.lower, str.upper])
def test_names_are_read_in_any_case(spell: Callable[[str], str]):
    again = json_codec.decode(respell(spell), TicketEntity, UTC_LOCALE)
    assert again == json_codec.decode(REQUEST, TicketEntity, UTC_LOCALE)


def test_the_last_of_two_spellings_wins():
    assert read('{"Title":"a","title":"b"}').title == "b"
    assert read('{"title":"b","Title":"a"}').title == "a"
    assert read('{"Title":"a","Title":"b"}').title == "b"


def test_unknown_members_are_ignored():
    body = '{"_Links":{"Self":[1]},"Title":"a","Person":{"PersonId":3,"Nope":null}}'
    ticket = read(body)
    assert (ticket.title, ticket.person.person_id) == ("a", 3)
    assert posted_names(body) == {"Title", "Person"}


def test_null_is_a_scalars_default_and_keeps_arrays_and_dictionaries():
    body = (
        '{"Title":null,"TicketId":null,"HasAttachment":null,"BaseStatus":null,'
        '"CreatedAt":null,"Person":null,"Tags":null,"CustomFields":null,'
        '"Category":{"ExtraFields":null,"Flags":null}}'
    )
    ticket, had = json_codec.decode(body.encode(), TicketEntity, UTC_LOCALE)
    assert ticket == TicketEntity(category=TicketCategoryEntity())
    assert had == {
        "Title",
        "TicketId",
        "HasAttachment",
        "BaseStatus",
        "CreatedAt",
        "Person",
        "Category",
    }


def test_null_inside_a_dictionary_of_carriers_is_nothing():
    assert read('{"fieldProperties":{"Title":null}}').field_properties == {}


@pytest.mark.parametrize(
    ("shape", "body", "place"),
    [
        (TicketEntity, '{"Tags":[null]}', "Tags[0]"),
        (TicketEntity, '{"tags":[{"id":1},null]}', "Tags[1]"),
        (TicketEntity, '{"Messages":[{"MessageHeaders":[null]}]}', "Messages[0].MessageHeaders[0]"),
        (IDS, "[1,null,3]", "[1]"),
    ],
)
def test_null_inside_an_array_is_refused_by_its_place(shape: Any, body: str, place: str):
    """A21."""
    with pytest.raises(MalformedRequest, match=re.escape(f"{place}: null can't stand")):
        read(body, shape)


@pytest.mark.parametrize("sent", ["3", '"3"', '" 3 "', "3.0", '"3.0"', '"+3"', '"03"'])
def test_integers_are_read_from_text_and_whole_decimals(sent: str):
    assert read(f'{{"ticketId":{sent}}}').ticket_id == 3


@pytest.mark.parametrize(
    ("sent", "truth"),
    [
        ("true", True),
        ('"true"', True),
        ('"True"', True),
        ("1", True),
        ('"1"', True),
        ("1.0", True),
        ("false", False),
        ('"FALSE"', False),
        ("0", False),
        ('"0"', False),
        ('""', False),
    ],
)
def test_truth_is_read_from_text_and_numbers(sent: str, truth: bool):
    assert read(f'{{"hasAttachment":{sent}}}').has_attachment is truth


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ("5", "5"),
        ("1.50", "1.50"),
        ("1e5", "1e5"),
        ("true", "true"),
        ("null", ""),
        ("12345678901234567890", "12345678901234567890"),
        ("-0.0", "-0.0"),
    ],
)
def test_numbers_and_truth_are_text_as_they_were_spelled(sent: str, text: str):
    ticket = read(f'{{"title":{sent},"extraFields":{{"A b":{sent}}}}}')
    assert ticket.title == text
    assert ticket.extra_fields == {"A b": text}


@pytest.mark.parametrize(
    ("sent", "number"),
    [("1", 1.0), ("1.5", 1.5), ('"1.5"', 1.5), ('" -.5 "', -0.5), ('"1e3"', 1000.0)],
)
def test_decimals_are_read_from_text(sent: str, number: float):
    assert read(f'{{"amount":{sent}}}', Sale).amount == number


@pytest.mark.parametrize("sent", ['"Closed"', '"CLOSED"', "2", '"2"', "2.0", '" 2"'])
def test_an_enum_is_read_by_name_or_number(sent: str):
    assert read(f'{{"BaseStatus":{sent}}}').base_status is TicketBaseStatus.Closed


@pytest.mark.parametrize(
    "sent", ["129", '"129"', '"Internal, MembersOnly"', '"membersonly internal"']
)
def test_flags_are_read_by_names_or_number(sent: str):
    category = read(f'{{"flags":{sent}}}', TicketCategoryEntity)
    assert category.flags is TicketCategoryFlags.of(129)


def test_rights_sent_back_as_numbers_are_read():
    body = (
        '{"tableRight":{"mask":15,"reason":""},"fieldProperties":{"Title":{"fieldRight":'
        '{"mask":67,"reason":""},"fieldType":"System.String","fieldLength":10}}}'
    )
    ticket = read(body)
    assert ticket.table_right.mask is ETableRight.of(15)
    mask = ticket.field_properties["Title"].field_right.mask
    assert mask.value == "Update, UIHintMandatory"


def test_keys_of_dictionaries_keep_their_case():
    body = '{"customFields":{"SuperOffice:3":"[I:4]","x_Name":"a","X_NAME":"b"}}'
    fields = read(body).custom_fields
    assert fields == {"SuperOffice:3": "[I:4]", "x_Name": "a", "X_NAME": "b"}


def test_an_empty_php_array_is_an_empty_dictionary():
    assert read('{"customFields":[]}').custom_fields == {}


def test_dates_are_instants_on_both_roads():
    instant = datetime(2022, 10, 17, 8, 26, tzinfo=UTC)
    assert read('{"CreatedAt":"2022-10-17T08:26:00"}').created_at == instant
    assert read('{"createdAt":"2022-10-17T08:26:00.000Z"}').created_at == instant
    assert read('{"createdAt":"2022-10-17T08:26"}').created_at == instant
    assert read('{"createdAt":""}').created_at is None


def test_wall_times_are_never_moved():
    body = b'{"MonStart":"0001-01-01T08:00:00","NonDates":["2026-12-25T00:00:00"]}'
    oslo = Locale(ZoneInfo("Europe/Oslo"), offset=True)
    priority, _ = json_codec.decode(body, TicketPriorityEntity, oslo)
    assert priority.mon_start.hour == 8
    assert b'"MonStart":"0001-01-01T08:00:00"' in json_codec.encode(priority, oslo)
    assert b'"NonDates":["2026-12-25T00:00:00"]' in json_codec.encode(priority, oslo)
    zulu = b'{"MonStart":"0001-01-01T08:00:00Z","monStop":"0000-12-31T23:06:32Z"}'
    again, _ = json_codec.decode(zulu, TicketPriorityEntity, oslo)
    assert again.mon_start == priority.mon_start
    assert again.mon_stop == TicketPriorityEntity().mon_stop


def test_bytes_are_read_from_base64():
    assert read('{"content":"aMOpbGxv"}', JsonNode).content == "héllo".encode()
    assert read('{"content":"aMOp\\r\\nbGxv"}', JsonNode).content == "héllo".encode()


@pytest.mark.parametrize(
    "body",
    [
        '\ufeff{"Title":"a"}',
        '\ufeff{"title":"a"}',
        '{"Title":"a",}',
        ' {"title" : "a" , \n} ',
        '{"Title":"a","Tags":[{"Id":1,},],}',
    ],
)
def test_a_bom_and_trailing_commas_are_forgiven(body: str):
    assert read(body).title == "a"


def test_commas_inside_text_are_kept():
    assert read('{"title":",]\\",}",}').title == ',]",}'


@pytest.mark.parametrize(
    "body",
    [
        "",
        " ",
        "{",
        '{"Title"',
        "{'Title':'a'}",
        "{Title:1}",
        '{"Title":"a"} x',
        '{"Title":"a"/*c*/}',
        '// c\n{"Title":"a"}',
        "[,]",
        '{"Title":1,,}',
        "{,}",
        '{"TicketId":NaN}',
        '{"TicketId":Infinity}',
        '{"TicketId":01}',
        '{"Title":"\n"}',
        "\ufeff\ufeff{}",
        '{"Title":"\\ud800',
        '{"Title":"\\ud800",NaN}',
    ],
)
def test_what_is_no_json_is_refused(body: str):
    assert isinstance(refusal(body), MalformedRequest)


@pytest.mark.parametrize("body", [b'{"Title":"\xff"}', b'{"Title":"\xed\xa0\x80"}'])
def test_what_is_no_utf_8_is_refused(body: bytes):
    assert isinstance(refusal(body), MalformedRequest)


def test_an_unended_text_full_of_quotes_is_refused_without_delay():
    assert refusal('{"Title":"' + '\\"' * 500_000).message


@pytest.mark.parametrize("body", ["null", " null "])
def test_no_body_is_refused(body: str):
    assert "missing" in refusal(body).message
    assert "missing" in refusal(body, IDS).message


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ('{"TicketId":"abc"}', "TicketId: 'abc' is not a number"),
        ('{"ticketId":1.5}', "TicketId: 1.5 is not a whole number"),
        ('{"TicketId":true}', "TicketId: true is not a number"),
        ('{"TicketId":{}}', "TicketId: an object is not a number"),
        ('{"TicketId":"1_000"}', "TicketId: '1_000' is not a number"),
        ('{"TicketId":3000000000}', "TicketId: 3000000000 is outside -2147483648 to 2147483647"),
        (
            '{"TicketId":"-2147483649"}',
            "TicketId: -2147483649 is outside -2147483648 to 2147483647",
        ),
        ('{"Title":[]}', "Title: an array is not a text"),
        ('{"HasAttachment":"yes"}', "HasAttachment: 'yes' is neither true nor false"),
        ('{"HasAttachment":2}', "HasAttachment: 2 is neither true nor false"),
        (
            '{"BaseStatus":"Nonsense"}',
            "BaseStatus: 'Nonsense' is not a value of TicketBaseStatus: use one of ",
        ),
        ('{"BaseStatus":77}', "BaseStatus: 77 is not a value of TicketBaseStatus: use one of "),
        ('{"BaseStatus":true}', "BaseStatus: true is not a value of TicketBaseStatus: use one of "),
        ('{"CreatedAt":"soon"}', "CreatedAt: 'soon' is not a date"),
        ('{"CreatedAt":1.5}', "CreatedAt: 1.5 is not a date"),
        ('{"CreatedAt":{}}', "CreatedAt: an object is not a date"),
        ('{"Person":5}', "Person: 5 is not an object (Person)"),
        ('{"person":[]}', "Person: an array is not an object (Person)"),
        ('{"Tags":"x"}', "Tags: 'x' is not an array"),
        ('{"Tags":[{"Id":1},7]}', "Tags[1]: 7 is not an object (Tag)"),
        (
            '{"secondaryPersons":[{"personId":"abc"}]}',
            "SecondaryPersons[0].PersonId: 'abc' is not a number",
        ),
        (
            '{"messages":[{},{"messageHeaders":[{"stdItem":"Nope"}]}]}',
            "Messages[1].MessageHeaders[0].StdItem: 'Nope' is not a value of "
            "MessageHeaderStdItem: use one of ",
        ),
        (
            '{"customFields":{"SuperOffice:3":[1]}}',
            "CustomFields[SuperOffice:3]: an array is not a text",
        ),
        ('{"customFields":7}', "CustomFields: 7 is not an object"),
        (
            '{"fieldProperties":{"Title":{"fieldRight":{"mask":4096}}}}',
            "FieldProperties[Title].FieldRight.Mask: 4096 is not a value of EFieldRight"
            ": use one of ",
        ),
        ('{"sale":{"amount":"much"}}', "Sale.Amount: 'much' is not a number"),
        ('{"sale":{"amount":1e999}}', "Sale.Amount: 1e999 is not a number"),
        ("[]", "The body: an array is not an object (TicketEntity)"),
        ('"text"', "The body: 'text' is not an object (TicketEntity)"),
        ('{"TicketId":"' + "x" * 100 + '"}', f"TicketId: '{'x' * 40}…' is not a number"),
        (
            '{"TicketId":' + "9" * 100 + "}",
            "TicketId: a number of more than 40 digits is outside -2147483648 to 2147483647",
        ),
        ('{"Title":' + "9" * 100 + "}", "Title: a number of more than 40 digits is not a text"),
    ],
)
def test_a_fault_names_the_property_its_value_and_the_type(body: str, sentence: str):
    refused = refusal(body)
    assert isinstance(refused, MalformedRequest)
    listed = sentence.endswith("use one of ")
    assert refused.message.startswith(sentence) if listed else refused.message == sentence


@pytest.mark.parametrize(
    ("shape", "body", "sentence"),
    [
        (IDS, '[1,"x"]', "[1]: 'x' is not a number"),
        (IDS, "{}", "The body: an object is not an array"),
        (JsonNode, '{"rows":[[1],[2,"x"]]}', "Rows[1][1]: 'x' is not a number"),
        (
            JsonNode,
            '{"nodes":[{"nodes":[{"maybe":"x"}]}]}',
            "Nodes[0].Nodes[0].Maybe: 'x' is not a number",
        ),
        (JsonNode, '{"content":"%"}', "Content: '%' is not base64"),
        (JsonNode, '{"content":5}', "Content: 5 is not base64"),
        (JsonNode, '{"content":"é"}', "Content: 'é' is not base64"),
        (
            JsonNode,
            '{"weight":' + "9" * 400 + "}",
            "Weight: a number of more than 40 digits is not a number",
        ),
    ],
)
def test_faults_are_named_in_bare_and_nested_bodies(shape: Any, body: str, sentence: str):
    assert refusal(body, shape).message == sentence


def test_a_text_that_is_too_long_is_refused_with_its_length_and_the_limit():
    refused = refusal('{"Name":"123456"}', JsonNode)
    assert isinstance(refused, BadValue)
    assert refused.message == "Name: 6 characters are more than 5"
    assert read('{"Name":"12345"}', JsonNode).name == "12345"
    assert read('{"Name":"ååååå"}', JsonNode).name == "ååååå"


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ('{"Title":"a\\u0000"}', "Title: it holds a NUL character"),
        ('{"Title":"a\\ud800"}', "Title: it holds half of a surrogate pair"),
        ('{"Title":"\\udc00\\ud800"}', "Title: it holds half of a surrogate pair"),
        ('{"tags":[{"name":"\\ud83d"}],}', "Tags[0].Name: it holds half of a surrogate pair"),
        ('{"customFields":{"a":"\\u0000"}}', "CustomFields[a]: it holds a NUL character"),
        ('{"customFields":{"\\u0000":""}}', "CustomFields['\\x00']: it holds a NUL character"),
        (
            '{"customFields":{"\\ud800":""}}',
            "CustomFields['\\ud800']: it holds half of a surrogate pair",
        ),
        ('{"title":"\\ud800","sale":{"amount":1.5}}', "Title: it holds half of a surrogate pair"),
    ],
)
def test_text_that_cant_be_stored_is_refused_with_its_name(body: str, sentence: str):
    refused = refusal(body)
    assert isinstance(refused, BadValue)
    assert refused.message == sentence
    assert refused.message.encode()


def test_the_text_of_an_escape_is_no_escape():
    assert read(r'{"Title":"\\u0000 \\ud800"}').title == r"\u0000 \ud800"
    assert read(r'{"Title":"\ud83d\ude00"}').title == "😀"
    assert read(r'{"Title":"\ud83d\ude00",}').title == "😀"


def nest(pairs: int, inside: str = "") -> str:
    return '{"Nodes":[' * pairs + inside + "]}" * pairs


def test_64_levels_are_read_and_65_are_not():
    assert read(nest(32), JsonNode).nodes
    assert "64 levels" in refusal(nest(32, "{}"), JsonNode).message


@pytest.mark.parametrize(
    "deep", ["[" * 100_000, "[" * 50_000 + "]" * 50_000, '{"a":' * 900 + "1" + "}" * 900]
)
def test_a_bottomless_body_is_refused(deep: str):
    assert refusal(deep)
    assert refusal(f'{{"_Links":{deep}}}')


def test_a_broad_body_is_not_a_deep_one():
    body = '{"tags":[' + ",".join(['{"id":1}'] * 500) + "]}"
    assert len(read(body).tags) == 500


def test_every_property_is_written_in_the_references_spelling():
    assert encode(Tag(id=1, name="a")) == (
        '{"Id":1,"Name":"a","ToolTip":"","TableRight":null,"FieldProperties":{}}'
    )


def test_an_empty_ticket_is_written_whole():
    text = encode(TicketEntity())
    assert text.startswith('{"TicketId":0,"Title":"","CreatedAt":"0001-01-01T00:00:00"')
    assert '"CreatedBy":null,"Author":""' in text
    assert '"Slevel":"Unknown"' in text
    assert '"SecondaryPersons":[]' in text
    assert text.endswith(
        '"ExtraFields":{},"CustomFields":{},"TableRight":null,"FieldProperties":{}}'
    )


def test_odd_names_are_written_as_the_reference_spells_them():
    assert '"URL":"' in encode(Project())
    assert '"URLName":"' in encode(Project())
    assert '"Mrmrs":""' in encode(Person())


def test_numbers_flags_and_dates_are_written_as_the_reference_does():
    assert '"Amount":0.0,' in encode(Sale())
    assert '"Amount":12.5,' in encode(Sale(amount=12.5))
    flags = TicketCategoryFlags.of(129)
    assert '"Flags":"Internal, MembersOnly"' in encode(TicketCategoryEntity(flags=flags))
    day = datetime(2022, 10, 17, 8, 26, 0, 120_000, UTC)
    assert '"SaleDate":"2022-10-17T08:26:00.12"' in encode(Sale(sale_date=day))


def test_answers_that_are_no_carrier_are_written_bare():
    day = datetime(2022, 10, 17, 8, 26, tzinfo=UTC)
    assert [encode(v) for v in (5, True, "text", None, [], [1], day)] == [
        "5",
        "true",
        '"text"',
        "null",
        "[]",
        "[1]",
        '"2022-10-17T08:26:00"',
    ]
