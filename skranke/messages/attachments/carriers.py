"""A file, as the wire describes it."""

from typing import Annotated

from msgspec import Meta, field

from skranke.core.schema import Carrier, FieldProperties, Instant, Int32, TableRight
from skranke.http.links import Links, links


class AttachmentValidationResult(Carrier):
    attachment_id: Int32 = 0
    is_valid: bool = False
    error_message: str = ""


class AttachmentEntity(Carrier):
    attachment_id: Int32 = 0
    name: Annotated[str, Meta(max_length=255)] = ""
    content_type: str = ""
    att_size: Int32 = 0
    inline_image: bool = False
    content_id: str = ""
    auth_key: str = ""
    is_safe_file_extension: bool = False
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class AttachmentEntityWithLinks(AttachmentEntity):
    links: Links = links()


class AttachmentPreview(Carrier):
    name: str = ""
    mime_type: str = ""
    size: Int32 = 0
    content: bytes = b""
    email_subject: str = ""
    email_from: str = ""
    email_to: str = ""
    email_cc: str = ""
    email_date: Instant = None
    email_attachments_info: list[AttachmentEntity] = field(default_factory=list)
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)


class DocumentPreview(Carrier):
    name: str = ""
    type: str = ""
    size: Int32 = 0
    stream: bytes = b""
    table_right: TableRight | None = None
    field_properties: FieldProperties = field(default_factory=dict)
