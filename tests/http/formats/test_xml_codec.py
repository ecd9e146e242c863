"""XML in from any client, out byte by byte, the same thing as JSON, and no bombs."""

import re
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, cast, get_origin
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta, Struct, field

from skranke.catalog.categories.carriers import TicketCategoryEntity, TicketCategoryFlags
from skranke.catalog.priorities.carriers import TicketPriorityEntity
from skranke.catalog.statuses.carriers import TicketBaseStatus
from skranke.catalog.tags.carriers import Tag
from skranke.core.dates import Locale
from skranke.core.errors import (
    ApiError,
    BadValue,
    MalformedRequest,
    NotFound,
    UnsupportedMediaType,
    error_body,
)
from skranke.core.schema import (
    Carrier,
    EFieldRight,
    ETableRight,
    FieldProperty,
    FieldRight,
    Instant,
    Int32,
    TableRight,
    structs_in,
)
from skranke.http.formats import json_codec, xml_codec
from skranke.http.operation import OPERATIONS, is_query
from skranke.people.carriers import Person
from skranke.tickets.carriers import Ticket, TicketEntity
from skranke.tickets.message_rows import TicketSecurityLevel
from tests.http.test_contract import OWN_CARRIERS
from tests.http.test_properties import LOCALES, carriers, few, many, values

SAMPLE = (Path(__file__).parents[2] / "samples" / "ticket.xml").read_bytes()
UTC_LOCALE = Locale(ZoneInfo("UTC"))
I = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance"'  # noqa: E741 - as in i:nil
IDS = list[Int32]
ILLEGAL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class XmlNode(Carrier):
    name: Annotated[str, Meta(max_length=5)] = ""
    weight: float = 0.0
    content: bytes = b""
    maybe: Int32 | None = None
    nodes: "list[XmlNode]" = field(default_factory=list)
    rows: list[list[Int32]] = field(default_factory=list)
    days: list[Instant] = field(default_factory=list)


def read(body: bytes | str, shape: Any = TicketEntity) -> Any:
    body = body.encode() if isinstance(body, str) else body
    return xml_codec.decode(body, shape, UTC_LOCALE)[0]


def encode(value: Any, shape: Any = None) -> str:
    return xml_codec.encode(value, UTC_LOCALE, shape).decode()


def refusal(body: bytes | str, shape: Any = TicketEntity) -> ApiError:
    with pytest.raises(ApiError) as refused:
        read(body, shape)
    return refused.value


def sample() -> TicketEntity:
    """The ticket of samples/ticket.xml."""
    category = TicketCategoryEntity(ticket_category_id=2, flags=TicketCategoryFlags.of(129))
    right = FieldRight(mask=EFieldRight.of(67), reason="")
    return TicketEntity(
        ticket_id=7,
        title='No heating & "cold" <again> på 2. étage 🥶',
        created_at=datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC),
        last_changed=datetime(2024, 1, 2, 3, 4, 5, 500000, UTC),
        author="Ole\r\nand\tKari",
        category=category,
        slevel=TicketSecurityLevel.External,
        base_status=TicketBaseStatus.Active,
        secondary_persons=[Person(person_id=9), Person(person_id=10)],
        has_attachment=True,
        tags=[Tag(id=131, name="urgent")],
        custom_fields={"SuperOffice:3": "[I:4]", "x_<b>": ""},
        table_right=TableRight(mask=ETableRight.of(3), reason="Yours"),
        field_properties={
            "Title": FieldProperty(field_right=right, field_type="System.String", field_length=255)
        },
    )


def test_a_ticket_is_written_as_the_sample():
    assert xml_codec.encode(sample(), UTC_LOCALE) == re.sub(b">\n+", b">", SAMPLE)


def test_the_sample_is_read_whole():
    ticket, had = xml_codec.decode(SAMPLE, TicketEntity, UTC_LOCALE)
    assert ticket == sample()
    assert had == set(TicketEntity.__struct_encode_fields__)


