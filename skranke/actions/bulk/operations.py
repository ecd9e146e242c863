"""Replies and forwards to many tickets, as the Ticket agent has them.

Each answers at once with the id of its batch; `GET /api/v1/BatchTask/{id}` tells how
far it is. That address is ours: the reference names none.
"""

from skranke.actions.bulk import actions, sql
from skranke.actions.bulk.carriers import BatchTask, TicketBatchReplyData
from skranke.channels.mail.addresses import mail_addresses
from skranke.core.context import Permission, RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.core.schema import Int32
from skranke.http.operation import operation, resource
from skranke.messages.attachments.visibility import require_visible_files
from skranke.tickets.visibility import require_visible


@operation("Ticket", permission=Permission.WRITE, wrapped=True)
async def batch_reply(context: RequestContext, batch_reply_data: TicketBatchReplyData) -> Int32:
    """Begin to answer tickets with one message; the batch's id.

    The customer of an external ticket gets a copy by mail where that is wished.
    NotFound for a ticket or a file that the caller can't see, BadValue without a text.
    """
    wish = batch_reply_data
    await require_visible(context, "BatchReplyData.TicketIds", wish.ticket_ids)
    await require_visible_files(context, "BatchReplyData.AttachmentIds", wish.attachment_ids)
    if not wish.html_body.strip():
        raise BadValue("BatchReplyData.HtmlBody", "must not be empty")
    if wish.time_spent < 0:
        fault = f"{wish.time_spent} minutes can't be spent"
        raise BadValue("BatchReplyData.TimeSpent", fault)
    who = context.user.associate_id
    return await sql.create_task(context.db, "reply", wish.ticket_ids, wish, who, context.now)


@operation("Ticket", permission=Permission.WRITE)
async def batch_forward(
    context: RequestContext,
    ticket_ids: list[Int32],
    to: list[str],
    cc: list[str],
    bcc: list[str],
    comment: str,
    close_ticket: bool,
) -> Int32:
    """Begin to mail the last message of each ticket to these addresses; the batch's id.

    The comment stands above it and stays on the ticket as an internal message.
    NotFound for a ticket that the caller can't see, BadValue without an address.
    """
    await require_visible(context, "TicketIds", ticket_ids)
    if not mail_addresses([*to, *cc, *bcc]):
        raise BadValue("To", "names nobody")
    wish = actions.ForwardRequest(to=to, cc=cc, bcc=bcc, comment=comment, close=close_ticket)
    who = context.user.associate_id
    return await sql.create_task(context.db, "forward", ticket_ids, wish, who, context.now)


@resource("GET", "/api/v1/BatchTask/{batch_task_id}", permission=Permission.READ)
async def get_batch_task(context: RequestContext, batch_task_id: Int32) -> BatchTask:
    """How far a batch is, and at which tickets it has failed and why.

    It is over when as many are done as there are. NotFound for one of somebody else,
    but for an administrator.
    """
    found = await sql.load_task(context.db, batch_task_id)
    mine = found and found.associate_id == context.user.associate_id
    if found is None or not (mine or Permission.ADMINISTER in context.user.permissions):
        raise NotFound(f"BatchTask id {batch_task_id} not found")
    return await sql.task_with_failures(context.db, found)
