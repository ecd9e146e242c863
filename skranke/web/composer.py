"""Writing on a ticket: the draft as it stands, saving it, sending it, calling it back."""

from html import escape

import msgspec
from msgspec import Struct
from starlette.responses import Response

from skranke.actions.send.operations import recall_draft, send_draft
from skranke.core.errors import BadValue
from skranke.messages.attachments.carriers import AttachmentEntity
from skranke.messages.attachments.operations import get_attachment_entity
from skranke.messages.compose.carriers import MessageActionType, RecipientType
from skranke.messages.compose.operations import (
    calculate_message_recipients,
    get_default_message_content,
    sanitize_mail_content,
)
from skranke.messages.drafts.carriers import DraftKind, MessageDraft
from skranke.messages.drafts.resources import delete_draft, get_ticket_drafts, put_draft
from skranke.messages.reply_templates.carriers import QuickReply
from skranke.messages.reply_templates.operations import get_quick_replies
from skranke.tickets.carriers import TicketEntity
from skranke.web.page import Page, redirect
from skranke.web.rendering import render, toast

UNDO_SECONDS = 10
ACTIONS = {
    "Reply": MessageActionType.Reply,
    "ReplyAll": MessageActionType.ReplyAll,
    "Forward": MessageActionType.Forward,
    "Note": MessageActionType.InternalComment,
}
KINDS = {
    "Reply": DraftKind.Reply,
    "ReplyAll": DraftKind.Reply,
    "Forward": DraftKind.Forward,
    "Note": DraftKind.Note,
}
SPLIT = str.maketrans({";": ",", "\n": ","})


class Composer(Struct, kw_only=True):
    """The draft that the page opens with, and what helps to write it."""

    draft: MessageDraft
    action: str  # Reply, ReplyAll, Forward, Note
    files: list[AttachmentEntity]
    quick_replies: list[QuickReply]
    language: str
    begun: bool  # whether there is anything to be lost
    saved: str
    newer: bool  # whether a message arrived after it was begun
    customer: str


async def load_composer(
    page: Page, ticket: TicketEntity, drafts: list[MessageDraft]
) -> Composer | None:
    """The composer for the newest draft, else for the kind in `?write=`; None for readers."""
    if not page.may(put_draft):
        return None
    asked = page.query("write")
    standing = [draft for draft in drafts if draft.send_at is None]
    if asked in KINDS:
        standing = [draft for draft in standing if draft.kind is KINDS[asked]]
    if standing:
        draft = standing[0]
        action = asked if asked in KINDS else draft.kind.value
    else:
        action = asked if asked in KINDS else "Reply"
        draft = await begin(page, ticket, action)
    files = [await page.call(get_attachment_entity, page.context, i) for i in draft.attachment_ids]
    newest = max((row.ticket_message_id for row in ticket.messages), default=0)
    return Composer(
        draft=draft,
        action=action,
        files=[file for file in files if file],
        quick_replies=await page.call(get_quick_replies, page.context),
        language=ticket.language,
        begun=bool(standing),
        saved=page.times.clock(draft.changed) if draft.changed else "",
        newer=bool(standing) and newest > draft.last_message_id > 0,
        customer=ticket.person.full_name if ticket.person else "",
    )


async def begin(page: Page, ticket: TicketEntity, action: str) -> MessageDraft:
    """A draft that nothing was written in yet: recipients, and what it begins with."""
    newest = max((row.ticket_message_id for row in ticket.messages), default=0)
    kind = ACTIONS[action]
    to: list[str] = []
    cc: list[str] = []
    if action in ("Reply", "ReplyAll"):
        recipients = await page.call(
            calculate_message_recipients, page.context, ticket.ticket_id, kind, newest
        )
        to = [one.value for one in recipients if one.type is RecipientType.To and one.value]
        cc = [one.value for one in recipients if one.type is RecipientType.CC and one.value]
    body = ""
    if action == "Forward":
        body = await page.call(
            get_default_message_content, page.context, ticket.ticket_id, kind, newest
        )
    return MessageDraft(
        ticket_id=ticket.ticket_id,
        kind=KINDS[action],
        to=to,
        cc=cc,
        html_body=body,
        last_message_id=newest,
    )


