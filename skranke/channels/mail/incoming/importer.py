"""What a mail comes to: a ticket, a message, a bounce, or nothing and why.

All of it inside the caller's transaction, which also ends the mail in the ledger.
"""

from datetime import timedelta
from hashlib import sha256

from msgspec import Struct
from msgspec.structs import replace

from skranke.channels.mail.incoming import ledger
from skranke.channels.mail.incoming.authentication import dmarc_result
from skranke.channels.mail.incoming.auto_reply import post_auto_reply
from skranke.channels.mail.incoming.bounces import report_bounce, returned_letter
from skranke.channels.mail.incoming.filters import Actions, MailFilter, matching_filter
from skranke.channels.mail.incoming.ledger import End, LedgerRow
from skranke.channels.mail.incoming.machines import Author, author_of, may_be_answered
from skranke.channels.mail.incoming.mailboxes import NO_MAILBOX, Mailbox, load_mailboxes
from skranke.channels.mail.incoming.match import Outcome, match_ticket
from skranke.channels.mail.incoming.people import find_or_create
from skranke.channels.mail.incoming.preferences import MailPreferences, load_mail_preferences
from skranke.channels.mail.incoming.store import Wishes, add_reply, add_ticket
from skranke.channels.mail.outbox import OutgoingEmail, post_email
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.messages.mime.addresses import Address
from skranke.messages.mime.parsed import ParsedMail
from skranke.messages.own_addresses import is_own, own_addresses
from skranke.tickets.reference_data import load_reference_data

HOUR = timedelta(hours=1)
MAX_TICKETS_AN_HOUR = 20  # by one address
MAX_SAME_AN_HOUR = 3  # of the same text
MAX_REOPENINGS_AN_HOUR = 5  # of a ticket, by mail


class _Case(Struct, kw_only=True):
    """A mail on its way through the import, and what is known of it so far."""

    row: LedgerRow
    mail: ParsedMail
    mailbox: Mailbox
    preferences: MailPreferences
    sender: Address | None
    author: Author
    outcome: Outcome
    mail_filter: MailFilter | None = None

    @property
    def address(self) -> str:
        """The sender's address in lower case; "" without one."""
        return self.sender.address.lower() if self.sender else ""

    @property
    def actions(self) -> Actions:
        """What the filter that matches does."""
        return self.mail_filter.actions if self.mail_filter else Actions()

    @property
    def wishes(self) -> Wishes:
        """The filter's actions as the ticket has them."""
        said = self.actions
        return Wishes(
            category_id=said.category_id,
            priority=said.priority,
            ticket_type=said.ticket_type,
            owner=said.owner,
            external=said.external,
            tag_ids=said.tag_ids,
            body=said.body,
            closes=said.close,
            is_bounce=said.bounced,
            mail_sorter=self.mail_filter.name if self.mail_filter else "",
        )


def body_hash(mail: ParsedMail) -> str:
    """What two copies of a mail have in common, whichever way each has come."""
    digest = sha256(mail.plain.encode("utf-8", "replace"))
    digest.update(mail.html.encode("utf-8", "replace"))
    for file in mail.files:
        digest.update(sha256(file.data).digest())
    return digest.hexdigest()


async def import_mail(context: RequestContext, row: LedgerRow, mail: ParsedMail) -> End:
    """Do what a mail asks for; its end in the ledger."""
    preferences = await context.get_cached(load_mail_preferences)
    mailboxes = await context.get_cached(load_mailboxes)
    mailbox = mailboxes.get(row.mailbox_id or 0, NO_MAILBOX)
    own = await own_addresses(context)
    sender = writer_of(mail, own)
    hashed = body_hash(mail)
    row = replace(row, mail_id=mail.message_id)
    await ledger.note_content(
        context.db,
        row.id,
        mail_id=mail.message_id,
        body_hash=hashed,
        sender=sender.address.lower() if sender else "",
        subject=mail.subject,
    )
    if not row.is_replay:
        first = await ledger.find_duplicate(
            context.db, row, hashed, context.now, across_mailboxes=preferences.one_of_copies
        )
        if first is not None:
            return End(state=ledger.IGNORED, reason=f"duplicate of {first.id}")
    author = author_of(mail, row.envelope_from)
    if sender is None and mail.senders and author is not Author.REPORT:
        return End(state=ledger.IGNORED, reason="own")
    letter = await returned_letter(context, mail, row.rcpt) if author is not Author.PERSON else None
    if letter is not None and (author is Author.REPORT or row.envelope_from == ""):
        reported = await report_bounce(context, mail, letter)
        return End(
            state=ledger.BOUNCED,
            reason=reported.reason,
            ticket_id=reported.ticket_id,
            message_id=next(iter(reported.message_ids), None),
        )
    outcome = await match_ticket(
        context,
        mail,
        sender.address.lower() if sender else "",
        row.rcpt,
        tag=preferences.tag,
        tag_first=preferences.tag_first,
        is_trusted=dmarc_result(mail, preferences.trusted_relays) != "fail",
    )
    case = _Case(
        row=row,
        mail=mail,
        mailbox=mailbox,
        preferences=preferences,
        sender=sender,
        author=author,
        outcome=outcome,
    )
    return await _route(context, case)


