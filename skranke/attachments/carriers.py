"""A file, as the wire describes it."""

from typing import Annotated

from msgspec import Meta, field

from skranke.wire.carriers import Carrier, FieldProperties, Int32, TableRight


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
