"""Whose ticket a mail is, and who may say so: the vectors of threading and persons."""

import pytest

from skranke.catalog.statuses.carriers import TicketBaseStatus as Base
from skranke.db.database import Db
from skranke.people.carriers import Person
from skranke.tickets.carriers import TicketOrigin, TicketReadStatus
from skranke.tickets.message_rows import BadgeType
from tests.channels.mail.incoming.conftest import KARI, SUPPORT, Desk, written

STRANGER = "stranger@evil.example"


async def test_an_unknown_sender_makes_a_ticket_and_a_person(desk: Desk) -> None:
    raw = written("Message-Id: <1@x.example>", sender="Ny Kunde <new@x.example>", body="Hei")
    row = await desk.receive(raw)
    ticket = await desk.ticket(row.ticket_id)
    assert (row.state, row.mail_id, row.sender) == ("ticket", "1@x.example", "new@x.example")
    assert (ticket.title, ticket.origin) == ("Pump", TicketOrigin.Email)
    assert ticket.person
    assert (ticket.person.firstname, ticket.person.lastname) == ("Ny", "Kunde")
    assert ticket.person.email == "new@x.example"
    assert ticket.category
    assert ticket.category.ticket_category_id == 2
    assert ticket.read_status is TicketReadStatus.Red
    assert (ticket.from_address, ticket.author) == ("Ny Kunde <new@x.example>", "Ny Kunde")
    message = await desk.message(row)
    assert (message.body, message.badge) == ("Hei", BadgeType.Incoming)
    assert message.message_id == "<1@x.example>"
    assert await desk.db.fetchval(
        "SELECT filter_address FROM ticket WHERE id = $1", row.ticket_id
    ) == (SUPPORT)
    [letter] = await desk.letters(row.ticket_id)
    assert (letter.type, letter.rcpt) == ("auto-reply", ["new@x.example"])
    assert letter.subject == f"[ejTag: {row.ticket_id}] We have your mail"
    assert {"ticket.created", "skranke.mail.ticket", "skranke.ticket.notify"} <= set(
        await desk.events(row.ticket_id)
    )


@pytest.mark.parametrize(
    ("name", "value", "has_person", "letters"),
    [("createContactForInbound", "0", False, 1), ("noMailToNewContacts", "1", True, 0)],
)
async def test_preferences_say_who_becomes_a_person_and_is_answered(
    desk: Desk, name: str, value: str, has_person: bool, letters: int
) -> None:
    await desk.db.execute("UPDATE registry SET value = $2 WHERE name = $1", name, value)
    row = await desk.receive(written(sender="new@x.example"))
    assert bool((await desk.ticket(row.ticket_id)).person) is has_person
    assert len(await desk.letters(row.ticket_id)) == letters


async def test_a_person_is_known_by_any_address_in_any_case(desk: Desk) -> None:
    await desk.db.execute(
        "INSERT INTO email (person_id, email_address) VALUES (7, 'k@home.example')"
    )
    row = await desk.receive(written(sender="K@HOME.EXAMPLE"))
    person = (await desk.ticket(row.ticket_id)).person
    assert person
    assert person.person_id == 7


async def test_of_two_persons_the_one_in_the_mails_company_counts(desk: Desk) -> None:
    await desk.db.execute("""
        INSERT INTO email (person_id, email_address) VALUES (3, 'both@acme.example'),
            (8, 'both@acme.example');
        INSERT INTO company_domain (contact_id, domain, rank) VALUES (2, 'acme.example', 1)
    """)
    row = await desk.receive(written(sender="both@acme.example"))
    person = (await desk.ticket(row.ticket_id)).person
    assert person
    assert person.person_id == 8


