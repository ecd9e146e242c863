"""`/api/v1/Ticket/{id}/Draft`: what the caller is writing. Ours; the reference has none."""

from skranke.core.context import Permission, RequestContext
from skranke.core.errors import BadValue
from skranke.core.schema import Int32
from skranke.http.operation import resource
from skranke.messages.attachments.visibility import require_visible_files as require_files
from skranke.messages.drafts import sql
from skranke.messages.drafts.carriers import DraftKind, MessageDraft
from skranke.tickets.visibility import require_visible

MAX_RECIPIENTS = 100


@resource("GET", "/api/v1/Draft", permission=Permission.READ)
async def get_drafts(context: RequestContext) -> list[MessageDraft]:
    """The caller's drafts on all tickets, the newest first, up to 500."""
    return await sql.of_associate(context.db, context.user.associate_id, None)


@resource("GET", "/api/v1/Ticket/{ticket_id}/Draft", permission=Permission.READ, transaction=True)
async def get_ticket_drafts(context: RequestContext, ticket_id: Int32) -> list[MessageDraft]:
    """The caller's drafts on a ticket, those on tickets merged into it among them.

    One with a SendAt is under way. NotFound unless the caller may see the ticket.
    """
    await require_visible(context, "TicketId", [ticket_id])
    await sql.adopt_merged(context.db, context.user.associate_id, ticket_id)
    return await sql.of_associate(context.db, context.user.associate_id, ticket_id)


@resource("PUT", "/api/v1/Ticket/{ticket_id}/Draft", permission=Permission.WRITE, transaction=True)
async def put_draft(context: RequestContext, ticket_id: Int32, draft: MessageDraft) -> Int32:
    """Keep the caller's draft of this kind on the ticket, in place of the old; its id.

    The ticket is the address's. NotFound unless the caller may see ticket and files,
    BadValue for more than 100 recipients.
    """
    await require_visible(context, "TicketId", [ticket_id])
    await require_files(context, "AttachmentIds", draft.attachment_ids)
    for name, addresses in (("To", draft.to), ("Cc", draft.cc), ("Bcc", draft.bcc)):
        if len(addresses) > MAX_RECIPIENTS:
            raise BadValue(name, f"takes at most {MAX_RECIPIENTS} addresses")
    draft.ticket_id = ticket_id
    return await sql.save(context.db, context.user.associate_id, draft, context.now)


@resource(
    "DELETE",
    "/api/v1/Ticket/{ticket_id}/Draft",
    permission=Permission.WRITE,
    query=("kind",),
    transaction=True,
)
async def delete_draft(
    context: RequestContext, ticket_id: Int32, kind: DraftKind = DraftKind.Reply
) -> None:
    """Discard the caller's draft of this kind; without effect where there is none.

    NotFound unless the caller may see the ticket.
    """
    await require_visible(context, "TicketId", [ticket_id])
    await sql.delete(context.db, context.user.associate_id, ticket_id, kind)
