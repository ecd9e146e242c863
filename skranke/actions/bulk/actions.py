"""What a batch does with each of its tickets, as the one who asked for it.

Source: BatchReply and BatchForward of the reference; the manual on forwarding.
"""

from html import escape

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from skranke.actions.bulk.carriers import TicketBatchReplyData
from skranke.catalog.statuses.carriers import TicketBaseStatus as Base
from skranke.channels.mail.send import SendRequest, send_message
from skranke.core.context import RequestContext
from skranke.core.errors import NotAllowed, require_found
from skranke.messages.add import NewMessage, add_message
from skranke.messages.compose.carriers import MessageActionType
from skranke.messages.default_content import default_content
from skranke.messages.save import default_level
from skranke.messages.sql import ids_of_ticket
from skranke.people.sql import load_accounts
from skranke.tickets.carriers import TicketEntity
from skranke.tickets.merged_redirect import final_ticket_id
from skranke.tickets.message_rows import BadgeType, TicketSecurityLevel
from skranke.tickets.operations import get_ticket_entity
from skranke.tickets.reference_data import ReferenceData
from skranke.tickets.row import TicketRow
from skranke.tickets.save import status_rules
from skranke.tickets.save.context import SaveReason
from skranke.tickets.save.update import update_visible_ticket

CLOSE_AFTER_REPLY, CLOSE_AFTER_FORWARD = 38, 37  # TicketLogAction
Level = TicketSecurityLevel


class ForwardRequest(Struct, frozen=True, kw_only=True):
    """Whom tickets are to be forwarded to, and what is said of it."""

    to: list[str]
    cc: list[str]
    bcc: list[str]
    comment: str
    close: bool


async def as_user(context: RequestContext, associate_id: int) -> RequestContext:
    """The call as that user's; NotAllowed where he may not sign in any more."""
    account = (await context.get_cached(load_accounts)).by_id.get(associate_id)
    if account is None:
        raise NotAllowed(f"Associate {associate_id} may not sign in any more.")
    return replace(context, user=account.user)


async def apply_action(
    context: RequestContext, kind: str, ticket_id: int, data: dict[str, object]
) -> None:
    """Do a batch's deed on a ticket, or on the one that it has become part of.

    Refusals tell why it can't be done.
    """
    found = await get_ticket_entity(context, await final_ticket_id(context.db, ticket_id))
    ticket = require_found(found, "Ticket", ticket_id)
    if kind == "reply":
        await reply(context, ticket, msgspec.convert(data, TicketBatchReplyData))
    else:
        await forward(context, ticket, msgspec.convert(data, ForwardRequest))


async def reply(context: RequestContext, ticket: TicketEntity, wish: TicketBatchReplyData) -> None:
    """Add the message, mail it to the customer where that is wished, and close."""
    level = wish.slevel
    if level is Level.Unknown:
        level = await default_level(context)
    message_id = await add_message(
        context,
        NewMessage(
            ticket_id=ticket.ticket_id,
            html_body=wish.html_body,
            slevel=level,
            author=context.user.full_name,
            time_spent=wish.time_spent,
            attachment_ids=wish.attachment_ids,
            set_replied=True,
        ),
    )
    external = level is ticket.slevel is Level.External
    if wish.send_copy_to_customer and external and ticket.person and ticket.person.email:
        await send_message(context, message_id, SendRequest(to=[ticket.person.email]))
    if wish.close_tickets:
        await close(context, ticket.ticket_id, CLOSE_AFTER_REPLY)


async def forward(context: RequestContext, ticket: TicketEntity, wish: ForwardRequest) -> None:
    """Mail the ticket's last message under the comment, keep that inside, and close."""
    said = await ids_of_ticket(context.db, ticket.ticket_id)
    content = await default_content(
        context, ticket.ticket_id, MessageActionType.Forward, said[-1] if said else 0
    )
    comment = "<br>".join(escape(wish.comment).splitlines())
    message_id = await add_message(
        context,
        NewMessage(
            ticket_id=ticket.ticket_id,
            slevel=Level.Internal,
            badge=BadgeType.Forward,
            html_body=f"<p>{comment}</p>{content.html}",
            author=context.user.full_name,
            attachment_ids=content.attachment_ids,
        ),
    )
    wanted = SendRequest(to=wish.to, cc=wish.cc, bcc=wish.bcc)
    await send_message(context, message_id, wanted)
    if wish.close:
        await close(context, ticket.ticket_id, CLOSE_AFTER_FORWARD)


async def close(context: RequestContext, ticket_id: int, action: int) -> None:
    """Close a ticket that isn't closed yet."""

    def alter(row: TicketRow, lists: ReferenceData) -> SaveReason | None:
        if row.status == Base.Closed.number:
            return None
        kind = lists.types[row.ticket_type]
        status_rules.set_base_status(row, Base.Closed, lists.statuses, kind)
        return SaveReason(action=action)

    await update_visible_ticket(context, "TicketIds", ticket_id, alter)
