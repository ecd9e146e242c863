"""Machines, loops, bounces, copies and filters: what a mail must not set off."""

import pytest

from skranke.catalog.statuses.carriers import TicketBaseStatus as Base
from skranke.channels.mail.incoming import ledger
from skranke.channels.mail.outbox import OutgoingEmail, post_email
from skranke.channels.mail.signing import bounce_address, mail_key
from skranke.messages.carriers import TicketMessageCategory
from skranke.tickets.carriers import TicketReadStatus
from tests.channels.mail.incoming.conftest import KARI, SUPPORT, Desk, written
from tests.messages.mails import mail, multipart, part

STRANGER = "new@x.example"


@pytest.mark.parametrize(
    ("lines", "state", "letters", "person"),
    [
        (["Auto-Submitted: auto-replied"], "ignored", 0, False),
        (["X-Autoreply: yes"], "ignored", 0, False),
        (["Precedence: auto_reply"], "ignored", 0, False),
        (["X-Loop: x"], "ignored", 0, False),
        (["Auto-Submitted: auto-generated"], "ticket", 0, False),
        (["Precedence: bulk", "List-Id: <x>"], "ticket", 0, False),
        (["List-Unsubscribe: <mailto:x@y>"], "ticket", 0, False),
        (["Return-Path: <>"], "ticket", 0, False),
        (["Auto-Submitted: no"], "ticket", 1, True),
        (["X-Auto-Response-Suppress: All"], "ticket", 1, True),
        (["Feedback-ID: x"], "ticket", 1, True),
        (["Subject: Out of office", "X-Auto-Response-Suppress: OOF"], "ignored", 0, False),
        (["Subject: Autosvar: ferie"], "ticket", 0, True),
    ],
)
async def test_what_a_machine_sends_is_not_answered(
    desk: Desk, lines: list[str], state: str, letters: int, person: bool
) -> None:
    row = await desk.receive(written(*lines, sender=STRANGER))
    assert row.state == state
    if state == "ticket":
        assert len(await desk.letters(row.ticket_id)) == letters
        assert bool((await desk.ticket(row.ticket_id)).person) is person
    else:
        assert row.reason == "machine"


@pytest.mark.parametrize("sender", ["no-reply@x.example", "MAILER-DAEMON@x.example", "bounces+1@x"])
async def test_an_address_of_a_machine_is_not_answered(desk: Desk, sender: str) -> None:
    row = await desk.receive(written(sender=sender))
    assert row.state == "ticket"
    assert await desk.letters(row.ticket_id) == []


async def test_a_mailbox_may_import_what_machines_send(desk: Desk) -> None:
    await desk.db.execute("UPDATE mail_in_filter SET mailgun_dsn = true WHERE id = 1")
    row = await desk.receive(written("Auto-Submitted: auto-replied", sender=STRANGER))
    assert row.state == "ticket"
    assert await desk.letters(row.ticket_id) == []


async def test_an_absence_note_neither_opens_nor_marks_its_ticket(desk: Desk) -> None:
    ticket_id = await desk.make_ticket(read_status=TicketReadStatus.Green)
    await desk.set_status(ticket_id, Base.Closed)
    row = await desk.receive(
        written("Auto-Submitted: auto-replied", to=await desk.reply_to(ticket_id))
    )
    ticket = await desk.ticket(ticket_id)
    assert (row.state, row.ticket_id) == ("message", ticket_id)
    assert (ticket.base_status, ticket.read_status) == (Base.Closed, TicketReadStatus.Green)
    assert await desk.letters(ticket_id) == []
    assert "skranke.message.notify" not in await desk.events(row.message_id)


async def test_two_desks_that_answer_each_other_stop(desk: Desk) -> None:
    other = "help@other.example"
    letters = 0
    for round_number in range(50):
        row = await desk.receive(written(sender=other, body=f"ticket {round_number}"))
        letters += len(await desk.letters(row.ticket_id)) if row.state == "ticket" else 0
    assert letters == 1
    assert await desk.count("inbound WHERE state = 'ticket'") == 20
    desk.later(minutes=11)
    row = await desk.receive(written("Auto-Submitted: auto-replied", sender=other))
    assert row.state == "ignored"


async def test_one_address_makes_so_many_tickets_an_hour(desk: Desk) -> None:
    states = [(await desk.receive(written(body=f"mail {n}"))).state for n in range(30)]
    assert (states.count("ticket"), states.count("blocked")) == (20, 10)
    desk.later(hours=1, seconds=1)
    assert (await desk.receive(written(body="later"))).state == "ticket"


async def test_a_reply_is_not_held_up_by_the_brake(desk: Desk) -> None:
    ticket_id = await desk.make_ticket()
    for n in range(21):
        await desk.receive(written(body=f"mail {n}"))
    row = await desk.receive(written(to=await desk.reply_to(ticket_id)))
    assert row.state == "message"


