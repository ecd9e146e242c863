"""A message whose images are part of its text, to be shown and not to be saved.

Source: GetTicketMessageWithEmbeddedData of the reference.
"""

import re
from base64 import b64encode
from urllib.parse import unquote

from skranke.core.context import RequestContext
from skranke.core.errors import NotFound
from skranke.messages.attachments.content import read_content
from skranke.messages.carriers import TicketMessageEntity

CID_PATTERN = re.compile(r"cid:([^\s\"'<>)]+)")
MAX_IMAGE_BYTES = 20 * 1024 * 1024  # bytes of images in one text


async def embed_data_uris(context: RequestContext, message: TicketMessageEntity) -> None:
    """Put the images that the text names into it as data URIs, up to 20 MB of them."""
    images = {
        file.content_id.strip("<>"): file
        for file in message.attachments_info
        if file.content_id and file.content_type.startswith("image/")
    }
    names = {name: unquote(name) for name in CID_PATTERN.findall(message.html_body)}
    left = MAX_IMAGE_BYTES
    for name, content_id in names.items():
        file = images.get(content_id)
        if file is None or file.att_size > left:
            continue
        left -= file.att_size
        data = await _read_bytes(context, file.attachment_id)
        if data:
            uri = f"data:{file.content_type};base64,{b64encode(data).decode()}"
            message.html_body = message.html_body.replace(f"cid:{name}", uri)


async def _read_bytes(context: RequestContext, attachment_id: int) -> bytes:
    try:
        chunks = [chunk async for chunk in await read_content(context, attachment_id)]
    except NotFound:
        return b""
    return b"".join(chunks)
