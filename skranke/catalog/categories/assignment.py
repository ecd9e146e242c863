"""Which member of a category gets a ticket: rules, with chance and counter passed in.

Source: the manual's assignment rules; where it is silent the choices are listed in
docs/differences.md (order of quarantine and our contact, ties, round robin).
"""

from random import Random

from msgspec import Struct

from skranke.catalog.categories.carriers import TicketCategoryDelegateMethod as Method
from skranke.catalog.categories.carriers import TicketCategoryFlags as Flags
from skranke.catalog.categories.sql import Category


class AssignmentFacts(Struct, frozen=True, kw_only=True):
    """What the rules need to know beside the category itself."""

    previous_owner: int | None = None  # owner of the customer's recent ticket
    our_contacts: tuple[int, ...] = ()  # the person's, then the company's
    available: frozenset[int] = frozenset()  # users who take work just now
    turn: int = 0  # how many tickets the category has delegated before
    open_tickets: dict[int, int] = {}  # per candidate, for the fewest-first method


def candidates(category: Category, available: frozenset[int]) -> list[tuple[int, int]]:
    """The members in turn, with weight: available ones whose weight isn't 0."""
    return [
        (m.ej_user_id, m.weight)
        for m in category.members
        if m.weight > 0 and m.ej_user_id in available
    ]


def choose_owner(category: Category, known: AssignmentFacts, rng: Random) -> int | None:
    """The ejuser id who gets the ticket; None leaves it unassigned."""
    flags = category.carrier.flags
    if known.previous_owner in known.available:
        return known.previous_owner
    if Flags.DelegateToOurContact in flags:
        for contact in known.our_contacts:
            if contact in known.available:
                return contact
    method = category.carrier.delegate_method
    if method not in (Method.Even, Method.Weighted, Method.Unfair):
        return None
    members = candidates(category, known.available)
    if members:
        return _choose_member(method, members, known, rng)
    master = category.carrier.category_master
    return master if Flags.DefaultToCategoryMaster in flags and master else None


def _choose_member(
    method: Method, members: list[tuple[int, int]], known: AssignmentFacts, rng: Random
) -> int:
    if method is Method.Even:
        return members[known.turn % len(members)][0]
    if method is Method.Unfair:
        return min(members, key=lambda m: (known.open_tickets.get(m[0], 0), m[0]))[0]
    left = rng.randint(1, sum(weight for _, weight in members))
    return member_at(members, left)


def member_at(members: list[tuple[int, int]], number: int) -> int:
    """Whose share of the weights this number (from 1) falls into."""
    for member, weight in members:
        number -= weight
        if number <= 0:
            return member
    raise ValueError("the number is larger than all weights together")
