"""A mail that lies in a file: what it says of itself, and the files within it.

Source: RFC 5322 and RFC 2045; GetAttachmentPreview and GetRfcAttachmentStream of the
reference.
"""

import logging
from collections.abc import AsyncIterator

from skranke.messages.mime.parsed import ParsedMail
from skranke.messages.mime.process import ParserDied, parse_in_child

log = logging.getLogger("skranke.attachments")
MAIL_TYPE = "message/rfc822"


async def parse_file(chunks: AsyncIterator[bytes]) -> ParsedMail:
    """A mail from a file's content; empty where the mail ended its parser."""
    data = await join_chunks(chunks)
    try:
        return await parse_in_child(data)
    except ParserDied as death:
        log.warning("A mail in a file can't be shown: %s", death)
        return ParsedMail()


async def join_chunks(chunks: AsyncIterator[bytes]) -> bytes:
    """A short file's content whole."""
    return b"".join([chunk async for chunk in chunks])
