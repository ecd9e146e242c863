"""Letters reach a real mail server, once for each recipient, or are told of."""

import logging
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from msgspec.structs import replace

from skranke.channels.mail import sql
from skranke.channels.mail.jobs import MAIL_TASK as DELIVER
from skranke.core.app_state import AppState
from skranke.core.clock import Clock
from skranke.core.jobs.registry import JOBS
from skranke.core.jobs.worker import JobOutcome, context_for, run_round
from skranke.core.settings import Secret, Settings
from skranke.db.database import transaction
from skranke.messages.carriers import TicketMessageCategory, TicketMessageEntity
from skranke.messages.load import load_message_entities
from tests.cast import NOW
from tests.channels.mail.conftest import Mailing, PostOffice, serving_by
from tests.channels.mail.files import attached_to

KARI, OLA = "kari@fjord.example", "ola@fjord.example"
MAIL = [job for job in JOBS if job.name == "mail"]
FORGET = [job for job in JOBS if job.name == "forget letters"]
assert DELIVER


def text_of(letter: EmailMessage, kind: str) -> str:
    body = letter.get_body((kind,))
    assert body
    return body.get_content()


async def tried(desk: AppState) -> JobOutcome:
    """What came of one round of the errand."""
    return (await run_round(desk, MAIL))["mail"]


async def row(desk: AppState, outbox_id: int) -> sql.OutboxEmail:
    async with transaction(desk.pool) as db:
        found = await sql.load_email(db, outbox_id)
    assert found is not None
    return found


async def failures(desk: AppState, ticket_id: int | None) -> list[TicketMessageEntity]:
    """The messages on a ticket that tell of letters which could not be delivered."""
    assert ticket_id
    async with transaction(desk.pool) as db:
        messages = await load_message_entities(context_for(desk, db), ticket_id, [])
    failed = TicketMessageCategory.OutboxFailed
    return [m for m in messages if m.message_category is failed]


async def test_a_letter_arrives_as_it_was_written(mailing: Mailing, office: PostOffice):
    outbox_id = await mailing.post(
        to=["Kari Kunde <kari@fjord.example>"],
        cc=[OLA],
        bcc=["blind@fjord.example"],
        subject="Blåbær – 漢字",
        plain=".dots\r\nand æøå",
        html="<p>æøå</p>",
    )
    assert await tried(mailing.state) == JobOutcome(done=1)
    [(rcpt, raw)] = office.got
    [letter] = office.letters()
    assert rcpt == [KARI, OLA, "blind@fjord.example"]
    assert b"blind@fjord.example" not in raw
    assert letter["subject"] == "Blåbær – 漢字"
    assert letter["to"] == "Kari Kunde <kari@fjord.example>"
    assert text_of(letter, "plain") == ".dots\r\nand æøå\r\n"
    assert text_of(letter, "html") == "<p>æøå</p>\r\n"
    assert (await row(mailing.state, outbox_id)).status == sql.SENT
    assert await tried(mailing.state) == JobOutcome()
    assert len(office.got) == 1


async def test_a_letter_that_is_over_is_forgotten_after_a_month(mailing: Mailing):
    sent, waiting = await mailing.post(), await mailing.post()
    async with transaction(mailing.state.pool) as db:
        await sql.finish(db, sent, sql.SENT, "")
    mailing.state.clock = Clock(NOW + timedelta(days=30))
    assert await run_round(mailing.state, FORGET) == {"forget letters": JobOutcome(done=1)}
    async with transaction(mailing.state.pool) as db:
        assert await sql.load_email(db, sent) is None
        assert await sql.load_email(db, waiting)


async def test_trouble_that_may_pass_is_tried_again_later_and_later(
    mailing: Mailing, office: PostOffice
):
    office.replies["MAIL"] = "451 Come back"
    outbox_id = await mailing.post()
    for minutes in (1, 5, 15, 60, 240, 240):
        assert await tried(mailing.state) == JobOutcome(done=1)
        assert await tried(mailing.state) == JobOutcome()
        mailing.state.clock.advance(60 * minutes)
    assert (await row(mailing.state, outbox_id)).last_error == "451 Come back"
    office.replies.clear()
    await tried(mailing.state)
    assert [rcpt for rcpt, _ in office.got] == [[KARI]]
    letter = await row(mailing.state, outbox_id)
    assert letter.status == sql.SENT
    assert not await failures(mailing.state, letter.ticket_id)


