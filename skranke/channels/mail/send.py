"""Sending a stored message, and what stays of it on the message and the ticket.

Source: SendTicketMessage of the reference; the manual on reply templates.
"""

from msgspec import Struct

from skranke.channels.mail.addresses import mail_addresses, unusable
from skranke.channels.mail.outbox import OutgoingEmail, post_email
from skranke.channels.mail.reply_template import RenderedMessage, render_message
from skranke.channels.mail.sms import OutgoingSms, phone_numbers, post_sms
from skranke.channels.mail.subjects import add_tag
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.db.database import Db, execute
from skranke.messages import sql as messages
from skranke.messages.carriers import TicketMessageEntity
from skranke.messages.load import require_message
from skranke.messages.templates.sql import load_reply_templates
from skranke.tickets.carriers import Ticket
from skranke.tickets.message_rows import TicketMessageHeader, TicketSecurityLevel
from skranke.tickets.reference_data import SYSTEM_USER_ID, ReferenceData, load_reference_data
from skranke.tickets.row import TicketRow
from skranke.tickets.save.context import SaveReason
from skranke.tickets.save.update import update_visible_ticket

MESSAGE_ID_PROPERTY = "TicketMessageEntityId"
NOT_SENT_TO = "Not-Sent-To"  # the header line that keeps what was no address
OUTBOX_MESSAGE_ACTION, SENDING_SMS_ACTION, EDIT_TICKET_ACTION = 10023, 10008, 33  # TicketLogAction


class SendRequest(Struct, frozen=True, kw_only=True):
    """Whom a message is to be sent to, and in which dress."""

    to: list[str]
    cc: list[str] = []
    bcc: list[str] = []
    subject: str = ""
    reply_template_id: int = 0  # 0 or less: the category's, if it has one


async def send_message(context: RequestContext, message_id: int, wish: SendRequest) -> int:
    """Post a message as a letter; its outbox id.

    What is not an address is left out and noted on the message as Not-Sent-To. BadValue
    where nobody is left and for a file whose bytes were never uploaded, NotFound for
    a message that the caller can't see and for a template that doesn't exist.
    """
    message = await require_message(context, MESSAGE_ID_PROPERTY, message_id)
    ticket = _ticket(message)
    lists = await context.get_cached(load_reference_data)
    template_id = wish.reply_template_id
    if template_id <= 0:
        template_id = await _template_of(context, lists, ticket)
    texts = await render_message(context, message, ticket, template_id)
    await check_uploaded(context.db, texts.attachment_ids)
    title = wish.subject or texts.subject or ticket.title
    outbox_id = await post_email(
        context,
        OutgoingEmail(
            ticket_id=ticket.ticket_id,
            message_id=message_id,
            to=wish.to,
            cc=wish.cc,
            bcc=wish.bcc,
            plain=texts.plain,
            html=texts.html,
            subject=add_tag(lists.preferences.email_tag, ticket.ticket_id, title),
            attachment_ids=texts.attachment_ids,
        ),
    )
    await _save_recipients(context, ticket.ticket_id, message_id, wish)
    await _record_first_reply(context, message, ticket)
    return outbox_id


async def check_uploaded(db: Db, attachment_ids: list[int]) -> None:
    """BadValue names a file that a letter would carry and that has no bytes."""
    found = await db.fetchrow(
        """
        SELECT id, name FROM attachment
        WHERE id = ANY ($1) AND content_hash = '' ORDER BY id LIMIT 1
        """,
        attachment_ids,
    )
    if found:
        fault = f"{found['id']} ({found['name']}) was never uploaded; upload or remove it first"
        raise BadValue("Attachments", fault)


