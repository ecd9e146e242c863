"""Typed text against stored values, both ways, as tables."""

from datetime import date, datetime, time
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skranke.catalog.extra_fields.encoding import (
    FORMAT_OF_TYPE,
    FieldType,
    Value,
    parse_value,
    wire_text,
)
from skranke.core.errors import BadValue
from tests.catalog.extra_fields.make import make_field

NO_DATE = "[DT:01/01/0001 00:00:00.0000000]"

WRITTEN: list[tuple[FieldType, Value, str]] = [
    ("string", "Hello there", "Hello there"),
    ("string", "[I:5]", "[I:5]"),
    ("int", 23, "[I:23]"),
    ("int", -(2**31), "[I:-2147483648]"),
    ("bool", True, "[I:1]"),
    ("decimal", 4.43, "[F:4.43]"),
    ("decimal", 4.0, "[F:4]"),
    ("decimal", 4, "[F:4]"),
    ("decimal", -0.5, "[F:-0.5]"),
    ("decimal", 1e-7, "[F:1E-07]"),
    ("decimal", 1e16, "[F:1E+16]"),
    ("date", "2019-03-28", "[DT:03/28/2019 00:00:00.0000000]"),
    ("date", "0999-12-01", "[DT:12/01/0999 00:00:00.0000000]"),
    ("datetime", "2019-03-28T14:52:07", "[DT:03/28/2019 14:52:07.0000000]"),
    ("datetime", "2019-03-28T14:52:07.012300", "[DT:03/28/2019 14:52:07.0123000]"),
    ("time", "09:34:44", "[DT:01/01/1760 09:34:44.0000000]"),
    ("time", "00:00:00", "[DT:01/01/1760 00:00:00.0000000]"),
    ("timespan", 500, "[I:500]"),
    ("timespan", -60, "[I:-60]"),
]

UNSET: list[tuple[FieldType, str]] = [
    ("string", ""),
    ("int", "[I:0]"),
    ("bool", "[I:0]"),
    ("decimal", "[F:0]"),
    ("date", NO_DATE),
    ("datetime", NO_DATE),
    ("time", NO_DATE),
    ("timespan", "[I:0]"),
]

READ: list[tuple[FieldType, str, Value]] = [
    ("string", " kept as it is ", " kept as it is "),
    ("string", "[DT:nonsense]", "[DT:nonsense]"),
    ("int", "42", 42),
    ("int", " [I: 42 ] ", 42),
    ("int", "[i:42]", 42),
    ("int", "+7", 7),
    ("int", "-0", None),
    ("int", "[I:]", None),
    ("int", "", None),
    ("bool", "True", True),
    ("bool", "true", True),
    ("bool", "False", None),
    ("bool", "1", True),
    ("bool", "[I:2]", True),
    ("bool", "0", None),
    ("decimal", "123.4", 123.4),
    ("decimal", "[M:123.45]", 123.45),
    ("decimal", "[I:3]", 3.0),
    ("decimal", ".5", 0.5),
    ("decimal", "5.", 5.0),
    ("decimal", "[F:1E+16]", 1e16),
    ("decimal", "-0.0", None),
    ("date", "[D:05/05/1999 00:00:00.0000000]", "1999-05-05"),
    ("date", "[D:05/05/1999]", "1999-05-05"),
    ("date", "[D:2020.08.27]", "2020-08-27"),
    ("date", "11/09/2017", "2017-11-09"),
    ("date", "1/9/2017", "2017-01-09"),
    ("date", "09.11.2017", "2017-11-09"),
    ("date", "2019-09-11", "2019-09-11"),
    ("date", "[DT:03/28/2019 23:59:59.9999999]", "2019-03-28"),
    ("date", "[D:01/01/0001]", None),
    ("date", "0000-12-31", None),
    ("datetime", "11/09/2017 14:53:18", "2017-11-09T14:53:18"),
    ("datetime", "2019-09-11T14:53:18.5", "2019-09-11T14:53:18.500000"),
    ("datetime", "2019-09-11 14:53", "2019-09-11T14:53:00"),
    ("datetime", "[DT:2019-09-11]", "2019-09-11T00:00:00"),
    ("datetime", "9.11.2017 8:05:00", "2017-11-09T08:05:00"),
    ("datetime", "[DT:12/31/9999 23:59:59.9999999]", "9999-12-31T23:59:59.999999"),
    ("datetime", "0001-01-01T00:00:00", None),
    ("time", "[T:14:52]", "14:52:00"),
    ("time", "14:52:30", "14:52:30"),
    ("time", "8:05", "08:05:00"),
    ("time", "[T:14:52:30.9]", "14:52:30"),
    ("time", "[DT:03/28/2019 09:34:44.0000000]", "09:34:44"),
    ("time", "[DT:01/01/1760 00:00:00.0000000]", "00:00:00"),
    ("timespan", "[TS:500]", 500),
    ("timespan", "500", 500),
]

