"""A mail becomes a ticket, or a message on one. Inside the caller's transaction."""

from collections.abc import AsyncIterator

from msgspec import Struct
from msgspec.structs import replace

from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.catalog.priorities.carriers import TicketPriorityEntity
from skranke.catalog.statuses.carriers import TicketBaseStatus as Base
from skranke.catalog.ticket_types.carriers import TicketType
from skranke.channels.mail.incoming.mailboxes import Mailbox
from skranke.channels.mail.incoming.people import Sender, find_person
from skranke.channels.mail.incoming.preferences import load_mail_preferences
from skranke.channels.mail.incoming.subject_tags import without_tags
from skranke.core.context import RequestContext
from skranke.db.database import execute
from skranke.messages import sql as messages
from skranke.messages.add import NewMessage, add_message
from skranke.messages.attachments import content
from skranke.messages.carriers import TicketMessageCategory as Category
from skranke.messages.mime.parsed import MailFile, ParsedMail
from skranke.messages.own_addresses import is_own, own_addresses
from skranke.people.carriers import Person
from skranke.tickets.carriers import TicketEntity, TicketOrigin, TicketReadStatus
from skranke.tickets.message_rows import (
    BadgeType,
    MessageHeaderStdItem,
    TicketMessageHeader,
    TicketSecurityLevel,
)
from skranke.tickets.reference_data import SYSTEM_USER_ID, ReferenceData, load_reference_data
from skranke.tickets.row import TicketRow
from skranke.tickets.save.context import SaveReason
from skranke.tickets.save.notify import NOTIFY_EVENT
from skranke.tickets.save.service import save_new
from skranke.tickets.save.status_rules import set_base_status
from skranke.tickets.save.update import update_ticket

NOTIFY_MESSAGE = "skranke.message.notify"
NEW_FROM_MAIL, REOPENED_FROM_MAIL = "skranke.mail.ticket", "skranke.mail.reopened"
IMPORTED, IMPORTED_NEW, IMPORTED_EXISTING = 10004, 5, 6  # TicketLogAction
CUSTOM_DESCRIPTION = 2
NO_SUBJECT = "(no subject)"
MAX_TITLE_CHARACTERS = 255
MAX_FROM_CHARACTERS = 4000
MAX_SECONDARY_PERSONS = 50
STAYS = frozenset({Base.Spam, Base.Merged})  # base statuses that no mail changes


class Imported(Struct, frozen=True, kw_only=True):
    """Where a mail has gone."""

    ticket_id: int
    message_id: int
    has_reopened: bool = False


class Wishes(Struct, frozen=True, kw_only=True):
    """What a filter or a caller wants other than the mailbox says; None: as it says."""

    category_id: int | None = None
    priority: int | None = None
    ticket_type: int | None = None
    owner: int | None = None  # associate id
    external: bool | None = None
    tag_ids: list[int] = []
    body: str | None = None
    closes: bool = False
    is_bounce: bool = False
    mail_sorter: str = ""


async def add_ticket(
    context: RequestContext,
    mail: ParsedMail,
    mailbox: Mailbox,
    sender: Sender,
    *,
    wishes: Wishes,
    is_silent: bool = False,
    notes: list[str] | None = None,
) -> Imported:
    """A new ticket with the mail as its first message.

    `is_silent` tells nobody of it. `notes` are sentences for its log.
    """
    lists = await context.get_cached(load_reference_data)
    posted, given = await _posted(context, mail, mailbox, sender, wishes, lists)

    def prepare(row: TicketRow) -> None:
        row.filter_id, row.filter_address = mailbox.id, mailbox.address
        row.created_by = SYSTEM_USER_ID
        if mailbox.priority in lists.priorities.by_id and wishes.priority is None:
            row.priority = mailbox.priority or row.priority

    saved = await save_new(replace(context, given=frozenset(given)), posted, prepare)
    message_id = await _add_message(
        context,
        mail,
        mailbox,
        saved.ticket_id,
        sender.person_id,
        sender,
        wishes,
        is_news=True,
        is_participant=True,
    )
    if wishes.closes:
        await update_ticket(context, saved.ticket_id, _close)
    await _log(context, saved.ticket_id, IMPORTED_NEW)
    for note in notes or []:
        await _log(context, saved.ticket_id, CUSTOM_DESCRIPTION, note)
    if not is_silent:
        await _signal(context, NOTIFY_EVENT, saved.ticket_id, ["owned_by=0"])
    await _signal(
        context, NEW_FROM_MAIL, saved.ticket_id, _facts(mail, mailbox, sender, message_id)
    )
    return Imported(ticket_id=saved.ticket_id, message_id=message_id)


