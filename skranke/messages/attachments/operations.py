"""Files, as the Ticket agent has them."""

from collections.abc import AsyncIterator
from uuid import uuid4

from skranke.core.context import Permission, RequestContext
from skranke.core.errors import BadValue, NotFound, require_found
from skranke.core.schema import Int32
from skranke.http.operation import operation
from skranke.http.streams import File
from skranke.messages.attachments import content as storing
from skranke.messages.attachments import eml, files
from skranke.messages.attachments.carriers import AttachmentEntity, AttachmentValidationResult
from skranke.messages.attachments.safety import file_name, safe_type
from skranke.messages.attachments.visibility import require_visible_files, visible_file_ids
from skranke.messages.mime.parsed import MAX_MAIL_BYTES


@operation("Ticket", permission=Permission.READ, transaction=False)
async def create_default_attachment_entity(context: RequestContext) -> AttachmentEntity:
    """The description of a file that isn't there yet; nothing is saved."""
    return files.with_rights(context, AttachmentEntity())


@operation("Ticket", permission=Permission.WRITE)
async def save_attachment_entity(
    context: RequestContext, entity: AttachmentEntity
) -> AttachmentEntity:
    """The file's description as it is saved: new for id 0, else its name and type.

    Size and content come with UploadAttachment. BadValue without a name, NotFound for
    a file that the caller can't see.
    """
    saved = await files.save_file(context, entity)
    return require_found(await files.load_visible_file(context, saved), "Attachment", saved)


@operation("Ticket", permission=Permission.READ, query=("attachment_entity_id",), transaction=False)
async def get_attachment_entity(
    context: RequestContext, attachment_entity_id: Int32
) -> AttachmentEntity | None:
    """A file's description; null without one that the caller may see."""
    return await files.load_visible_file(context, attachment_entity_id)


@operation("Ticket", permission=Permission.WRITE, transaction=False)
async def upload_attachment(context: RequestContext, attachment_id: Int32, content: bytes) -> None:
    """Write a file's content, in place of what it had. NotFound without the file.

    BadValue where it hangs on a message and has content. The body is held whole: what
    is longer than SKRANKE_MAX_BODY_BYTES goes to /api/v1/Attachment/{id}/Content.
    """
    await files.require_fillable(context, attachment_id)
    await storing.write_content(context, attachment_id, _single_chunk(content))


async def _single_chunk(content: bytes) -> AsyncIterator[bytes]:
    yield content


@operation("Ticket", permission=Permission.READ, transaction=False)
async def get_attachment_stream(context: RequestContext, attachment_id: Int32) -> File:
    """A file's content: bytes, or base64 in JSON. NotFound without any."""
    return await files.download(context, attachment_id)


@operation("Ticket", permission=Permission.READ, transaction=False)
async def get_rfc_attachment_stream(
    context: RequestContext, attachment_id: Int32, position: Int32
) -> File:
    """A file within a mail that lies in a file; positions count from 0.

    NotFound without the file or the position, BadValue where it is too long a mail.
    """
    file = await files.download(context, attachment_id)
    if file.size > MAX_MAIL_BYTES:
        raise BadValue("AttachmentId", f"{attachment_id} is too long to take apart")
    mail = await eml.parse_file(file.chunks)
    if not 0 <= position < len(mail.files):
        raise NotFound(f"Position: {position} does not exist")
    part = mail.files[position]
    return File(
        chunks=_single_chunk(part.data),
        name=part.name,
        size=len(part.data),
        content_type=safe_type(part.content_type),
    )


@operation("Ticket", permission=Permission.READ, transaction=False)
async def validate_attachments(
    context: RequestContext, attachment_ids: list[Int32]
) -> list[AttachmentValidationResult]:
    """Whether each file is there, can be seen by the caller and has content."""
    seen = set(await visible_file_ids(context, attachment_ids))
    filled = set(await storing.ids_with_content(context.db, attachment_ids))
    return [_validation_result(wish, wish in seen, wish in filled) for wish in attachment_ids]


def _validation_result(attachment_id: int, seen: bool, filled: bool) -> AttachmentValidationResult:
    fault = ""
    if not seen:
        fault = f"Attachment {attachment_id} does not exist."
    elif not filled:
        fault = f"Attachment {attachment_id} has no content."
    return AttachmentValidationResult(
        attachment_id=attachment_id, is_valid=not fault, error_message=fault
    )


@operation(
    "Ticket",
    permission=Permission.WRITE,
    name="CopyFromCRMDocument",
    lacks="refused: this desk keeps no CRM documents",
)
async def copy_from_crm_document(context: RequestContext, document_id: Int32) -> AttachmentEntity:
    """Refused always: this desk has no documents of a CRM to copy from."""
    _ = context
    raise BadValue("DocumentId", f"{document_id} does not exist: documents aren't kept")


@operation("Ticket", permission=Permission.WRITE)
async def copy_to_temp_file(context: RequestContext, filename: str, attachment_id: Int32) -> str:
    """Copy a file to one of this name that hangs on nothing; the copy's name.

    The copy is the caller's, is found as an attachment, and is removed in time unless
    it is hung on a message. NotFound without content.
    """
    await require_visible_files(context, "AttachmentId", [attachment_id])
    stored = await storing.load_file_row(context.db, attachment_id)
    assert stored  # it was seen just now
    name = file_name(f"{uuid4().hex[:8]}-{file_name(filename) or stored.name}")
    await storing.copy_file(context, attachment_id, name)
    return name
