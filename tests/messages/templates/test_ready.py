"""Quick replies and templates as agents fetch them."""

import pytest

from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.core.schema import ETableRight
from skranke.messages.reply_templates.carriers import QuickReply
from skranke.messages.reply_templates.operations import (
    get_parsed_template,
    get_preview_quick_reply,
    get_preview_reply_template,
    get_quick_replies,
    get_unparsed_template,
    save_quick_replies,
)
from tests.cast import ANNA, BO, NOW, RITA, STEN, ContextOf
from tests.messages.templates.make import attachment, body, template, ticket


async def saved(context: RequestContext, *replies: QuickReply) -> list[QuickReply]:
    await save_quick_replies(context, list(replies))
    return await get_quick_replies(context)


async def test_quick_replies_are_saved_as_a_whole_list_in_order(context_of: ContextOf):
    context = context_of(ANNA)
    hello, thanks = await saved(
        context,
        QuickReply(name="Hello", html_body="<p>Hello</p>"),
        QuickReply(name="Thanks", html_body="<b>Thanks</b>"),
    )
    assert (hello.name, hello.html_body) == ("Hello", "<p>Hello</p>")
    thanks.html_body = "<i>Thanks</i>"
    changed = await saved(context, thanks, QuickReply(name="Bye"))
    assert [reply.name for reply in changed] == ["Thanks", "Bye"]
    assert changed[0].quick_reply_id == thanks.quick_reply_id
    assert changed[0].html_body == "<i>Thanks</i>"
    assert hello.quick_reply_id not in {reply.quick_reply_id for reply in changed}
    assert await saved(context) == []


async def test_quick_replies_are_each_agents_own(context_of: ContextOf):
    [hers] = await saved(context_of(ANNA), QuickReply(name="Hers"))
    assert await get_quick_replies(context_of(BO)) == []
    with pytest.raises(BadValue, match=f"QuickReplyId: {hers.quick_reply_id} does not"):
        await save_quick_replies(context_of(BO), [hers])
    assert await get_preview_quick_reply(context_of(BO), hers.quick_reply_id) is None
    await saved(context_of(BO))
    assert [r.name for r in await get_quick_replies(context_of(ANNA))] == ["Hers"]


async def test_a_quick_reply_named_twice_or_not_at_all_is_refused(context_of: ContextOf):
    context = context_of(ANNA)
    [one] = await saved(context, QuickReply(name="One"))
    with pytest.raises(BadValue, match="QuickReplyId"):
        await save_quick_replies(context, [one, one])
    for name in ("", "  ", "x" * 256):
        with pytest.raises(BadValue, match="Name"):
            await save_quick_replies(context, [QuickReply(name=name)])
    assert [r.name for r in await get_quick_replies(context)] == ["One"]


async def test_a_quick_reply_is_previewed_without_what_could_run(context_of: ContextOf):
    context = context_of(ANNA)
    [one] = await saved(context, QuickReply(name="One", html_body="<b onclick=x()>Hi</b><script>"))
    assert one.html_body == "<b>Hi</b>"
    assert one.table_right
    assert one.table_right.mask is ETableRight.FULL
    shown = await get_preview_quick_reply(context, one.quick_reply_id)
    assert shown
    assert (shown.name, shown.html_body, shown.updated) == ("One", "<b>Hi</b>", NOW)
    assert shown.updated_by_full_name == "Anna Agent"
    assert await get_preview_quick_reply(context, 4711) is None


async def test_a_template_is_previewed_in_its_default_language(context_of: ContextOf):
    context = context_of(RITA)
    template_id = await template(context, "Welcome", default_language=2)
    await body(context, template_id, language_id=1, plain="hello")
    await body(context, template_id, language_id=2, html="<b onclick=x()>hei</b>")
    shown = await get_preview_reply_template(context, template_id)
    assert shown
    assert (shown.body, shown.is_html, shown.updated) == ("<b>hei</b>", True, NOW)
    assert (shown.name, shown.description) == ("Welcome", "For tests")
    assert shown.owned_by_full_name == "Anna Agent"
    assert await get_preview_reply_template(context, 4711) is None


async def test_a_template_of_plain_text_is_previewed_as_such(context_of: ContextOf):
    context = context_of(RITA)
    template_id = await template(context)
    await body(context, template_id, plain="a < b")
    shown = await get_preview_reply_template(context, template_id)
    assert shown
    assert (shown.body, shown.is_html) == ("a < b", False)


async def test_a_template_is_parsed_for_ticket_and_person(context_of: ContextOf):
    context = context_of(ANNA)
    template_id = await template(context)
    body_id = await body(
        context,
        template_id,
        subject="[[ticket.title]]",
        plain="[[ticket.custName]]",
        html="<p>[[ticket.title]]<script>x</script></p>",
    )
    file_id = await attachment(context)
    await context.db.execute(
        "INSERT INTO reply_template_attachment VALUES ($1, $2)", body_id, file_id
    )
    text = await get_parsed_template(context, template_id, 0, 8, await ticket(context))
    assert text
    assert text.reply_template_id == template_id
    assert text.subject == "The pump <is> cold"
    assert text.plain_parsed == "Ola Kunde"
    assert text.html_parsed == "<p>The pump &lt;is&gt; cold</p>"
    assert [file.name for file in text.attachments] == ["terms.pdf"]
    raw = await get_unparsed_template(context, template_id, 0)
    assert raw
    assert raw.subject == "[[ticket.title]]"
    assert raw.html_parsed == "<p>[[ticket.title]]<script>x</script></p>"


async def test_a_template_tells_nobody_of_a_ticket_he_cannot_see(context_of: ContextOf):
    context = context_of(ANNA)
    template_id = await template(context)
    await body(context, template_id, plain="[[ticket.title]]")
    hidden = await ticket(context, category=2)
    with pytest.raises(NotFound, match=f"TicketId: {hidden} does not exist"):
        await get_parsed_template(context_of(STEN), template_id, 0, 0, hidden)
    with pytest.raises(BadValue, match="PersonId: 4711 does not exist"):
        await get_parsed_template(context, template_id, 0, 4711, 0)


async def test_a_template_that_is_not_there_is_null(context_of: ContextOf):
    context = context_of(ANNA)
    assert await get_parsed_template(context, 4711, 0, 0, 0) is None
    assert await get_unparsed_template(context, 4711, 0) is None


async def test_an_attachment_of_a_template_tells_whether_it_is_safe(context_of: ContextOf):
    context = context_of(ANNA)
    template_id = await template(context)
    body_id = await body(context, template_id, plain="x")
    for name in ("terms.pdf", "setup.exe"):
        await context.db.execute(
            "INSERT INTO reply_template_attachment VALUES ($1, $2)",
            body_id,
            await attachment(context, name),
        )
    text = await get_parsed_template(context, template_id, 0, 0, 0)
    assert text
    safe = {file.name: file.is_safe_file_extension for file in text.attachments}
    assert safe == {"terms.pdf": True, "setup.exe": False}
