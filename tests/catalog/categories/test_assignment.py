"""Who gets a ticket: the rules as tables, then the whole delegation on a database."""

from datetime import timedelta
from random import Random

import pytest

from skranke.catalog.categories.assignment import AssignmentFacts, choose_owner, member_at
from skranke.catalog.categories.carriers import TicketCategoryDelegateMethod as Method
from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.catalog.categories.carriers import TicketCategoryFlags as Flags
from skranke.catalog.categories.sql import Category, Member
from skranke.core.context import RequestContext
from skranke.db.database import Db
from skranke.people.carriers import Associate, Person
from skranke.tickets.carriers import TicketEntity
from skranke.tickets.reference_data import AUTOMATIC_OWNER_ID
from tests.cast import ANNA, BO, NOW, ContextOf
from tests.tickets.make import save

ALL = frozenset({3, 4, 5})
NONE = frozenset[int]()


def category(
    method: Method, flags: Flags = Flags.Unknown, master: int = 0, **weights: int
) -> Category:
    """A category whose members 3, 4 and 5 have these weights (1 unless said)."""
    members = [Member(n, weights.get(f"w{n}", 1), available=True) for n in (3, 4, 5)]
    carrier = TicketCategoryEntity(
        ticket_category_id=1, delegate_method=method, flags=flags, category_master=master
    )
    return Category(carrier=carrier, members=tuple(members), group_ids=frozenset())


def known(**facts: object) -> AssignmentFacts:
    return AssignmentFacts(**{"available": ALL, **facts})  # pyright: ignore[reportArgumentType] # a table's facts


CASES = [
    ("Not leaves it unassigned", category(Method.Not), known(), None),
    ("so does Unknown", category(Method.Unknown), known(), None),
    ("Even takes turns", category(Method.Even), known(turn=0), 3),
    ("the second turn", category(Method.Even), known(turn=1), 4),
    ("and begins again", category(Method.Even), known(turn=3), 3),
    ("weight 0 gets nothing", category(Method.Even, w3=0), known(turn=0), 4),
    ("Even skips who is away", category(Method.Even), known(available={5}, turn=7), 5),
    (
        "Unfair gives to who has fewest",
        category(Method.Unfair),
        known(open_tickets={3: 5, 4: 2, 5: 3}),
        4,
    ),
    (
        "a tie goes to the lowest id",
        category(Method.Unfair),
        known(open_tickets={3: 2, 4: 2, 5: 9}),
        3,
    ),
    ("no tickets is fewest", category(Method.Unfair), known(open_tickets={3: 1, 4: 1}), 5),
    ("nobody there: unassigned", category(Method.Even), known(available=NONE), None),
    (
        "nobody there: the master, if so flagged",
        category(Method.Even, Flags.DefaultToCategoryMaster, master=9),
        known(available=NONE),
        9,
    ),
    (
        "a master without the flag gets nothing",
        category(Method.Even, master=9),
        known(available=NONE),
        None,
    ),
    ("quarantine comes first", category(Method.Even), known(previous_owner=5), 5),
    ("but not to who is away", category(Method.Even), known(previous_owner=5, available={3, 4}), 3),
    (
        "our contact, if so flagged",
        category(Method.Even, Flags.DelegateToOurContact),
        known(our_contacts=(5,)),
        5,
    ),
    (
        "the company's when the person's is away",
        category(Method.Even, Flags.DelegateToOurContact),
        known(our_contacts=(8, 4)),
        4,
    ),
    ("not without the flag", category(Method.Even), known(our_contacts=(5,)), 3),
    (
        "quarantine before our contact",
        category(Method.Even, Flags.DelegateToOurContact),
        known(previous_owner=4, our_contacts=(5,)),
        4,
    ),
]