def writer_of(mail: ParsedMail, own: frozenset[str]) -> Address | None:
    """Who wrote a mail; None where nobody is named, or the desk itself.

    A list or a group that rewrites From puts the writer into Reply-To.
    """
    others = [one for one in mail.senders if not is_own(one.address, own)]
    if others:
        return others[0]
    if not mail.senders:
        return None
    answers = [one for one in mail.reply_to if not is_own(one.address, own)]
    return answers[0] if answers else None


async def _route(context: RequestContext, case: _Case) -> End:
    if case.author is Author.REPORT and not case.mailbox.mailgun_dsn:
        return End(state=ledger.IGNORED, reason="machine")
    is_reply_by_itself = case.author is Author.AUTO_REPLY
    if is_reply_by_itself and case.outcome.match is None and not case.mailbox.mailgun_dsn:
        return End(state=ledger.IGNORED, reason="machine")
    case.mail_filter = await matching_filter(
        context, case.mail, case.mailbox.id, case.row.skipped_filter_id
    )
    sorter = case.mail_filter.name if case.mail_filter else ""
    if case.actions.delete:
        return End(state=ledger.IGNORED, reason="filter-deleted", mail_sorter=sorter)
    if case.actions.block:
        return End(state=ledger.BLOCKED, reason=f"filter {sorter}"[:300], mail_sorter=sorter)
    if case.actions.forward_to:
        await _forward(context, case)
    if case.outcome.match is not None and not await _needs_new_ticket(context, case):
        return await _reply(context, case)
    return await _new_ticket(context, case)


async def _needs_new_ticket(context: RequestContext, case: _Case) -> bool:
    """Whether the ticket's status keeps mail from opening it (Status.NoEmailReopen)."""
    assert case.outcome.match
    if case.author is not Author.PERSON:
        return False
    status: int | None = await context.db.fetchval(
        "SELECT ticket_status FROM ticket WHERE id = $1 AND status NOT IN (1, 6)",
        case.outcome.match.ticket_id,
    )
    lists = await context.get_cached(load_reference_data)
    return status in lists.statuses.by_id and lists.statuses.by_id[status].no_email_reopen


async def _reply(context: RequestContext, case: _Case) -> End:
    match = case.outcome.match
    assert match
    is_machine = case.author is not Author.PERSON
    sender = await find_or_create(context, case.sender, create=False, ticket_id=match.ticket_id)
    reopened = await ledger.count_reopenings(context.db, match.ticket_id, context.now - HOUR)
    imported = await add_reply(
        context,
        case.mail,
        case.mailbox,
        match.ticket_id,
        sender,
        wishes=case.wishes,
        is_participant=match.is_participant,
        is_machine=is_machine,
        may_reopen=reopened < MAX_REOPENINGS_AN_HOUR,
        is_silent=case.row.is_old,
    )
    return End(
        state=ledger.MESSAGE,
        reason=f"by {match.by}",
        ticket_id=imported.ticket_id,
        message_id=imported.message_id,
        has_reopened=imported.has_reopened,
        mail_sorter=case.wishes.mail_sorter,
    )


async def _new_ticket(context: RequestContext, case: _Case) -> End:
    if not case.row.is_replay and case.address and await _is_flood(context, case):
        return End(state=ledger.BLOCKED, reason="rate")
    is_person = case.author is Author.PERSON
    sender = await find_or_create(
        context,
        None if case.actions.ignore_from else case.sender,
        create=is_person and case.preferences.creates_persons,
    )
    notes: list[str] = []
    reason = ""
    if case.outcome.match is not None:
        reason = f"continues {case.outcome.match.ticket_id}"
        notes.append(f"Continues #{case.outcome.match.ticket_id}, which mail does not reopen")
    elif case.outcome.refers_to:
        reason = f"refers to {case.outcome.refers_to}"
        notes.append(f"The mail refers to #{case.outcome.refers_to}")
    elif case.outcome.gone:
        reason = f"refers to {case.outcome.gone}, which is gone"
    imported = await add_ticket(
        context,
        case.mail,
        case.mailbox,
        sender,
        wishes=case.wishes,
        is_silent=case.row.is_old,
        notes=notes,
    )
    answers = not (
        case.row.is_old or case.mailbox.noautoreply or case.actions.no_auto_reply
    ) and may_be_answered(case.mail, case.author)
    if answers and (case.preferences.answers_new_persons or not sender.is_new):
        await post_auto_reply(
            context, case.mail, case.mailbox, imported, case.actions.reply_template_id
        )
    return End(
        state=ledger.TICKET,
        reason=reason,
        ticket_id=imported.ticket_id,
        message_id=imported.message_id,
        mail_sorter=case.wishes.mail_sorter,
    )


async def _is_flood(context: RequestContext, case: _Case) -> bool:
    """Whether one address has made as many tickets in an hour as it may."""
    made, same = await ledger.count_recent(
        context.db, case.address, case.mail.subject, body_hash(case.mail), context.now - HOUR
    )
    return made >= MAX_TICKETS_AN_HOUR or same >= MAX_SAME_AN_HOUR


async def _forward(context: RequestContext, case: _Case) -> None:
    """Send a mail on, as text; without effect where nobody can be reached."""
    try:
        await post_email(
            context,
            OutgoingEmail(
                ticket_id=0,
                to=[case.actions.forward_to],
                sender=case.mailbox.address,
                subject=f"Fwd: {case.mail.subject}",
                plain=f"From: {case.mail.sender_text}\n\n{case.mail.plain}",
                html="",
                kind="notification",
            ),
        )
    except BadValue:
        return
