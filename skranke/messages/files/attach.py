"""Hanging files on messages and taking them off, with the ticket's count of them."""

from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.db.database import value
from skranke.messages.attachments.linking import link_files, unlink_files
from skranke.messages.locking import lock_message, write_edit

MESSAGE_ID_NAME = "TicketMessageEntityId"


async def attach_files(context: RequestContext, message_id: int, attachment_ids: list[int]) -> None:
    """Hang files on a message; NotFound for it, BadValue for a file."""
    message = await lock_message(context, MESSAGE_ID_NAME, message_id)
    if await attach_new_files(context, message_id, attachment_ids):
        await write_edit(context, message, message)


async def attach_new_files(
    context: RequestContext, message_id: int, attachment_ids: list[int]
) -> bool:
    """Hang files on a held message; whether any of them did not hang there before."""
    if not attachment_ids:
        return False
    before = await _attached_ids(context, message_id)
    await link_files(context, message_id, attachment_ids)
    return not before.issuperset(attachment_ids)


async def detach_files(context: RequestContext, message_id: int, attachment_ids: list[int]) -> None:
    """Take files off a message; NotFound for it, BadValue for one not hanging there."""
    message = await lock_message(context, MESSAGE_ID_NAME, message_id)
    hanging = await _attached_ids(context, message_id)
    for wish in attachment_ids:
        if wish not in hanging:
            fault = f"{wish} does not hang on message {message_id}"
            raise BadValue("AttachmentIds", fault)
    if attachment_ids:
        await unlink_files(context.db, message_id, attachment_ids, context.now)
        await write_edit(context, message, message)


async def _attached_ids(context: RequestContext, message_id: int) -> set[int]:
    sql = """
        SELECT coalesce(array_agg(attachment_id), '{}') FROM ticket_attachment
        WHERE message_id = $1
    """
    return set(await value(context.db, list[int], sql, message_id))