@pytest.mark.parametrize(
    ("where", "facts", "who"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_the_rules_choose(where: Category, facts: AssignmentFacts, who: int | None) -> None:
    assert choose_owner(where, facts, Random(1)) == who


@pytest.mark.parametrize(
    ("number", "who"), [(7, "C"), (2, "B"), (5, "C"), (1, "A"), (3, "B"), (8, "C")]
)
def test_a_draw_falls_into_the_manuals_shares(number: int, who: str) -> None:
    members = [(1, 1), (2, 2), (3, 5)]
    assert "ABC"[member_at(members, number) - 1] == who


def test_weighted_draws_follow_the_weights() -> None:
    where = category(Method.Weighted, w3=1, w4=2, w5=5)
    rng = Random(7)
    draws = [choose_owner(where, known(), rng) for _ in range(8000)]
    assert [round(draws.count(who) / 1000) for who in (3, 4, 5)] == [1, 2, 5]


async def automatic(context: RequestContext, **properties: object) -> str:
    """The owner's login of a new ticket that asks for the rules."""
    asked = Associate(associate_id=AUTOMATIC_OWNER_ID)
    ticket: TicketEntity = await save(context, owned_by=asked, **properties)
    assert ticket.owned_by
    return ticket.owned_by.name


async def test_max_int_hands_tickets_out_in_turn(context_of: ContextOf, db: Db) -> None:
    context = context_of(ANNA)
    owners = [await automatic(context) for _ in range(4)]
    assert owners == ["anna", "bo", "anna", "bo"]
    assert await db.fetchval("SELECT delegate_counter FROM ej_category_delegation") == 4


async def test_a_new_ticket_without_owner_is_handed_out_too(context_of: ContextOf) -> None:
    ticket = await save(context_of(BO), title="x")
    assert ticket.owned_by
    assert ticket.owned_by.name == "anna"
    null = await save(context_of(BO), owned_by=None)
    assert null.owned_by
    assert null.owned_by.name == "bo"


async def test_max_int_reassigns_a_stored_ticket(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    free = await save(context, owned_by=Associate())
    asked = Associate(associate_id=AUTOMATIC_OWNER_ID)
    given = await save(context, ticket_id=free.ticket_id, owned_by=asked)
    assert given.owned_by
    assert given.owned_by.name == "anna"


async def test_users_who_are_away_get_nothing(context_of: ContextOf, db: Db) -> None:
    await db.execute("UPDATE ejuser SET status = 2 WHERE id = 3")
    assert [await automatic(context_of(ANNA)) for _ in range(2)] == ["bo", "bo"]
    await db.execute("UPDATE ejuser SET status = 4 WHERE id = 4")
    assert await automatic(context_of(ANNA)) == ""


async def test_only_logged_in_users_counts_live_sessions(context_of: ContextOf, db: Db) -> None:
    await db.execute("UPDATE ej_category SET flags = 2 WHERE id = 1")
    assert await automatic(context_of(ANNA)) == ""
    login = "INSERT INTO login VALUES ($1, 'x', $2, $3, $3)"
    await db.execute(login, "s1", 3, NOW - timedelta(hours=3))
    await db.execute(login, "s2", 4, NOW - timedelta(hours=1))
    assert await automatic(context_of(ANNA)) == "bo"


async def test_quarantine_keeps_a_customer_with_his_agent(context_of: ContextOf, db: Db) -> None:
    await db.execute("UPDATE ej_category SET assignment_lag = 30 WHERE id = 1")
    kari = Person(person_id=7)
    context = context_of(ANNA)
    first = await automatic(context, person=kari)
    soon = context_of(ANNA, now=NOW + timedelta(minutes=29))
    assert await automatic(soon, person=kari) == first == "anna"
    other = await automatic(soon, person=Person(person_id=8))
    assert other == "anna"
    late = context_of(ANNA, now=NOW + timedelta(minutes=90))
    assert await automatic(late, person=kari) == "bo"


async def test_cross_posts_go_to_the_same_handler_in_any_category(
    context_of: ContextOf, db: Db
) -> None:
    await db.execute("UPDATE registry SET value = '60' WHERE name = 'crossPostMinutes'")
    kari = Person(person_id=7)
    await save(context_of(ANNA), person=kari, owned_by=Associate(associate_id=5))
    assert await automatic(context_of(ANNA), person=kari) == "sten"


async def test_our_contact_is_preferred_when_the_category_says_so(
    context_of: ContextOf, db: Db
) -> None:
    await db.execute("UPDATE ej_category SET flags = 32 WHERE id = 1")
    await db.execute("UPDATE contact SET support_associate_id = 5 WHERE contact_id = 2")
    kari = Person(person_id=7)
    assert await automatic(context_of(ANNA), person=kari) == "sten"
    await db.execute("UPDATE person SET support_associate_id = 4 WHERE person_id = 7")
    assert await automatic(context_of(ANNA), person=kari) == "bo"


async def test_group_members_count_with_weight_one(context_of: ContextOf, db: Db) -> None:
    await db.execute(
        "DELETE FROM category_membership WHERE category_id = 1;"
        "INSERT INTO ej_category_group_link VALUES (1, 2)"
    )
    assert await automatic(context_of(ANNA)) == "sten"


async def test_unfair_counts_open_tickets_only(context_of: ContextOf, db: Db) -> None:
    await db.execute("UPDATE ej_category SET delegate_method = 3 WHERE id = 1")
    context = context_of(ANNA)
    await save(context, owned_by=Associate(associate_id=3))
    assert await automatic(context) == "bo"
    await db.execute("UPDATE ticket SET status = 2 WHERE owned_by = 4")
    assert await automatic(context) == "bo"


async def test_fallback_is_the_category_master(context_of: ContextOf, db: Db) -> None:
    await db.execute(
        "UPDATE ej_category SET flags = 4, category_master = 2 WHERE id = 1;"
        "DELETE FROM category_membership WHERE category_id = 1"
    )
    assert await automatic(context_of(ANNA)) == "ada"
