"""`/api/v1/Draft/{id}/Send` and `/Recall`: sending what was written. Ours.

Until its time has come nothing has happened: no message, no mail, no status. So undoing
a send is to call the draft back, and a send that fails leaves the draft, with its reason.
"""

from datetime import timedelta

from msgspec.structs import replace

from skranke.catalog.statuses.carriers import TicketStatusEntity
from skranke.channels.mail.addresses import mail_addresses
from skranke.channels.mail.send import SendRequest, send_message
from skranke.core.context import Permission, RequestContext
from skranke.core.errors import BadValue, Conflict, require_found
from skranke.core.schema import Int32
from skranke.http.operation import resource
from skranke.messages.add import NewMessage, add_message
from skranke.messages.drafts import sql
from skranke.messages.drafts.carriers import DraftKind, MessageDraft
from skranke.tickets.carriers import TicketEntity
from skranke.tickets.message_rows import BadgeType, TicketSecurityLevel
from skranke.tickets.operations import save_ticket_entity

MAX_DELAY_SECONDS = 366 * 24 * 3600
Level = TicketSecurityLevel


@resource(
    "POST",
    "/api/v1/Draft/{draft_id}/Send",
    permission=Permission.WRITE,
    query=("delay",),
    transaction=True,
)
async def send_draft(context: RequestContext, draft_id: Int32, delay: Int32 = 0) -> MessageDraft:
    """Send the caller's draft after so many seconds, at most a year; it can be recalled.

    NotFound without the draft. BadValue for one without a text, and for mail to nobody.
    """
    found = await sql.one(context.db, draft_id, context.user.associate_id)
    draft = require_found(found, "Draft", draft_id)
    check_sendable(draft)
    if not 0 <= delay <= MAX_DELAY_SECONDS:
        raise BadValue("delay", f"must be from 0 to {MAX_DELAY_SECONDS} seconds")
    draft.send_at = context.now + timedelta(seconds=delay)
    await sql.set_send_at(context.db, draft_id, draft.send_at)
    return draft


@resource("POST", "/api/v1/Draft/{draft_id}/Recall", permission=Permission.WRITE, transaction=True)
async def recall_draft(context: RequestContext, draft_id: Int32) -> MessageDraft:
    """Call a draft back before it is sent; it is a draft again.

    NotFound once it was sent. Conflict where another draft was begun meanwhile.
    """
    found = await sql.one(context.db, draft_id, context.user.associate_id)
    draft = require_found(found, "Draft", draft_id)
    if draft.send_at is not None and await sql.has_other(context.db, draft_id):
        raise Conflict("You have begun another answer here; send or discard it first.")
    await sql.set_send_at(context.db, draft_id, None)
    draft.send_at = None
    return draft


def check_sendable(draft: MessageDraft) -> None:
    """BadValue for a draft without a text, and for mail without an address."""
    if not draft.html_body.strip() and not draft.attachment_ids:
        raise BadValue("HtmlBody", "must not be empty")
    if draft.kind is not DraftKind.Note and not mail_addresses(draft.to + draft.cc + draft.bcc):
        raise BadValue("To", "names no address that mail can go to")


async def deliver(context: RequestContext, draft: MessageDraft) -> None:
    """Write the message, mail it where it is one to mail, and set the ticket's status."""
    note = draft.kind is DraftKind.Note
    forward = draft.kind is DraftKind.Forward
    message_id = await add_message(
        context,
        NewMessage(
            ticket_id=draft.ticket_id,
            html_body=draft.html_body,
            slevel=Level.Internal if note or forward else Level.External,
            badge=BadgeType.Forward if forward else BadgeType.Unknown,
            author=context.user.full_name,
            attachment_ids=draft.attachment_ids,
            set_replied=not (note or forward),
        ),
    )
    if not note:
        request = SendRequest(to=draft.to, cc=draft.cc, bcc=draft.bcc)
        await send_message(context, message_id, request)
    if draft.ticket_status_id:
        status = TicketStatusEntity(ticket_status_id=draft.ticket_status_id)
        entity = TicketEntity(ticket_id=draft.ticket_id, status=status)
        await save_ticket_entity(replace(context, given=frozenset({"TicketId", "Status"})), entity)
