"""What the two dictionaries show, and what a save makes of them."""

import pytest

from skranke.catalog.extra_fields.encoding import Value
from skranke.catalog.extra_fields.rules import (
    apply_texts,
    default_texts,
    default_values,
    wire_texts,
)
from skranke.core.errors import BadValue
from tests.catalog.extra_fields.make import EACH, by_name, make_field

NO_DATE = "[DT:01/01/0001 00:00:00.0000000]"
STORED: dict[str, object] = {"x_Site": "Oslo", "x_count": 7, "x_paid": True}


def test_every_defined_field_is_shown_set_or_not():
    extra, custom = wire_texts(EACH, STORED)
    assert extra == {
        "x_Site": "Oslo",
        "x_count": "[I:7]",
        "x_paid": "[I:1]",
        "x_hours": "[F:0]",
        "x_bought": NO_DATE,
        "x_seen": NO_DATE,
        "x_call_at": NO_DATE,
        "x_travel": "[I:0]",
    }
    assert list(custom)[:4] == ["x_Site", "x_Site:org", "x_count", "x_count:org"]
    for name, text in extra.items():
        assert custom[name] == custom[f"{name}:org"] == text
    assert len(custom) == 2 * len(extra)


def test_what_no_definition_names_is_not_shown():
    assert wire_texts({}, STORED) == ({}, {})
    assert wire_texts(by_name(make_field("int", "x_count")), {"x_gone": 1})[0] == {
        "x_count": "[I:0]"
    }


def test_the_defaults_fill_both_dictionaries():
    extra, custom = default_texts(EACH)
    assert extra == {
        "x_Site": "Bergen",
        "x_count": "[I:3]",
        "x_paid": "[I:1]",
        "x_hours": "[F:0.5]",
        "x_bought": "[DT:01/31/2026 00:00:00.0000000]",
        "x_seen": NO_DATE,
        "x_call_at": "[DT:01/01/1760 08:30:00.0000000]",
        "x_travel": "[I:900]",
    }
    assert custom["x_Site:org"] == "Bergen"


def test_a_default_that_is_no_value_counts_as_unset():
    assert default_values(by_name(make_field("int", default_value="many"))) == {}


def test_saving_what_was_shown_changes_nothing():
    stored: dict[str, object] = {
        "x_Site": "Oslo",
        "x_count": 7,
        "x_paid": True,
        "x_hours": 0.1,
        "x_bought": "2019-03-28",
        "x_seen": "2019-03-28T14:52:07.000001",
        "x_call_at": "00:00:00",
        "x_travel": -1,
    }
    assert apply_texts(EACH, stored, *wire_texts(EACH, stored)) is stored
    assert apply_texts(EACH, {}, *wire_texts(EACH, {})) == {}


@pytest.mark.parametrize(
    "stored", [{"x_count": 0}, {"x_paid": False}, {"x_Site": ""}, {"x_seen": None}]
)
def test_an_explicit_zero_in_the_database_is_left_alone(stored: dict[str, object]):
    assert apply_texts(EACH, stored, *wire_texts(EACH, stored)) is stored


def test_a_longer_string_than_allowed_is_kept_when_it_was_there_before():
    stored: dict[str, object] = {"x_Site": "a" * 21}
    after = apply_texts(EACH, stored, {}, {"x_Site": "a" * 21, "x_count": "1"})
    assert after == {**stored, "x_count": 1}


@pytest.mark.parametrize(
    ("extra", "custom"),
    [
        ({}, {}),
        ({"ExtraFields1": "aliquam"}, {"CustomFields1": "culpa", "SuperOffice:1": "x"}),
        ({}, {"x_count:org": "[I:1]", "x_paid:DisplayText": "[SR_NO]"}),
        ({}, {"x_Site:DisplayTooltip": "A site", "x_Site:displaytext": "Bergen"}),
        ({}, {"x_count": "7", "X_PAID": "True"}),
    ],
)
def test_what_sets_no_field_to_something_else_changes_nothing(
    extra: dict[str, str], custom: dict[str, str]
):
    assert apply_texts(EACH, STORED, extra, custom) is STORED


def test_without_definitions_nothing_is_stored():
    assert apply_texts({}, {}, {"x_count": "[I:1]"}, {"x_count": "[I:1]"}) == {}


def test_a_key_sets_its_field_and_a_missing_key_keeps_it():
    after = apply_texts(EACH, STORED, {"x_hours": "1.5"}, {"x_count": "[I:8]"})
    assert after == {"x_Site": "Oslo", "x_count": 8, "x_paid": True, "x_hours": 1.5}
    assert STORED == {"x_Site": "Oslo", "x_count": 7, "x_paid": True}


def test_keys_are_matched_in_any_case_and_stored_as_defined():
    assert apply_texts(EACH, {}, {"X_SITE": "Voss"}, {}) == {"x_Site": "Voss"}


def test_a_field_that_becomes_unset_leaves_the_object():
    posted = {"x_Site": "", "x_count": "[I:0]", "x_paid": "False"}
    assert apply_texts(EACH, STORED, {}, posted) == {}


def test_what_stands_under_other_names_survives_a_save():
    stored: dict[str, object] = {"x_gone": "kept", "x_count": 7}
    assert apply_texts(EACH, stored, {}, {"x_count": "8"}) == {"x_gone": "kept", "x_count": 8}


@pytest.mark.parametrize(
    ("extra", "custom", "after"),
    [
        ("[I:8]", "[I:9]", 9),  # both differ from what is stored
        ("[I:8]", "[I:7]", 8),
        ("[I:8]", "7", 8),  # the same value, written in another way
        ("[I:7]", "[I:9]", 9),
        ("[I:7]", "[I:0]", None),
        ("many", "[I:9]", 9),  # nobody reads what loses
        ("[I:7]", "[I:7]", 7),
    ],
)
def test_the_dictionary_that_changes_a_field_wins_then_custom_fields(
    extra: str, custom: str, after: Value
):
    stored: dict[str, object] = {"x_count": 7}
    found = apply_texts(EACH, stored, {"x_count": extra}, {"x_count": custom})
    assert found.get("x_count") == after


def test_one_bad_value_refuses_the_whole_save():
    with pytest.raises(BadValue, match=r"CustomFields\.x_hours: 'much' is not a number"):
        apply_texts(EACH, STORED, {"x_hours": "much"}, {"x_count": "[I:8]"})


def test_a_value_of_a_former_type_is_replaced_once_the_field_is_set():
    fields = by_name(make_field("int", "x_count"))
    stored: dict[str, object] = {"x_count": "seven"}
    assert apply_texts(fields, stored, {}, {"x_count": "[I:0]"}) is stored
    assert apply_texts(fields, stored, {}, {"x_count": "[I:7]"}) == {"x_count": 7}
