"""`/api/v1/TicketMessage`: messages over REST, by the operations of the Ticket agent.

What isn't there is a 404 here, and answers have `_Links`. Source: reference, resources
of ticket messages of the REST interface.
"""

from datetime import UTC, datetime

import msgspec

from skranke.core.context import Permission, RequestContext
from skranke.core.errors import require_found
from skranke.core.response import Response
from skranke.core.schema import Int32
from skranke.http.formats.json_patch import Patch, apply_patch
from skranke.http.links import with_links
from skranke.http.operation import resource
from skranke.messages import load, operations, save
from skranke.messages.carriers import TicketMessageEntity, TicketMessageEntityWithLinks
from skranke.messages.locking import lock_message

ENTITY_NAME = "TicketMessageEntity"
NULL_DATE = datetime.min.replace(tzinfo=UTC)
ALL_PROPERTIES = frozenset(f.encode_name for f in msgspec.structs.fields(TicketMessageEntity))


@resource(
    "GET",
    "/api/v1/TicketMessage/default",
    permission=Permission.READ,
    about=ENTITY_NAME,
    name="DefaultTicketMessageEntity",
)
async def get_default_message(context: RequestContext) -> TicketMessageEntity:
    """A blank message of the caller's; nothing is saved."""
    return await operations.create_default_ticket_message_entity(context)


@resource(
    "POST",
    "/api/v1/TicketMessage",
    permission=Permission.WRITE,
    query=("notify",),
    transaction=True,
    about=ENTITY_NAME,
    name="HttpPostSaveTicketMessageEntityWithNotify",
)
async def post_message(
    context: RequestContext, entity: TicketMessageEntity, notify: bool = False
) -> TicketMessageEntityWithLinks:
    """The message as it is saved; with `notify` who follows the ticket is told."""
    saved = await save.save_message(context, entity, notify=notify)
    return _with_links(context, await _load(context, saved))


@resource(
    "GET",
    "/api/v1/TicketMessage/{message_id}",
    permission=Permission.READ,
    about=ENTITY_NAME,
    name="GetTicketMessageEntity",
)
async def get_message(
    context: RequestContext, message_id: Int32
) -> Response[TicketMessageEntityWithLinks]:
    """A message whole; 304 when neither it nor its ticket has changed since.

    NotFound without one.
    """
    found = await _load(context, message_id)
    # a message shows its ticket, which is newer after every change of a message
    changed = found.ticket and found.ticket.last_changed
    return context.conditions.respond(_with_links(context, found), changed or NULL_DATE)


@resource(
    "PUT",
    "/api/v1/TicketMessage/{message_id}",
    permission=Permission.WRITE,
    query=("notify",),
    transaction=True,
    about=ENTITY_NAME,
    name="HttpPutSaveTicketMessageEntityWithNotify",
)
async def put_message(
    context: RequestContext, message_id: Int32, entity: TicketMessageEntity, notify: bool = False
) -> TicketMessageEntityWithLinks:
    """The message when the posted one has replaced what may be changed of it.

    The id is the address's. NotFound without one, and PreconditionFailed by
    If-Unmodified-Since.
    """
    await _lock_and_load(context, message_id)
    entity.ej_message_id = message_id
    context = msgspec.structs.replace(context, given=ALL_PROPERTIES)
    await save.save_message(context, entity, notify=notify)
    return _with_links(context, await _load(context, message_id))


@resource(
    "PATCH",
    "/api/v1/TicketMessage/{message_id}",
    permission=Permission.WRITE,
    raw=True,
    transaction=True,
    about=ENTITY_NAME,
    name="PatchTicketMessageEntity",
)
async def patch_message(
    context: RequestContext, message_id: Int32, changes: Patch
) -> TicketMessageEntityWithLinks:
    """The message when a JSON Patch or a merge patch is done, as one save.

    NotFound, PreconditionFailed by If-Unmodified-Since, and Clash when a `test` of the
    patch fails.
    """
    entity, given = apply_patch(await _lock_and_load(context, message_id), changes, context.locale)
    entity.ej_message_id = message_id
    context = msgspec.structs.replace(context, given=given)
    await save.save_message(context, entity)
    return _with_links(context, await _load(context, message_id))


@resource(
    "DELETE",
    "/api/v1/TicketMessage/{message_id}",
    permission=Permission.WRITE,
    transaction=True,
    about=ENTITY_NAME,
    name="DeleteTicketMessageEntity",
)
async def delete_message(context: RequestContext, message_id: Int32) -> None:
    """Remove a message; NotFound, and PreconditionFailed by If-Unmodified-Since."""
    await _lock_and_load(context, message_id)
    await operations.delete_ticket_message_entity(context, message_id)


async def _load(context: RequestContext, message_id: int) -> TicketMessageEntity:
    found = await load.load_message_entity(context, message_id)
    return require_found(found, "TicketMessage", message_id)


async def _lock_and_load(context: RequestContext, message_id: int) -> TicketMessageEntity:
    """The message, which nobody else can change before this request is done.

    Its own change is what a condition is held against: what its ticket has been through
    meanwhile is no reason to refuse.
    """
    await _load(context, message_id)
    message = await lock_message(context, "TicketMessageId", message_id)
    context.conditions.check(message.changed_at or NULL_DATE)
    return await _load(context, message_id)


def _with_links(
    context: RequestContext, message: TicketMessageEntity
) -> TicketMessageEntityWithLinks:
    """The message with the addresses of itself, its files and its ticket."""
    archive = f"{context.base_url}/api/v1/TicketMessage"
    itself = f"{archive}/{message.ej_message_id}"
    addresses = {"Self": itself, "Self.Attachment": f"{itself}/Attachment"}
    if message.ticket:
        ticket = f"{context.base_url}/api/v1/Ticket/{message.ticket.ticket_id}"
        addresses["Ticket"] = ticket
    addresses["Archive"] = archive
    return with_links(TicketMessageEntityWithLinks, message, addresses)
