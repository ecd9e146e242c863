"""Enums and flags: names out, names and numbers in."""

import msgspec
import pytest

from skranke.catalog.categories.carriers import TicketCategoryFlags
from skranke.catalog.priorities.carriers import TicketPriorityEscalateEvent
from skranke.catalog.statuses.carriers import TicketBaseStatus
from skranke.core.enums import WireEnum, WireFlags, zero_member
from skranke.core.schema import EFieldRight, ETableRight


@pytest.mark.parametrize("sent", ["Postponed", "postponed", " POSTPONED ", "3", "+3", "03", 3])
def test_a_member_is_found_by_name_and_number(sent: object):
    assert TicketBaseStatus(sent) is TicketBaseStatus.Postponed


@pytest.mark.parametrize(
    "sent", ["Nonsense", "", "7", "-1", "3.0", "9" * 500, 7, 10**400, True, None, 3.0]
)
def test_what_names_no_member_is_refused(sent: object):
    with pytest.raises(ValueError, match="TicketBaseStatus"):
        TicketBaseStatus(sent)


def test_a_negative_number_has_its_member():
    assert TicketPriorityEscalateEvent("-1") is TicketPriorityEscalateEvent.None_
    assert TicketPriorityEscalateEvent.of(-1) is TicketPriorityEscalateEvent.None_


def test_of_names_the_enum_that_lacks_the_number():
    with pytest.raises(ValueError, match="99 is not a valid TicketBaseStatus"):
        TicketBaseStatus.of(99)
    with pytest.raises(ValueError, match="1024 is not a valid TicketCategoryFlags"):
        TicketCategoryFlags.of(1024)
    with pytest.raises(ValueError, match="-1 is not a valid TicketCategoryFlags"):
        TicketCategoryFlags.of(-1)


@pytest.mark.parametrize(
    ("flags", "number", "written"),
    [
        (ETableRight, 0, "None"),
        (ETableRight, 7, "Select, Update, Insert"),
        (ETableRight, 15, "Select, Update, Insert, Delete"),
        (
            ETableRight,
            255,
            "Select, Update, Insert, Delete, Filtering, RestrictedUpdate, Unused1, Uninitialized",
        ),
        (EFieldRight, 67, "Update, UIHintMandatory"),
        (EFieldRight, 32, "Nullable"),
        (TicketCategoryFlags, 0, "Unknown"),
        (TicketCategoryFlags, 129, "Internal, MembersOnly"),
    ],
)
def test_flags_are_written_as_names(flags: type[WireFlags], number: int, written: str):
    assert msgspec.json.encode(flags.of(number)) == f'"{written}"'.encode()


@pytest.mark.parametrize(
    "sent",
    [
        "FULL",
        "full",
        "15",
        15,
        "Select, Update, Insert, Delete",
        "URI,Delete",
        "delete insert update select",
        "  Select ,,Insert  UDR ",
    ],
)
def test_flags_are_read_from_names_numbers_and_second_names(sent: object):
    assert ETableRight(sent) is ETableRight.of(15)


@pytest.mark.parametrize("sent", ["Select, Nonsense", "256", "-1", "1.5", 256, -1, True, None, [1]])
def test_flags_that_have_no_name_are_refused(sent: object):
    with pytest.raises(ValueError, match="ETableRight"):
        ETableRight(sent)


def test_a_combination_is_the_same_object_ever_after():
    first = ETableRight.Select | ETableRight.Delete
    assert first is ETableRight("Delete Select")
    assert ETableRight.Delete in first
    assert ETableRight.Update not in first


@pytest.mark.parametrize(
    ("kind", "nothing"),
    [
        (TicketBaseStatus, "Unknown"),
        (TicketPriorityEscalateEvent, "Stop"),
        (ETableRight, "None"),
        (TicketCategoryFlags, "Unknown"),
    ],
)
def test_the_zero_of_an_enum_is_its_number_0(kind: type[WireEnum] | type[WireFlags], nothing: str):
    assert zero_member(kind).value == nothing
