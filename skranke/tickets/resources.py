"""`/api/v1/Ticket`: tickets over REST, by the operations of the Ticket agent.

What isn't there is a 404 here, not null, and answers have `_Links`. Source: reference,
Ticket resources of the REST interface.
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
from skranke.tickets import operations, sql
from skranke.tickets.carriers import Ticket, TicketEntity, TicketEntityWithLinks
from skranke.tickets.save import notify as announcing

ENTITY_NAME = "TicketEntity"
NULL_DATE = datetime.min.replace(tzinfo=UTC)
# which list feeds which property
LIST_OF_PROPERTY = {
    "OwnedBy": "associate",
    "Category": "ejcategory",
    "Priority": "ticketpriority",
    "BaseStatus": "ticketstatus",
    "Status": "ticketticketstatus",
    "Person": "person_new",
    "SecondaryPersons": "person_new",
    "Sale": "sale",
    "Project": "project",
    "TicketType": "tickettype",
}


@resource(
    "GET",
    "/api/v1/Ticket/default",
    permission=Permission.READ,
    about=ENTITY_NAME,
    name="DefaultTicketEntity",
)
async def get_default_ticket(context: RequestContext) -> TicketEntity:
    """A blank ticket with the caller's defaults; nothing is saved."""
    return await operations.create_default_ticket_entity(context)


@resource(
    "POST",
    "/api/v1/Ticket",
    permission=Permission.WRITE,
    query=("notify",),
    about=ENTITY_NAME,
    name="HttpPostSaveTicketEntityWithNotify",
)
async def post_ticket(
    context: RequestContext, entity: TicketEntity, notify: bool = False
) -> TicketEntityWithLinks:
    """The ticket as it is saved: a new one for TicketId 0, else the changed.

    With `notify` those whom it concerns are told.
    """
    return _with_links(context, await _save(context, entity, notify=notify))


@resource(
    "GET",
    "/api/v1/Ticket/{ticket_id}",
    permission=Permission.READ,
    about=ENTITY_NAME,
    name="GetTicketEntity",
)
async def get_ticket(context: RequestContext, ticket_id: Int32) -> Response[TicketEntityWithLinks]:
    """A ticket with all that hangs on it; 304 when it hasn't changed since.

    Its read mark stays. NotFound without one.
    """
    found = await _load(context, ticket_id)
    return context.conditions.respond(_with_links(context, found), _last_modified(found))


@resource(
    "PUT",
    "/api/v1/Ticket/{ticket_id}",
    permission=Permission.WRITE,
    transaction=True,
    query=("notify",),
    about=ENTITY_NAME,
    name="HttpPutSaveTicketEntityWithNotify",
)
async def put_ticket(
    context: RequestContext, ticket_id: Int32, entity: TicketEntity, notify: bool = False
) -> TicketEntityWithLinks:
    """The ticket as it is when the posted one has replaced it.

    What the body lacks becomes its default, where SaveTicketEntity would keep it: the
    reference has PUT replace the whole, and PATCH is for parts. What a ticket can't be
    without stays. The id is the address's. NotFound, and PreconditionFailed by
    If-Unmodified-Since.
    """
    await lock_and_load(context, ticket_id)
    entity.ticket_id = ticket_id
    context = msgspec.structs.replace(context, given=operations.ALL_PROPERTIES)
    return _with_links(context, await _save(context, entity, notify=notify))


@resource(
    "PATCH",
    "/api/v1/Ticket/{ticket_id}",
    permission=Permission.WRITE,
    transaction=True,
    raw=True,
    query=("notify",),
    about=ENTITY_NAME,
    name="PatchTicketEntity",
)
async def patch_ticket(
    context: RequestContext, ticket_id: Int32, changes: Patch, notify: bool = False
) -> TicketEntityWithLinks:
    """The ticket as it is when a JSON Patch or a merge patch is done, as one save.

    NotFound, PreconditionFailed by If-Unmodified-Since, and Clash when a `test` of the
    patch fails; nothing is changed then. The id stays.
    """
    found = await lock_and_load(context, ticket_id)
    entity, given = apply_patch(found, changes, context.locale)
    entity.ticket_id = ticket_id
    context = msgspec.structs.replace(context, given=given)
    return _with_links(context, await _save(context, entity, notify=notify))


@resource(
    "GET",
    "/api/v1/Ticket/{ticket_id}/Simple",
    permission=Permission.READ,
    about=ENTITY_NAME,
    name="Simple",
)
async def get_simple_ticket(context: RequestContext, ticket_id: Int32) -> Response[Ticket]:
    """A ticket flat, with display names; 304 when it hasn't changed since."""
    found = require_found(await operations.get_ticket(context, ticket_id), "Ticket", ticket_id)
    return context.conditions.respond(found, _last_modified(found))


async def _save(context: RequestContext, entity: TicketEntity, *, notify: bool) -> TicketEntity:
    save = announcing.save_and_notify if notify else operations.save_ticket_entity
    return await save(context, entity)


async def _load(context: RequestContext, ticket_id: int) -> TicketEntity:
    found = await operations.get_ticket_entity(context, ticket_id)
    return require_found(found, "Ticket", ticket_id)


async def lock_and_load(context: RequestContext, ticket_id: int) -> TicketEntity:
    """The ticket, which nobody else can change before this request is done."""
    await sql.lock_ticket(context.db, ticket_id)
    found = await _load(context, ticket_id)
    context.conditions.check(_last_modified(found))
    return found


def _last_modified(ticket: TicketEntity | Ticket) -> datetime:
    """When a stored ticket was changed last: when it was made, where it never was."""
    return ticket.last_changed or ticket.created_at or NULL_DATE


def _with_links(context: RequestContext, ticket: TicketEntity) -> TicketEntityWithLinks:
    """The ticket with the addresses of itself, of its lists and of the archive."""
    archive = f"{context.base_url}/api/v1/Ticket"
    itself = f"{archive}/{ticket.ticket_id}"
    lists = {
        f"{name}.List": f"{context.base_url}/api/v1/MDOList/{list_name}"
        for name, list_name in LIST_OF_PROPERTY.items()
    }
    links = {"Self": itself, "Self.Simple": f"{itself}/Simple", **lists}
    return with_links(TicketEntityWithLinks, ticket, links | {"Archive": archive})