def test_the_rights_of_a_carrier_stand_first():
    assert encode(Tag(id=1, name="a")) == (
        f'<Tag {I}><TableRight i:nil="true" /><FieldProperties />'
        "<Id>1</Id><Name>a</Name><ToolTip /></Tag>"
    )


@pytest.mark.parametrize(
    ("value", "shape", "text"),
    [
        (None, TicketEntity | None, f'<TicketEntity {I} i:nil="true" />'),
        (3, Int32, f"<int {I}>3</int>"),
        (3, None, f"<int {I}>3</int>"),
        (True, bool, f"<boolean {I}>true</boolean>"),
        (1.0, float, f"<double {I}>1.0</double>"),
        ("a", str, f"<string {I}>a</string>"),
        ("", str, f"<string {I} />"),
        (b"h\xc3\xa9", bytes, f"<base64Binary {I}>aMOp</base64Binary>"),
        (
            datetime(2024, 1, 2, tzinfo=UTC),
            Instant,
            f"<dateTime {I}>2024-01-02T00:00:00</dateTime>",
        ),
        (None, Instant, f'<dateTime {I} i:nil="true" />'),
        (TicketBaseStatus.Closed, None, f"<TicketBaseStatus {I}>Closed</TicketBaseStatus>"),
        (ETableRight.of(15), None, f"<ETableRight {I}>Select Update Insert Delete</ETableRight>"),
        (ETableRight.None_, None, f"<ETableRight {I} />"),
        ([], IDS, f"<ArrayOfint {I} />"),
        ([1, 2], IDS, f"<ArrayOfint {I}><int>1</int><int>2</int></ArrayOfint>"),
        (["a"], list[str], f"<ArrayOfstring {I}><string>a</string></ArrayOfstring>"),
        ([], list[Ticket], f"<ArrayOfTicket {I} />"),
        (
            [[1], []],
            list[IDS],
            f"<ArrayOfArrayOfint {I}><ArrayOfint><int>1</int></ArrayOfint>"
            "<ArrayOfint /></ArrayOfArrayOfint>",
        ),
        (
            {"a": "1"},
            dict[str, str],
            f"<StringDictionary {I}><StringKeyValuePair><Key>a</Key><Value>1</Value>"
            "</StringKeyValuePair></StringDictionary>",
        ),
    ],
)
def test_a_result_of_any_type_is_written(value: Any, shape: Any, text: str):
    assert encode(value, shape) == text


def test_an_error_is_written():
    assert encode(error_body(NotFound("There is nothing."))) == (
        f"<ErrorBody {I}><Error>true</Error><ErrorType>SoNotFoundException</ErrorType>"
        "<ErrorMessage>There is nothing.</ErrorMessage>"
        "<Message>There is nothing.</Message><MessageDetail />"
        "<ErrorSource>Skranke</ErrorSource></ErrorBody>"
    )


def test_items_of_simple_arrays_are_named_by_their_type():
    priority = TicketPriorityEntity(non_dates=[datetime(2026, 12, 25)])  # noqa: DTZ001 - a wall time
    assert "<NonDates><dateTime>2026-12-25T00:00:00</dateTime></NonDates>" in (encode(priority))


def test_what_xml_cant_hold_becomes_a_replacement_character():
    text = encode("a\0\x01\x1f\t\n\r\x7f\x85\ud800\ufffe\U0001f600", str)
    assert text == f"<string {I}>a���\t\n&#13;\x7f\x85��😀</string>"


def test_every_answer_and_body_of_the_table_has_xml():
    for operation in OPERATIONS:
        sent = [] if operation.raw else [operation.body, operation.members]
        for shape in (operation.answer, *sent):
            if shape not in (None, type(None)):
                name = xml_codec.element_name(shape)
                assert encode(None, shape) == f'<{name} {I} i:nil="true" />'
                harmless(f"<{name}/>".encode(), shape)


