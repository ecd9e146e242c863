"""`/api/v1/Attachment`: files over REST, by the operations of the Ticket agent.

Source: reference, Attachment resources of the REST interface.
"""

import msgspec

from skranke.core.context import Permission, RequestContext
from skranke.core.errors import require_found
from skranke.core.schema import Int32
from skranke.http.formats.json_patch import Patch, apply_patch
from skranke.http.links import with_links
from skranke.http.operation import resource
from skranke.http.streams import File, Upload
from skranke.messages.attachments import content, files, operations
from skranke.messages.attachments.carriers import AttachmentEntity, AttachmentEntityWithLinks

ENTITY_NAME = "AttachmentEntity"
ALL_PROPERTIES = frozenset(f.encode_name for f in msgspec.structs.fields(AttachmentEntity))


@resource(
    "GET",
    "/api/v1/Attachment/default",
    permission=Permission.READ,
    about=ENTITY_NAME,
    name="DefaultAttachmentEntity",
)
async def get_default_attachment(context: RequestContext) -> AttachmentEntity:
    """The description of a file that isn't there yet; nothing is saved."""
    return await operations.create_default_attachment_entity(context)


@resource(
    "POST",
    "/api/v1/Attachment",
    permission=Permission.WRITE,
    transaction=True,
    about=ENTITY_NAME,
    name="PostAttachmentEntity",
)
async def post_attachment(
    context: RequestContext, entity: AttachmentEntity
) -> AttachmentEntityWithLinks:
    """The file's description as it is saved; its content is posted to /Content."""
    return _with_links(context, await operations.save_attachment_entity(context, entity))


@resource(
    "GET",
    "/api/v1/Attachment/{attachment_id}",
    permission=Permission.READ,
    about=ENTITY_NAME,
    name="GetAttachmentEntity",
)
async def get_attachment(
    context: RequestContext, attachment_id: Int32
) -> AttachmentEntityWithLinks:
    """A file's description; NotFound without one."""
    return _with_links(context, await _load(context, attachment_id))


@resource(
    "PUT",
    "/api/v1/Attachment/{attachment_id}",
    permission=Permission.WRITE,
    transaction=True,
    about=ENTITY_NAME,
    name="PutAttachmentEntity",
)
async def put_attachment(
    context: RequestContext, attachment_id: Int32, entity: AttachmentEntity
) -> AttachmentEntityWithLinks:
    """The file's description when name and type have been replaced; NotFound."""
    await _load(context, attachment_id)
    entity.attachment_id = attachment_id
    context = msgspec.structs.replace(context, given=ALL_PROPERTIES)
    return _with_links(context, await operations.save_attachment_entity(context, entity))


@resource(
    "PATCH",
    "/api/v1/Attachment/{attachment_id}",
    permission=Permission.WRITE,
    raw=True,
    transaction=True,
    about=ENTITY_NAME,
    name="PatchAttachmentEntity",
)
async def patch_attachment(
    context: RequestContext, attachment_id: Int32, changes: Patch
) -> AttachmentEntityWithLinks:
    """The file's description when a patch is done; NotFound, Clash by its `test`."""
    found = await _load(context, attachment_id)
    entity, given = apply_patch(found, changes, context.locale)
    entity.attachment_id = attachment_id
    context = msgspec.structs.replace(context, given=given)
    return _with_links(context, await operations.save_attachment_entity(context, entity))


@resource(
    "GET",
    "/api/v1/Attachment/{attachment_id}/Content",
    permission=Permission.READ,
    about=ENTITY_NAME,
    name="GetAttachmentStream",
)
async def get_content(context: RequestContext, attachment_id: Int32) -> File:
    """A file's content: bytes, or base64 for who asks for JSON. NotFound."""
    return await files.download(context, attachment_id)


@resource(
    "POST",
    "/api/v1/Attachment/{attachment_id}/Content",
    permission=Permission.WRITE,
    raw=True,
    about=ENTITY_NAME,
    name="UploadAttachment",
)
async def post_content(context: RequestContext, attachment_id: Int32, upload: Upload) -> None:
    """Write a file's content from the bytes of the body; NotFound, TooLarge.

    BadValue where it hangs on a message and has content.
    """
    await files.require_fillable(context, attachment_id)
    await content.write_content(context, attachment_id, upload.chunks())


async def _load(context: RequestContext, attachment_id: int) -> AttachmentEntity:
    found = await operations.get_attachment_entity(context, attachment_id)
    return require_found(found, "Attachment", attachment_id)


def _with_links(context: RequestContext, entity: AttachmentEntity) -> AttachmentEntityWithLinks:
    itself = f"{context.base_url}/api/v1/Attachment/{entity.attachment_id}"
    addresses = {"Self": itself, "Self.Content": f"{itself}/Content"}
    return with_links(AttachmentEntityWithLinks, entity, addresses)


@resource(
    "GET",
    "/api/v1/TicketMessage/RfcAttachment/{attachment_id}/{position}",
    permission=Permission.READ,
    about="TicketMessageEntity",
    name="GetRfcAttachmentStream",
)
async def get_rfc_attachment(
    context: RequestContext, attachment_id: Int32, position: Int32
) -> File:
    """A file within a mail that lies in a file; positions count from 0."""
    return await operations.get_rfc_attachment_stream(context, attachment_id, position)
