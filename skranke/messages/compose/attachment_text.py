"""Attachments by their ids, as the text that needs them shows them."""

from skranke.db.database import Db
from skranke.messages.attachments.carriers import AttachmentEntity
from skranke.messages.attachments.linking import attachment_entity


async def attachment_entities(
    db: Db, attachment_ids: list[int], message_id: int = 0
) -> list[AttachmentEntity]:
    """Attachments in the order of the ids; unknown ones are left out.

    Inline and with a content id are those that this message shows in its text.
    """
    found = await db.fetch(
        """
        SELECT a.id, a.name, a.content_type, a.att_size, a.auth_key,
               coalesce(l.inline_image, false) AS inline_image,
               coalesce(l.content_id, '') AS content_id
        FROM unnest($1::integer[]) WITH ORDINALITY AS wanted (id, place)
        JOIN attachment a USING (id)
        LEFT JOIN ticket_attachment l ON l.attachment_id = a.id AND l.message_id = $2
        ORDER BY place
        """,
        attachment_ids,
        message_id,
    )
    return [attachment_entity(row) for row in found]