@pytest.mark.parametrize(
    "body",
    [
        "<TicketEntity><TicketId>3</TicketId><Title>a</Title></TicketEntity>",
        '<?xml version="1.0" encoding="utf-8"?>\n<x>\n<Title>a</Title>\n'
        "<TicketId>\n3 </TicketId></x>\n",
        "<TICKETENTITY><ticketid>3</ticketid><TITLE>a</TITLE></TICKETENTITY>",
        '<TicketEntity xmlns="http://www.superoffice.net/ws/crm/NetServer/Services88">'
        "<Title>a</Title><TicketId>3</TicketId></TicketEntity>",
        '<s:T xmlns:s="urn:x"><s:Title>a</s:Title><s:TicketId>3</s:TicketId></s:T>',
        "<s:T><q:Title>a</q:Title><TicketId>3</TicketId></s:T>",
        "<x>text<TicketId>3</TicketId><Unknown><Deep>1</Deep></Unknown><Title>a</Title></x>",
        '<x a="1" b="2"><TicketId i:type="d:int">3</TicketId><Title>a</Title></x>',
        "<x><!-- c --><?p i?><TicketId>3<!-- c --></TicketId><Title><![CDATA[a]]></Title></x>",
        "<x><Title>b</Title><TicketId>3</TicketId><title>a</title></x>",
        "<x><TicketId>&#x33;</TicketId><Title>&#97;</Title></x>",
    ],
)
def test_names_are_read_whatever_their_case_prefix_and_order(body: str):
    ticket, had = xml_codec.decode(body.encode(), TicketEntity, UTC_LOCALE)
    assert ticket == TicketEntity(ticket_id=3, title="a")
    assert had == {"TicketId", "Title"}


@pytest.mark.parametrize("nil", ['i:nil="true"', 'xsi:nil="1"', "nil='true'", 'p:NIL=" True "'])
def test_nil_is_null(nil: str):
    body = (
        f"<x><Title {nil}/><TicketId {nil}></TicketId><Person {nil}/><Tags {nil}/>"
        f"<CreatedAt {nil}/><CustomFields {nil}/><Status i:nil='false'/></x>"
    )
    ticket, had = xml_codec.decode(body.encode(), TicketEntity, UTC_LOCALE)
    assert ticket == TicketEntity(status=ticket.status)
    assert ticket.status is not None
    assert had == {"Title", "TicketId", "Person", "CreatedAt", "Status"}


@pytest.mark.parametrize(
    ("member", "attribute", "value"),
    [
        ("<TicketId>+03.0</TicketId>", "ticket_id", 3),
        ("<TicketId />", "ticket_id", 0),
        ("<HasAttachment>1</HasAttachment>", "has_attachment", True),
        ("<HasAttachment> True\n</HasAttachment>", "has_attachment", True),
        ("<BaseStatus>closed</BaseStatus>", "base_status", TicketBaseStatus.Closed),
        ("<BaseStatus>2</BaseStatus>", "base_status", TicketBaseStatus.Closed),
        ("<BaseStatus/>", "base_status", TicketBaseStatus.Unknown),
        ("<Title> a\r\nb </Title>", "title", " a\nb "),
        (
            "<CreatedAt>2024-01-02T03:04:05.0000000+01:00</CreatedAt>",
            "created_at",
            datetime(2024, 1, 2, 2, 4, 5, tzinfo=UTC),
        ),
        ("<CreatedAt>2024-01-02</CreatedAt>", "created_at", datetime(2024, 1, 2, tzinfo=UTC)),
        ("<CreatedAt>0001-01-01T00:00:00</CreatedAt>", "created_at", None),
        ("<CreatedAt />", "created_at", None),
        ("<Tags>\n</Tags>", "tags", []),
        ("<Tags><x><Id>1</Id></x>\n<Tag/></Tags>", "tags", [Tag(id=1), Tag()]),
        ("<Person/>", "person", Person()),
        ("<CustomFields/>", "custom_fields", {}),
        (
            "<CustomFields><KeyValueOfstringstring><key>A</key><VALUE> 1</VALUE>"
            "</KeyValueOfstringstring><x><Value/><Key>b</Key></x><x><Key>c</Key></x>"
            "</CustomFields>",
            "custom_fields",
            {"A": " 1", "b": "", "c": ""},
        ),
    ],
)
def test_values_are_read_as_in_json(member: str, attribute: str, value: Any):
    assert getattr(read(f"<x>{member}</x>"), attribute) == value