async def test_a_new_person_joins_the_company_of_the_domain(desk: Desk) -> None:
    await desk.db.execute(
        "INSERT INTO company_domain (contact_id, domain, rank)"
        " VALUES (2, 'https://www.acme.example/x', 1)"
    )
    row = await desk.receive(written(sender="joe@acme.example"))
    person = (await desk.ticket(row.ticket_id)).person
    assert person
    assert person.contact_id == 2


@pytest.mark.parametrize("header", ["To", "Delivered-To", "X-Original-To", "rcpt", "upper"])
async def test_a_signed_address_leads_to_its_ticket(desk: Desk, header: str) -> None:
    ticket_id = await desk.make_ticket()
    address = await desk.reply_to(ticket_id)
    if header == "rcpt":
        row = await desk.receive(written(), rcpt=[address])
    elif header == "To":
        row = await desk.receive(written(to=address))
    elif header == "upper":
        row = await desk.receive(written(to=address.upper()))
    else:
        row = await desk.receive(written(f"{header}: {address}", to="list@x.example"))
    assert (row.state, row.ticket_id, row.reason) == ("message", ticket_id, "by address")
    assert await desk.letters(ticket_id) == []


async def test_a_wrong_proof_makes_a_new_ticket(desk: Desk) -> None:
    ticket_id = await desk.make_ticket()
    address = await desk.reply_to(ticket_id)
    local, _, domain = address.partition("@")
    spoilt = local[:-1] + ("a" if local[-1] != "a" else "b")
    row = await desk.receive(written(to=f"{spoilt}@{domain}"))
    assert row.state == "ticket"
    own = await desk.message_id(ticket_id)
    row = await desk.receive(written(f"In-Reply-To: {own.replace('@', 'x@')}", body="other"))
    assert row.state == "ticket"


async def test_a_stranger_with_a_signed_address_is_no_person_of_the_ticket(desk: Desk) -> None:
    ticket_id = await desk.make_ticket()
    row = await desk.receive(written(to=await desk.reply_to(ticket_id), sender=STRANGER))
    assert (row.state, row.ticket_id) == ("message", ticket_id)
    ticket = await desk.ticket(ticket_id)
    assert ticket.person
    assert ticket.person.person_id == 7
    assert ticket.secondary_persons == []
    assert f"{STRANGER} is not the customer" in [e.description for e in await desk.log(ticket_id)]
    again = await desk.receive(written(f"Subject: [ejTag: {ticket_id}]", sender=STRANGER))
    assert again.state == "ticket"


@pytest.mark.parametrize("place", ["in-reply-to", "references"])
async def test_our_message_id_leads_to_its_ticket(desk: Desk, place: str) -> None:
    ticket_id = await desk.make_ticket()
    own = await desk.message_id(ticket_id)
    foreign = " ".join(f"<{n}@x.example>" for n in range(30))
    lines = {
        "in-reply-to": [f"In-Reply-To: {own}", "Subject: another one"],
        "references": ["In-Reply-To: <z@x.example>", f"References: {foreign} {own} <y@x.example>"],
    }
    row = await desk.receive(written(*lines[place]))
    assert (row.ticket_id, row.reason) == (ticket_id, "by message-id")


async def test_the_answer_to_a_customers_own_mail_counts_from_those_on_it(desk: Desk) -> None:
    raw = written("Message-Id: <first@fjord.example>", "Cc: bob@fjord.example")
    ticket_id = (await desk.receive(raw)).ticket_id
    answer = "In-Reply-To: <first@fjord.example>"
    row = await desk.receive(written(answer, sender="bob@fjord.example", body="me too"))
    assert (row.ticket_id, row.reason) == (ticket_id, "by reference")
    row = await desk.receive(written(answer, sender=STRANGER, body="me not"))
    assert (row.state, row.reason) == ("ticket", f"refers to {ticket_id}")
    assert row.ticket_id != ticket_id
    notes = [entry.description for entry in await desk.log(row.ticket_id)]
    assert f"The mail refers to #{ticket_id}" in notes
    similar = await desk.receive(written(answer, sender="b@fjord.example", body="nor me"))
    assert similar.state == "ticket"


