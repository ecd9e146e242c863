"""Attachments by their ids, as the text that needs them shows them."""

from skranke.attachments.carriers import AttachmentEntity
from skranke.store.database import Db, rows


async def attachment_entities(
    db: Db, attachment_ids: list[int], message_id: int = 0
) -> list[AttachmentEntity]:
    """Attachments in the order of the ids; unknown ones are left out.

    Inline and with a content id are those that this message shows in its text.
    """
    return await rows(
        db, AttachmentEntity,
        """
        SELECT a.id AS "AttachmentId", a.name AS "Name",
               a.content_type AS "ContentType", a.att_size AS "AttSize",
               coalesce(t.inline_image, false) AS "InlineImage",
               coalesce(t.content_id, '') AS "ContentId", a.auth_key AS "AuthKey"
        FROM unnest($1::integer[]) WITH ORDINALITY AS wanted (id, place)
        JOIN attachment a USING (id)
        LEFT JOIN ticket_attachment t ON t.attachment_id = a.id AND t.message_id = $2
        ORDER BY place
        """,
        attachment_ids, message_id,
    )  # fmt: skip
