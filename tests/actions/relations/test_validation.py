"""One link between two tickets, one parent each, and no circle of parents."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skranke.actions.relations.carriers import TicketRelationError as Error
from skranke.actions.relations.carriers import TicketRelationType as Kind
from skranke.actions.relations.validation import TicketLinks, find_fault

KINDS = [Kind.Related, Kind.Parent, Kind.Child]


def book(*links: tuple[int, int, Kind]) -> TicketLinks:
    known = TicketLinks()
    for link in links:
        known.add(*link)
    return known


@pytest.mark.parametrize("kind", KINDS)
def test_a_ticket_is_not_related_to_itself(kind: Kind) -> None:
    fault = find_fault(book(), 5, 5, kind)
    assert fault is not None
    assert fault.error is Error.SameTicket


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ends", [(1, 2), (2, 1)])
def test_two_tickets_are_related_once(kind: Kind, ends: tuple[int, int]) -> None:
    fault = find_fault(book((1, 2, Kind.Related)), *ends, kind)
    assert fault is not None
    assert fault.error is Error.RelationExists


@pytest.mark.parametrize(
    ("source", "destination", "kind"), [(1, 3, Kind.Parent), (3, 1, Kind.Child)]
)
def test_a_second_parent_is_refused_from_either_end(
    source: int, destination: int, kind: Kind
) -> None:
    fault = find_fault(book((1, 2, Kind.Parent)), source, destination, kind)
    assert fault is not None
    assert fault.error is Error.ParentExists
    assert fault.message == "Ticket 1 has a parent already: 2."


def test_a_circle_is_refused_however_long() -> None:
    chain = [(low, high, Kind.Parent) for low, high in pairwise(range(1, 9))]
    fault = find_fault(book(*chain), 8, 1, Kind.Parent)
    assert fault is not None
    assert fault.message == "Ticket 8 is above ticket 1, which can't be its parent."


def test_a_parent_may_have_many_children_and_relatives() -> None:
    known = book((1, 9, Kind.Parent), (9, 2, Kind.Child), (9, 3, Kind.Related))
    assert find_fault(known, 4, 9, Kind.Parent) is None
    assert find_fault(known, 9, 4, Kind.Related) is None


@given(st.lists(st.tuples(st.integers(1, 8), st.integers(1, 8), st.sampled_from(KINDS))))
def test_what_is_judged_well_never_makes_a_circle(wishes: list[tuple[int, int, Kind]]) -> None:
    known = TicketLinks()
    for wish in wishes:
        if find_fault(known, *wish) is None:
            known.add(*wish)
    for ticket in known.parent_of:
        above: list[int] = []
        while ticket in known.parent_of:
            ticket = known.parent_of[ticket]
            assert ticket not in above
            above.append(ticket)