def addresses(text: str) -> list[str]:
    """Addresses separated by commas, semicolons or line ends."""
    return [part.strip() for part in text.translate(SPLIT).split(",") if part.strip()]


async def posted_draft(page: Page) -> MessageDraft:
    """The draft in a form: the editor's html, or the plain text of a page without scripts."""
    form = page.form
    action = form.text("kind") or "Reply"
    if action not in KINDS:
        raise BadValue("kind", f"must be one of {', '.join(KINDS)}")
    html = form.text("html")
    if not html.strip() and (text := form.text("body").strip()):
        blocks = text.replace("\r\n", "\n").split("\n\n")
        html = "".join(f"<p>{'<br>'.join(escape(block).split(chr(10)))}</p>" for block in blocks)
    if html:
        html = await page.call(sanitize_mail_content, page.context, html)
    return MessageDraft(
        kind=KINDS[action],
        to=[one for text in form.texts("to") for one in addresses(text)],
        cc=[one for text in form.texts("cc") for one in addresses(text)],
        html_body=html,
        attachment_ids=form.numbers("file"),
        ticket_status_id=form.number("status"),
    )


async def save_draft(page: Page) -> Response:
    """`POST /ticket/{id}/draft`: keep what was written so far; when, as JSON."""
    ticket_id = page.request.path_params["ticket_id"]
    draft = await posted_draft(page)
    draft_id = await page.call(put_draft, page.context, ticket_id, draft)
    saved = {"draft": draft_id, "clock": page.times.clock(page.context.now)}
    if page.is_fragment:
        return Response(msgspec.json.encode(saved), media_type="application/json")
    return redirect(f"/ticket/{ticket_id}")


async def discard_draft(page: Page) -> Response:
    """`POST /ticket/{id}/discard`: throw the draft away."""
    ticket_id = page.request.path_params["ticket_id"]
    kind = KINDS.get(page.form.text("kind"), DraftKind.Reply)
    await page.call(delete_draft, page.context, ticket_id, kind)
    return redirect(f"/ticket/{ticket_id}")


async def send(page: Page) -> Response:
    """`POST /ticket/{id}/send`: send what was written, in a moment or at a time.

    The draft is kept first: a send that is refused has lost nothing.
    """
    ticket_id = page.request.path_params["ticket_id"]
    draft = await posted_draft(page)
    draft_id = await page.call(put_draft, page.context, ticket_id, draft)
    delay = page.form.number("delay") or UNDO_SECONDS
    await page.call(send_draft, page.context, draft_id, delay)
    if not page.is_fragment:
        return redirect(f"/ticket/{ticket_id}")
    undo = {"action": f"/ticket/{ticket_id}/recall", "draft": str(draft_id)}
    return await show_composer(page, ticket_id, toast(page, "Sent", undo=undo))


async def recall(page: Page) -> Response:
    """`POST /ticket/{id}/recall`: call a send back; its text is in the composer again."""
    ticket_id = page.request.path_params["ticket_id"]
    draft = await page.call(recall_draft, page.context, page.form.number("draft"))
    if not page.is_fragment:
        return redirect(f"/ticket/{ticket_id}?write={draft.kind.value}")
    return await show_composer(page, ticket_id, toast(page, "Not sent; it is a draft again"))


async def show_composer(page: Page, ticket_id: int, headers: dict[str, str]) -> Response:
    """The composer and what waits to be sent, as a part of the ticket's page."""
    # the ticket's page has the composer in it
    from skranke.web.ticket_page import load_ticket, load_view

    ticket = await load_ticket(page, ticket_id)
    drafts = await page.call(get_ticket_drafts, page.context, ticket_id)
    composer = await load_composer(page, ticket, drafts)
    sending = [draft for draft in drafts if draft.send_at is not None]
    return render(
        page,
        "composer_parts.html",
        ticket=ticket,
        composer=composer,
        sending=sending,
        v=await load_view(page, ticket),
        headers=headers,
    )


async def compose(page: Page) -> Response:
    """`GET /ticket/{id}/composer?write=`: the composer for another kind of message."""
    return await show_composer(page, page.request.path_params["ticket_id"], {})
