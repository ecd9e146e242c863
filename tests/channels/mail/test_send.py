"""A message is sent as people see it, and the ticket knows whom it went to."""

from typing import Any

import pytest
from msgspec.structs import replace

from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.channels.mail import sql
from skranke.channels.mail.operations import send_ticket_message, send_ticket_message_sms
from skranke.channels.mail.signing import mail_key, ticket_of_message_id
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.core.settings import Settings
from skranke.messages.add import NewMessage, add_message
from skranke.messages.load import require_message
from skranke.people.carriers import Person
from skranke.tickets.message_rows import TicketSecurityLevel
from tests.cast import ANNA, NOW, STEN, ContextOf
from tests.tickets.make import save, stored

KARI = "Kari Kunde <kari@fjord.example>"
EMULATOR = Settings(emulator=True, mail_from="Desk <desk@skranke.example>")


async def message_on(context: RequestContext, **properties: Any) -> tuple[int, int]:
    """A ticket of category Payroll and a message of it: their ids."""
    ticket = await save(
        context,
        title="Printer on fire",
        person=Person(person_id=7),
        category=TicketCategoryEntity(ticket_category_id=2),
    )
    draft = NewMessage(ticket_id=ticket.ticket_id, body="Have you tried water?")
    message_id = await add_message(context, replace(draft, **properties))
    return ticket.ticket_id, message_id


async def send(context: RequestContext, message_id: int, *to: str, **others: Any) -> None:
    usual: dict[str, Any] = {
        "cc": [],
        "bcc": [],
        "subject": "",
        "reply_template_id": 0,
        "gdpr_source": "",
    }
    await send_ticket_message(context, message_id, list(to), **usual | others)


async def letters(context: RequestContext) -> list[sql.OutboxEmail]:
    return await sql.load_emails(context.db, [sql.WAITING, sql.CAPTURED])


async def template(context: RequestContext, category_id: int = 0, **texts: str) -> int:
    """A reply template with these texts, which a category may have as its own."""
    made = await context.db.fetchval("INSERT INTO reply_template (name) VALUES ('t') RETURNING id")
    usual = {"subject": "", "plain": "", "html": "", "sms": ""} | texts
    await context.db.execute(
        """
        INSERT INTO reply_template_body (reply_template_id, subject, plain, html, sms)
        VALUES ($1, $2, $3, $4, $5)
        """,
        made,
        usual["subject"],
        usual["plain"],
        usual["html"],
        usual["sms"],
    )
    await context.db.execute(
        "UPDATE ej_category SET reply_template = $1 WHERE id = $2", made, category_id
    )
    await context.cache.check(context.db)
    return made


async def test_a_message_is_sent_under_the_tag_of_its_ticket(context_of: ContextOf):
    context = context_of(ANNA, settings=EMULATOR)
    ticket_id, message_id = await message_on(context)
    await send(context, message_id, KARI, "no address", cc=["ola@fjord.example"])
    [letter] = await letters(context)
    assert letter.subject == f"[ejTag: {ticket_id}] Printer on fire"
    assert letter.rcpt == ["kari@fjord.example", "ola@fjord.example"]
    assert letter.letter.plain == "Have you tried water?"
    assert (letter.ticket_id, letter.message_id) == (ticket_id, message_id)


async def test_the_message_tells_whom_it_went_to(context_of: ContextOf):
    context = context_of(ANNA, settings=EMULATOR)
    ticket_id, message_id = await message_on(context)
    await send(context, message_id, KARI, bcc=["Chief <boss@skranke.example>"])
    message = await require_message(context, "Id", message_id)
    told = [(header.name, header.value) for header in message.message_headers]
    assert told == [("To", KARI), ("Bcc", "Chief <boss@skranke.example>")]
    assert ticket_of_message_id(await mail_key(context.db), message.message_id) == ticket_id
    involved = await context.db.fetch(
        "SELECT customer_id, email FROM message_customers WHERE message_id = $1 ORDER BY id",
        message_id,
    )
    assert [tuple(one.items()) for one in involved] == [
        (("customer_id", 7), ("email", "kari@fjord.example")),
        (("customer_id", None), ("email", "boss@skranke.example")),
    ]


async def test_an_answer_is_threaded_to_what_came_before(context_of: ContextOf):
    context = context_of(ANNA, settings=EMULATOR)
    ticket_id, message_id = await message_on(
        context, message_id="<abc@mail.example>\r\nBcc: x", person_id=7
    )
    answer = await add_message(context, NewMessage(ticket_id=ticket_id, body="Yes"))
    await send(context, answer, KARI)
    assert message_id
    [letter] = await letters(context)
    assert letter.letter.in_reply_to == "<abc@mail.example>"
    assert letter.letter.references == ["<abc@mail.example>"]


