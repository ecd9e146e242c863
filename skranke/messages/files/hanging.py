"""Hanging files on messages and taking them off, with the ticket's count of them."""

from skranke.attachments.linking import link, unlink
from skranke.messages.adding import recount
from skranke.messages.reading import seen_ticket_of
from skranke.messages.saving import EDIT_MESSAGE
from skranke.store.database import value
from skranke.tickets.sql import hold
from skranke.wire.call import Call
from skranke.wire.errors import BadValue


async def hang(call: Call, message_id: int, attachment_ids: list[int]) -> None:
    """Hang files on a message; NotFound for it, BadValue for a file."""
    ticket_id = await seen_ticket_of(call, "TicketMessageEntityId", message_id)
    await hold(call.db, ticket_id)
    await link(call, message_id, attachment_ids)
    await recount(call, ticket_id, EDIT_MESSAGE)


async def take_off(call: Call, message_id: int, attachment_ids: list[int]) -> None:
    """Take files off a message; NotFound for it, BadValue for one not hanging there."""
    ticket_id = await seen_ticket_of(call, "TicketMessageEntityId", message_id)
    await hold(call.db, ticket_id)
    sql = """
        SELECT coalesce(array_agg(attachment_id), '{}') FROM ticket_attachment
        WHERE message_id = $1
    """
    hanging = await value(call.db, list[int], sql, message_id)
    for wish in attachment_ids:
        if wish not in hanging:
            fault = f"{wish} does not hang on message {message_id}"
            raise BadValue("AttachmentIds", fault)
    await unlink(call.db, message_id, attachment_ids, call.now)
    await recount(call, ticket_id, EDIT_MESSAGE)