REFUSED: list[tuple[FieldType, str]] = [
    ("int", "many"),
    ("int", "2147483648"),
    ("int", "[I:-2147483649]"),
    ("int", "1_000"),
    ("int", "1 000"),
    ("int", "٣"),
    ("int", "4.5"),
    ("int", "9" * 5000),
    ("int", "[F:4]"),
    ("int", "[I:4"),
    ("int", "[I:[I:4]]"),
    ("int", "4\0"),
    ("bool", "yes"),
    ("bool", "[I:True]s"),
    ("decimal", "4,43"),
    ("decimal", "nan"),
    ("decimal", "[F:Infinity]"),
    ("decimal", "1e999"),
    ("decimal", "."),
    ("decimal", "0x10"),
    ("date", "02/30/2019"),
    ("date", "28/03/2019"),
    ("date", "[I:20190328]"),
    ("date", "2019-W11-4"),
    ("date", "yesterday"),
    ("datetime", "2019-09-11T14:53:18Z"),
    ("datetime", "2019-09-11T14:53:18+02:00"),
    ("datetime", "2019-09-11T25:00:00"),
    ("datetime", "+010000-01-01T04:59:59.999"),
    ("time", "24:00"),
    ("time", "14"),
    ("time", "[TS:500]"),
    ("timespan", "00:05:00"),
    ("timespan", "[TS:2147483648]"),
]


@pytest.mark.parametrize(("kind", "value", "text"), WRITTEN)
def test_a_value_is_written_with_its_marker_and_read_back(kind: FieldType, value: Value, text: str):
    assert wire_text(make_field(kind), value) == text
    assert parse_value(make_field(kind), text) == value


@pytest.mark.parametrize(("kind", "text"), UNSET)
def test_unset_is_written_as_the_types_zero_and_read_as_nothing(kind: FieldType, text: str):
    assert wire_text(make_field(kind), None) == text
    assert parse_value(make_field(kind), text) is None


@pytest.mark.parametrize(("kind", "text", "value"), READ)
def test_every_known_way_of_writing_a_value_is_read(kind: FieldType, text: str, value: Value):
    found = parse_value(make_field(kind), text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(("kind", "text"), REFUSED)
def test_what_is_no_value_of_the_field_is_refused_by_name(kind: FieldType, text: str):
    with pytest.raises(BadValue) as refusal:
        parse_value(make_field(kind, "x_name"), text)
    assert refusal.value.name == "CustomFields.x_name"
    assert FORMAT_OF_TYPE[kind].wanted in refusal.value.message
    assert len(refusal.value.message) < 200


@pytest.mark.parametrize("kind", get_args(FieldType))
def test_a_value_left_behind_by_another_type_counts_as_unset(kind: FieldType):
    unset = wire_text(make_field(kind), None)
    left: list[object] = [["a list"], {"an": "object"}, "x" if kind != "string" else 7]
    assert {wire_text(make_field(kind), value) for value in left} == {unset}


def test_a_string_may_be_as_long_as_its_size_and_no_longer():
    field = make_field("string", size=5)
    assert parse_value(field, "Ålesu") == "Ålesu"
    with pytest.raises(BadValue, match="6 characters are more than 5"):
        parse_value(field, "Ålesun")


def test_a_string_without_a_size_may_have_any_length():
    assert parse_value(make_field("string"), "a" * 100_000) == "a" * 100_000


def test_a_string_with_nul_is_refused():
    with pytest.raises(BadValue, match="NUL"):
        parse_value(make_field("string"), "a\0b")


INT32 = st.integers(-(2**31), 2**31 - 1)
FROM_YEAR_TWO = date(2, 1, 1)
STORED: dict[FieldType, st.SearchStrategy[Value]] = {
    "string": st.text(st.characters(exclude_characters="\0")),
    "int": INT32,
    "bool": st.booleans(),
    "decimal": st.floats(allow_nan=False, allow_infinity=False),
    "date": st.dates(FROM_YEAR_TWO).map(date.isoformat),
    "datetime": st.datetimes(datetime.combine(FROM_YEAR_TWO, time.min)).map(datetime.isoformat),
    "time": st.times().map(lambda at: at.isoformat("seconds")),
    "timespan": INT32,
}


@given(st.data(), st.sampled_from(get_args(FieldType)))
def test_any_value_survives_its_text(data: st.DataObject, kind: FieldType):
    value = data.draw(STORED[kind])
    field = make_field(kind)
    assert parse_value(field, wire_text(field, value)) == (value or None)


@given(st.text(), st.sampled_from(get_args(FieldType)))
def test_any_text_is_either_refused_or_means_one_value(text: str, kind: FieldType):
    field = make_field(kind)
    try:
        value = parse_value(field, text)
    except BadValue:
        return
    assert parse_value(field, wire_text(field, value)) == value