async def test_after_three_days_the_ticket_is_told(mailing: Mailing, office: PostOffice):
    office.replies["DATA"] = "452 Full"
    outbox_id = await mailing.post()
    while mailing.state.clock.now() <= NOW + timedelta(days=3):
        assert not await failures(mailing.state, 1)
        await tried(mailing.state)
        mailing.state.clock.advance(4 * 60 * 60)
    letter = await row(mailing.state, outbox_id)
    [told] = await failures(mailing.state, letter.ticket_id)
    assert f"{KARI}: 452 Full" in told.body
    assert letter.status == sql.FAILED


async def test_whom_the_server_refuses_is_named_on_the_ticket(mailing: Mailing, office: PostOffice):
    office.replies[KARI] = "550 No such user"
    outbox_id = await mailing.post(cc=[OLA])
    await tried(mailing.state)
    assert [rcpt for rcpt, _ in office.got] == [[OLA]]
    letter = await row(mailing.state, outbox_id)
    [told] = await failures(mailing.state, letter.ticket_id)
    assert f"{KARI}: 550 No such user" in told.body
    assert OLA not in told.body
    assert told.slevel.name == "Internal"
    assert letter.status == sql.SENT


async def test_of_several_recipients_each_gets_it_once(mailing: Mailing, office: PostOffice):
    office.replies[OLA] = "450 Greylisted"
    await mailing.post(cc=[OLA])
    await tried(mailing.state)
    office.replies.clear()
    mailing.state.clock.advance(60)
    await tried(mailing.state)
    assert [rcpt for rcpt, _ in office.got] == [[KARI], [OLA]]
    first, second = office.letters()
    assert first["message-id"] == second["message-id"]


async def test_a_letter_that_is_refused_as_a_whole_has_failed(mailing: Mailing, office: PostOffice):
    office.replies |= {"DATA": "554 Looks like spam", OLA: "450 Later"}
    outbox_id = await mailing.post(cc=[OLA])
    await tried(mailing.state)
    letter = await row(mailing.state, outbox_id)
    [told] = await failures(mailing.state, letter.ticket_id)
    assert f"{KARI}: 554 Looks like spam" in told.body
    assert (letter.status, letter.rcpt) == (sql.WAITING, [OLA])


async def test_a_notification_that_fails_is_only_noted_in_the_log(
    mailing: Mailing, office: PostOffice
):
    office.replies["MAIL"] = "550 No"
    outbox_id = await mailing.post(kind="notification")
    await tried(mailing.state)
    letter = await row(mailing.state, outbox_id)
    assert not await failures(mailing.state, letter.ticket_id)
    async with transaction(mailing.state.pool) as db:
        note = await db.fetchval("SELECT description FROM ticket_log_action WHERE log_action = 2")
    assert f"{KARI}: 550 No" in note


async def test_a_server_that_is_not_there_is_waited_for(mailing: Mailing):
    mailing.state.settings = Settings(smtp_url=Secret("smtp://127.0.0.1:1"))
    outbox_id = await mailing.post(sender="a@b.example")
    assert await tried(mailing.state) == JobOutcome(done=1)
    letter = await row(mailing.state, outbox_id)
    assert (letter.status, letter.rcpt) == (sql.WAITING, [KARI])


async def test_without_a_server_letters_wait_and_the_log_says_so(
    mailing: Mailing, caplog: pytest.LogCaptureFixture
):
    outbox_id = await mailing.post()
    mailing.state.settings = Settings()
    with caplog.at_level(logging.WARNING, "skranke.channels.mail"):
        await tried(mailing.state)
    assert "there is no SKRANKE_SMTP_URL" in caplog.text
    assert (await row(mailing.state, outbox_id)).status == sql.WAITING


