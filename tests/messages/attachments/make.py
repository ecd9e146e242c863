"""Makers of files for tests."""

from collections.abc import AsyncIterator

from skranke.core.context import RequestContext
from skranke.messages.attachments import content


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    """Bytes as a stream."""
    for part in parts:
        yield part


async def file(context: RequestContext, name: str, data: bytes, kind: str = "") -> int:
    """A file with content, hanging on nothing; its id."""
    return await content.create_file_with_content(context, name, kind, pieces(data))
