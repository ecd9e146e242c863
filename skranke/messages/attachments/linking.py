"""Which files hang on which messages."""

from datetime import datetime

from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.db.database import Db, Record, execute
from skranke.messages.attachments.carriers import AttachmentEntity
from skranke.messages.attachments.safety import is_safe
from skranke.messages.attachments.visibility import lock_files, visible_file_ids


async def files_of_messages(
    db: Db, message_ids: list[int], *, inline: bool = True
) -> dict[int, list[AttachmentEntity]]:
    """The files of each message, in the order in which they were made.

    Without `inline` images that stand in a text are left out. A message without files
    is not among the keys.
    """
    found = await db.fetch(
        """
        SELECT l.message_id, a.id, a.name, a.content_type, a.att_size, a.auth_key,
               l.inline_image, l.content_id
        FROM ticket_attachment l JOIN attachment a ON a.id = l.attachment_id
        WHERE l.message_id = ANY ($1) AND (l.inline_image <= $2)
        ORDER BY l.message_id, a.id
        """,
        message_ids,
        inline,
    )
    linked: dict[int, list[AttachmentEntity]] = {}
    for row in found:
        linked.setdefault(row["message_id"], []).append(attachment_entity(row))
    return linked


def attachment_entity(row: Record) -> AttachmentEntity:
    """A file as the wire has it, from a row of the file and its link."""
    return AttachmentEntity(
        attachment_id=row["id"],
        name=row["name"],
        content_type=row["content_type"],
        att_size=row["att_size"],
        inline_image=row["inline_image"],
        content_id=row["content_id"],
        auth_key=row["auth_key"],
        is_safe_file_extension=is_safe(row["name"]),
    )


async def link_files(
    context: RequestContext,
    message_id: int,
    ids: list[int],
    *,
    inline: dict[int, str] | None = None,
) -> None:
    """Hang files on a message; those that hang there already stay as they are.

    `inline` has the Content-Id of those that are images within the text. BadValue for
    a file that the caller can't see.
    """
    wanted = list(dict.fromkeys(ids))
    await lock_files(context, wanted)
    seen = await visible_file_ids(context, wanted)
    for wish in wanted:
        if wish not in seen:
            raise BadValue("AttachmentIds", f"{wish} does not exist")
    within = inline or {}
    await execute(
        context.db,
        """
        INSERT INTO ticket_attachment
            (message_id, attachment_id, inline_image, content_id)
        SELECT $1, w.id, w.content_id IS NOT NULL OR a.inline_image,
               coalesce(w.content_id, a.content_id)
        FROM unnest($2::int[], $3::text[]) AS w (id, content_id)
        JOIN attachment a USING (id)
        ON CONFLICT DO NOTHING
        """,
        message_id,
        wanted,
        [within.get(wish) for wish in wanted],
    )
    sql = "UPDATE attachment SET orphaned_since = NULL WHERE id = ANY ($1)"
    await execute(context.db, sql, wanted)


async def unlink_files(db: Db, message_id: int, ids: list[int], now: datetime) -> None:
    """Take files off a message; one that hangs on no other is removed in time."""
    await execute(
        db,
        """
        DELETE FROM ticket_attachment
        WHERE message_id = $1 AND attachment_id = ANY ($2)
        """,
        message_id,
        ids,
    )
    await mark_orphans(db, ids, now)


async def mark_orphans(db: Db, ids: list[int], now: datetime) -> None:
    """Note since when files hang on no message, as far as that is so."""
    await execute(
        db,
        """
        UPDATE attachment a SET orphaned_since = $2 WHERE id = ANY ($1)
            AND NOT EXISTS (SELECT FROM ticket_attachment WHERE attachment_id = a.id)
            AND NOT EXISTS (SELECT FROM reply_template_attachment
                            WHERE attachment_id = a.id)
        """,
        ids,
        now,
    )
