"""Templates as they read for a ticket and its customer."""

import pytest

from skranke.core.errors import NotFound
from skranke.core.settings import Settings
from skranke.messages.templates.parsing import parse_template
from tests.cast import ANNA, ContextOf
from tests.messages.templates.make import attachment, body, message, template, ticket


async def test_a_template_tells_of_ticket_and_customer(context_of: ContextOf):
    context = context_of(ANNA, settings=Settings(public_url="https://desk.example/"))
    ticket_id = await ticket(context)
    template_id = await template(context)
    await body(
        context,
        template_id,
        subject="About [[ticket.id]]:\n[[ticket.title]]",
        plain="Dear [[ticket.custName]] ([[ticket.custCompany]])",
        sms="[[ticket.url]]",
        html="<p>[[ticket.title]] [[ticket.category.fullname]]</p>"
        "[[IF:ticket.slevel!='']][[user.name]][[ENDIF]]",
    )
    text = await parse_template(context, template_id, ticket_id=ticket_id)
    assert text.subject == f"About {ticket_id}: The pump <is> cold"
    assert text.plain == "Dear Kari Kunde (Fjord AS)"
    assert text.sms == f"https://desk.example/ticket/{ticket_id}"
    assert text.html == "<p>The pump &lt;is&gt; cold Support</p>Anna Agent"


async def test_what_customers_wrote_is_escaped_in_html_alone(context_of: ContextOf):
    context = context_of(ANNA)
    await context.db.execute(
        "UPDATE person SET firstname = '<script>x</script>' WHERE person_id = 8"
    )
    template_id = await template(context)
    await body(
        context,
        template_id,
        plain="[[customer.firstName]]",
        html="<p title='[[customer.firstName]]'>",
    )
    text = await parse_template(context, template_id, person_id=8)
    assert text.plain == "<script>x</script>"
    assert text.html == "<p title='&lt;script&gt;x&lt;/script&gt;'>"


async def test_a_message_stands_in_it_as_html_or_as_text(context_of: ContextOf):
    context = context_of(ANNA)
    ticket_id = await ticket(context)
    rich = await message(context, ticket_id, body="a < b", html_body="<b>a</b>")
    plain = await message(context, ticket_id, body="a < b\nc")
    template_id = await template(context)
    await body(context, template_id, plain="[[message.body]]", html="<p>[[message.bodyHtml]]</p>")
    first = await parse_template(context, template_id, ticket_id=ticket_id, message_id=rich)
    assert (first.html, first.plain) == ("<p><b>a</b></p>", "a < b")
    second = await parse_template(context, template_id, ticket_id=ticket_id, message_id=plain)
    assert second.html == "<p>a &lt; b<br>c</p>"


async def test_a_message_of_another_ticket_does_not(context_of: ContextOf):
    context = context_of(ANNA)
    other = await message(context, await ticket(context), body="secret")
    template_id = await template(context)
    await body(context, template_id, plain="[[message.body]]")
    text = await parse_template(
        context, template_id, ticket_id=await ticket(context), message_id=other
    )
    assert text.plain == ""


async def test_the_language_is_the_wished_then_the_persons_then_the_templates(
    context_of: ContextOf,
):
    context = context_of(ANNA)
    ticket_id = await ticket(context)
    template_id = await template(context, default_language=2)
    for language_id, said in ((1, "en"), (2, "no"), (3, "de")):
        await body(context, template_id, language_id=language_id, plain=said)

    async def text_in(language_id: int = 0) -> str:
        text = await parse_template(
            context, template_id, ticket_id=ticket_id, language_id=language_id
        )
        return text.plain

    assert await text_in() == "no"
    assert await text_in(1) == "en"
    assert await text_in(9) == "no"
    await context.db.execute("UPDATE contact SET support_language_id = 1")
    assert await text_in() == "en"
    await context.db.execute("UPDATE person SET support_language_id = 3")
    assert await text_in() == "de"
    assert await text_in(1) == "en"


async def test_a_body_brings_its_attachments(context_of: ContextOf):
    context = context_of(ANNA)
    template_id = await template(context)
    body_id = await body(context, template_id, plain="x")
    file_id = await attachment(context)
    await context.db.execute(
        "INSERT INTO reply_template_attachment VALUES ($1, $2)", body_id, file_id
    )
    assert (await parse_template(context, template_id)).attachment_ids == [file_id]


async def test_a_template_without_bodies_says_nothing(context_of: ContextOf):
    context = context_of(ANNA)
    text = await parse_template(context, await template(context))
    assert (text.plain, text.html, text.attachment_ids) == ("", "", [])


async def test_a_template_that_is_not_there_is_named(context_of: ContextOf):
    with pytest.raises(NotFound, match="ReplyTemplateId: 4711 does not exist"):
        await parse_template(context_of(ANNA), 4711)
