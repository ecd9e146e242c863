"""Which ticket a mail belongs to, and whether its sender may say so.

First what only this desk can have made (a signed address, a signed Message-Id), then a
Message-Id that the desk knows, then a tag in the subject. The last two count only from
somebody who takes part in the ticket, since strangers can write them.
"""

from msgspec import Struct

from skranke.channels.mail.incoming.subject_tags import tagged_ids
from skranke.channels.mail.signing import mail_key, ticket_of_address, ticket_of_message_id
from skranke.core.context import RequestContext
from skranke.db.database import Db, rows, value
from skranke.messages.mime.addresses import parse_addresses
from skranke.messages.mime.parsed import ParsedMail
from skranke.tickets.merged_redirect import final_ticket_id

ROUTING_HEADERS = ("delivered-to", "x-original-to", "envelope-to", "x-forwarded-to")
MAX_REFERENCES_LOOKED_AT = 50


class Match(Struct, frozen=True, kw_only=True):
    """The ticket that a mail belongs to.

    `is_participant` says whether its sender takes part in the ticket; only a signed
    address or Message-Id lets others in.
    """

    ticket_id: int
    by: str  # "address", "message-id", "reference", "tag"
    is_participant: bool


class Outcome(Struct, frozen=True, kw_only=True):
    """The match, and what a mail without one refers to all the same (0: nothing)."""

    match: Match | None = None
    refers_to: int = 0
    gone: int = 0  # a signed id of a ticket that is no more


async def match_ticket(
    context: RequestContext,
    mail: ParsedMail,
    sender: str,
    rcpt: list[str],
    *,
    tag: str,
    tag_first: bool,
    is_trusted: bool = True,
) -> Outcome:
    """The ticket of a mail. `sender` is its address in lower case.

    `is_trusted` is False where a trusted relay says that the sender is forged: they then
    take part in nothing.
    """
    key = await context.get_cached(mail_key)
    db = context.db
    gone = 0
    for by, claimed in (
        ("address", _signed_address(key, mail, rcpt)),
        ("message-id", _signed_message_id(key, mail)),
    ):
        if not claimed:
            continue
        ticket_id = await final_ticket_id(db, claimed)
        if ticket_id:
            takes_part = is_trusted and await is_participant(db, ticket_id, sender)
            return Outcome(match=Match(ticket_id=ticket_id, by=by, is_participant=takes_part))
        gone = claimed
    refers_to = 0
    for by, ids in await _weak_candidates(db, mail, tag, tag_first=tag_first):
        for claimed, is_on_mail in ids:
            ticket_id = await final_ticket_id(db, claimed)
            if not ticket_id:
                continue
            takes_part = is_trusted and await is_participant(db, ticket_id, sender)
            was_asked = is_trusted and is_on_mail and await _was_on_mail(db, mail, sender)
            if takes_part or was_asked:
                match = Match(ticket_id=ticket_id, by=by, is_participant=True)
                return Outcome(match=match)
            refers_to = refers_to or ticket_id
    return Outcome(refers_to=refers_to, gone=gone)


def _signed_address(key: str, mail: ParsedMail, rcpt: list[str]) -> int | None:
    texts = [text for name in ROUTING_HEADERS for text in mail.all_headers(name)]
    routed = [one.address for text in texts for one in parse_addresses(text)]
    written = [one.address for one in (*mail.to, *mail.cc)]
    candidates = (ticket_of_address(key, address) for address in (*routed, *rcpt, *written))
    return next((ticket_id for ticket_id in candidates if ticket_id), None)


def _signed_message_id(key: str, mail: ParsedMail) -> int | None:
    candidates = (ticket_of_message_id(key, one) for one in answered_ids(mail))
    return next((ticket_id for ticket_id in candidates if ticket_id), None)


def answered_ids(mail: ParsedMail) -> list[str]:
    """What a mail answers: In-Reply-To, then References from the last to the first."""
    ids = [*mail.in_reply_to, *reversed(mail.references)]
    return list(dict.fromkeys(ids))[:MAX_REFERENCES_LOOKED_AT]


async def _weak_candidates(
    db: Db, mail: ParsedMail, tag: str, *, tag_first: bool
) -> list[tuple[str, list[tuple[int, bool]]]]:
    """Ticket ids that a stranger could write as well, in the order in which they count."""
    by_reference = (
        "reference",
        [(number, True) for number in await _stored(db, answered_ids(mail))],
    )
    by_tag = ("tag", [(number, False) for number in tagged_ids(mail.subject, tag)])
    return [by_tag, by_reference] if tag_first else [by_reference, by_tag]


class _Stored(Struct, frozen=True):
    ticket_id: int


async def _stored(db: Db, ids: list[str]) -> list[int]:
    """The tickets of messages with these Message-Ids, in the ids' order."""
    if not ids:
        return []
    found = await rows(
        db,
        _Stored,
        """
        SELECT m.ticket_id FROM unnest($1::text[]) WITH ORDINALITY AS w (id, place)
        JOIN ej_message m ON m.message_id IN (w.id, '<' || w.id || '>')
        ORDER BY w.place, m.id DESC
        """,
        ids,
    )
    return list(dict.fromkeys(one.ticket_id for one in found))


async def is_participant(db: Db, ticket_id: int, address: str) -> bool:
    """Whether an address in lower case takes part in a ticket.

    The ticket's persons by any address, FromAddress, those on its mails' From, To, Cc
    and Reply-To, and users. A subaddress counts as the address without it.
    """
    if not address:
        return False
    written: str | None = await db.fetchval(
        "SELECT from_address FROM ticket WHERE id = $1", ticket_id
    )
    if any(one.address.lower() == address for one in parse_addresses(written or "")):
        return True
    local, _, domain = address.rpartition("@")
    plain = f"{local.partition('+')[0]}@{domain}"
    return await value(
        db,
        bool,
        """
        SELECT EXISTS (
            SELECT FROM email e JOIN ticket t ON t.id = $1
            WHERE lower(e.email_address) = ANY ($2) AND (
                e.person_id = t.cust_id
                OR EXISTS (SELECT FROM ticket_customers c
                           WHERE c.ticket_id = t.id AND c.customer_id = e.person_id)
                OR EXISTS (SELECT FROM associate a
                           WHERE a.person_id = e.person_id AND NOT a.deleted)))
        OR EXISTS (SELECT FROM message_customers c JOIN ej_message m ON m.id = c.message_id
                   WHERE m.ticket_id = $1 AND c.email = ANY ($2))
        """,
        ticket_id,
        list({address, plain}),
    )


async def _was_on_mail(db: Db, mail: ParsedMail, sender: str) -> bool:
    """Whether the sender stood on the mail that this one answers."""
    return await value(
        db,
        bool,
        """
        SELECT EXISTS (
            SELECT FROM unnest($1::text[]) AS w (id)
            JOIN ej_message m ON m.message_id IN (w.id, '<' || w.id || '>')
            JOIN message_customers c ON c.message_id = m.id
            WHERE c.email = $2)
        """,
        answered_ids(mail),
        sender,
    )