@pytest.mark.parametrize(
    "flags", ["Internal MembersOnly", "membersonly,internal", " 129 ", "Internal,\t\nMembersOnly"]
)
def test_flags_are_read_by_blanks_or_commas(flags: str):
    category = read(f"<x><Flags>{flags}</Flags></x>", TicketCategoryEntity)
    assert category.flags is TicketCategoryFlags.of(129)


def test_bare_arrays_and_scalars_are_read():
    assert read("<ids><int>1</int><b:int> 2 </b:int><int/></ids>", IDS) == [1, 2, 0]
    assert read("<a/>", IDS) == []
    assert read("<string>a</string>", str) == "a"
    assert read("<x><x><Id>1</Id></x></x>", list[Tag]) == [Tag(id=1)]
    node = read("<x><Rows><r><i>1</i></r><r/></Rows><Content>aMOp\n bGxv</Content></x>", XmlNode)
    assert (node.rows, node.content) == ([[1], []], "héllo".encode())


def test_a_bottomless_shape_is_read_and_written():
    node = XmlNode(name="a", maybe=3, nodes=[XmlNode(nodes=[XmlNode(weight=-0.5)])])
    assert read(encode(node), XmlNode) == node


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("<x><TicketId>abc</TicketId></x>", "TicketId: 'abc' is not a number"),
        ("<x><ticketId>1.5</ticketId></x>", "TicketId: '1.5' is not a whole number"),
        (
            "<x><TicketId>3000000000</TicketId></x>",
            "TicketId: 3000000000 is outside -2147483648 to 2147483647",
        ),
        ("<x><TicketId><a/></TicketId></x>", "TicketId: an object is not a number"),
        ("<x><Title>a<b>c</b></Title></x>", "Title: an object is not a text"),
        ("<x><Person>5</Person></x>", "Person: '5' is not an object (Person)"),
        ("<x><Tags>x</Tags></x>", "Tags: 'x' is not an array"),
        ("<x><Tags><Tag/><Tag>7</Tag></Tags></x>", "Tags[1]: '7' is not an object (Tag)"),
        (
            "<x><BaseStatus>Odd</BaseStatus></x>",
            "BaseStatus: 'Odd' is not a value of TicketBaseStatus: use one of ",
        ),
        (
            "<x><secondaryPersons><p><personId>abc</personId></p></secondaryPersons></x>",
            "SecondaryPersons[0].PersonId: 'abc' is not a number",
        ),
        ("<x><Sale><Amount>INF</Amount></Sale></x>", "Sale.Amount: 'INF' is not a number"),
        ("<x><CustomFields>7</CustomFields></x>", "CustomFields: '7' is not an object"),
        ("<x><CustomFields><a>7</a></CustomFields></x>", "CustomFields: an array is not an object"),
        (
            "<x><CustomFields><p><Key>a</Key><Value><b/></Value></p></CustomFields></x>",
            "CustomFields[a]: an object is not a text",
        ),
        ("<x>text</x>", "The body: 'text' is not an object (TicketEntity)"),
        ("<x i:nil='true'/>", "The body is missing."),
        (
            "<x><FieldProperties><p><Key>Title</Key><Value><FieldRight><Mask>4096</Mask>"
            "</FieldRight></Value></p></FieldProperties></x>",
            "FieldProperties[Title].FieldRight.Mask: '4096' is not a value of EFieldRight"
            ": use one of ",
        ),
    ],
)
def test_a_fault_names_the_property_as_in_json(body: str, sentence: str):
    refused = refusal(body)
    assert isinstance(refused, MalformedRequest)
    listed = sentence.endswith("use one of ")
    assert refused.message.startswith(sentence) if listed else refused.message == sentence


