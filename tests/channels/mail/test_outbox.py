"""A letter is written down with the deed, and with an identity of its own."""

import pytest

from skranke.channels.mail import sql
from skranke.channels.mail.outbox import OutgoingEmail, post_email
from skranke.channels.mail.signing import (
    mail_key,
    outbox_id_of_address,
    ticket_of_address,
    ticket_of_message_id,
)
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.core.settings import Settings
from tests.cast import ANNA, ContextOf
from tests.tickets.make import save

DESK = Settings(mail_from="Fjord desk <support@fjord.example>")


async def posted(context: RequestContext, **others: object) -> sql.OutboxEmail:
    ticket = await save(context, title="Printer on fire")
    letter = OutgoingEmail(
        ticket_id=ticket.ticket_id, to=["kari@fjord.example"], subject="Hello", plain="Text"
    )
    for name, value in others.items():
        setattr(letter, name, value)
    found = await sql.load_email(context.db, await post_email(context, letter))
    assert found is not None
    return found


async def test_a_letter_waits_in_the_outbox(context_of: ContextOf):
    context = context_of(ANNA, settings=DESK)
    letter = await posted(context, cc=["Ola <ola@fjord.example>"], bcc=["x@y.example"])
    assert letter.rcpt == ["kari@fjord.example", "ola@fjord.example", "x@y.example"]
    assert (letter.status, letter.created) == (sql.WAITING, context.now)
    assert letter.from_email == "support@fjord.example"
    assert letter.letter.sender.name == "Fjord desk"


async def test_only_the_desk_makes_the_addresses_that_it_knows(context_of: ContextOf):
    context = context_of(ANNA, settings=DESK)
    letter = await posted(context)
    key = await mail_key(context.db)
    assert ticket_of_address(key, letter.letter.reply_to) == letter.ticket_id
    assert outbox_id_of_address(key, letter.from_envelope) == letter.id
    assert ticket_of_message_id(key, letter.letter.message_id) == letter.ticket_id
    other = letter.letter.reply_to.replace(f".{letter.ticket_id}.", ".999.")
    assert ticket_of_address(key, other) is None
    assert ticket_of_address("another key", letter.letter.reply_to) is None
    assert outbox_id_of_address(key, letter.letter.reply_to) is None


async def test_a_recipient_named_twice_gets_one_letter(context_of: ContextOf):
    context = context_of(ANNA, settings=DESK)
    letter = await posted(context, cc=["KARI@fjord.example", "no address", "a@b.example"])
    assert letter.rcpt == ["kari@fjord.example", "a@b.example"]


async def test_a_letter_to_nobody_is_refused(context_of: ContextOf):
    with pytest.raises(BadValue, match="To: names no address"):
        await posted(context_of(ANNA, settings=DESK), to=["nobody", "a@", ""])


async def test_a_letter_from_nobody_is_refused(context_of: ContextOf):
    with pytest.raises(BadValue, match="SKRANKE_MAIL_FROM"):
        await posted(context_of(ANNA))


async def test_an_emulator_keeps_its_letters(context_of: ContextOf):
    letter = await posted(context_of(ANNA, settings=Settings(emulator=True)))
    assert letter.status == sql.CAPTURED
