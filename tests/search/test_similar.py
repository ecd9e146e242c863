"""Tickets that say the same: which are found, in which order, by whom."""

from datetime import timedelta

import pytest

from skranke.actions.merge_split.operations import merge_tickets
from skranke.actions.trash.operations import set_deleted_status_by_ids, set_spam_status_by_ids
from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.db.database import Db, execute
from skranke.people.carriers import Person
from skranke.search.carriers import SimilarTicket
from skranke.search.resources import get_similar_tickets
from skranke.tickets.carriers import TicketEntity
from tests.cast import ADA, ANNA, NOW, RITA, STEN, ContextOf
from tests.search.make import ticket
from tests.tickets.make import save

KARI, OLA = Person(person_id=7), Person(person_id=8)
PAYROLL = TicketCategoryEntity(ticket_category_id=2)
LEAK = ("Boiler leaks", "The boiler in the cellar leaks water from its lower valve.")
SAME_MATTER = ("The boiler is leaking", "Water leaks from the lower valve of our boiler.")
OTHER_MATTERS = {
    "en": [
        ("Invoice is wrong", "The invoice of March has the wrong address on it."),
        ("Password", "I can't sign in any longer, please reset my password."),
        ("Delivery", "When will the heat pump be delivered to our cellar?"),
    ],
    "nb": [
        ("Feil faktura", "Fakturaen for mars har feil adresse."),
        ("Passord", "Jeg kommer ikke inn lenger, kan dere lage et nytt passord?"),
        ("Levering", "Når blir varmepumpen levert til oss i kjelleren?"),
    ],
    "de": [
        ("Falsche Rechnung", "Auf der Rechnung vom März steht die falsche Adresse."),
        ("Passwort", "Ich kann mich nicht mehr anmelden, bitte neues Passwort."),
        ("Lieferung", "Wann wird die Wärmepumpe in unseren Keller geliefert?"),
    ],
}


async def similar(context: RequestContext, ticket_id: int, top: int = 0) -> list[SimilarTicket]:
    return await get_similar_tickets(context, ticket_id, top)


async def alike(context: RequestContext, ticket_id: int) -> list[int]:
    return [one.ticket_id for one in await similar(context, ticket_id)]


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("en", LEAK, SAME_MATTER),
        (
            "nb",
            ("Skriver virker ikke", "Skriveren i tredje etasje skriver blanke ark."),
            ("Blanke ark", "Hei, det kommer blanke ark ut av skriveren i 3. etasje!"),
        ),
        (
            "de",
            ("Drucker defekt", "Der Drucker im dritten Stock druckt leere Blätter."),
            ("Leere Blätter", "Guten Tag, aus dem Drucker kommen nur leere Blätter."),
        ),
    ],
)
async def test_the_obvious_duplicate_comes_first(
    context_of: ContextOf, language: str, first: tuple[str, str], second: tuple[str, str]
) -> None:
    context = context_of(ANNA)
    for title, body in OTHER_MATTERS[language]:
        await ticket(context, title, body, language=language)
    one = await ticket(context, *first, language=language, person=KARI)
    two = await ticket(context, *second, language=language, person=KARI)
    for this, other in ((one, two), (two, one)):
        [best, *rest] = await similar(context, this)
        assert (best.ticket_id, best.duplicate) == (other, True)
        assert best.title == (second if other == two else first)[0]
        assert best.status == "Open"
        assert all(each.likeness < best.likeness / 2 for each in rest)
        assert not any(each.duplicate for each in rest)