def test_a_text_that_is_too_long_is_refused_with_its_length_and_the_limit():
    refused = refusal("<x><Name>123456</Name></x>", XmlNode)
    assert isinstance(refused, BadValue)
    assert refused.message == "Name: 6 characters are more than 5"


@pytest.mark.parametrize(
    "body",
    [
        "",
        " ",
        "a",
        "<",
        "<x",
        "<x>",
        "<x></y>",
        "<x/><x/>",
        "<x/>a",
        "<x a/>",
        "<x a=1/>",
        '<x a="" a=""/>',
        "<x>&nbsp;</x>",
        "<x>&</x>",
        "<x>&#0;</x>",
        "<x>&#xFFFE;</x>",
        "<x>\0</x>",
        "<x>\x01</x>",
        "<x>\uffff</x>",
        "<x>]]></x>",
        ' <?xml version="1.0"?><x/>',
        "<1/>",
        '{"Title":"a"}',
        "<!-- <x/> -->",
        "<!-- a -- b --><x/>",
        "<x><!-- </x>",
    ],
)
def test_what_is_no_xml_is_refused(body: str):
    refused = refusal(body)
    assert isinstance(refused, MalformedRequest)
    assert refused.message == "The body is not valid XML."


def test_what_is_no_utf_8_is_refused():
    assert isinstance(refusal(b"<x><Title>\xff</Title></x>"), MalformedRequest)
    assert isinstance(refusal(b"<x><Title>\xed\xa0\x80</Title></x>"), MalformedRequest)


def with_declaration(encoding: str) -> str:
    return f'<?xml version="1.0" encoding="{encoding}"?><x><Title>blå 🥶</Title></x>'


@pytest.mark.parametrize(
    "body",
    [
        with_declaration("utf-8").encode(),
        with_declaration("UTF-8").encode("utf-8-sig"),
        with_declaration("utf-16").encode("utf-16"),
        with_declaration("UTF-16LE").encode("utf-16-le"),
        with_declaration("utf-16").encode("utf-16-be"),
        ("\ufeff" + with_declaration("utf-16BE")).encode("utf-16-be"),
        with_declaration("utf-8").encode("utf-16"),  # the mark knows better
        with_declaration("utf-16").encode(),  # as .NET writes into a string, then sends
        with_declaration("utf-16").encode("utf-8-sig"),
    ],
)
def test_utf_8_and_utf_16_are_read_by_their_first_bytes(body: bytes):
    assert read(body).title == "blå 🥶"


def test_any_other_encoding_is_refused():
    body = with_declaration("iso-8859-1").replace("🥶", "").encode("latin-1")
    assert isinstance(refusal(body), UnsupportedMediaType)


def test_damaged_utf_16_is_refused():
    assert "utf-16-le" in refusal("<x/>".encode("utf-16") + b"\0").message


LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    + "]><x><Title>&a9;</Title></x>"
)


