"""What holds for any ticket, any date and any bytes, tried with hypothesis."""

import json as standard
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from random import Random
from types import NoneType
from typing import Annotated, Any, cast, get_args, get_origin
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from skranke.catalog.priorities.carriers import TicketPriorityEntity
from skranke.core import dates
from skranke.core.dates import OPEN_END, Locale
from skranke.core.enums import WireEnum, WireFlags
from skranke.core.errors import ApiError, error_body
from skranke.core.schema import Carrier, Instant, Int16, Int32, WallTime
from skranke.http.formats import json_codec, localise
from skranke.tickets.carriers import TicketEntity
from skranke.tickets.message_rows import TicketMessage

SAMPLES = Path(__file__).parents[1] / "samples"
REQUEST = (SAMPLES / "save-ticket-request.json").read_bytes()
ZONES = ["UTC", "Europe/Oslo", "America/New_York"]
LOCALES = [Locale(ZoneInfo(z), offset=offset) for z in ZONES for offset in (False, True)]
UTC_LOCALE = Locale(ZoneInfo("UTC"))
MAX_CARRIER_DEPTH = 4  # carriers inside carriers

few = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
    database=None,
)
many = settings(few, max_examples=400)

TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20)
# years that no zone's oldest offset can carry to the null date or the open end
FIRST_DAY = datetime(3, 1, 1)  # noqa: DTZ001 - hypothesis adds the zone
LAST_DAY = datetime(9998, 12, 31)  # noqa: DTZ001
INSTANTS = st.datetimes(FIRST_DAY, LAST_DAY, timezones=st.just(UTC))


def values(kind: Any, depth: int = 0) -> st.SearchStrategy[Any]:
    """Any value of a carrier's type."""
    if kind == Instant:
        return st.none() | INSTANTS | st.just(OPEN_END)
    if kind == WallTime:
        return st.datetimes().map(lambda wall: wall.replace(microsecond=0))
    if get_origin(kind) is Annotated:
        small = kind == Int16
        kind, *_ = get_args(kind)
        bound = 2**15 if small else 2**31
        return st.integers(-bound, bound - 1) if kind is int else TEXT
    inner = [part for part in get_args(kind) if part is not NoneType]
    if get_origin(kind) is list:
        return st.lists(values(inner[0], depth), max_size=2)
    if get_origin(kind) is dict:
        return st.dictionaries(TEXT, values(inner[1], depth), max_size=2)
    if inner:
        return st.none() | values(inner[0], depth)
    if issubclass(kind, WireFlags):
        bits = st.sampled_from([flag.number for flag in kind])
        return st.lists(bits).map(lambda numbers: sum_of(kind, numbers))
    if issubclass(kind, Struct):
        return carriers(kind, depth)
    if issubclass(kind, Enum):
        return st.sampled_from(kind)
    return SIMPLE[kind]


SIMPLE: dict[type, st.SearchStrategy[Any]] = {
    str: TEXT,
    object: TEXT,
    bool: st.booleans(),
    bytes: st.binary(max_size=9),
    float: st.floats(allow_nan=False, allow_infinity=False),
}


def sum_of(kind: type[WireFlags], numbers: list[int]) -> WireFlags:
    flags = kind.of(0)
    for number in numbers:
        flags |= kind.of(number)
    return flags


@st.composite
def carriers(draw: st.DrawFn, shape: type[Struct], depth: int = 0) -> Any:
    """A carrier with a few of its fields filled; the rest have their defaults."""
    if depth == MAX_CARRIER_DEPTH:
        return shape()
    fields = {field.name: field.type for field in msgspec.structs.fields(shape)}
    chosen = draw(st.sets(st.sampled_from(sorted(fields)), max_size=6))
    return shape(**{name: draw(values(fields[name], depth + 1)) for name in sorted(chosen)})


def plain(value: Any, spell: Callable[[str], str]) -> Any:
    """A carrier as a client posts it, its members' names spelled by `spell`."""
    if isinstance(value, list):
        return [plain(item, spell) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        pairs = cast("dict[str, Any]", value).items()
        return {key: plain(item, spell) for key, item in pairs}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return spell(value.value)
    if not isinstance(value, Struct):
        return value
    names = zip(value.__struct_fields__, value.__struct_encode_fields__, strict=True)
    return {spell(wire): plain(getattr(value, name), spell) for name, wire in names}


@few
@given(carriers(TicketEntity), st.sampled_from([x for x in LOCALES if x.offset]))
def test_any_ticket_goes_out_and_comes_in_unchanged(ticket: TicketEntity, locale: Locale):
    back, had = json_codec.decode(json_codec.encode(ticket, locale), TicketEntity, locale)
    assert back == ticket
    assert had == set(ticket.__struct_encode_fields__)


@few
@given(carriers(TicketEntity), st.randoms(use_true_random=False))
def test_any_ticket_comes_in_whatever_the_case_of_its_names(ticket: TicketEntity, rng: Random):
    def spell(name: str) -> str:
        return "".join(rng.choice((c.lower(), c.upper())) for c in name)

    body = standard.dumps(plain(localise.to_wire(ticket, UTC_LOCALE), spell)).encode()
    back, had = json_codec.decode(body, TicketEntity, UTC_LOCALE)
    assert back == ticket
    assert had == set(ticket.__struct_encode_fields__)


@few
@given(carriers(TicketPriorityEntity), st.sampled_from(LOCALES))
def test_office_hours_are_the_same_in_every_zone(priority: TicketPriorityEntity, locale: Locale):
    assert localise.to_wire(priority, locale) is priority
    body = json_codec.encode(priority, locale)
    assert body == json_codec.encode(priority, UTC_LOCALE)
    assert json_codec.decode(body, TicketPriorityEntity, locale)[0] == priority


@few
@given(carriers(TicketEntity))
def test_showing_a_ticket_leaves_it_as_it_was(ticket: TicketEntity):
    before = repr(ticket)
    json_codec.encode(ticket, LOCALES[3])
    assert repr(ticket) == before


def around_clock_changes() -> st.SearchStrategy[datetime]:
    """Minutes about the turns of 2026 in Oslo and New York."""
    turns = [
        datetime(2026, month, day, hour, tzinfo=UTC)
        for month, day, hour in [(3, 29, 1), (10, 25, 1), (3, 8, 7), (11, 1, 6)]
    ]
    minutes = st.integers(-180, 180).map(lambda number: timedelta(minutes=number))
    return st.tuples(st.sampled_from(turns), minutes).map(lambda both: both[0] + both[1])


@many
@given(INSTANTS | around_clock_changes(), st.sampled_from(LOCALES))
@example(datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC), LOCALES[2])
def test_any_instant_survives_its_text(instant: datetime, locale: Locale):
    text = dates.to_text(instant, locale)
    read = dates.to_instant(dates.parse(text), locale)
    if not locale.offset and instant.astimezone(locale.zone).fold:
        # the second of two equal wall times can't be told from the first
        instant -= timedelta(hours=1)
    assert read == instant
    assert not re.search(r"\.\d*0\b", text)