async def test_what_waited_long_for_a_server_is_not_given_up_at_the_first_trouble(
    mailing: Mailing, office: PostOffice
):
    with_server = mailing.state.settings
    outbox_id = await mailing.post()
    mailing.state.settings = Settings()
    await tried(mailing.state)
    mailing.state.clock.set(NOW + timedelta(days=9))
    mailing.state.settings = with_server
    office.replies[KARI] = "450 Greylisted"
    await tried(mailing.state)
    assert (await row(mailing.state, outbox_id)).status == sql.WAITING


async def test_a_letter_about_a_ticket_that_is_gone_is_given_up_quietly(
    mailing: Mailing, office: PostOffice
):
    outbox_id = await mailing.post()
    async with transaction(mailing.state.pool) as db:
        await db.execute("DELETE FROM ticket")
        assert await sql.load_email(db, outbox_id) is None
    assert await tried(mailing.state) == JobOutcome()
    assert not office.got


async def test_a_letter_brings_its_files_whatever_is_in_them(
    mailing: Mailing, office: PostOffice, tmp_path: Path
):
    """Lines of dots end no letter, and a file larger than a block arrives whole."""
    mailing.state.settings = replace(mailing.state.settings, data=tmp_path)
    content = b".\r\n" * 300_000
    attachment_id = await attached_to(mailing.state, "dots.bin", content)
    await mailing.post(plain=".\r\n..\r\n.", attachment_ids=[attachment_id])
    assert await tried(mailing.state) == JobOutcome(done=1)
    [letter] = office.letters()
    [file] = letter.iter_attachments()
    assert (file.get_filename(), file.get_payload(decode=True)) == ("dots.bin", content)
    assert text_of(letter, "plain") == ".\r\n..\r\n.\r\n"


async def test_a_letter_whose_file_is_lost_is_told_of(
    mailing: Mailing, office: PostOffice, tmp_path: Path
):
    mailing.state.settings = replace(mailing.state.settings, data=tmp_path)
    attachment_id = await attached_to(mailing.state, "lost.txt", b"Lost")
    outbox_id = await mailing.post(attachment_ids=[attachment_id])
    mailing.state.settings = replace(mailing.state.settings, data=tmp_path / "elsewhere")
    assert await tried(mailing.state) == JobOutcome(done=1)
    letter = await row(mailing.state, outbox_id)
    [told] = await failures(mailing.state, letter.ticket_id)
    assert f"attachment {attachment_id} is damaged" in told.body
    assert not office.got


async def test_a_letter_that_is_too_large_is_refused_before_it_is_sent(mailing: Mailing):
    outbox_id = await mailing.post(plain="x" * 5000)
    office = PostOffice()
    for served in serving_by(office, data_size_limit=4000):
        mailing.state.settings = replace(mailing.state.settings, smtp_url=served.url)
        await tried(mailing.state)
    letter = await row(mailing.state, outbox_id)
    [told] = await failures(mailing.state, letter.ticket_id)
    assert f"{KARI}: 552 " in told.body
    assert letter.status == sql.FAILED


@pytest.mark.parametrize("step", ["EHLO", "MAIL", "RCPT", "250"])
async def test_a_worker_that_is_killed_loses_no_letter(
    mailing: Mailing, office: PostOffice, step: str
):
    """And at worst sends it again as the same: killed between "250" and our note."""
    outbox_id = await mailing.post()
    office.kill = step
    for left in (-9, 0):
        with mailing.worker(office.url) as worker:
            office.pid = worker.pid
            told = worker.communicate(timeout=60)[0]
            assert worker.returncode == left, told
        async with transaction(mailing.state.pool) as db:  # the lease is over
            await db.execute("UPDATE outbox SET next_retry = created")
    assert (await row(mailing.state, outbox_id)).status == sql.SENT
    assert [rcpt for rcpt, _ in office.got] == [[KARI]] * (2 if step == "250" else 1)
    assert len({letter["message-id"] for letter in office.letters()}) == 1
