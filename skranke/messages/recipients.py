"""Whom a message would go to, before anybody has changed that.

A reply goes to whoever wrote the quoted message, a reply to all also to everyone who
was on it and to the ticket's other customers; never to the desk's own mailboxes, and
not to the caller. Bcc is not carried over. Source: CalculateMessageRecipients of the
reference, which tells the actions only, and the manual on replying and forwarding.
"""

import re
from email import policy
from email.parser import HeaderParser

from msgspec import Struct

from skranke.catalog.ticket_types.sql import load_ticket_types
from skranke.core.context import RequestContext
from skranke.core.errors import NotFound
from skranke.db.database import Db, row, rows
from skranke.messages.compose.carriers import MessageActionType, Recipient, RecipientType
from skranke.messages.mime.addresses import parse_addresses
from skranke.messages.own_addresses import is_own, own_addresses
from skranke.tickets.visibility import require_visible

Action = MessageActionType
UNFOLDED = re.compile(r"[\r\n]+[ \t]*")
REPLY_ACTIONS = (Action.Reply, Action.ReplyAll)


class Mailbox(Struct, frozen=True):
    """A mailbox and whose it is, if that is known."""

    address: str
    name: str = ""


class _QuotedHeaders(Struct, frozen=True, kw_only=True):
    """What a quoted message tells of whom it came from and went to."""

    inbound: bool
    author: str
    email_header: str
    person_email: str
    person_name: str
    recipients: list[str]  # the values of its To and Cc rows


async def recipients(
    context: RequestContext, ticket_id: int, action: MessageActionType, message_id: int
) -> list[Recipient]:
    """Those that a message of this kind goes to; first To, then Cc.

    A message id below 1 is none. NotFound for a ticket that the caller can't see and
    for a message of another.
    """
    await require_visible(context, "TicketId", [ticket_id])
    message = await _load_quoted(context.db, ticket_id, message_id)
    if action in (Action.Forward, Action.InternalComment):
        return []
    if action is Action.None_ and await _has_no_default_recipients(context, ticket_id):
        return []
    primary, *others = await _customers(context.db, ticket_id)
    sender = _sender(message) if message and action in REPLY_ACTIONS else None
    to = [sender or primary]
    cc = others if action is Action.ReplyAll else []
    if message and action is Action.ReplyAll:
        cc = [*others, *_parse_addresses(message.recipients or _in_header(message, "To", "Cc"))]
        cc += [primary] if sender else []
    own, seen = await own_addresses(context), await _of_caller(context)
    return _recipient_list(to, RecipientType.To, own, seen) + _recipient_list(
        cc, RecipientType.CC, own, seen
    )


def _recipient_list(
    addresses: list[Mailbox], kind: RecipientType, own: frozenset[str], unwanted: set[str]
) -> list[Recipient]:
    """Each address that is neither the desk's own nor unwanted, once; then it is."""
    told: list[Recipient] = []
    for one in addresses:
        if is_own(one.address, own):
            continue
        if one.address and one.address.lower() not in unwanted:
            unwanted.add(one.address.lower())
            told.append(
                Recipient(type=kind, value=one.address, display_value=one.name or one.address)
            )
    return told


def _sender(message: _QuotedHeaders) -> Mailbox | None:
    """Whom an inbound message asks to be answered to; None for one of the desk's.

    Source: RFC 5322, section 3.6.2, on Reply-To.
    """
    if not message.inbound:
        return None
    written = _in_header(message, "Reply-To", "From")
    known = Mailbox(message.person_email, message.person_name)
    for found in [*_parse_addresses(written[:1]), known, *_parse_addresses([message.author])]:
        if found.address:
            same = found.address.lower() == known.address.lower()
            return known if same else found
    return None


def _in_header(message: _QuotedHeaders, *names: str) -> list[str]:
    """The values of these lines of a message's own head, in the order of the names."""
    head = HeaderParser(policy=policy.compat32).parsestr(message.email_header.lstrip())
    return [str(value) for name in names for value in head.get_all(name, [])]


def _parse_addresses(values: list[str]) -> list[Mailbox]:
    """The addresses of header lines with names decoded; what is none is left out."""
    return [
        Mailbox(one.address, one.name)
        for value in values
        for one in parse_addresses(UNFOLDED.sub(" ", value))
    ]


async def _has_no_default_recipients(context: RequestContext, ticket_id: int) -> bool:
    """Whether the ticket's type leaves it to the agent to say whom to write to."""
    types = await context.get_cached(load_ticket_types)
    type_id = await context.db.fetchval("SELECT ticket_type FROM ticket WHERE id = $1", ticket_id)
    return types[type_id].entity.exclude_email_recipients


async def _customers(db: Db, ticket_id: int) -> list[Mailbox]:
    """The ticket's person, blank without one, and after it the secondary persons."""
    return await rows(
        db,
        Mailbox,
        """
        SELECT coalesce(p."Email", '') AS address, coalesce(p."FullName", '') AS name
        FROM (SELECT cust_id AS person_id, 0 AS place FROM ticket WHERE id = $1
              UNION ALL
              SELECT customer_id, id FROM ticket_customers WHERE ticket_id = $1) AS c
        LEFT JOIN wire_person p ON p."PersonId" = c.person_id ORDER BY place
        """,
        ticket_id,
    )


async def _load_quoted(db: Db, ticket_id: int, message_id: int) -> _QuotedHeaders | None:
    if message_id <= 0:
        return None
    found = await row(
        db,
        _QuotedHeaders,
        """
        SELECT m.customer_id IS NOT NULL OR m.badge = 4 AS inbound, -- 4: Incoming
               m.author, m.email_header, coalesce(p."Email", '') AS person_email,
               coalesce(p."FullName", '') AS person_name,
               ARRAY(SELECT h.value FROM message_header h
                     WHERE h.message_id = m.id AND lower(h.name) IN ('to', 'cc')
                     ORDER BY h.id) AS recipients
        FROM ej_message m LEFT JOIN wire_person p ON p."PersonId" = m.customer_id
        WHERE m.id = $2 AND m.ticket_id = $1
        """,
        ticket_id,
        message_id,
    )
    if found is None:
        raise NotFound(f"MessageId: {message_id} does not exist")
    return found


async def _of_caller(context: RequestContext) -> set[str]:
    """The caller's own addresses, in lower case."""
    found = await context.db.fetch(
        "SELECT lower(email_address) FROM email WHERE person_id = $1", context.user.person_id
    )
    return {address for (address,) in found}