@pytest.mark.parametrize(
    "subject",
    [
        "Re: [ejTag: {id}] Pump",
        "[ejTag:{id}]",
        "[EJTAG:\u00a0{id}] x",
        "=?utf-8?q?[ejTag:_{id}]?=",
        "x [ejTag:\r\n {id}]",
        "[ejTag: 1] [ejTag: 99999999999] [ejTag: {id}]",
    ],
)
async def test_a_tag_counts_from_a_participant(desk: Desk, subject: str) -> None:
    ticket_id = await desk.make_ticket()
    row = await desk.receive(written(f"Subject: {subject.format(id=ticket_id)}"))
    assert (row.ticket_id, row.reason) == (ticket_id, "by tag")


async def test_the_last_tag_wins(desk: Desk) -> None:
    first, second = await desk.make_ticket(), await desk.make_ticket()
    row = await desk.receive(written(f"Subject: [ejTag: {first}] Re: [ejTag: {second}]"))
    assert row.ticket_id == second


@pytest.mark.parametrize("number", ["99999999999", "0", "x", "2147483647"])
async def test_a_tag_of_no_ticket_makes_a_new_one(desk: Desk, number: str) -> None:
    row = await desk.receive(written(f"Subject: [ejTag: {number}] Pump"))
    assert row.state == "ticket"


async def test_a_strangers_tag_neither_joins_nor_tells(desk: Desk) -> None:
    ticket_id = await desk.make_ticket()
    before = await desk.log(ticket_id)
    row = await desk.receive(written(f"Subject: [ejTag: {ticket_id}] Help", sender=STRANGER))
    assert row.state == "ticket"
    assert row.ticket_id != ticket_id
    assert (await desk.ticket(ticket_id)).messages == []
    assert await desk.log(ticket_id) == before
    assert (await desk.ticket(row.ticket_id)).title == "Help"
    [letter] = await desk.letters(row.ticket_id)
    assert str(ticket_id) not in letter.subject.replace(str(row.ticket_id), "")


@pytest.mark.parametrize(("first", "counts"), [("0", "message-id"), ("1", "tag")])
async def test_the_registry_says_which_counts_first(desk: Desk, first: str, counts: str) -> None:
    await desk.db.execute(
        "UPDATE registry SET value = $1 WHERE name = 'mailSubjectTagFirst'", first
    )
    one, two = await desk.make_ticket(), await desk.make_ticket()
    stored_id = written("Message-Id: <s@x.example>", f"Subject: [ejTag: {two}]")
    await desk.receive(stored_id)
    lines = ("In-Reply-To: <s@x.example>", f"Subject: [ejTag: {one}]")
    row = await desk.receive(written(*lines, body="which"))
    assert row.ticket_id == (one if counts == "tag" else two)


@pytest.mark.parametrize("base", [Base.Closed, Base.Postponed])
async def test_a_reply_opens_its_ticket(desk: Desk, base: Base) -> None:
    ticket_id = await desk.make_ticket()
    await desk.set_status(ticket_id, base)
    row = await desk.receive(written(to=await desk.reply_to(ticket_id)))
    ticket = await desk.ticket(row.ticket_id)
    assert ticket.ticket_id == ticket_id
    assert (ticket.base_status, ticket.closed_at, ticket.activate) == (Base.Active, None, None)
    assert "skranke.mail.reopened" in await desk.events(ticket_id)
    assert 6 in [entry.log_action for entry in await desk.log(ticket_id)]


async def test_a_closed_ticket_that_mail_must_not_open_gets_a_successor(desk: Desk) -> None:
    await desk.db.execute("UPDATE ticket_status SET no_email_reopen = true WHERE status = 2")
    ticket_id = await desk.make_ticket()
    await desk.set_status(ticket_id, Base.Closed)
    row = await desk.receive(written(to=await desk.reply_to(ticket_id)))
    assert (row.state, row.reason) == ("ticket", f"continues {ticket_id}")
    ticket = await desk.ticket(row.ticket_id)
    assert ticket.person
    assert ticket.person.person_id == 7
    assert (await desk.ticket(ticket_id)).base_status is Base.Closed