@many
@given(INSTANTS | around_clock_changes(), st.sampled_from(LOCALES))
def test_a_carriers_date_is_written_as_its_text(instant: datetime, locale: Locale):
    message = TicketMessage(created_at=instant)
    text = dates.to_text(instant, locale)
    assert f'"CreatedAt":"{text}"'.encode() in json_codec.encode(message, locale)


@many
@given(
    st.datetimes(datetime(1, 1, 1), datetime(1, 12, 31)),  # noqa: DTZ001 - naive on the wire
    st.sampled_from(["", "Z", "+14:00", "-1400", ".5Z"]),
    st.sampled_from(LOCALES),
)
def test_no_date_of_year_one_is_an_instant(wall: datetime, ending: str, locale: Locale):
    text = wall.replace(microsecond=0).isoformat() + ending
    body = f'{{"createdAt":"{text}"}}'.encode()
    message, _ = json_codec.decode(body, TicketMessage, locale)
    assert message.created_at is None
    is_utc = locale.offset and locale.zone.key == "UTC"  # case A16
    null_date = b'"CreatedAt":"0001-01-01T00:00:00%s"' % (b"Z" if is_utc else b"")
    assert null_date in json_codec.encode(message, locale)


def enums() -> list[type[WireEnum | WireFlags]]:
    return [*WireEnum.__subclasses__(), *WireFlags.__subclasses__()]


@pytest.mark.parametrize("enum", enums(), ids=lambda enum: enum.__name__)
def test_every_member_is_read_by_number_and_by_name_in_any_case(enum: type[WireEnum | WireFlags]):
    shape = msgspec.defstruct("Holder", [("held", enum)], rename="pascal")
    for member in enum:
        name, number = member.value, member.number
        for sent in (name, name.lower(), name.upper(), str(number), number):
            body = msgspec.json.encode({"held": sent})
            read = json_codec.decode(body, shape, UTC_LOCALE)[0].held
            assert read.number == number
            assert enum(read.value) is read


SHAPES = [TicketEntity, TicketPriorityEntity, list[Int32], list[TicketMessage]]


def harmless(body: bytes, shape: Any) -> None:
    """Reads the body; whatever it is, a refusal is the worst that comes of it."""
    try:
        value, _ = json_codec.decode(body, shape, LOCALES[3])
    except ApiError as refused:
        msgspec.json.encode(error_body(refused))
    else:
        json_codec.encode(value, LOCALES[3])


@many
@given(st.binary(max_size=200), st.sampled_from(SHAPES))
def test_any_bytes_are_read_or_refused(body: bytes, shape: Any):
    harmless(body, shape)


@many
@given(st.data())
def test_a_damaged_body_is_read_or_refused(data: st.DataObject):
    start = data.draw(st.integers(0, len(REQUEST)))
    end = start + data.draw(st.integers(0, 40))
    put = data.draw(
        st.binary(max_size=10)
        | st.sampled_from(
            [
                b"null",
                b"1e999",
                b'"\\ud800"',
                b"\\u0000",
                b"9" * 5000,
                b"{},",
                b",",
                b"[[",
                b'"',
                b"-",
                b"tags",
                b"0001-01-01",
            ]
        )
    )
    harmless(REQUEST[:start] + put + REQUEST[end:], TicketEntity)


def names_of(shape: type[Carrier]) -> list[str]:
    return [name for kind in (shape, TicketMessage) for name in kind.__struct_encode_fields__]


NAMES = st.sampled_from(names_of(TicketEntity)).map(str.lower) | st.text(max_size=5)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(
        [
            "",
            "2026-01-01",
            "9999-12-31",
            "0000-01-01T00:00:00Z",
            "+5",
            "-000001-01-01",
            "/Date(1)/",
            "3.0",
            "9" * 5000,
            "Active",
        ]
    )
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=25,
)


@many
@given(st.dictionaries(NAMES, TREES, max_size=10) | TREES, st.sampled_from(SHAPES))
def test_any_json_is_read_or_refused(tree: Any, shape: Any):
    harmless(standard.dumps(tree).encode(), shape)
