"""Files as their makers and readers handle them."""

from functools import cache

from skranke.core.context import Permission, RequestContext
from skranke.core.errors import BadValue
from skranke.core.schema import EFieldRight, FieldProperties, FieldRight
from skranke.db.database import execute, value
from skranke.http.properties import properties_of
from skranke.http.streams import File
from skranke.messages.attachments import content
from skranke.messages.attachments.carriers import AttachmentEntity
from skranke.messages.attachments.linking import attachment_entity
from skranke.messages.attachments.safety import file_name, guess_type, safe_type
from skranke.messages.attachments.visibility import require_visible_files, visible_file_ids
from skranke.tickets.rights import table_right

MAX_CONTENT_ID_CHARACTERS = 250
WRITABLE_FIELDS = ("name", "content_type")
FILE_QUERY = """
    SELECT a.id, a.name, a.content_type, a.att_size, a.auth_key,
           coalesce(l.inline_image, a.inline_image) AS inline_image,
           coalesce(l.content_id, a.content_id) AS content_id
    FROM attachment a
    LEFT JOIN LATERAL (SELECT inline_image, content_id FROM ticket_attachment
                       WHERE attachment_id = a.id ORDER BY message_id LIMIT 1) l ON true
    WHERE a.id = $1
"""


def with_rights(context: RequestContext, file: AttachmentEntity) -> AttachmentEntity:
    """A file's description with what the caller may do with it."""
    rights = context.user.permissions
    file.table_right = table_right(rights)
    file.field_properties = field_properties(rights)
    return file


@cache
def field_properties(rights: frozenset[Permission]) -> FieldProperties:
    """Per property of AttachmentEntity: may the caller read or write it."""

    def right(name: str) -> FieldRight:
        if Permission.WRITE not in rights:
            return FieldRight(mask=EFieldRight.Read, reason="[SR_SKRANKE_ONLY_READ]")
        may = EFieldRight.Update if name in WRITABLE_FIELDS else EFieldRight.Read
        return FieldRight(mask=may)

    return properties_of(AttachmentEntity, right)


async def load_visible_file(context: RequestContext, attachment_id: int) -> AttachmentEntity | None:
    """A file's description; None unless the caller may see it."""
    if not await visible_file_ids(context, [attachment_id]):
        return None
    [row] = await context.db.fetch(FILE_QUERY, attachment_id)
    return with_rights(context, attachment_entity(row))


async def save_file(context: RequestContext, posted: AttachmentEntity) -> int:
    """Describe a new file for id 0, else give a known one its name and type; its id."""
    if not posted.attachment_id:
        if not file_name(posted.name):
            raise BadValue("Name", "a file needs a name")
        made = await content.create_file(context, posted.name, posted.content_type)
        await _name_picture(context, made, posted)
        return made
    await require_visible_files(context, "AttachmentId", [posted.attachment_id])
    stored = await content.load_file_row(context.db, posted.attachment_id)
    assert stored  # it was seen just now
    name = file_name(posted.name) if "Name" in context.given else stored.name
    if not name:
        raise BadValue("Name", "a file needs a name")
    kind = posted.content_type if "ContentType" in context.given else stored.content_type
    sql = "UPDATE attachment SET name = $2, content_type = $3 WHERE id = $1"
    kind = kind or guess_type(name)
    await execute(context.db, sql, posted.attachment_id, name, kind)
    if context.given & {"InlineImage", "ContentId"}:
        await _name_picture(context, posted.attachment_id, posted)
    return posted.attachment_id


async def _name_picture(
    context: RequestContext, attachment_id: int, posted: AttachmentEntity
) -> None:
    """Keep that a file is a picture within a text, and what the text calls it."""
    content_id = "".join(posted.content_id.strip().strip("<>").split())
    if len(content_id) > MAX_CONTENT_ID_CHARACTERS:
        fault = f"is longer than {MAX_CONTENT_ID_CHARACTERS} characters"
        raise BadValue("ContentId", fault)
    await execute(
        context.db,
        "UPDATE attachment SET inline_image = $2, content_id = $3 WHERE id = $1",
        attachment_id,
        posted.inline_image,
        content_id,
    )


async def require_fillable(context: RequestContext, attachment_id: int) -> None:
    """NotFound for a file unseen, BadValue for one whose content is final.

    That is so where others read it already: on a message or in a reply template.
    """
    await require_visible_files(context, "AttachmentId", [attachment_id])
    final = await value(
        context.db,
        bool,
        """
        SELECT content_hash <> ''
            AND (EXISTS (SELECT FROM ticket_attachment WHERE attachment_id = $1)
                 OR EXISTS (SELECT FROM reply_template_attachment
                            WHERE attachment_id = $1))
        FROM attachment WHERE id = $1
        """,
        attachment_id,
    )
    if final:
        raise BadValue("AttachmentId", f"{attachment_id} is in use with its content")


async def download(context: RequestContext, attachment_id: int) -> File:
    """A file to be sent; NotFound without content, or where the caller can't see it."""
    await require_visible_files(context, "AttachmentId", [attachment_id])
    stored = await content.load_file_row(context.db, attachment_id)
    assert stored  # it was seen just now
    return File(
        chunks=await content.read_content(context, attachment_id),
        name=stored.name,
        content_type=safe_type(stored.content_type),
        size=stored.att_size,
    )