async def test_spam_stays_spam_and_nobody_is_told(desk: Desk) -> None:
    ticket_id = await desk.make_ticket()
    await desk.set_status(ticket_id, Base.Spam)
    row = await desk.receive(written(to=await desk.reply_to(ticket_id)))
    assert row.state == "message"
    assert (await desk.ticket(ticket_id)).base_status is Base.Spam


async def test_a_reply_follows_merges_to_their_end(desk: Desk) -> None:
    one, two, three = [await desk.make_ticket() for _ in range(3)]
    for source, target in ((one, two), (two, three)):
        await desk.db.execute(
            """
            UPDATE ticket SET connect_id = $2, status = 5,
                ticket_status = (SELECT id FROM ticket_status WHERE status = 5 LIMIT 1)
            WHERE id = $1
            """,
            source,
            target,
        )
    row = await desk.receive(written(to=await desk.reply_to(one)))
    assert (row.state, row.ticket_id) == ("message", three)


async def test_a_ticket_that_is_gone_is_named_in_the_ledger(desk: Desk) -> None:
    row = await desk.receive(written(to=await desk.reply_to(4711)))
    assert (row.state, row.reason) == ("ticket", "refers to 4711, which is gone")


async def test_known_persons_on_cc_become_secondary_on_a_new_ticket_alone(
    desk: Desk, db: Db
) -> None:
    await db.execute("INSERT INTO email (person_id, email_address) VALUES (8, 'ola@fjord.example')")
    cc = "Cc: ola@fjord.example, unknown@x.example, help@desk.example"
    row = await desk.receive(written(cc))
    ticket = await desk.ticket(row.ticket_id)
    assert [person.person_id for person in ticket.secondary_persons] == [8]
    other = await desk.make_ticket(person=Person(person_id=7))
    await desk.receive(written(cc, to=await desk.reply_to(other)))
    assert (await desk.ticket(other)).secondary_persons == []


@pytest.mark.parametrize(
    ("sender", "reply_to", "state", "person"),
    [
        (SUPPORT, "", "ignored", 0),
        ("help@desk.example", "", "ignored", 0),
        (f'"Kari via Support" <{SUPPORT}>', KARI, "ticket", 7),
        ("", "", "ticket", 0),
        ("undisclosed:;", "", "ticket", 0),
        (f"{KARI}, other@x.example", "", "ticket", 7),
    ],
)
async def test_who_wrote_a_mail_with_an_odd_from(
    desk: Desk, sender: str, reply_to: str, state: str, person: int
) -> None:
    row = await desk.receive(written(f"Reply-To: {reply_to}", sender=sender))
    assert row.state == state
    if state == "ticket":
        found = (await desk.ticket(row.ticket_id)).person
        assert (found.person_id if found else 0) == person


async def test_a_forged_sender_that_a_trusted_relay_names_takes_part_in_nothing(desk: Desk) -> None:
    await desk.db.execute(
        "UPDATE registry SET value = 'mx.desk.example' WHERE name = 'mailTrustedRelays'"
    )
    ticket_id = await desk.make_ticket()
    tag = f"Subject: [ejTag: {ticket_id}]"
    results = "Authentication-Results: {}; dmarc={} header.from=fjord.example"
    forged = await desk.receive(written(results.format("mx.desk.example", "fail"), tag))
    assert forged.state == "ticket"
    written_by_the_sender = results.format("mx.evil.example", "fail")
    below = results.format("mx.desk.example", "fail")
    row = await desk.receive(written(written_by_the_sender, below, tag, body="second"))
    assert row.ticket_id == ticket_id
