"""Letters out: written down with the deed, sent afterwards.

What is promised: a letter whose transaction was committed reaches every recipient or
is reported as undeliverable; nothing is lost. A recipient gets it once, except where
the worker dies, or the connection breaks, between the server's last "250" and our note
of it: then he gets it once more for each such death, with the same Message-Id, by which
mail programs know it as the same. Source: RFC 5321, sections 4.2.5 and 6.1.
"""

from msgspec import Struct

from skranke.channels.mail import sql
from skranke.channels.mail.addresses import MailAddress, first_address, mail_addresses, one_line
from skranke.channels.mail.capture import captures
from skranke.channels.mail.signing import bounce_address, mail_key, new_message_id, reply_address
from skranke.channels.mail.thread_headers import sender_address, thread_references
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue

MAX_SUBJECT_CHARACTERS = 500  # characters; a header line has an end
MESSAGE_TYPE, NOTIFICATION_TYPE, ESCALATION_TYPE = "message", "notification", "escalation"


class OutgoingEmail(Struct, kw_only=True):
    """What is to be mailed; addresses are `a@b.c` or `Name <a@b.c>`.

    What is blank is found from the ticket: sender, envelope, in_reply_to, references.
    Who is no address is left out.
    """

    ticket_id: int
    message_id: int | None = None  # whose text it is
    sender: str = ""
    envelope: str = ""  # where it is returned to
    to: list[str]
    cc: list[str] = []
    bcc: list[str] = []
    subject: str
    plain: str = ""
    html: str = ""
    attachment_ids: list[int] = []
    in_reply_to: str = ""
    references: list[str] = []
    kind: str = MESSAGE_TYPE


async def post_email(context: RequestContext, letter: OutgoingEmail) -> int:
    """Have a letter sent once this transaction is committed; its outbox id.

    Its Message-Id is fixed now, so that a second try is the same letter. BadValue where
    there is nobody to send it to, and where the desk has no address to send from.
    """
    to, cc, bcc = (mail_addresses(texts) for texts in (letter.to, letter.cc, letter.bcc))
    everybody = mail_addresses(str(box) for box in (*to, *cc, *bcc))
    if not everybody:
        raise BadValue("To", "names no address that mail can go to")
    sender = first_address(letter.sender, await sender_address(context, letter.ticket_id))
    if sender is None:
        raise BadValue("From", "neither mailbox, category nor SKRANKE_MAIL_FROM has one")
    key = await context.get_cached(mail_key)
    outbox_id = await sql.next_id(context.db)
    text = await _compose(context, letter, key, sender, to, cc, bcc)
    await sql.insert(
        context.db,
        sql.OutboxEmail(
            id=outbox_id,
            ticket_id=letter.ticket_id or None,
            message_id=letter.message_id,
            type=letter.kind,
            subject=one_line(letter.subject)[:MAX_SUBJECT_CHARACTERS],
            from_email=sender.address,
            from_envelope=_envelope(letter, key, sender, outbox_id),
            rcpt=[box.address for box in everybody],
            created=context.now,
            status=sql.CAPTURED if captures(context.settings) else sql.WAITING,
            letter=text,
        ),
    )
    if letter.kind == MESSAGE_TYPE and letter.message_id:
        await sql.identify(context.db, letter.message_id, text.message_id)
    return outbox_id


async def _compose(
    context: RequestContext,
    letter: OutgoingEmail,
    key: str,
    sender: MailAddress,
    to: list[MailAddress],
    cc: list[MailAddress],
    bcc: list[MailAddress],
) -> sql.EmailContent:
    """What the letter consists of, with its identity."""
    domain = sender.address.rpartition("@")[2]
    thread = await thread_references(context.db, letter.ticket_id, letter.message_id)
    return sql.EmailContent(
        sender=sender,
        to=to,
        cc=cc,
        bcc=bcc,
        reply_to=reply_address(key, sender.address, letter.ticket_id) if letter.ticket_id else "",
        message_id=new_message_id(key, letter.ticket_id, domain),
        in_reply_to=one_line(letter.in_reply_to) or (thread[-1] if thread else ""),
        references=[one_line(one) for one in letter.references] or thread,
        plain=letter.plain,
        html=letter.html,
        attachment_ids=letter.attachment_ids,
    )


def _envelope(letter: OutgoingEmail, key: str, sender: MailAddress, outbox_id: int) -> str:
    wish = first_address(letter.envelope)
    return wish.address if wish else bounce_address(key, sender.address, outbox_id)
