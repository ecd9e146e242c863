"""One ticket becomes two: some messages, or part of one, begin a ticket of their own.

Source: SplitTicket and SplitTicketMessage of the reference; the manual on splitting.
"""

from datetime import datetime

import msgspec
from msgspec.structs import replace

from skranke.actions.merge_split.move_rows import move_messages
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, require_found
from skranke.core.schema import Carrier
from skranke.messages import save as messages
from skranke.messages.add import recount_messages
from skranke.messages.attachments.linking import link_files, unlink_files
from skranke.messages.carriers import TicketMessageEntity
from skranke.messages.load import require_ticket_of
from skranke.tickets.carriers import Ticket, TicketEntity
from skranke.tickets.operations import get_ticket_entity
from skranke.tickets.reference_data import ReferenceData
from skranke.tickets.row import TicketRow
from skranke.tickets.save import service
from skranke.tickets.save.context import PLAIN_SAVE, SaveReason
from skranke.tickets.save.update import update_visible_ticket
from skranke.tickets.sql import lock_ticket
from skranke.tickets.visibility import require_visible

EDIT_TICKET = 33  # TicketLogAction
# what the new ticket has from the old one, where it isn't posted
SHARED_PROPERTIES = {
    "Person": "person",
    "SecondaryPersons": "secondary_persons",
    "Origin": "origin",
    "FromAddress": "from_address",
    "Sale": "sale",
    "Project": "project",
}


async def split(
    context: RequestContext,
    source_id: int,
    status_id: int,
    activate: datetime | None,
    message_ids: list[int],
    fresh: TicketEntity,
) -> TicketEntity:
    """The new ticket, to which these messages of the source have gone.

    The source gets the status, 0 keeps its own. NotFound for the source, BadValue for a
    message that isn't its own and for the status.
    """
    await require_visible(context, "SourceTicketEntityId", [source_id])
    await lock_ticket(context.db, source_id)
    await _check_messages(context, source_id, message_ids)
    made = await _create_ticket(context, source_id, fresh)
    await move_messages(context.db, made, message_ids)
    await recount_messages(context, made, EDIT_TICKET)
    await recount_messages(context, source_id, EDIT_TICKET)
    await _set_status(context, source_id, status_id, activate)
    return await _load_ticket(context, made)


async def _check_messages(context: RequestContext, source_id: int, message_ids: list[int]) -> None:
    sql = "SELECT id FROM ej_message WHERE ticket_id = $1"
    own = {row["id"] for row in await context.db.fetch(sql, source_id)}
    for wish in message_ids:
        if wish not in own:
            fault = f"{wish} is no message of ticket {source_id}"
            raise BadValue("TransferMessageIds", fault)


async def _create_ticket(context: RequestContext, source_id: int, fresh: TicketEntity) -> int:
    """Save the new ticket, with what it has from the source; its id."""
    source = await _load_ticket(context, source_id)
    shared = {a: getattr(source, a) for n, a in SHARED_PROPERTIES.items() if n not in context.given}
    posted = replace(fresh, ticket_id=0, **shared)
    posted_call = replace(context, given=context.given | SHARED_PROPERTIES.keys())
    return (await service.save_new(posted_call, posted)).ticket_id


async def _set_status(
    context: RequestContext, source_id: int, status_id: int, activate: datetime | None
) -> None:
    def alter(row: TicketRow, lists: ReferenceData) -> SaveReason | None:
        if status_id:
            known = lists.statuses.by_id.get(status_id)
            if known is None or status_id in lists.statuses.deleted:
                fault = f"{status_id} does not exist"
                raise BadValue("SourceTicketEntityStatusId", fault)
            row.ticket_status, row.status = status_id, known.status.number
        row.activate = activate or row.activate
        return PLAIN_SAVE

    await update_visible_ticket(context, "SourceTicketEntityId", source_id, alter)


async def split_message(
    context: RequestContext,
    source: TicketMessageEntity,
    fresh: TicketEntity,
    message: TicketMessageEntity,
    attachment_ids: list[int],
) -> TicketEntity:
    """The new ticket with the new message; the old message has its edited text.

    These files go from the old message to the new one. NotFound for the old message,
    BadValue for a file that doesn't hang on it.
    """
    old = source.ej_message_id
    name = "SourceTicketMessage.EjMessageId"
    source_id = await require_ticket_of(context, name, old)
    await lock_ticket(context.db, source_id)
    await _check_files(context, old, attachment_ids)
    await messages.save_message(replace(context, given=_given_properties(source)), source)
    made = await _create_ticket(replace(context, given=_given_properties(fresh)), source_id, fresh)
    posted = replace(message, ej_message_id=0, ticket=Ticket(ticket_id=made))
    new = await messages.save_message(replace(context, given=_given_properties(posted)), posted)
    if attachment_ids:
        await link_files(context, new, attachment_ids)
        await unlink_files(context.db, old, attachment_ids, context.now)
        await recount_messages(context, made, EDIT_TICKET)
        await recount_messages(context, source_id, EDIT_TICKET)
    return await _load_ticket(context, made)


async def _check_files(context: RequestContext, message_id: int, attachment_ids: list[int]) -> None:
    sql = "SELECT attachment_id AS id FROM ticket_attachment WHERE message_id = $1"
    own = {row["id"] for row in await context.db.fetch(sql, message_id)}
    for wish in attachment_ids:
        if wish not in own:
            fault = f"{wish} does not hang on message {message_id}"
            raise BadValue("TransferAttachmentsIds", fault)


def _given_properties(entity: Carrier) -> frozenset[str]:
    """The properties that an entity sets to something: which it had isn't told here."""
    usual = type(entity)()
    return frozenset(
        field.encode_name
        for field in msgspec.structs.fields(entity)
        if getattr(entity, field.name) != getattr(usual, field.name)
    )


async def _load_ticket(context: RequestContext, ticket_id: int) -> TicketEntity:
    return require_found(await get_ticket_entity(context, ticket_id), "Ticket", ticket_id)
