"""A letter as the bytes that mail servers hand on.

Texts as alternatives, images of the text beside it, files around both. Files are
written into their places piece by piece, so that a letter never stands in memory.
Source: RFC 5322 for the head, RFC 2045 to 2047, 2183, 2231, 2387 and 2392 for the rest.
"""

import asyncio
import re
from base64 import b64encode, encodebytes
from collections.abc import AsyncIterator, Callable
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from secrets import token_bytes
from typing import IO

from msgspec import Struct

from skranke.channels.mail.addresses import MailAddress, one_line
from skranke.channels.mail.sql import OutboxEmail
from skranke.messages.html_to_text import plain_text

Content = Callable[[int], AsyncIterator[bytes]]
ASCII_ONLY = SMTP.clone(cte_type="7bit")
# types of letters that nobody wrote, and what they say of themselves (RFC 3834)
AUTO_REPLY = "auto-reply"
AUTO_SUBMITTED = {
    "notification": "auto-generated",
    "escalation": "auto-generated",
    AUTO_REPLY: "auto-replied",
}
CONTENT_TYPE = re.compile(r"(text|image|audio|video|application|font)/([a-z0-9.+-]+)(?:;|$)")
BLOCK_BYTES = 57 * 1024  # bytes of a file that make whole lines of base64
LINE_WIDTH = 75


class MailPart(Struct, frozen=True, kw_only=True):
    """A file of a letter; `content_id` where it is an image of the text."""

    attachment_id: int
    name: str
    content_type: str
    att_size: int
    content_id: str = ""


async def write_mime(
    letter: OutboxEmail, parts: list[MailPart], content: Content, to: IO[bytes]
) -> int:
    """Write a letter; how many bytes it has."""
    marks = {part.attachment_id: token_bytes(24) for part in parts}
    # beside the loop, as long texts take their time
    rest = await asyncio.to_thread(_body, letter, parts, marks)
    size = to.write(header_lines(letter))
    places = {rest.index(b64encode(mark)): id_ for id_, mark in marks.items()}
    for _, attachment_id in sorted(places.items()):
        before, _, rest = rest.partition(b64encode(marks[attachment_id]))
        size += to.write(before)
        async for piece in _encode(content(attachment_id)):
            size += to.write(piece)
    return size + to.write(rest)


def header_lines(letter: OutboxEmail) -> bytes:
    """The header lines, down to those that say how the body is made."""
    text = letter.letter
    lines = [
        ("From", _addresses([text.sender])),
        ("To", _addresses(text.to) or "undisclosed-recipients:;"),
        ("Cc", _addresses(text.cc)),
        ("Reply-To", text.reply_to and _addresses([_reply_to(text.sender, text.reply_to)])),
        ("Subject", _fold("Subject", letter.subject)),
        ("Date", format_datetime(letter.created)),
        ("Message-ID", text.message_id),
        ("In-Reply-To", text.in_reply_to),
        ("References", "\r\n ".join(text.references)),
        ("Auto-Submitted", AUTO_SUBMITTED.get(letter.type, "")),
        ("X-Auto-Response-Suppress", "OOF, AutoReply" if letter.type in AUTO_SUBMITTED else ""),
    ]
    return "".join(f"{name}: {said}\r\n" for name, said in lines if said).encode()


def _reply_to(sender: MailAddress, reply_to: str) -> MailAddress:
    return MailAddress(reply_to, sender.name)


def _addresses(boxes: list[MailAddress]) -> str:
    return ",\r\n ".join(_address(box) for box in boxes)


def _address(box: MailAddress) -> str:
    if box.name.isascii():
        return formataddr((box.name, box.address))
    return f"{_fold('', box.name)} <{box.address}>"


def _fold(name: str, text: str) -> str:
    charset = "us-ascii" if text.isascii() else "utf-8"
    header = Header(text, charset, maxlinelen=LINE_WIDTH, header_name=name)
    return header.encode(linesep="\r\n")


def _body(letter: OutboxEmail, parts: list[MailPart], marks: dict[int, bytes]) -> bytes:
    """The body with a mark in each place that a file's bytes belong into."""
    text = letter.letter
    body = EmailMessage(policy=ASCII_ONLY)
    body.set_content(text.plain or plain_text(text.html))
    within = [p for p in parts if p.content_id and f"cid:{p.content_id}" in text.html]
    if text.html:
        body.add_alternative(text.html, subtype="html")
        for part in within:
            [_, html] = body.iter_parts()
            html.add_related(
                marks[part.attachment_id],
                *_content_type(part),
                cid=f"<{part.content_id}>",
                disposition="inline",
                filename=_name(part),
            )
    for part in parts:
        if part not in within:
            mark = marks[part.attachment_id]
            body.add_attachment(mark, *_content_type(part), filename=_name(part))
    return body.as_bytes(policy=ASCII_ONLY)


def _content_type(part: MailPart) -> tuple[str, str]:
    """The file's type, where it may be sent as base64: a mail in a mail may not."""
    kind = CONTENT_TYPE.match(part.content_type.strip().lower())
    return (kind[1], kind[2]) if kind else ("application", "octet-stream")


def _name(part: MailPart) -> str:
    return one_line(part.name) or "attachment"


async def _encode(content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """A file as lines of base64."""
    left = b""
    async for piece in content:
        left += piece
        whole = len(left) - len(left) % BLOCK_BYTES
        if whole:
            yield _lines(left[:whole])
            left = left[whole:]
    if left:
        yield _lines(left)


def _lines(piece: bytes) -> bytes:
    return encodebytes(piece).replace(b"\n", b"\r\n")