@pytest.mark.parametrize(
    "body",
    [
        LAUGHS,
        f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]><x>{"&a;" * 50_000}</x>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x><Title>&a;</Title></x>',
        '<!DOCTYPE x SYSTEM "http://localhost/x.dtd"><x/>',
        "<!DOCTYPE x><x/>",
        f'<?xml version="1.0"?>\n<!-- <x> --><?p <x> ?>\n{LAUGHS}',
        f'\ufeff<?xml version="1.0"?>{LAUGHS}',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_dtd_is_refused_before_it_is_read(body: str, encoding: str):
    refused = refusal(body.encode(encoding))
    assert isinstance(refused, MalformedRequest)
    assert "DTD" in refused.message


def test_the_text_of_a_dtd_is_no_dtd():
    html = "<!DOCTYPE html><p a='1'>"
    assert read(f"<x><Title><![CDATA[{html}]]></Title></x>").title == html


def test_64_levels_are_read_and_65_are_not():
    assert read("<x>" * 64 + "</x>" * 64) == TicketEntity()
    assert "64 levels" in refusal("<x>" * 65 + "</x>" * 65).message
    assert "64 levels" in refusal("<x>" * 1_000_000).message


def attributes(count: int, of: int = 0, quote: str = '"') -> str:
    return " ".join(f"a{of}.{n}={quote}>{quote}" for n in range(count))


def test_256_attributes_are_read_and_more_are_not():
    assert read(f"<x {attributes(256)}><TicketId>3</TicketId></x>").ticket_id == 3
    for count, quote in ((257, '"'), (257, "'"), (100_000, '"')):
        assert "256 attributes" in refusal(f"<x {attributes(count, quote=quote)}/>").message


def test_the_text_of_attributes_is_no_attributes():
    text = attributes(1000)
    assert read(f"<x><a>{text}</a><a b=''/></x>", list[str]) == [text, ""]


def test_half_a_million_elements_are_enough():
    assert "more than 500000" in refusal("<x>" + "<x/>" * 500_000 + "</x>").message


def test_half_a_million_attributes_are_enough_and_take_little_memory():
    bomb = "".join(f"<x {attributes(250, n)}/>" for n in range(2_000))
    body = f"<x>{bomb}</x>".encode()
    tracemalloc.start()
    try:
        assert "more than 500000" in refusal(body).message
        assert tracemalloc.get_traced_memory()[1] < 200 * 2**20
    finally:
        tracemalloc.stop()


def test_a_broad_body_is_read():
    body = "<x>" + "<int>7</int>" * 100_000 + "</x>"
    assert read(body, IDS) == [7] * 100_000


def legal(value: Any) -> Any:
    """The value with what XML can't hold replaced."""
    if isinstance(value, str):
        return ILLEGAL.sub("\ufffd", value)
    if isinstance(value, list):
        return [legal(item) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        pairs = cast("dict[str, Any]", value).items()
        return {legal(key): legal(item) for key, item in pairs}
    if not isinstance(value, Struct):
        return value
    names = value.__struct_fields__
    return type(value)(**{name: legal(getattr(value, name)) for name in names})


ANY_CARRIER = st.sampled_from(OWN_CARRIERS).flatmap(carriers) | carriers(TicketEntity)
OFFSET = st.sampled_from([locale for locale in LOCALES if locale.offset])


@few
@given(ANY_CARRIER, OFFSET)
def test_any_carrier_goes_out_and_comes_in_unchanged(carrier: Any, locale: Locale):
    carrier = legal(carrier)
    back, had = xml_codec.decode(xml_codec.encode(carrier, locale), type(carrier), locale)
    assert back == carrier
    assert had == set(carrier.__struct_encode_fields__)


@few
@given(ANY_CARRIER, st.sampled_from(LOCALES))
def test_json_and_xml_say_the_same_thing(carrier: Any, locale: Locale):
    carrier = legal(carrier)
    shape = cast("type[Carrier]", type(carrier))
    said = json_codec.decode(json_codec.encode(carrier, locale), shape, locale)
    assert xml_codec.decode(xml_codec.encode(carrier, locale), shape, locale) == said


REQUEST_BODIES = [o.body for o in OPERATIONS if not o.raw]  # no patch and no upload
BODIES = [
    body for body in REQUEST_BODIES if body and not is_query(body)
] + [  # $select is not an XML name
    list[str],
    IDS,
    list[Ticket],
    dict[str, str],
    bool,
    float,
    bytes,
    str,
]


@few
@given(st.data(), st.sampled_from(BODIES))
def test_any_body_and_result_goes_out_and_comes_in(data: st.DataObject, shape: Any):
    value = legal(data.draw(values(shape)))
    locale = LOCALES[1]
    assert xml_codec.decode(xml_codec.encode(value, locale, shape), shape, locale)[0] == value


def scalar_members() -> list[str]:
    return [
        f.encode_name
        for f in msgspec.structs.fields(TicketEntity)
        if not structs_in(f.type) and get_origin(f.type) not in (list, dict)
    ]


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12).map(legal) | (
    st.sampled_from(
        [
            "3",
            " 3 ",
            "3.0",
            "-1",
            "1e3",
            "true",
            "FALSE",
            "Active",
            "2",
            "",
            " ",
            "2024-01-02",
            "9999-12-31",
            "soon",
            "9" * 300,
            "\r\n",
        ]
    )
)


@many
@given(st.sampled_from(scalar_members()), TEXTS)
def test_a_text_for_a_member_means_what_it_means_in_json(member: str, text: str):
    inside = escape(text, {"\r": "&#13;"})
    in_xml = f"<x><{member}>{inside}</{member}></x>".encode()
    in_json = msgspec.json.encode({member: text})
    assert outcome(xml_codec.decode, in_xml) == outcome(json_codec.decode, in_json)


def outcome(decode: Callable[..., Any], body: bytes) -> Any:
    try:
        return decode(body, TicketEntity, UTC_LOCALE)
    except ApiError as refused:
        return type(refused), refused.message


SHAPES = [TicketEntity, TicketPriorityEntity, IDS, list[Ticket], dict[str, str], str]


def harmless(body: bytes, shape: Any) -> None:
    """Reads the body; whatever it is, a refusal is the worst that comes of it."""
    try:
        value, _ = xml_codec.decode(body, shape, LOCALES[3])
    except ApiError as refused:
        xml_codec.encode(error_body(refused), LOCALES[3])
    else:
        xml_codec.encode(value, LOCALES[3], shape)


@many
@given(st.binary(max_size=200), st.sampled_from(SHAPES))
def test_any_bytes_are_read_or_refused(body: bytes, shape: Any):
    harmless(body, shape)


@many
@given(st.data())
def test_a_damaged_body_is_read_or_refused(data: st.DataObject):
    start = data.draw(st.integers(0, len(SAMPLE)))
    end = start + data.draw(st.integers(0, 40))
    put = data.draw(
        st.binary(max_size=10)
        | st.sampled_from(
            [
                b"<",
                b"/>",
                b"</",
                b"<!--",
                b"]]>",
                b"<![CDATA[",
                b"&#1;",
                b"&lt;",
                b"<!DOCTYPE x>",
                b"<?xml ?>",
                b'i:nil="true"',
                b"9" * 5000,
                b"\0",
                b"\xff\xfe",
                b"0001-01-01",
            ]
        )
    )
    harmless(SAMPLE[:start] + put + SAMPLE[end:], TicketEntity)


NAMES = st.sampled_from(
    [*TicketEntity.__struct_encode_fields__, "Key", "Value", "s:Id", "x", ":", "a:b:c"]
)
LEAVES = NAMES.map(lambda name: f"<{name}/>") | TEXTS.map(escape)


NIL = st.sampled_from(["", ' i:nil="true"', ' xmlns="urn:x"', ' a="&lt;"'])


def elements(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(NAMES, NIL, st.lists(inner, max_size=4).map("".join)).map(
        lambda said: f"<{said[0]}{said[1]}>{said[2]}</{said[0]}>"
    )


@few
@given(elements(st.recursive(LEAVES, elements, max_leaves=25)), st.sampled_from(SHAPES))
def test_any_xml_is_read_or_refused(body: str, shape: Any):
    harmless(body.encode(), shape)
