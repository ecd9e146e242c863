"""Files for letters: a few words each."""

from collections.abc import AsyncIterator

from skranke.core.app_state import Desk
from skranke.core.jobs.worker import call_of
from skranke.db.database import transaction
from skranke.messages.attachments.content import created


async def attached_to(desk: Desk, name: str, content: bytes, content_type: str = "") -> int:
    """A stored file; its id."""

    async def chunks() -> AsyncIterator[bytes]:
        yield content

    async with transaction(desk.pool) as db:
        return await created(call_of(desk, db), name, content_type, chunks())
