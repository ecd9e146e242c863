"""A mail that lies in a file: what it says of itself, and the files within it.

Source: RFC 5322 and RFC 2045; GetAttachmentPreview and GetRfcAttachmentStream of the
reference.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from msgspec import Struct

from skranke.messages.attachments.safety import BYTES, file_name

LETTER = "message/rfc822"
MOST = 40 * 1024 * 1024  # bytes of a mail that is taken apart


class Part(Struct, frozen=True, kw_only=True):
    """A file within a mail."""

    name: str
    content_type: str
    data: bytes


class Letter(Struct, frozen=True, kw_only=True):
    """A mail taken apart; `html` tells whether the text is html."""

    subject: str
    sender: str
    to: str
    cc: str
    date: datetime | None
    text: str
    html: bool
    parts: list[Part]


UNREADABLE = Letter(subject="", sender="", to="", cc="", date=None, text="", html=False, parts=[])


async def taken_apart(chunks: AsyncIterator[bytes]) -> Letter:
    """A mail from its content; beside the loop, as a long one takes its time."""
    return await asyncio.to_thread(read, await gathered(chunks))


def read(data: bytes) -> Letter:
    """A mail from its bytes; what can't be read in it is left empty, never a fault."""
    try:
        return _read(data)
    except RecursionError:  # of mails within mails without end
        return UNREADABLE


def _read(data: bytes) -> Letter:
    whole = message_from_bytes(data, policy=policy.default)
    body = _body(whole)
    return Letter(
        subject=_said(whole, "subject"),
        sender=_said(whole, "from"),
        to=_said(whole, "to"),
        cc=_said(whole, "cc"),
        date=_date(whole),
        text=_text(body) if body else "",
        html=bool(body) and body.get_content_subtype() == "html",
        parts=[_part(part, place) for place, part in enumerate(_files(whole, body))],
    )


def _said(whole: EmailMessage, name: str) -> str:
    try:
        return str(whole.get(name, ""))
    except (ValueError, IndexError, AttributeError):  # what the parser stumbles over
        return ""


def _date(whole: EmailMessage) -> datetime | None:
    try:
        said = parsedate_to_datetime(_said(whole, "date"))
        return said.astimezone(UTC) if said.tzinfo else said.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError):
        return None


def _body(whole: EmailMessage) -> EmailMessage | None:
    try:
        return whole.get_body(("html", "plain"))  # pyright: ignore[reportReturnType] # of the same policy
    except (KeyError, AttributeError, ValueError):
        return None


def _text(body: EmailMessage) -> str:
    data = body.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    try:
        return data.decode(body.get_content_charset("utf-8"), "replace")
    except LookupError:
        return data.decode("latin-1")


def _files(whole: EmailMessage, body: EmailMessage | None) -> list[EmailMessage]:
    return [
        part
        for part in _leaves(whole)
        if part is not body
        and part is not whole
        and (part.get_filename() or part.get_content_maintype() != "text")
    ]


def _leaves(part: EmailMessage) -> Iterator[EmailMessage]:
    """The parts that hold something themselves; a mail within a mail is one of them."""
    for inner in part.iter_parts():
        if isinstance(inner, EmailMessage):
            within = inner.is_multipart() and not _is_mail(inner)
            yield from _leaves(inner) if within else (inner,)


def _is_mail(part: EmailMessage) -> bool:
    return part.get_content_type() == LETTER


def _part(part: EmailMessage, place: int) -> Part:
    data = part.get_payload(decode=True)
    if _is_mail(part):
        inner = part.get_payload(0)
        data = inner.as_bytes() if isinstance(inner, EmailMessage) else b""
    name = file_name(part.get_filename() or "") or f"part-{place + 1}"
    return Part(
        name=name,
        content_type=part.get_content_type() or BYTES,
        data=data if isinstance(data, bytes) else b"",
    )


async def gathered(chunks: AsyncIterator[bytes]) -> bytes:
    """A short file's content whole."""
    return b"".join([chunk async for chunk in chunks])
