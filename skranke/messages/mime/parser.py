"""Take a mail apart: any bytes become a ParsedMail, in bounded time and memory.

This is pure and may be killed: `skranke.messages.mime.process` runs it in a child. What
can't be read is kept as a file; nothing here raises on account of the bytes.
"""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from skranke.messages.mime.addresses import parse_addresses
from skranke.messages.mime.charsets import decode
from skranke.messages.mime.collector import Collector
from skranke.messages.mime.entity import Entity, parse_entity
from skranke.messages.mime.headers import MAX_HEAD_BYTES, Headers, decode_words, unfold
from skranke.messages.mime.parsed import MAX_REFERENCES, ParsedMail

MESSAGE_ID = re.compile(r"<([^<>\s]{1,250})>")
BARE_ID = re.compile(r"[^<>\s]{1,250}@[^<>\s]{1,250}")
MAX_HEADER_CHARACTERS = 8000
YEARS = range(1900, 9000)


def parse_mail(data: bytes) -> ParsedMail:
    """A mail from its bytes."""
    if b"\n" not in data:  # line ends of old systems: a lone CR
        data = data.replace(b"\r", b"\n")
    whole = parse_entity(data, 0, len(data))
    mail = _parse_head(whole)
    collector = Collector(whole, mail.subject)
    collector.collect()
    mail.plain, mail.html = collector.texts()
    mail.files = collector.files
    mail.report = collector.report
    mail.notes = collector.notes
    mail.is_cut = collector.is_cut
    return mail


def _parse_head(whole: Entity) -> ParsedMail:
    headers = whole.headers
    raw_head = whole.data[: min(whole.body_start, MAX_HEAD_BYTES)]
    references = _ids(headers, "references")
    return ParsedMail(
        headers=[
            (name, decode_words(unfold(value))[:MAX_HEADER_CHARACTERS])
            for name, value in headers.lines
        ],
        head=decode(raw_head).replace("\r\n", "\n").strip("\n"),
        subject=" ".join(headers.text("subject").split()),
        sender_text=headers.text("from"),
        senders=parse_addresses(headers.raw("from")),
        reply_to=parse_addresses(headers.raw("reply-to")),
        to=parse_addresses(", ".join(headers.all_raw("to"))),
        cc=parse_addresses(", ".join(headers.all_raw("cc"))),
        message_id=next(iter(_ids(headers, "message-id")), None),
        in_reply_to=_ids(headers, "in-reply-to")[:MAX_REFERENCES],
        references=references[-MAX_REFERENCES:],
        date=_parse_date(headers.raw("date")),
        content_type=whole.type,
    )


def _ids(headers: Headers, name: str) -> list[str]:
    """Message-Ids in a header, without brackets."""
    return message_ids(headers.raw(name))


def message_ids(text: str) -> list[str]:
    """The Message-Ids in a text, without brackets; one without brackets counts, too."""
    return MESSAGE_ID.findall(text) or BARE_ID.findall(text)[:1]


def _parse_date(text: str) -> datetime | None:
    """When a mail says it was written; None where it doesn't say, or nonsense."""
    try:
        said = parsedate_to_datetime(text[:200])
        said = said.astimezone(UTC) if said.tzinfo else said.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return said if said.year in YEARS else None
