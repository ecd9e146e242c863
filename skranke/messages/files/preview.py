"""What a file looks like without being opened: its text, its picture, its mail."""

import asyncio
from collections.abc import AsyncIterator

from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.messages.attachments import eml
from skranke.messages.attachments.carriers import (
    AttachmentEntity,
    AttachmentPreview,
    DocumentPreview,
)
from skranke.messages.attachments.content import load_file_row
from skranke.messages.attachments.files import download
from skranke.messages.attachments.safety import BINARY_TYPE, is_safe, safe_type
from skranke.messages.sanitize import sanitize

MAX_PREVIEW_BYTES = 40 * 1024 * 1024  # bytes of a file that is previewed
HTML_TYPE = "text/html"


async def preview(context: RequestContext, attachment_id: int) -> AttachmentPreview:
    """A file's content, its html made safe; of a mail also what it says of itself.

    Of a type that isn't to be shown, such as SVG or an archive, without content.

    NotFound without content, BadValue where it is too long.
    """
    name, kind, data = await _read_file(context, attachment_id)
    if kind == eml.MAIL_TYPE or name.lower().endswith(".eml"):
        return await _mail(name, data)
    kind, data = await asyncio.to_thread(_safe_content, kind, data)
    return AttachmentPreview(name=name, mime_type=kind, size=len(data), content=data)


def _safe_content(kind: str, data: bytes) -> tuple[str, bytes]:
    """What is left of content that can be shown without running anything of it."""
    if kind in (HTML_TYPE, "application/xhtml+xml"):
        return HTML_TYPE, sanitize(data.decode("utf-8", "replace")).encode()
    if kind.startswith("text/"):
        return "text/plain", data
    return (kind, b"") if safe_type(kind) == BINARY_TYPE else (kind, data)


async def _mail(name: str, data: bytes) -> AttachmentPreview:
    mail = await eml.parse_file(_once(data))
    text = await asyncio.to_thread(sanitize, mail.html) if mail.html else mail.plain
    content = text.encode("utf-8", "replace")
    return AttachmentPreview(
        name=name,
        mime_type=HTML_TYPE if mail.html else "text/plain",
        size=len(content),
        content=content,
        email_subject=mail.subject,
        email_from=mail.sender_text,
        email_to=mail.header("to"),
        email_cc=mail.header("cc"),
        email_date=mail.date,
        email_attachments_info=[
            AttachmentEntity(
                attachment_id=place,
                name=file.name,
                content_type=file.content_type,
                att_size=len(file.data),
                is_safe_file_extension=is_safe(file.name),
            )
            for place, file in enumerate(mail.files)
        ],
    )


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data


async def document_preview(context: RequestContext, attachment_id: int) -> DocumentPreview:
    """A file's content as a preview of a document, its html made safe."""
    shown = await preview(context, attachment_id)
    return DocumentPreview(
        name=shown.name, type=shown.mime_type, size=shown.size, stream=shown.content
    )


async def _read_file(context: RequestContext, attachment_id: int) -> tuple[str, str, bytes]:
    file = await download(context, attachment_id)
    if file.size > MAX_PREVIEW_BYTES:
        raise BadValue("AttachmentId", f"{attachment_id} is too long for a preview")
    stored = await load_file_row(context.db, attachment_id)
    if stored is None:
        raise NotFound(f"AttachmentId: {attachment_id} does not exist")
    kind = stored.content_type.partition(";")[0].strip().lower()
    return file.name, kind, await eml.join_chunks(file.chunks)
