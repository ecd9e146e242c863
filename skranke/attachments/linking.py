"""Which files hang on which messages."""

from skranke.attachments.carriers import AttachmentEntity
from skranke.store.database import Db, execute
from skranke.wire.call import Call
from skranke.wire.errors import BadValue


async def of_messages(
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
        entity = AttachmentEntity(
            attachment_id=row["id"],
            name=row["name"],
            content_type=row["content_type"],
            att_size=row["att_size"],
            inline_image=row["inline_image"],
            content_id=row["content_id"],
            auth_key=row["auth_key"],
        )
        linked.setdefault(row["message_id"], []).append(entity)
    return linked


async def link(
    call: Call, message_id: int, ids: list[int], *, inline: dict[int, str] | None = None
) -> None:
    """Hang files on a message; those that hang there already stay as they are.

    `inline` has the Content-Id of those that are images within the text. BadValue for
    a file that doesn't exist.
    """
    wanted = list(dict.fromkeys(ids))
    found = await call.db.fetch(
        "SELECT id FROM attachment WHERE id = ANY ($1) FOR KEY SHARE", wanted
    )
    known = {row["id"] for row in found}
    for wish in wanted:
        if wish not in known:
            raise BadValue("AttachmentIds", f"{wish} does not exist")
    within = inline or {}
    await execute(
        call.db,
        """
        INSERT INTO ticket_attachment
            (message_id, attachment_id, inline_image, content_id)
        SELECT $1, w.id, w.content_id IS NOT NULL, coalesce(w.content_id, '')
        FROM unnest($2::int[], $3::text[]) AS w (id, content_id)
        ON CONFLICT DO NOTHING
        """,
        message_id,
        wanted,
        [within.get(wish) for wish in wanted],
    )
