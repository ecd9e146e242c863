"""A letter of the outbox, with the files that go with it."""

from collections.abc import AsyncIterator
from typing import IO

from skranke.channels.mail.mime import MailPart, write_mime
from skranke.channels.mail.sql import OutboxEmail
from skranke.core.context import RequestContext
from skranke.db.database import Db, rows
from skranke.messages.attachments.content import read_content


async def load_parts(db: Db, letter: OutboxEmail) -> list[MailPart]:
    """The letter's files in their order; those that are gone are left out."""
    return await rows(
        db,
        MailPart,
        """
        SELECT a.id AS attachment_id, a.name, a.content_type, a.att_size,
               btrim(coalesce(nullif(l.content_id, ''), a.content_id), '<>') AS content_id
        FROM unnest($1::int[]) WITH ORDINALITY AS w (id, place)
        JOIN attachment a USING (id)
        LEFT JOIN ticket_attachment l ON l.attachment_id = a.id AND l.message_id = $2
        ORDER BY w.place
        """,
        letter.letter.attachment_ids,
        letter.message_id,
    )


async def write_email(context: RequestContext, letter: OutboxEmail, to: IO[bytes]) -> int:
    """Write a letter as it is sent, files and all; how many bytes it has.

    NotFound for a file whose bytes are lost.
    """

    async def bytes_of(attachment_id: int) -> AsyncIterator[bytes]:
        async for piece in await read_content(context, attachment_id):
            yield piece

    return await write_mime(letter, await load_parts(context.db, letter), bytes_of, to)
