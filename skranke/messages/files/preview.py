"""What a file looks like without being opened: its text, its picture, its mail."""

import asyncio

from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.messages.attachments import eml
from skranke.messages.attachments.carriers import (
    AttachmentEntity,
    AttachmentPreview,
    DocumentPreview,
)
from skranke.messages.attachments.content import known
from skranke.messages.attachments.files import served
from skranke.messages.attachments.safety import BYTES, is_safe, served_type
from skranke.messages.sanitize import sanitised

MOST = 40 * 1024 * 1024  # bytes of a file that is previewed
HTML, LETTER = "text/html", eml.LETTER


async def preview(context: RequestContext, attachment_id: int) -> AttachmentPreview:
    """A file's content, its html made safe; of a mail also what it says of itself.

    Of a type that isn't to be shown, such as SVG or an archive, without content.

    NotFound without content, BadValue where it is too long.
    """
    name, kind, data = await _read(context, attachment_id)
    if kind == LETTER or name.lower().endswith(".eml"):
        # beside the loop, as long ones take their time
        return await asyncio.to_thread(_letter, name, data)
    kind, data = await asyncio.to_thread(_shown, kind, data)
    return AttachmentPreview(name=name, mime_type=kind, size=len(data), content=data)


def _shown(kind: str, data: bytes) -> tuple[str, bytes]:
    """What is left of content that can be shown without running anything of it."""
    if kind in (HTML, "application/xhtml+xml"):
        return HTML, sanitised(data.decode("utf-8", "replace")).encode()
    if kind.startswith("text/"):
        return "text/plain", data
    return (kind, b"") if served_type(kind) == BYTES else (kind, data)


def _letter(name: str, data: bytes) -> AttachmentPreview:
    letter = eml.read(data)
    text = sanitised(letter.text) if letter.html else letter.text
    content = text.encode("utf-8", "replace")
    return AttachmentPreview(
        name=name,
        mime_type=HTML if letter.html else "text/plain",
        size=len(content),
        content=content,
        email_subject=letter.subject,
        email_from=letter.sender,
        email_to=letter.to,
        email_cc=letter.cc,
        email_date=letter.date,
        email_attachments_info=[
            AttachmentEntity(
                attachment_id=place,
                name=part.name,
                content_type=part.content_type,
                att_size=len(part.data),
                is_safe_file_extension=is_safe(part.name),
            )
            for place, part in enumerate(letter.parts)
        ],
    )


async def document(context: RequestContext, attachment_id: int) -> DocumentPreview:
    """A file's content as a preview of a document, its html made safe."""
    shown = await preview(context, attachment_id)
    return DocumentPreview(
        name=shown.name, type=shown.mime_type, size=shown.size, stream=shown.content
    )


async def _read(context: RequestContext, attachment_id: int) -> tuple[str, str, bytes]:
    file = await served(context, attachment_id)
    if file.size > MOST:
        raise BadValue("AttachmentId", f"{attachment_id} is too long for a preview")
    stored = await known(context.db, attachment_id)
    if stored is None:
        raise NotFound(f"AttachmentId: {attachment_id} does not exist")
    kind = stored.content_type.partition(";")[0].strip().lower()
    return file.name, kind, await eml.gathered(file.chunks)