async def test_a_ticket_is_opened_so_often_and_no_more(desk: Desk) -> None:
    ticket_id = await desk.make_ticket()
    address = await desk.reply_to(ticket_id)
    for n in range(6):
        await desk.set_status(ticket_id, Base.Closed)
        await desk.receive(written(to=address, body=f"again {n}"))
    assert (await desk.ticket(ticket_id)).base_status is Base.Closed


async def _sent(desk: Desk, ticket_id: int) -> tuple[int, str]:
    """A letter of ours on a ticket: its outbox id and Message-Id."""
    letter = OutgoingEmail(
        ticket_id=ticket_id, to=[KARI, "ola@fjord.example"], subject="Hello", plain="x"
    )
    outbox_id = await post_email(desk.context(), letter)
    mail_id = await desk.db.fetchval("SELECT mail_id FROM mail_sent WHERE id = $1", outbox_id)
    return outbox_id, mail_id


def _report(to: str, *recipients: str, action: str = "failed", message_id: str = "") -> bytes:
    status = "Reporting-MTA: dns; mx.example\r\n"
    for recipient in recipients:
        status += (
            f"\r\nFinal-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: 5.1.1\r\n"
        )
    parts = [part("text/plain", "It failed."), part("message/delivery-status", status)]
    if message_id:
        parts.append(part("text/rfc822-headers", f"Message-Id: {message_id}\r\n"))
    head = mail("From: MAILER-DAEMON@mx.example", f"To: {to}", "Subject: Undelivered")
    return head[:-2] + multipart("report; report-type=delivery-status", *parts)


@pytest.mark.parametrize("proof", ["envelope", "message-id"])
async def test_a_bounce_hangs_on_the_letter_that_came_back(desk: Desk, proof: str) -> None:
    ticket_id = await desk.make_ticket()
    persons = await desk.count("person")
    outbox_id, message_id = await _sent(desk, ticket_id)
    address = bounce_address(await mail_key(desk.db), SUPPORT, outbox_id)
    if proof == "envelope":
        raw = _report(address, KARI, "ola@fjord.example")
    else:
        raw = _report(SUPPORT, KARI, "ola@fjord.example", message_id=message_id)
    row = await desk.receive(raw, envelope="")
    assert (row.state, row.ticket_id) == ("bounced", ticket_id)
    message = await desk.message(row)
    assert message.message_category is TicketMessageCategory.Bounce
    assert KARI in message.body
    assert (await desk.ticket(ticket_id)).num_messages == 2
    again = await desk.receive(raw + b"\r\n", envelope="")
    assert again.message_id is None
    assert (await desk.ticket(ticket_id)).num_messages == 2
    assert await desk.count("person") == persons


async def test_a_bounce_wakes_a_postponed_ticket_and_opens_no_closed_one(desk: Desk) -> None:
    for base, after in ((Base.Postponed, Base.Active), (Base.Closed, Base.Closed)):
        ticket_id = await desk.make_ticket()
        outbox_id, _ = await _sent(desk, ticket_id)
        await desk.set_status(ticket_id, base)
        address = bounce_address(await mail_key(desk.db), SUPPORT, outbox_id)
        await desk.receive(_report(address, KARI), envelope="")
        assert (await desk.ticket(ticket_id)).base_status is after


async def test_a_delay_is_no_failure(desk: Desk) -> None:
    ticket_id = await desk.make_ticket()
    outbox_id, _ = await _sent(desk, ticket_id)
    address = bounce_address(await mail_key(desk.db), SUPPORT, outbox_id)
    raw = _report(address, KARI, action="delayed").replace(b"5.1.1", b"4.4.1")
    row = await desk.receive(raw, envelope="")
    assert (row.state, row.reason, row.message_id) == ("bounced", "delayed", None)


async def test_a_bounce_in_prose_counts_by_its_envelope(desk: Desk) -> None:
    ticket_id = await desk.make_ticket()
    outbox_id, _ = await _sent(desk, ticket_id)
    address = bounce_address(await mail_key(desk.db), SUPPORT, outbox_id)
    raw = written(sender="postmaster@x.example", to=address, body="This user does not exist")
    row = await desk.receive(raw, envelope="", rcpt=[address])
    assert row.state == "bounced"
    assert "does not exist" in (await desk.message(row)).body


@pytest.mark.parametrize("letter", [1, 4711])
async def test_a_forged_report_changes_nothing(desk: Desk, letter: int) -> None:
    ticket_id = await desk.make_ticket()
    await _sent(desk, ticket_id)
    forged = f"support+b.{letter}.aaaaaaaaaaaaaaaa@desk.example"
    row = await desk.receive(_report(forged, KARI, message_id="<t1.0.a@desk.example>"), envelope="")
    assert (row.state, row.reason) == ("ignored", "machine")
    assert (await desk.ticket(ticket_id)).num_messages == 0