async def _posted(
    context: RequestContext,
    mail: ParsedMail,
    mailbox: Mailbox,
    sender: Sender,
    wishes: Wishes,
    lists: ReferenceData,
) -> tuple[TicketEntity, set[str]]:
    tag = (await context.get_cached(load_mail_preferences)).tag
    title = without_tags(mail.subject, tag)[:MAX_TITLE_CHARACTERS].strip()
    posted = TicketEntity(
        title=title or NO_SUBJECT,
        author=(sender.name or sender.address)[:255],
        origin=TicketOrigin.Email,
        from_address=(mail.sender_text or sender.address)[:MAX_FROM_CHARACTERS],
        read_status=TicketReadStatus.Red,
    )
    given = {"Title", "Author", "Origin", "FromAddress", "ReadStatus"}
    category = wishes.category_id or mailbox.category_id
    if category in lists.categories:
        posted.category = TicketCategoryEntity(ticket_category_id=category or 0)
        given.add("Category")
    kind = wishes.ticket_type or mailbox.ticket_type
    if kind in lists.types and not lists.types[kind].deleted:
        posted.ticket_type = TicketType(ticket_type_id=kind)
        given.add("TicketType")
    if wishes.priority in lists.priorities.by_id:
        posted.priority = TicketPriorityEntity(ticket_priority_id=wishes.priority or 0)
        given.add("Priority")
    if wishes.owner in lists.associates:
        posted.owned_by = lists.associates[wishes.owner]
        given.add("OwnedBy")
    if sender.person_id:
        posted.person = Person(person_id=sender.person_id)
        given.add("Person")
    secondary = await _secondary(context, mail, sender)
    if secondary:
        posted.secondary_persons = [Person(person_id=one) for one in secondary]
        given.add("SecondaryPersons")
    if tags := [lists.tags.by_id[one] for one in wishes.tag_ids if one in lists.tags.by_id]:
        posted.tags = tags
        given.add("Tags")
    return posted, given


async def _secondary(context: RequestContext, mail: ParsedMail, sender: Sender) -> list[int]:
    """Known persons on To and Cc, other than the desk and the sender."""
    own = await own_addresses(context)
    found: dict[int, None] = {}
    for one in [*mail.to, *mail.cc][:MAX_SECONDARY_PERSONS]:
        address = one.address.lower()
        if is_own(address, own) or address == sender.address:
            continue
        person_id = await find_person(context.db, address)
        if person_id and person_id != sender.person_id:
            found[person_id] = None
    return list(found)


async def add_reply(
    context: RequestContext,
    mail: ParsedMail,
    mailbox: Mailbox,
    ticket_id: int,
    sender: Sender,
    *,
    wishes: Wishes,
    is_participant: bool = True,
    is_machine: bool = False,
    may_reopen: bool = True,
    is_silent: bool = False,
) -> Imported:
    """The mail as a message on a ticket, which it opens again where a person wrote.

    Somebody who takes no part in the ticket is not made one of its persons.
    """
    person_id = sender.person_id if is_participant else None
    message_id = await _add_message(
        context,
        mail,
        mailbox,
        ticket_id,
        person_id,
        sender,
        wishes,
        is_news=not is_machine,
        is_participant=is_participant,
    )
    was_opened = False
    if may_reopen and not is_machine:
        opened = await update_ticket(context, ticket_id, _reopen)
        was_opened = opened is not None and opened.has_changed
    await _log(context, ticket_id, IMPORTED_EXISTING)
    if not is_participant:
        who = sender.address or "Somebody without an address"
        await _log(context, ticket_id, CUSTOM_DESCRIPTION, f"{who} is not the customer")
    if not is_silent and not is_machine:
        await messages.send_event(context.db, NOTIFY_MESSAGE, message_id, 0, context.now)
    if was_opened:
        facts = _facts(mail, mailbox, sender, message_id)
        await _signal(context, REOPENED_FROM_MAIL, ticket_id, facts)
    return Imported(ticket_id=ticket_id, message_id=message_id, has_reopened=was_opened)


def _reopen(row: TicketRow, lists: ReferenceData) -> SaveReason | None:
    """Open a ticket with the open status of its type."""
    if Base.of(row.status) in STAYS:
        return None
    former = (row.status, row.ticket_status, row.activate)
    set_base_status(row, Base.Active, lists.statuses, lists.types[row.ticket_type])
    row.activate = None
    if former == (row.status, row.ticket_status, row.activate):
        return None
    return SaveReason()


def _close(row: TicketRow, lists: ReferenceData) -> SaveReason:
    set_base_status(row, Base.Closed, lists.statuses, lists.types[row.ticket_type])
    return SaveReason()