async def test_the_first_external_answer_is_the_reply(context_of: ContextOf):
    context = context_of(ANNA, settings=EMULATOR)
    ticket_id, internal = await message_on(context, slevel=TicketSecurityLevel.Internal)
    await send(context, internal, KARI)
    assert (await stored(context, ticket_id)).replied_at is None
    external = await add_message(context, NewMessage(ticket_id=ticket_id, body="Yes"))
    await send(context, external, KARI)
    assert (await stored(context, ticket_id)).replied_at == NOW


async def test_what_a_customer_wrote_is_no_reply(context_of: ContextOf):
    context = context_of(ANNA, settings=EMULATOR)
    ticket_id, message_id = await message_on(context, person_id=7)
    await send(context, message_id, "boss@skranke.example")
    assert (await stored(context, ticket_id)).replied_at is None


async def test_the_categorys_template_is_the_letters_dress(context_of: ContextOf):
    context = context_of(ANNA, settings=EMULATOR)
    _, message_id = await message_on(context, body="", html_body="<p>Water</p>")
    await template(
        context,
        2,
        html="<h1>Dear [[ticket.custName]]</h1>[[message.bodyHtml]]",
        subject="About [[ticket.title]]",
    )
    await send(context, message_id, KARI)
    [letter] = await letters(context)
    assert letter.letter.html == "<h1>Dear Kari Kunde</h1><p>Water</p>"
    assert letter.letter.plain == "Water"
    assert letter.subject.endswith("] About Printer on fire")


async def test_a_template_without_a_place_for_the_message_stands_below_it(context_of: ContextOf):
    context = context_of(ANNA, settings=EMULATOR)
    _, message_id = await message_on(context)
    template_id = await template(context, plain="Regards", html="<p>Regards</p>")
    await send(context, message_id, KARI, reply_template_id=template_id)
    [letter] = await letters(context)
    assert letter.letter.plain == "Have you tried water?\n\nRegards"
    assert letter.letter.html == "Have you tried water?<p>Regards</p>"


async def test_no_template_brings_a_script_into_a_letter(context_of: ContextOf):
    context = context_of(ANNA, settings=EMULATOR)
    _, message_id = await message_on(context, html_body="<p>Hi<script>x()</script></p>")
    template_id = await template(context, html="[[message.bodyHtml]]")
    await send(context, message_id, KARI, reply_template_id=template_id)
    [letter] = await letters(context)
    assert letter.letter.html == "<p>Hi</p>"


async def test_no_subject_ends_its_line(context_of: ContextOf):
    context = context_of(ANNA, settings=EMULATOR)
    _, message_id = await message_on(context)
    await send(context, message_id, KARI, subject="Hi\r\nBcc: victim@x.example")
    [letter] = await letters(context)
    assert letter.subject.endswith("] Hi Bcc: victim@x.example")
    assert letter.rcpt == ["kari@fjord.example"]


async def test_a_message_to_nobody_is_refused(context_of: ContextOf):
    context = context_of(ANNA, settings=EMULATOR)
    _, message_id = await message_on(context)
    with pytest.raises(BadValue, match="To: names no address"):
        await send(context, message_id, "nobody")
    assert not await letters(context)


async def test_what_is_not_there_or_not_seen_is_not_sent(context_of: ContextOf):
    anna, sten = context_of(ANNA, settings=EMULATOR), context_of(STEN, settings=EMULATOR)
    _, message_id = await message_on(anna)
    for context, wish in ((sten, message_id), (anna, 999_999)):
        told = f"TicketMessageEntityId: {wish} does not exist"
        with pytest.raises(NotFound, match=told):
            await send(context, wish, KARI)
        with pytest.raises(NotFound, match=told):
            await send_ticket_message_sms(context, wish, 0, ["+4712345678"])
    with pytest.raises(NotFound, match="ReplyTemplateId: 77 does not exist"):
        await send(anna, message_id, KARI, reply_template_id=77)
    assert not await letters(anna)


async def test_a_text_goes_to_the_numbers_among_the_wishes(context_of: ContextOf):
    context = context_of(ANNA, settings=EMULATOR)
    _, message_id = await message_on(context)
    template_id = await template(context, sms="Desk: [[message.body]]")
    await send_ticket_message_sms(
        context, message_id, template_id, ["+47 123 45 678", "nobody", "+4712345678"]
    )
    [text] = await letters(context)
    assert (text.type, text.rcpt) == ("sms", ["+4712345678"])
    assert text.letter.plain == "Desk: Have you tried water?"
    message = await require_message(context, "Id", message_id)
    [header] = message.message_headers
    assert (header.name, header.value) == ("SMS", "+4712345678")


async def test_a_text_to_nobody_or_without_a_gateway_is_refused(context_of: ContextOf):
    context = context_of(ANNA, settings=EMULATOR)
    _, message_id = await message_on(context)
    with pytest.raises(BadValue, match="Sms: names no telephone number"):
        await send_ticket_message_sms(context, message_id, 0, ["nobody"])
    with pytest.raises(BadValue, match="Sms: this desk has no gateway"):
        await send_ticket_message_sms(
            replace(context, settings=Settings()), message_id, 0, ["+4712345678"]
        )
