"""The one way in which a message comes to a ticket, whoever writes it.

The ticket is held while it happens, so that its counters are counted and not guessed:
two who write at once both count. Source: reference, TicketMessageEntity; the manual on
priorities (new information) and on the read mark.
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct, field
from msgspec.structs import replace

from skranke.catalog.extra_fields.rules import default_values
from skranke.catalog.extra_fields.sql import load_definitions
from skranke.catalog.priorities.carriers import TicketPriorityEscalateAction as Action
from skranke.core.context import RequestContext
from skranke.core.errors import NotFound
from skranke.messages import sql
from skranke.messages.attachments.linking import link_files
from skranke.messages.carriers import TicketMessageCategory, TicketMessageType
from skranke.messages.counts import MessageCounts, count_messages
from skranke.messages.html_to_text import plain_text
from skranke.messages.offload import run_offloaded
from skranke.messages.sql import LoggedChange, MessageRow
from skranke.tickets.carriers import TicketReadStatus
from skranke.tickets.merged_redirect import lock_final_ticket
from skranke.tickets.message_rows import BadgeType, TicketMessageHeader, TicketSecurityLevel
from skranke.tickets.reference_data import SYSTEM_USER_ID, ReferenceData
from skranke.tickets.row import TicketRow
from skranke.tickets.save.context import SaveReason
from skranke.tickets.save.update import UpdatedTicket, update_ticket

ADD_MESSAGE, MESSAGE_ADDED = 18, 10012  # TicketLogAction, of ticket and message
EXTRA_FIELDS_DOMAIN = "ej_message"  # of the extra fields
Level, Type = TicketSecurityLevel, TicketMessageType


class NewMessage(Struct, kw_only=True):
    """A message to be; what isn't said is worked out.

    `created_by` is an ejuser id, 0 for the caller's; `person_id` the customer that it
    is from. `set_replied` notes an external answer as the ticket's first where it is.
    """

    ticket_id: int
    body: str = ""
    html_body: str = ""
    type: TicketMessageType = TicketMessageType.Unknown
    slevel: TicketSecurityLevel = TicketSecurityLevel.External
    badge: BadgeType = BadgeType.Unknown
    author: str = ""
    created_by: int = 0
    created_at: datetime | None = None
    person_id: int | None = None
    message_id: str = ""
    email_header: str = ""
    message_category: TicketMessageCategory = TicketMessageCategory.Message
    time_spent: int = 0  # minutes
    important: bool = False
    headers: list[TicketMessageHeader] = field(default_factory=list[TicketMessageHeader])
    attachment_ids: list[int] = field(default_factory=list[int])
    inline: dict[int, str] = field(default_factory=dict[int, str])
    extra_fields: dict[str, object] | None = None  # None: their defaults
    set_replied: bool = False
    mail_sorter: str = ""  # the filter that acted on a mail
    debug_info: str = ""
    is_news: bool = True  # a machine's note leaves the ticket read


async def add_message(context: RequestContext, draft: NewMessage) -> int:
    """Write a message with all that follows from it; its EjMessageId.

    Inside the call's transaction. What is for a merged ticket goes to the one that it
    has become part of. NotFound without the ticket, BadValue for a file that doesn't
    exist.
    """
    wish = draft.ticket_id
    draft = replace(draft, ticket_id=await lock_final_ticket(context.db, wish))
    before = await count_messages(context.db, draft.ticket_id)
    message = await _new_row(context, draft, before)
    message.id = await sql.insert_message(context.db, message)
    if not message.id:
        raise NotFound(f"TicketId: {wish} does not exist")
    await sql.write_headers(context.db, message.id, draft.headers)
    if draft.attachment_ids:
        await link_files(context, message.id, draft.attachment_ids, inline=draft.inline)
    await _update_ticket(context, message, draft)
    await log_message_action(context, message, MESSAGE_ADDED)
    return message.id


async def _new_row(context: RequestContext, draft: NewMessage, before: MessageCounts) -> MessageRow:
    creator = draft.created_by or context.user.ej_user_id or SYSTEM_USER_ID
    fields = draft.extra_fields
    if fields is None:
        fields = default_values(
            (await context.get_cached(load_definitions)).get(EXTRA_FIELDS_DOMAIN, {})
        )
    written_as_html = bool(draft.html_body)
    body = draft.body or await run_offloaded(plain_text, draft.html_body)
    kind = draft.type
    if kind is Type.Unknown:
        kind = Type.Html if written_as_html else Type.Plain
    return MessageRow(
        id=0,
        ticket_id=draft.ticket_id,
        created_at=draft.created_at or context.now,
        created_by=creator,
        changed_at=None,
        author=draft.author[:255],
        slevel=draft.slevel.number,
        type=kind.number,
        message_id=draft.message_id,
        time_spent=draft.time_spent,
        html_body=draft.html_body,
        body=body,
        email_header=draft.email_header,
        debug_info=draft.debug_info,
        mail_sorter=draft.mail_sorter,
        message_category=draft.message_category.number,
        customer_id=draft.person_id,
        search_title="",
        important=draft.important,
        language="",
        sentiment=0,
        sentiment_confidence=0,
        badge=_badge(draft, before).number,
        extra_fields=fields,
    )


def _badge(draft: NewMessage, before: MessageCounts) -> BadgeType:
    """What kind of message it is, where that isn't said."""
    if draft.badge is not BadgeType.Unknown:
        return draft.badge
    if draft.person_id is not None:
        return BadgeType.Incoming
    if draft.slevel is not Level.External:
        return BadgeType.Comment
    return BadgeType.Reply if before.num_messages else BadgeType.Outgoing


async def _update_ticket(context: RequestContext, message: MessageRow, draft: NewMessage) -> None:
    counts = await count_messages(context.db, message.ticket_id)

    def alter(ticket: TicketRow, _: ReferenceData) -> SaveReason:
        counts.apply_to(ticket)
        green, yellow = TicketReadStatus.Green, TicketReadStatus.Yellow
        is_unread = draft.is_news and message.created_by != ticket.owned_by
        if is_unread and ticket.read_status == green.number:
            ticket.read_status = yellow.number
        if counts.num_messages == 1 and message.author:
            ticket.author = message.author
        answers = message.customer_id is None and draft.slevel is Level.External
        if draft.set_replied and answers and ticket.replied_at is None:
            ticket.replied_at = message.created_at
        raised = (Action.ActionNewInfo,) if draft.is_news else ()
        return SaveReason(action=ADD_MESSAGE, escalation_actions=raised)

    await update_ticket(context, message.ticket_id, alter)


async def recount_messages(
    context: RequestContext, ticket_id: int, action: int
) -> UpdatedTicket | None:
    """Count a held ticket's messages anew after one was changed or removed.

    The ticket is newer then, whatever the counters say: its messages are part of it.
    """
    counts = await count_messages(context.db, ticket_id)

    def alter(ticket: TicketRow, _: ReferenceData) -> SaveReason:
        counts.apply_to(ticket)
        return SaveReason(action=action, messages_changed=True)

    return await update_ticket(context, ticket_id, alter)


async def log_message_action(
    context: RequestContext,
    message: MessageRow,
    action: int,
    changes: Sequence[LoggedChange] = (),
    description: str = "",
) -> None:
    """Keep a deed on a message in the log."""
    entry = sql.MessageLogEntry(
        ticket_id=message.ticket_id,
        message_id=message.id,
        action=action,
        at=context.now,
        user_id=context.user.ej_user_id or SYSTEM_USER_ID,
        description=description,
        changes=list(changes),
    )
    await sql.insert_log_entry(context.db, entry)