async def _add_message(
    context: RequestContext,
    mail: ParsedMail,
    mailbox: Mailbox,
    ticket_id: int,
    person_id: int | None,
    sender: Sender,
    wishes: Wishes,
    *,
    is_news: bool,
    is_participant: bool,
) -> int:
    ids = [await _keep_file(context, file) for file in mail.files]
    inline = {ids[place]: cid for place, cid in mail.content_ids.items()}
    headers = [
        TicketMessageHeader(name=name, value=value)
        for name, value in (("To", mail.header("to")), ("Cc", mail.header("cc")))
        if value
    ]
    if not is_news:
        headers.append(
            TicketMessageHeader(name="X-Skranke", std_item=MessageHeaderStdItem.NoAutoReply)
        )
    external = wishes.external is not False
    notes = "\n".join(mail.notes)
    body = wishes.body if wishes.body is not None else mail.plain
    message_id = await add_message(
        context,
        NewMessage(
            ticket_id=ticket_id,
            body=f"{body}\n\n[{notes}]".strip() if notes else body,
            html_body=mail.html if wishes.body is None else "",
            slevel=TicketSecurityLevel.External if external else TicketSecurityLevel.Internal,
            badge=BadgeType.Incoming,
            author=sender.name or sender.address,
            created_by=SYSTEM_USER_ID,
            person_id=person_id,
            message_id=f"<{mail.message_id}>" if mail.message_id else "",
            email_header=kept_headers(mail.head, mailbox.keep_headers),
            headers=headers,
            attachment_ids=ids,
            inline=inline,
            mail_sorter=wishes.mail_sorter,
            message_category=Category.Bounce if wishes.is_bounce else Category.Message,
            is_news=is_news,
        ),
    )
    await _log_message(context, ticket_id, message_id)
    if is_participant:
        await _keep_correspondents(context, message_id, mail)
    return message_id


async def _keep_file(context: RequestContext, file: MailFile) -> int:
    async def once() -> AsyncIterator[bytes]:
        yield file.data

    return await content.create_file_with_content(context, file.name, file.content_type, once())


async def _keep_correspondents(context: RequestContext, message_id: int, mail: ParsedMail) -> None:
    """Remember who was on a mail: they may answer it, and are suggested as recipients."""
    own = await own_addresses(context)
    people = (*mail.senders, *mail.reply_to, *mail.to, *mail.cc)
    addresses = {one.address.lower() for one in people}
    await execute(
        context.db,
        """
        INSERT INTO message_customers (message_id, customer_id, email)
        SELECT $1, (
            SELECT min(e.person_id) FROM email e WHERE lower(e.email_address) = a.address
                AND (e.person_id = t.cust_id OR EXISTS (
                    SELECT FROM ticket_customers c
                    WHERE c.ticket_id = t.id AND c.customer_id = e.person_id))), a.address
        FROM unnest($2::text[]) AS a (address)
        JOIN ej_message m ON m.id = $1 JOIN ticket t ON t.id = m.ticket_id
        ON CONFLICT DO NOTHING
        """,
        message_id,
        sorted(address for address in addresses if not is_own(address, own)),
    )


def kept_headers(head: str, names: str) -> str:
    """The header lines of these names (with commas between them); all where none is named."""
    wanted = {name.strip().lower() for name in names.split(",") if name.strip()}
    if not wanted:
        return head
    lines: list[str] = []
    keeps = False
    for line in head.split("\n"):
        if line[:1] not in (" ", "\t"):
            keeps = line.partition(":")[0].strip().lower() in wanted
        if keeps:
            lines.append(line)
    return "\n".join(lines)


def _facts(mail: ParsedMail, mailbox: Mailbox, sender: Sender, message_id: int) -> list[str]:
    """What the vendor's events 102 and 122 tell scripts."""
    return [
        f"messageId={message_id}",
        f"customerId={sender.person_id or 0}",
        f"customerEmail={sender.address}",
        f"filterId={mailbox.id}",
        f"to={mail.header('to')[:500]}",
        f"from={mail.sender_text[:500]}",
        f"isNewCustomer={int(sender.is_new)}",
    ]


async def _signal(context: RequestContext, event: str, ticket_id: int, facts: list[str]) -> None:
    await execute(
        context.db,
        """
        INSERT INTO event_outbox (event, primary_key, changes, associate_id, happened)
        VALUES ($1, $2, $3, 0, $4)
        """,
        event,
        ticket_id,
        facts,
        context.now,
    )


async def _log(context: RequestContext, ticket_id: int, action: int, text: str = "") -> None:
    await execute(
        context.db,
        """
        INSERT INTO ticket_log_action
            (ticket_id, org_ticket_id, user_id, log_when, log_action, description)
        VALUES ($1, $1, $2, $3, $4, $5)
        """,
        ticket_id,
        SYSTEM_USER_ID,
        context.now,
        action,
        text[:255],
    )


async def _log_message(context: RequestContext, ticket_id: int, message_id: int) -> None:
    entry = messages.MessageLogEntry(
        ticket_id=ticket_id,
        message_id=message_id,
        action=IMPORTED,
        at=context.now,
        user_id=SYSTEM_USER_ID,
    )
    await messages.insert_log_entry(context.db, entry)
