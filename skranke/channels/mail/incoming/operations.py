"""A mail that a program hands over, as the CustomerService agent takes it."""

import re
from base64 import b64decode
from binascii import Error

from msgspec import Struct
from msgspec.structs import replace

from skranke.channels.mail.incoming import ledger
from skranke.channels.mail.incoming.importer import body_hash, writer_of
from skranke.channels.mail.incoming.ledger import Delivery, End
from skranke.channels.mail.incoming.mailboxes import NO_MAILBOX, Mailbox, load_mailboxes
from skranke.channels.mail.incoming.people import Sender, find_or_create
from skranke.channels.mail.incoming.preferences import load_mail_preferences
from skranke.channels.mail.incoming.store import Imported, Wishes, add_reply, add_ticket
from skranke.core.context import Permission, RequestContext
from skranke.core.errors import BadValue
from skranke.core.jobs.worker import SYSTEM
from skranke.core.schema import Int32
from skranke.db.database import row
from skranke.http.operation import operation
from skranke.messages.mime.parsed import ParsedMail
from skranke.messages.mime.process import ParserDied, parse_in_child
from skranke.messages.own_addresses import own_addresses
from skranke.search.carriers import TicketInfo
from skranke.search.titles import load_infos
from skranke.tickets.merged_redirect import final_ticket_id
from skranke.tickets.visibility import visible_ids

BASE64 = re.compile(r"[A-Za-z0-9+/=\s]+")
HEADER_LINE = re.compile(rb"[!-9;-~]{1,100}[ \t]*:")


@operation("CustomerService", permission=Permission.WRITE)
async def create_ticket_from_mail_data(
    context: RequestContext, mailbox_id: Int32, data: str, person_id: Int32 = 0
) -> TicketInfo:
    """A new ticket from the RFC 822 text of a mail, always a new one.

    A PersonId above 0 is the customer, and the mail's From is not looked at; 0 finds or
    makes the person as a mail that comes in does. MailboxId 0 is no mailbox. Data may
    be base64, too. BadValue names what does not exist, a retired person, and a mail
    that can't be read.
    """
    mailbox = await _mailbox(context, mailbox_id)
    raw, mail = await _parse(context, data)
    system = replace(context, user=SYSTEM)
    if person_id > 0:
        sender = await _person(context, person_id)
    else:
        preferences = await context.get_cached(load_mail_preferences)
        writer = writer_of(mail, await own_addresses(context))
        sender = await find_or_create(system, writer, create=preferences.creates_persons)
    imported = await add_ticket(system, mail, mailbox, sender, wishes=Wishes())
    await _note(system, raw, mail, mailbox_id, imported, ledger.TICKET)
    return (await load_infos(context, [imported.ticket_id]))[0]


@operation("CustomerService", permission=Permission.WRITE)
async def add_message_from_mail_data(
    context: RequestContext, ticket_id: Int32, data: str
) -> TicketInfo:
    """The RFC 822 text of a mail as a message on a ticket, which it opens again.

    The id of a merged ticket leads to the one that it has become part of. BadValue for
    a ticket that the caller can't see, and for a mail that can't be read.
    """
    end = await final_ticket_id(context.db, ticket_id)
    if end not in await visible_ids(context, [end]):
        raise BadValue("TicketId", f"{ticket_id} does not exist")
    raw, mail = await _parse(context, data)
    system = replace(context, user=SYSTEM)
    writer = writer_of(mail, await own_addresses(context))
    sender = await find_or_create(system, writer, create=False, ticket_id=end)
    imported = await add_reply(system, mail, NO_MAILBOX, end, sender, wishes=Wishes())
    await _note(system, raw, mail, 0, imported, ledger.MESSAGE)
    return (await load_infos(context, [imported.ticket_id]))[0]


async def _mailbox(context: RequestContext, mailbox_id: int) -> Mailbox:
    if mailbox_id == 0:
        return NO_MAILBOX
    known = await context.get_cached(load_mailboxes)
    if mailbox_id not in known:
        raise BadValue("MailboxId", f"{mailbox_id} does not exist")
    return known[mailbox_id]


async def _parse(context: RequestContext, data: str) -> tuple[bytes, ParsedMail]:
    raw = mail_bytes(data)
    if not raw.strip():
        raise BadValue("Data", "holds no mail")
    try:
        return raw, await parse_in_child(raw, context.settings.mail_parser_bytes)
    except ParserDied as death:
        raise BadValue("Data", f"can't be read: {death}") from None


def mail_bytes(data: str) -> bytes:
    """The bytes of a mail that came as text: base64, Latin-1 or UTF-8.

    Text whose characters all fit into Latin-1 stands for bytes, where any is beyond
    ASCII; so an 8-bit mail that was read byte by byte is what it was.
    """
    if BASE64.fullmatch(data[:1000]) and BASE64.fullmatch(data):
        try:
            decoded = b64decode(data)
        except (Error, ValueError):
            decoded = b""
        if HEADER_LINE.match(decoded):
            return decoded
    try:
        return data.encode("latin-1")
    except UnicodeEncodeError:
        return data.encode("utf-8", "replace")


class _NamedPerson(Struct, frozen=True):
    address: str
    name: str
    is_retired: bool


async def _person(context: RequestContext, person_id: int) -> Sender:
    found = await row(
        context.db,
        _NamedPerson,
        """
        SELECT retired <> 0 AS is_retired,
               coalesce((SELECT lower(email_address) FROM email e
                         WHERE e.person_id = p.person_id ORDER BY rank, email_id LIMIT 1), '')
                   AS address,
               concat_ws(' ', nullif(firstname, ''), nullif(middle_name, ''),
                         nullif(lastname, '')) AS name
        FROM person p WHERE person_id = $1 AND NOT deleted
        """,
        person_id,
    )
    if found is None:
        raise BadValue("PersonId", f"{person_id} does not exist")
    if found.is_retired:
        raise BadValue("PersonId", f"{person_id} is retired")
    return Sender(address=found.address, name=found.name, person_id=person_id)


async def _note(
    context: RequestContext,
    raw: bytes,
    mail: ParsedMail,
    mailbox_id: int,
    imported: Imported,
    state: str,
) -> None:
    """Keep the mail in the ledger, already at its end."""
    delivery = Delivery(door="api", mailbox_id=mailbox_id, raw=raw)
    inbound_id, _ = await ledger.accept(context.db, delivery, context.now, leased=True)
    await ledger.note_content(
        context.db,
        inbound_id,
        mail_id=mail.message_id,
        body_hash=body_hash(mail),
        sender=mail.senders[0].address.lower() if mail.senders else "",
        subject=mail.subject,
    )
    end = End(state=state, ticket_id=imported.ticket_id, message_id=imported.message_id)
    await ledger.finish(context.db, inbound_id, end, context.now)