async def test_a_read_receipt_is_ignored(desk: Desk) -> None:
    receipt = part("message/disposition-notification", "Disposition: manual-action; displayed")
    raw = mail(f"From: {KARI}", f"To: {SUPPORT}")[:-2] + multipart(
        "report; report-type=disposition-notification", part("text/plain", "read"), receipt
    )
    assert (await desk.receive(raw)).reason == "machine"


@pytest.mark.parametrize("message_id", ["", "Message-Id: <same@x.example>"])
async def test_the_same_mail_twice_is_one_ticket(desk: Desk, message_id: str) -> None:
    lines = [message_id] if message_id else []
    first = await desk.receive(written(*lines))
    again = await desk.receive(written(*lines))
    assert (first.state, again.state, again.reason) == (
        "ticket",
        "ignored",
        f"duplicate of {first.id}",
    )
    other = await desk.receive(written(*lines, body="It is cold!"))
    assert other.state == "ticket"


async def test_a_copy_that_came_another_way_is_known_by_id_and_text(desk: Desk) -> None:
    first = await desk.receive(written("Message-Id: <m@x.example>"))
    again = await desk.receive(b"Received: from b\r\n" + written("Message-Id: <m@x.example>"))
    assert again.reason == f"duplicate of {first.id}"


@pytest.mark.parametrize(("copies", "state"), [("one", "ignored"), ("each", "ticket")])
async def test_a_mail_to_two_mailboxes(desk: Desk, copies: str, state: str) -> None:
    await desk.db.execute("UPDATE registry SET value = $1 WHERE name = 'mailCopies'", copies)
    raw = written("Message-Id: <m@x.example>", to=f"{SUPPORT}, sales@desk.example")
    first = await desk.receive(raw, mailbox=1)
    second = await desk.receive(raw, mailbox=2)
    assert (first.state, second.state) == ("ticket", state)


async def test_old_mail_is_imported_in_silence(desk: Desk) -> None:
    row = await desk.receive(written(), is_old=True)
    assert row.state == "ticket"
    assert await desk.letters(row.ticket_id) == []
    assert "skranke.ticket.notify" not in await desk.events(row.ticket_id)


@pytest.mark.parametrize(
    ("actions", "state", "reason"),
    [
        ({"block": True}, "blocked", "filter high"),
        ({"delete": True}, "ignored", "filter-deleted"),
        ({"close": True}, "ticket", ""),
        ({"ignore_from": True}, "ticket", ""),
        ({"priority": 3, "owner": 4, "no_auto_reply": True}, "ticket", ""),
    ],
)
async def test_the_filter_of_the_highest_priority_acts_alone(
    desk: Desk, actions: dict[str, object], state: str, reason: str
) -> None:
    await _filters(desk, actions)
    row = await desk.receive(written(sender=STRANGER, body="It is COLD"))
    assert (row.state, row.reason, row.mail_sorter) == (state, reason, "high")
    if state != "ticket":
        return
    ticket = await desk.ticket(row.ticket_id)
    assert ticket.category
    assert ticket.category.ticket_category_id == 2
    assert (await desk.message(row)).mail_sorter == "high"
    assert (ticket.base_status is Base.Closed) is ("close" in actions)
    assert (ticket.person is None) is ("ignore_from" in actions)
    if "priority" in actions:
        assert ticket.priority
        assert ticket.owned_by
        assert (ticket.priority.ticket_priority_id, ticket.owned_by.associate_id) == (3, 4)
        assert await desk.letters(row.ticket_id) == []


async def _filters(desk: Desk, actions: dict[str, object]) -> None:
    await desk.db.execute(
        """
        INSERT INTO ms_filter (id, name, priority, header_regex, body_regex, actions) VALUES
            (1, 'low', 10, '^subject: .*pump', '', $1),
            (2, 'high', 90, '^subject: .*pump', 'cold', $2)
        """,
        {"category_id": 1},
        actions,
    )


async def test_a_blocked_mail_is_imported_by_hand_past_its_filter(desk: Desk) -> None:
    await _filters(desk, {"block": True})
    row = await desk.receive(written(body="cold"))
    assert await ledger.replay(desk.db, row.id, desk.now, skipped_filter_id=2)
    row = await desk.end(row.id)
    ticket = await desk.ticket(row.ticket_id)
    assert (row.state, row.mail_sorter) == ("ticket", "low")
    assert ticket.category
    assert ticket.category.ticket_category_id == 1


async def test_a_broken_expression_is_passed_over(desk: Desk) -> None:
    await desk.db.execute(
        """
        INSERT INTO ms_filter (name, priority, body_regex, actions)
        VALUES ('broken', 90, '(', $1)
        """,
        {"block": True},
    )
    assert (await desk.receive(written())).state == "ticket"