async def send_message_sms(
    context: RequestContext, message_id: int, reply_template_id: int, to: list[str]
) -> int:
    """Post a message as a text, in a template's dress if that has one for texts.

    What is no number is left out. BadValue where nobody is left or the desk has no
    gateway, NotFound as for `send_message`.
    """
    message = await require_message(context, MESSAGE_ID_PROPERTY, message_id)
    ticket = _ticket(message)
    texts = RenderedMessage(sms=message.body)
    if reply_template_id > 0:
        texts = await render_message(context, message, ticket, reply_template_id)
    outbox_id = await post_sms(
        context,
        OutgoingSms(
            ticket_id=ticket.ticket_id, message_id=message_id, to=to, text=texts.sms or message.body
        ),
    )
    headers = [TicketMessageHeader(name="SMS", value=", ".join(phone_numbers(to)))]
    await messages.write_headers(context.db, message_id, headers)
    await _log(context, ticket.ticket_id, message_id, SENDING_SMS_ACTION)
    return outbox_id


def _ticket(message: TicketMessageEntity) -> Ticket:
    assert message.ticket  # every stored message has one
    return message.ticket


async def _template_of(context: RequestContext, lists: ReferenceData, ticket: Ticket) -> int:
    """The template of the ticket's category; 0 where it has none, or no longer."""
    wish = lists.categories[ticket.category].carrier.effective_reply_template_id
    return wish if wish in await context.get_cached(load_reply_templates) else 0


async def _save_recipients(
    context: RequestContext, ticket_id: int, message_id: int, wish: SendRequest
) -> None:
    """Note on the message whom it went to."""
    went = {"To": wish.to, "Cc": wish.cc, "Bcc": wish.bcc}
    boxes = {name: mail_addresses(texts) for name, texts in went.items()}
    headers = [
        TicketMessageHeader(name=name, value=", ".join(str(box) for box in found))
        for name, found in boxes.items()
        if found
    ]
    if left_out := unusable([*wish.to, *wish.cc, *wish.bcc]):
        headers.append(TicketMessageHeader(name=NOT_SENT_TO, value=", ".join(left_out)))
    await messages.write_headers(context.db, message_id, headers)
    addresses = [box.address for found in boxes.values() for box in found]
    await _involve(context, ticket_id, message_id, addresses)
    await _log(context, ticket_id, message_id, OUTBOX_MESSAGE_ACTION)


async def _involve(
    context: RequestContext, ticket_id: int, message_id: int, addresses: list[str]
) -> None:
    """Keep the addresses for suggestions, customers of the ticket as such."""
    await execute(
        context.db,
        """
        INSERT INTO message_customers (message_id, customer_id, email)
        SELECT $1, (
            SELECT e.person_id FROM email e WHERE lower(e.email_address) = a.address
                AND (e.person_id = t.cust_id OR EXISTS (
                    SELECT FROM ticket_customers c
                    WHERE c.ticket_id = t.id AND c.customer_id = e.person_id))
            ORDER BY e.person_id LIMIT 1), a.address
        FROM unnest($3::text[]) AS a (address) JOIN ticket t ON t.id = $2
        ON CONFLICT DO NOTHING
        """,
        message_id,
        ticket_id,
        [address.lower() for address in addresses],
    )


async def _log(context: RequestContext, ticket_id: int, message_id: int, action: int) -> None:
    entry = messages.MessageLogEntry(
        ticket_id=ticket_id,
        message_id=message_id,
        action=action,
        at=context.now,
        user_id=context.user.ej_user_id or SYSTEM_USER_ID,
    )
    await messages.insert_log_entry(context.db, entry)


async def _record_first_reply(
    context: RequestContext, message: TicketMessageEntity, ticket: Ticket
) -> None:
    """Note a user's external message as the ticket's first reply, if it is that."""
    external = message.slevel is TicketSecurityLevel.External
    if message.person or not external or ticket.replied_at:
        return

    def reply(row: TicketRow, _: ReferenceData) -> SaveReason | None:
        if row.replied_at is not None:
            return None
        row.replied_at = context.now
        return SaveReason(action=EDIT_TICKET_ACTION)

    await update_visible_ticket(context, "TicketId", ticket.ticket_id, reply)
