"""How a message begins."""

from typing import Any

import pytest
from msgspec.structs import replace

from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.messages.compose.carriers import HtmlSanitizerOptions, MessageActionType
from skranke.messages.compose.operations import (
    get_default_message_content,
    get_default_message_content_full,
    get_default_message_content_with_options,
    html_to_text,
    sanitize_mail_content,
    sanitize_mail_content_with_options,
    sanitize_mail_contents,
)
from tests.cast import ANNA, RITA, STEN, ContextOf
from tests.messages.templates.make import attachment, body, message, template, ticket

Action = MessageActionType


async def signed(context: RequestContext, text: str = "<p>Anna, <b>Skranke</b></p>") -> None:
    await context.db.execute(
        "UPDATE ejuser SET request_signature = $2 WHERE id = $1", context.user.ej_user_id, text
    )


async def with_template(context: RequestContext, **texts: Any) -> int:
    """Give the default type a template; the id of its body."""
    template_id = await template(context)
    await context.db.execute("UPDATE ticket_type SET reply_template = $1", template_id)
    return await body(context, template_id, **texts)


async def flagged(context: RequestContext, flag: str) -> None:
    await context.db.execute(
        "UPDATE ticket_type SET exclude_signature = $1 = 'exclude_signature',"
        " reply_forward_no_signature = $1 = 'reply_forward_no_signature'",
        flag,
    )
    context.cache.observe(context.cache.version - 1)  # as if another process had written


async def test_template_signature_and_quote_stand_in_this_order(context_of: ContextOf):
    context = context_of(ANNA)
    await signed(context)
    await with_template(context, html="<p>Dear [[ticket.custName]]</p>")
    ticket_id = await ticket(context)
    quoted = await message(context, ticket_id, html_body="<p>Cold!<script>x</script></p>")
    said = await get_default_message_content(context, ticket_id, Action.Reply, quoted)
    assert said == (
        "<div><p>Dear Kari Kunde</p></div><div><p>Anna, <b>Skranke</b></p></div>"
        "<div><p>On 2026-03-02 10:00, Kari Kunde wrote:</p>"
        "<blockquote><p>Cold!</p></blockquote></div>"
    )


async def test_plain_texts_become_html_that_looks_the_same(context_of: ContextOf):
    context = context_of(ANNA)
    await signed(context, "Anna <anna@desk.example>\nSkranke")
    await with_template(context, plain="Re: [[ticket.title]]\nHi")
    ticket_id = await ticket(context)
    quoted = await message(context, ticket_id, body="a < b\nc", author="<i>K</i>")
    said = await get_default_message_content(context, ticket_id, Action.Reply, quoted)
    assert said == (
        "<div>Re: The pump &lt;is&gt; cold<br>Hi</div>"
        "<div>Anna &lt;anna@desk.example&gt;<br>Skranke</div>"
        "<div><p>On 2026-03-02 10:00, &lt;i&gt;K&lt;/i&gt; wrote:</p>"
        "<blockquote>a &lt; b<br>c</blockquote></div>"
    )


async def test_a_broken_quote_does_not_swallow_what_stands_around(context_of: ContextOf):
    context = context_of(ANNA)
    await signed(context, "<p>Anna</p></div><b>")
    ticket_id = await ticket(context)
    quoted = await message(context, ticket_id, html_body="</blockquote></div><p>x<style>")
    said = await get_default_message_content(context, ticket_id, Action.Reply, quoted)
    assert said.startswith("<div><p>Anna</p><b></b></div><div><p>On ")
    assert said.endswith("<blockquote><p>x</p></blockquote></div>")


async def test_the_line_above_a_quote_is_in_the_callers_language(context_of: ContextOf):
    context = context_of(ANNA)
    context = replace(context, locale=replace(context.locale, language="nb"))
    ticket_id = await ticket(context)
    quoted = await message(context, ticket_id, body="Kald")
    said = await get_default_message_content(context, ticket_id, Action.Reply, quoted)
    assert "2026-03-02 10:00 skrev Kari Kunde:" in said
    said = await get_default_message_content(context, ticket_id, Action.Forward, quoted)
    assert "Videresendt melding fra Kari Kunde" in said


