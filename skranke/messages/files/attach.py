"""Hanging files on messages and taking them off, with the ticket's count of them."""

from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.db.database import value
from skranke.messages.attachments.linking import link, unlink
from skranke.messages.locking import edited, held

ID = "TicketMessageEntityId"


async def hang(context: RequestContext, message_id: int, attachment_ids: list[int]) -> None:
    """Hang files on a message; NotFound for it, BadValue for a file."""
    message = await held(context, ID, message_id)
    if await hang_new(context, message_id, attachment_ids):
        await edited(context, message, message)


async def hang_new(context: RequestContext, message_id: int, attachment_ids: list[int]) -> bool:
    """Hang files on a held message; whether any of them did not hang there before."""
    if not attachment_ids:
        return False
    before = await _hanging(context, message_id)
    await link(context, message_id, attachment_ids)
    return not before.issuperset(attachment_ids)


async def take_off(context: RequestContext, message_id: int, attachment_ids: list[int]) -> None:
    """Take files off a message; NotFound for it, BadValue for one not hanging there."""
    message = await held(context, ID, message_id)
    hanging = await _hanging(context, message_id)
    for wish in attachment_ids:
        if wish not in hanging:
            fault = f"{wish} does not hang on message {message_id}"
            raise BadValue("AttachmentIds", fault)
    if attachment_ids:
        await unlink(context.db, message_id, attachment_ids, context.now)
        await edited(context, message, message)


async def _hanging(context: RequestContext, message_id: int) -> set[int]:
    sql = """
        SELECT coalesce(array_agg(attachment_id), '{}') FROM ticket_attachment
        WHERE message_id = $1
    """
    return set(await value(context.db, list[int], sql, message_id))
