"""A mail that reports on one of ours: which letter, and to whom it did not get.

The letter is known by the signed address that it was returned to, or by our own
Message-Id within the report: a report without either may be anybody's invention and
changes nothing. Source: RFC 3464; RFC 3834 for reports without a report's form.
"""

from datetime import timedelta

from msgspec import Struct

from skranke.catalog.statuses.carriers import TicketBaseStatus
from skranke.channels.mail.incoming.match import ROUTING_HEADERS
from skranke.channels.mail.signing import mail_key, outbox_id_of_address, ticket_of_message_id
from skranke.core.context import RequestContext
from skranke.core.jobs.retention import purge_after
from skranke.db.database import row, value
from skranke.messages.add import NewMessage, add_message
from skranke.messages.carriers import TicketMessageCategory, TicketMessageType
from skranke.messages.mime.addresses import parse_addresses
from skranke.messages.mime.parsed import ParsedMail, ReportRecipient
from skranke.tickets.message_rows import BadgeType, TicketSecurityLevel
from skranke.tickets.reference_data import SYSTEM_USER_ID, ReferenceData
from skranke.tickets.row import TicketRow
from skranke.tickets.save.context import SaveReason
from skranke.tickets.save.status_rules import set_base_status
from skranke.tickets.save.update import update_ticket

KEPT = timedelta(days=90)
WOKEN_BY_BOUNCE = 48  # TicketLogAction

purge_after(
    "forget which letters were sent", order=43, table="mail_sent", since="created", keep_for=KEPT
)


class SentLetter(Struct, frozen=True, kw_only=True):
    """A letter of ours that has come back."""

    id: int  # of the outbox
    ticket_id: int | None
    message_id: int | None


async def returned_letter(
    context: RequestContext, mail: ParsedMail, rcpt: list[str]
) -> SentLetter | None:
    """The letter that a report is about; None where nothing proves that it is ours."""
    key = await context.get_cached(mail_key)
    routed = [
        one.address
        for name in ROUTING_HEADERS
        for text in mail.all_headers(name)
        for one in parse_addresses(text)
    ]
    written = [one.address for one in (*mail.to, *mail.cc)]
    for address in (*rcpt, *routed, *written):
        if outbox_id := outbox_id_of_address(key, address):
            return await row(
                context.db,
                SentLetter,
                "SELECT id, ticket_id, message_id FROM mail_sent WHERE id = $1",
                outbox_id,
            )
    ids = [*(mail.report.message_ids if mail.report else []), *mail.in_reply_to]
    ours = [f"<{one}>" for one in ids if ticket_of_message_id(key, one)]
    return await row(
        context.db,
        SentLetter,
        """
        SELECT id, ticket_id, message_id FROM mail_sent
        WHERE mail_id = ANY ($1) ORDER BY id LIMIT 1
        """,
        ours,
    )


class Reported(Struct, frozen=True, kw_only=True):
    """What a report came to: the messages that it left on the ticket."""

    ticket_id: int | None
    message_ids: list[int]
    reason: str


async def report_bounce(context: RequestContext, mail: ParsedMail, letter: SentLetter) -> Reported:
    """Say on the ticket whom a letter did not reach; once for each of them."""
    failed, delayed = _recipients(mail)
    if not failed:
        reason = "delayed" if delayed else "nobody failed"
        return Reported(ticket_id=letter.ticket_id, message_ids=[], reason=reason)
    message_ids: list[int] = []
    for recipient in failed:
        is_new = await value(
            context.db,
            bool,
            """
            INSERT INTO mail_bounced (outbox_id, address) VALUES ($1, $2)
            ON CONFLICT DO NOTHING RETURNING true
            """,
            letter.id,
            recipient.address.lower(),
        )
        exists = letter.ticket_id and await value(
            context.db, bool, "SELECT EXISTS (SELECT FROM ticket WHERE id = $1)", letter.ticket_id
        )
        if is_new and exists and letter.ticket_id:
            message_ids.append(await _add_message(context, letter.ticket_id, mail, recipient))
    return Reported(
        ticket_id=letter.ticket_id,
        message_ids=message_ids,
        reason=f"letter {letter.id}" + ("" if message_ids else ", reported before"),
    )


def _recipients(mail: ParsedMail) -> tuple[list[ReportRecipient], list[ReportRecipient]]:
    """Who failed, and who is only delayed; prose without fields means one failure."""
    told = mail.report.recipients if mail.report else []
    if not told:
        prose = " ".join(mail.plain.split())[:500]
        return [ReportRecipient(address="", action="failed", diagnosis=prose)], []
    failed = [one for one in told if one.action == "failed" or one.status.startswith("5")]
    return failed, [one for one in told if one.action == "delayed" or one.status.startswith("4")]


def _wake(row: TicketRow, lists: ReferenceData) -> SaveReason | None:
    """Open a postponed ticket; every other stays as it is."""
    if row.status != TicketBaseStatus.Postponed.number:
        return None
    kind = lists.types[row.ticket_type]
    set_base_status(row, TicketBaseStatus.Active, lists.statuses, kind)
    row.activate = None
    return SaveReason(action=WOKEN_BY_BOUNCE)


async def _add_message(
    context: RequestContext, ticket_id: int, mail: ParsedMail, recipient: ReportRecipient
) -> int:
    await update_ticket(context, ticket_id, _wake)
    who = recipient.address or "somebody"
    said = " ".join(part for part in (recipient.status, recipient.diagnosis) if part)
    return await add_message(
        context,
        NewMessage(
            ticket_id=ticket_id,
            body=f"“{mail.subject}”\n\nThis could not be delivered to {who}.\n\n{said}".strip(),
            type=TicketMessageType.Plain,
            slevel=TicketSecurityLevel.Internal,
            badge=BadgeType.Comment,
            author="system",
            created_by=SYSTEM_USER_ID,
            message_category=TicketMessageCategory.Bounce,
            email_header=mail.head,
        ),
    )
