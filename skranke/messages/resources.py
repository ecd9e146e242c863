"""`/api/v1/TicketMessage`: messages over REST, by the operations of the Ticket agent.

What isn't there is a 404 here, and answers have `_Links`. Source: reference, resources
of ticket messages of the REST interface.
"""

from datetime import UTC, datetime

import msgspec

from skranke.core.answer import Answer
from skranke.core.context import Call, Right
from skranke.core.errors import sought
from skranke.core.schema import Int32
from skranke.http.codecs.json_patch import Patch, patched
from skranke.http.links import linked
from skranke.http.operation import resource
from skranke.messages import load, operations, save
from skranke.messages.carriers import TicketMessageEntity, TicketMessageEntityWithLinks
from skranke.messages.locking import held

ENTITY = "TicketMessageEntity"
NEVER = datetime.min.replace(tzinfo=UTC)
ALL = frozenset(f.encode_name for f in msgspec.structs.fields(TicketMessageEntity))


@resource(
    "GET",
    "/api/v1/TicketMessage/default",
    right=Right.READ,
    about=ENTITY,
    name="DefaultTicketMessageEntity",
)
async def get_default_message(call: Call) -> TicketMessageEntity:
    """A blank message of the caller's; nothing is saved."""
    return await operations.create_default_ticket_message_entity(call)


@resource(
    "POST",
    "/api/v1/TicketMessage",
    right=Right.WRITE,
    query=("notify",),
    transaction=True,
    about=ENTITY,
    name="HttpPostSaveTicketMessageEntityWithNotify",
)
async def post_message(
    call: Call, entity: TicketMessageEntity, notify: bool = False
) -> TicketMessageEntityWithLinks:
    """The message as it is saved; with `notify` who follows the ticket is told."""
    saved = await save.save(call, entity, notify=notify)
    return _linked(call, await _found(call, saved))


@resource(
    "GET",
    "/api/v1/TicketMessage/{message_id}",
    right=Right.READ,
    about=ENTITY,
    name="GetTicketMessageEntity",
)
async def get_message(call: Call, message_id: Int32) -> Answer[TicketMessageEntityWithLinks]:
    """A message whole; 304 when neither it nor its ticket has changed since.

    NotFound without one.
    """
    found = await _found(call, message_id)
    # a message shows its ticket, which is newer after every change of a message
    changed = found.ticket and found.ticket.last_changed
    return call.conditions.answer(_linked(call, found), changed or NEVER)


@resource(
    "PUT",
    "/api/v1/TicketMessage/{message_id}",
    right=Right.WRITE,
    query=("notify",),
    transaction=True,
    about=ENTITY,
    name="HttpPutSaveTicketMessageEntityWithNotify",
)
async def put_message(
    call: Call, message_id: Int32, entity: TicketMessageEntity, notify: bool = False
) -> TicketMessageEntityWithLinks:
    """The message when the posted one has replaced what may be changed of it.

    The id is the address's. NotFound without one, and PreconditionFailed by
    If-Unmodified-Since.
    """
    await _held(call, message_id)
    entity.ej_message_id = message_id
    call = msgspec.structs.replace(call, given=ALL)
    await save.save(call, entity, notify=notify)
    return _linked(call, await _found(call, message_id))


@resource(
    "PATCH",
    "/api/v1/TicketMessage/{message_id}",
    right=Right.WRITE,
    raw=True,
    transaction=True,
    about=ENTITY,
    name="PatchTicketMessageEntity",
)
async def patch_message(
    call: Call, message_id: Int32, changes: Patch
) -> TicketMessageEntityWithLinks:
    """The message when a JSON Patch or a merge patch is done, as one save.

    NotFound, PreconditionFailed by If-Unmodified-Since, and Clash when a `test` of the
    patch fails.
    """
    entity, given = patched(await _held(call, message_id), changes, call.locale)
    entity.ej_message_id = message_id
    call = msgspec.structs.replace(call, given=given)
    await save.save(call, entity)
    return _linked(call, await _found(call, message_id))


@resource(
    "DELETE",
    "/api/v1/TicketMessage/{message_id}",
    right=Right.WRITE,
    transaction=True,
    about=ENTITY,
    name="DeleteTicketMessageEntity",
)
async def delete_message(call: Call, message_id: Int32) -> None:
    """Remove a message; NotFound, and PreconditionFailed by If-Unmodified-Since."""
    await _held(call, message_id)
    await operations.delete_ticket_message_entity(call, message_id)


async def _found(call: Call, message_id: int) -> TicketMessageEntity:
    found = await load.message_entity(call, message_id)
    return sought(found, "TicketMessage", message_id)


async def _held(call: Call, message_id: int) -> TicketMessageEntity:
    """The message, which nobody else can change before this request is done.

    Its own change is what a condition is held against: what its ticket has been through
    meanwhile is no reason to refuse.
    """
    await _found(call, message_id)
    message = await held(call, "TicketMessageId", message_id)
    call.conditions.check(message.changed_at or NEVER)
    return await _found(call, message_id)


def _linked(call: Call, message: TicketMessageEntity) -> TicketMessageEntityWithLinks:
    """The message with the addresses of itself, its files and its ticket."""
    archive = f"{call.base_url}/api/v1/TicketMessage"
    itself = f"{archive}/{message.ej_message_id}"
    addresses = {"Self": itself, "Self.Attachment": f"{itself}/Attachment"}
    if message.ticket:
        ticket = f"{call.base_url}/api/v1/Ticket/{message.ticket.ticket_id}"
        addresses["Ticket"] = ticket
    addresses["Archive"] = archive
    return linked(TicketMessageEntityWithLinks, message, addresses)
