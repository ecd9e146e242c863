"""What is found, in which order, by whom, and how it is shown."""

from datetime import timedelta

import pytest

from skranke.actions.merge_split.operations import merge_tickets
from skranke.actions.trash.operations import set_deleted_status_by_ids, set_spam_status_by_ids
from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.db.database import Db, execute, value
from skranke.messages.add import NewMessage, add_message
from skranke.messages.attachments.linking import link_files
from skranke.people.carriers import Person
from skranke.search import candidates
from skranke.search.candidates import DAY, EPOCH, rings_around
from skranke.search.service import search
from skranke.tickets.carriers import TicketEntity
from tests.cast import ADA, ANNA, NOW, RITA, STEN, ContextOf
from tests.messages.attachments.make import file
from tests.search.make import find_ids, run_jobs, ticket
from tests.tickets.make import save

PAYROLL = TicketCategoryEntity(ticket_category_id=2)


async def test_all_words_must_be_there_wherever_they_stand(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    pump = await ticket(context, "Pumpe lekker", "Det drypper.", "Fra ventilen, ikke røret.")
    assert await find_ids(context, "pumpe ventilen") == [pump]
    assert await find_ids(context, "RØRET drypper") == [pump]
    assert await find_ids(context, "pumpe radiator") == []


@pytest.mark.parametrize(
    ("language", "said", "query"),
    [
        ("en", "The pumps were leaking", "leaks pump"),
        ("nb-NO", "Pumpene lekker i kjelleren", "pumpe kjeller"),
        ("sv", "Pumparna läcker i källaren", "pumpar källare"),
        ("da", "Pumperne er dyre", "pumpen dyr"),
        ("de", "Die Rechnungen der Häuser", "rechnung haus"),
        ("nl", "De pompen lekken", "pomp lekken"),
        ("fr", "Les factures impayées", "facture impayée"),
        ("fi", "Laskut ovat maksamatta", "laskuja maksamatta"),
        ("NO", "Fakturaene mangler", "faktura"),
        ("xx", "Qwertyish words", "qwertyish"),
    ],
)
async def test_words_are_found_in_any_form_of_the_messages_language(
    context_of: ContextOf, language: str, said: str, query: str
) -> None:
    context = context_of(ANNA)
    one = await ticket(context, "A", said, language=language)
    # whose last word is no beginning
    assert await find_ids(context, f'{query} ""') == [one]
    assert await find_ids(context, said) == [one]


async def test_the_desk_has_a_language_for_what_has_none(context_of: ContextOf, db: Db) -> None:
    context = context_of(ANNA)
    await ticket(context, "A", "Pumpene er borte")
    assert await find_ids(context, 'pumper ""') == []
    await execute(db, "INSERT INTO registry (name, value) VALUES ('language', 'nb')")
    two = await ticket(context, "B", "Pumpene er her")
    assert await find_ids(context, 'pumper ""') == [two]


async def test_the_last_word_may_be_a_beginning(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    one = await ticket(context, "Varmepumpeservice")
    assert await find_ids(context, "varmepumpes") == [one]
    assert await find_ids(context, "var") == [one]
    assert await find_ids(context, "va") == []
    assert await find_ids(context, "varmepumpes service") == []


async def test_a_phrase_stands_in_its_order(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    one = await ticket(context, "Out of order")
    two = await ticket(context, "Order of the out")
    assert await find_ids(context, '"out of order"') == [one]
    assert await find_ids(context, '"order of the"') == [two]
    assert await find_ids(context, 'order -"out of order"') == [two]
    assert await find_ids(context, '"out of ord') == []


async def test_what_is_excluded_is_in_no_message(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    one = await ticket(context, "Pump", "leaks")
    await ticket(context, "Pump", "leaks", "The oil drips")
    assert await find_ids(context, "pump -oil") == [one]
    assert await find_ids(context, "pump -oils") == [one]
    assert await find_ids(context, "-oil") == []


async def test_words_that_say_nothing_do_not_matter(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    one = await ticket(context, "A", "Reset my password", language="en")
    assert await find_ids(context, "quickly reset the password") == []
    assert await find_ids(context, "how to reset the password") == [one]


async def test_a_title_goes_before_a_message_and_new_before_old(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    said = await ticket(context, "A", "The boiler")
    titled = await ticket(context, "Boiler")
    assert await find_ids(context, "boiler") == [titled, said]
    later = context_of(ANNA, now=NOW + timedelta(days=400))
    newer = await ticket(later, "Boiler")
    assert await find_ids(later, "boiler") == [newer, titled, said]
    ranks = [one.rank for one in (await search(later, "boiler", 20, 0)).value]
    assert ranks == sorted(ranks, reverse=True)
    assert all(rank > 0 for rank in ranks)


async def test_people_companies_addresses_and_files_are_found(
    context_of: ContextOf, db: Db
) -> None:
    context = context_of(ADA)
    one = await ticket(context, "A", "B", person=Person(person_id=7))
    for query in ("kari kunde", "fjord", "kari@fjord.example", "KARI@fjord.example"):
        assert await find_ids(context, query) == [one]
    two = await ticket(context, "C", "D", author="Somebody Else")
    assert await find_ids(context, "somebody") == [two]
    message = await value(db, int, "SELECT max(id) FROM ej_message WHERE ticket_id = $1", two)
    await link_files(context, message, [await file(context, "boiler_plan.pdf", b"x")])
    await run_jobs(context)
    assert await find_ids(context, "plan") == [two]
    assert await find_ids(context, "boiler_plan.pdf") == [two]


async def test_an_address_finds_the_tickets_of_who_has_it_now(
    context_of: ContextOf, db: Db
) -> None:
    context = context_of(ANNA)
    one = await ticket(context, "A", person=Person(person_id=8))
    await execute(db, "INSERT INTO email (person_id, email_address) VALUES (8, 'ola@new.example')")
    assert await find_ids(context, "Ola@new.example") == [one]


async def test_a_number_leads_to_its_ticket_first(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    one = await ticket(context, "A")
    two = await ticket(context, f"About {one}")
    assert await find_ids(context, f"{one}") == [one, two]
    assert await find_ids(context, f"#{one}") == [one, two]
    assert await find_ids(context, f'"{one}"') == [two]


async def test_deleted_spam_and_merged_tickets_are_left_out(context_of: ContextOf) -> None:
    context = context_of(ADA)
    tickets = [await ticket(context, "Boiler", f"number {n}") for n in range(4)]
    kept, merged, binned, spam = tickets
    await set_deleted_status_by_ids(context, [binned])
    await set_spam_status_by_ids(context, [spam])
    await merge_tickets(context, TicketEntity(ticket_id=kept), [merged])
    assert await find_ids(context, "boiler") == [kept]
    await run_jobs(context)
    assert await find_ids(context, '"number 1"') == [kept]
    # by its number each is found: a merged one where it went
    assert await find_ids(context, str(binned)) == [binned]
    assert await find_ids(context, str(merged)) == [kept]


async def test_a_closed_category_is_searched_by_its_members(context_of: ContextOf) -> None:
    hidden = await ticket(context_of(ANNA), "Wages", "secret", category=PAYROLL)
    for stranger in (STEN, RITA):
        context = context_of(stranger)
        for query in ("wages", "secret", '"secret"', str(hidden), "wag"):
            assert (await search(context, query, 20, 0)).total == 0, query
    for member in (ANNA, ADA):
        assert await find_ids(context_of(member), "wages") == [hidden]
    own = "UPDATE ticket SET owned_by = 5 WHERE id = $1"
    await execute(context_of(STEN).db, own, hidden)
    assert await find_ids(context_of(STEN), "wages secret") == [hidden]
    assert await find_ids(context_of(STEN), str(hidden)) == [hidden]


async def test_a_ticket_is_hidden_the_moment_its_category_is(context_of: ContextOf) -> None:
    one = await ticket(context_of(ANNA), "Wages")
    assert await find_ids(context_of(STEN), "wages") == [one]
    await save(context_of(ANNA), ticket_id=one, category=PAYROLL)
    assert await find_ids(context_of(STEN), "wages") == []


async def test_an_address_finds_nothing_in_a_closed_category(context_of: ContextOf) -> None:
    kari = Person(person_id=7)
    await ticket(context_of(ANNA), "Wages", category=PAYROLL, person=kari)
    assert await find_ids(context_of(STEN), "kari@fjord.example") == []


async def test_what_fits_is_marked_and_the_rest_escaped(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    said = "Hello <b>you</b>,\nmy <script> boiler \ue000leaks\ue001 & drips"
    one = await ticket(context, "A <i>title</i>", "Nothing here", said)
    [shown] = (await search(context, "boiler", 20, 0)).value
    assert (shown.ticket_id, shown.status, shown.owner_name) == (one, "Open", "Anna Agent")
    assert "<mark>boiler</mark>" in shown.highlight
    assert "script" in shown.highlight
    assert "leaks &amp; drips" in shown.highlight
    assert shown.highlight.count("<") == 2
    messages = "SELECT array_agg(id ORDER BY id) FROM ej_message WHERE ticket_id = $1"
    assert shown.message_id == (await value(context.db, list[int], messages, one))[1]
    [shown] = (await search(context, "title", 20, 0)).value
    assert "<mark>title</mark>" in shown.highlight
    assert shown.message_id == 0


async def test_stems_and_beginnings_are_marked(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    await ticket(context, "A", "Pumpene lekker", language="nb")
    [shown] = (await search(context, "pumper lek", 20, 0)).value
    assert shown.highlight == "<mark>Pumpene</mark> <mark>lekker</mark>"


async def test_pages_follow_each_other(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    made = {await ticket(context, f"Boiler {n}") for n in range(5)}
    pages = [await search(context, "boiler", 2, skip) for skip in (0, 2, 4, 6)]
    assert [page.total for page in pages] == [5] * 4
    assert [len(page.value) for page in pages] == [2, 2, 1, 0]
    assert {one.ticket_id for page in pages for one in page.value} == made


async def test_the_best_of_the_newest_are_shown(
    context_of: ContextOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "MAX_CANDIDATES", 2)
    old = await ticket(context_of(ANNA, now=NOW - timedelta(days=300)), "Boiler")
    newer = [await ticket(context_of(ANNA), f"Boiler {n}") for n in range(2)]
    assert set(await find_ids(context_of(ANNA), "boiler")) == set(newer)
    assert await find_ids(context_of(ANNA), "boiler -1 -0") == [old]


async def test_older_ones_are_found_however_old(context_of: ContextOf) -> None:
    ages = (0, 1, 3, 20, 100, 400, 4000)
    made = [await ticket(context_of(ANNA, now=NOW - timedelta(days=age)), "Boiler") for age in ages]
    assert await find_ids(context_of(ANNA), "boiler") == made


def test_every_day_lies_in_one_ring() -> None:
    for today in range(20_000, 20_300):
        rings = rings_around(EPOCH + today * DAY + DAY / 2)
        wanted = [period for ring in rings.periods for period in ring]
        for day in range(today - 1000, today + 1):
            periods = {100_000 * level + day // 4**level for level in range(5)}
            found = sum(period in periods for period in wanted)
            older = EPOCH + day * DAY < rings.before
            assert found + older == 1, (today, day)


HOSTILE = [
    "",
    " ",
    '"',
    '""',
    '"""',
    "'",
    "''",
    "\\",
    "\\'",
    "-",
    "--",
    '-"',
    "!",
    "&",
    "|",
    "<->",
    "a & !b | c <2> d",
    ":*",
    "a:*",
    "'a':A",
    "(",
    ")",
    "((((",
    "!!!!",
    "%",
    "_",
    "a\0b",
    "\ud800",
    "\ue000",
    "*",
    "$1",
    "{}",
    "NULL",
    "'; DROP TABLE ticket; --",
    "a' | 'b",
    "x'::tsquery",
    "1; SELECT pg_sleep(9)",
    "a" * 500,
    '"a ' * 166,
    "1 " * 250,
    "-a " * 166,
    "é" * 500,
    "日本語",
    "@",
    "a@",
    "@b",
    "999999999999999999",
    "2147483648",
    "#",
    "#0",
    "- a",
    '"a"b"c',
    "http://a.example/b?c=d&e=f",
    "𝒳" * 250,
    "<mark>",
    "\u202e",
    "a\tb\nc",
    "StartSel=<x>",
]


@pytest.mark.parametrize("query", HOSTILE, ids=ascii)
async def test_no_text_is_too_strange(context_of: ContextOf, query: str) -> None:
    context = context_of(ANNA)
    one = await ticket(context, "A quiet ticket", "its message")
    told = await search(context, query, 20, 0)
    assert told.total in (0, 1)
    assert await find_ids(context, "quiet") == [one]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
async def test_whatever_stands_in_a_ticket_is_written(context_of: ContextOf, text: str) -> None:
    context = context_of(ANNA)
    body = text.replace("\0", "").encode(errors="replace").decode()
    one = await ticket(context, "Strange", body * 400)
    assert await find_ids(context, "strange") == [one]


async def test_a_message_added_later_is_found(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    one = await ticket(context, "A", "B")
    await add_message(context, NewMessage(ticket_id=one, html_body="<p>the <b>boiler</b></p>"))
    assert await find_ids(context, "boiler") == []
    await run_jobs(context)
    assert await find_ids(context, "boiler") == [one]
