"""Files for letters: a few words each."""

from collections.abc import AsyncIterator

from skranke.core.app_state import AppState
from skranke.core.jobs.worker import context_for
from skranke.db.database import transaction
from skranke.messages.attachments.content import create_file_with_content


async def attached_to(desk: AppState, name: str, content: bytes, content_type: str = "") -> int:
    """A stored file; its id."""

    async def chunks() -> AsyncIterator[bytes]:
        yield content

    async with transaction(desk.pool) as db:
        return await create_file_with_content(context_for(desk, db), name, content_type, chunks())