async def test_a_reply_brings_the_images_and_a_forward_all_files(context_of: ContextOf):
    context = context_of(ANNA)
    ticket_id = await ticket(context)
    quoted = await message(context, ticket_id, html_body="<img src='cid:logo'>")
    logo, terms, own = [await attachment(context, n) for n in ("logo", "terms", "own")]
    await context.db.execute(
        "INSERT INTO ticket_attachment VALUES ($1, $2, true, 'logo'), ($1, $3, false, '')",
        quoted,
        logo,
        terms,
    )
    body_id = await with_template(context, plain="Hi")
    await context.db.execute("INSERT INTO reply_template_attachment VALUES ($1, $2)", body_id, own)

    async def files(action: MessageActionType) -> list[tuple[str, bool, str]]:
        said = await get_default_message_content_full(context, ticket_id, action, quoted, 0)
        return [(f.name, f.inline_image, f.content_id) for f in said.attachments_info]

    assert await files(Action.Reply) == [("own", False, ""), ("logo", True, "logo")]
    assert await files(Action.Forward) == [
        ("own", False, ""),
        ("logo", True, "logo"),
        ("terms", False, ""),
    ]


@pytest.mark.parametrize(
    ("flag", "action", "is_signed"),
    [
        ("", Action.None_, True),
        ("", Action.Reply, True),
        ("", Action.InternalComment, False),
        ("exclude_signature", Action.None_, False),
        ("exclude_signature", Action.Forward, False),
        ("reply_forward_no_signature", Action.None_, True),
        ("reply_forward_no_signature", Action.Reply, False),
        ("reply_forward_no_signature", Action.ReplyAll, False),
        ("reply_forward_no_signature", Action.Forward, False),
    ],
)
async def test_the_type_says_whether_a_message_is_signed(
    context_of: ContextOf, flag: str, action: MessageActionType, is_signed: bool
):
    context = context_of(ANNA)
    await signed(context)
    await flagged(context, flag)
    said = await get_default_message_content(context, await ticket(context), action, 0)
    assert ("Skranke" in said) is is_signed


async def test_the_caller_may_leave_the_signature_out(context_of: ContextOf):
    context = context_of(ANNA)
    await signed(context)
    said = await get_default_message_content_with_options(context, 0, Action.None_, 0, 0, True)
    assert said.body == ""
    said = await get_default_message_content_with_options(context, 0, Action.None_, 0, 0, False)
    assert said.body == "<div><p>Anna, <b>Skranke</b></p></div>"


async def test_a_type_of_ones_own_brings_its_template(context_of: ContextOf):
    context = context_of(ANNA)
    await with_template(context, plain="of the default")
    other = await template(context)
    await body(context, other, plain="of the other")
    type_id = await context.db.fetchval(
        "INSERT INTO ticket_type (name, reply_template) VALUES ('Fault', $1)"
        " RETURNING ticket_type_id",
        other,
    )
    ticket_id = await ticket(context)
    context.cache.observe(context.cache.version - 1)  # as if another process had written
    for asked, text in ((0, "of the default"), (type_id, "of the other")):
        said = await get_default_message_content_full(context, ticket_id, Action.None_, 0, asked)
        assert said.body == f"<div>{text}</div>"
    with pytest.raises(BadValue, match="TicketTypeId: 4711 does not exist"):
        await get_default_message_content_full(context, ticket_id, Action.None_, 0, 4711)


async def test_a_template_that_is_gone_is_none(context_of: ContextOf):
    context = context_of(ANNA)
    await context.db.execute("UPDATE ticket_type SET reply_template = 4711")
    said = await get_default_message_content(context, await ticket(context), Action.None_, 0)
    assert said == ""


async def test_nobody_learns_of_what_he_cannot_see(context_of: ContextOf):
    context = context_of(ANNA)
    hidden = await ticket(context, category=2)
    secret = await message(context, hidden, body="secret")
    with pytest.raises(NotFound, match=f"TicketId: {hidden} does not exist"):
        await get_default_message_content(context_of(STEN), hidden, Action.Reply, secret)
    for other in (await ticket(context), 0):
        with pytest.raises(NotFound, match=f"TicketMessageId: {secret} does not"):
            await get_default_message_content(context, other, Action.Reply, secret)


async def test_html_is_sanitised_one_and_many(context_of: ContextOf):
    context = context_of(RITA)
    html = "<b onclick=x()>x</b><!-- y --><script>z</script>"
    assert await sanitize_mail_content(context, html) == "<b>x</b><!-- y -->"
    options = HtmlSanitizerOptions.Default
    said = await sanitize_mail_content_with_options(context, html, options)
    assert said == "<b>x</b><!-- y -->"
    options = HtmlSanitizerOptions.RemoveComment
    said = await sanitize_mail_content_with_options(context, html, options)
    assert said == "<b>x</b>"
    assert await sanitize_mail_contents(context, [html, "", "a"]) == ["<b>x</b><!-- y -->", "", "a"]


async def test_html_is_told_as_text(context_of: ContextOf):
    assert await html_to_text(context_of(RITA), "<p>a</p><p>b</p>") == "a\n\nb"