async def test_the_same_words_are_all_alike_and_itself_is_never_told(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    one, two = [await ticket(context, *LEAK) for _ in range(2)]
    [found] = await similar(context, one)
    assert (found.ticket_id, found.likeness, found.owner_name) == (two, 100, "Bo Berg")


async def test_nothing_in_common_is_nothing_similar(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    await ticket(context, "Invoice", "It is wrong")
    assert await similar(context, await ticket(context, *LEAK)) == []
    assert await similar(context, await ticket(context, "", "?")) == []
    assert await similar(context, await ticket(context, "The", "of the and")) == []


async def test_a_duplicate_is_of_the_same_customer_within_a_week(
    context_of: ContextOf, db: Db
) -> None:
    one = await ticket(context_of(ANNA), *LEAK, person=KARI)
    other = await ticket(context_of(ANNA), *LEAK, person=OLA)
    nobodys = await ticket(context_of(ANNA), *LEAK)
    soon = await ticket(context_of(ANNA, now=NOW + timedelta(days=6)), *LEAK, person=KARI)
    late = await ticket(context_of(ANNA, now=NOW + timedelta(days=8)), *LEAK, person=KARI)
    marked = {s.ticket_id: s.duplicate for s in await similar(context_of(ANNA), one)}
    assert marked == {other: False, nobodys: False, soon: True, late: False}
    mail = "UPDATE ticket SET from_address = $2 WHERE id = $1"
    await execute(db, mail, one, "Kari@Fjord.example")
    await execute(db, mail, nobodys, "kari@fjord.example")
    marked = {s.ticket_id: s.duplicate for s in await similar(context_of(ANNA), one)}
    assert marked[nobodys]
    assert not marked[other]


async def test_old_tickets_are_found_by_rare_words(context_of: ContextOf) -> None:
    old = await ticket(context_of(ANNA, now=NOW - timedelta(days=3000)), *LEAK)
    new = await ticket(context_of(ANNA), *SAME_MATTER)
    assert await alike(context_of(ANNA), new) == [old]
    assert await alike(context_of(ANNA), old) == [new]


async def test_people_and_the_names_of_files_make_nothing_alike(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    await ticket(context, "Invoice", "It is wrong", person=KARI, author="Kari Kunde")
    one = await ticket(context, *LEAK, person=KARI, author="Kari Kunde")
    assert await similar(context, one) == []


async def test_what_is_deleted_spam_or_merged_away_is_left_out(context_of: ContextOf) -> None:
    context = context_of(ADA)
    kept, merged, binned, spam = [await ticket(context, *LEAK) for _ in range(4)]
    one = await ticket(context, *SAME_MATTER)
    await set_deleted_status_by_ids(context, [binned])
    await set_spam_status_by_ids(context, [spam])
    await merge_tickets(context, TicketEntity(ticket_id=kept), [merged])
    assert await alike(context, one) == [kept]


async def test_who_may_not_see_a_ticket_is_told_nothing_of_it(context_of: ContextOf) -> None:
    hidden = await ticket(context_of(ANNA), *LEAK, category=PAYROLL, person=KARI)
    one = await ticket(context_of(ANNA), *SAME_MATTER, person=KARI)
    for stranger in (STEN, RITA):
        assert await similar(context_of(stranger), one) == []
        with pytest.raises(NotFound, match=f"TicketId: {hidden}"):
            await similar(context_of(stranger), hidden)
    assert await alike(context_of(ANNA), one) == [hidden]
    own = "UPDATE ticket SET owned_by = 5 WHERE id = $1"
    await execute(context_of(STEN).db, own, hidden)
    assert await alike(context_of(STEN), one) == [hidden]
    await save(context_of(ANNA), ticket_id=one, category=PAYROLL)
    with pytest.raises(NotFound):
        await similar(context_of(STEN), one)


async def test_statistics_of_the_desk_make_common_words_weigh_little(
    context_of: ContextOf, db: Db
) -> None:
    context = context_of(ANNA)
    for number in range(20):
        await ticket(context, "Boiler", f"About boiler number {number}")
    rare = await ticket(context, "A", "It is about the zeppelin", language="en")
    one = await ticket(context, "Boiler", "A boiler for my zeppelin", language="en")
    await execute(db, "ANALYZE search_document")
    [best, *_] = await similar(context, one)
    assert best.ticket_id == rare


async def test_so_many_are_told_as_are_asked_for(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    made = [await ticket(context, *LEAK) for _ in range(8)]
    assert len(await similar(context, made[0])) == 5
    assert len(await similar(context, made[0], 7)) == 7
    for top in (-1, 21):
        with pytest.raises(BadValue, match="top"):
            await similar(context, made[0], top)
    with pytest.raises(NotFound, match="TicketId: 4711 "):
        await similar(context, 4711)
