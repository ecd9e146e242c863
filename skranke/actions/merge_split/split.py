"""One ticket becomes two: some messages, or part of one, begin a ticket of their own.

Source: SplitTicket and SplitTicketMessage of the reference; the manual on splitting.
"""

from datetime import datetime

import msgspec
from msgspec.structs import replace

from skranke.actions.merge_split.move_rows import move_messages
from skranke.core.context import Call
from skranke.core.errors import BadValue, sought
from skranke.core.schema import Carrier
from skranke.messages import save as messages
from skranke.messages.add import recount
from skranke.messages.attachments.linking import link, unlink
from skranke.messages.carriers import TicketMessageEntity
from skranke.messages.load import seen_ticket_of
from skranke.tickets.carriers import Ticket, TicketEntity
from skranke.tickets.operations import get_ticket_entity
from skranke.tickets.reference_data import Choices
from skranke.tickets.row import TicketRow
from skranke.tickets.save import service
from skranke.tickets.save.context import NOTHING_MORE, Purpose
from skranke.tickets.save.update import revise_seen
from skranke.tickets.sql import hold
from skranke.tickets.visibility import see_all

EDIT_TICKET = 33  # TicketLogAction
# what the new ticket has from the old one, where it isn't posted
SHARED = {
    "Person": "person",
    "SecondaryPersons": "secondary_persons",
    "Origin": "origin",
    "FromAddress": "from_address",
    "Sale": "sale",
    "Project": "project",
}


async def split(
    call: Call,
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
    await see_all(call, "SourceTicketEntityId", [source_id])
    await hold(call.db, source_id)
    await _check_messages(call, source_id, message_ids)
    made = await _created(call, source_id, fresh)
    await move_messages(call.db, made, message_ids)
    await recount(call, made, EDIT_TICKET)
    await recount(call, source_id, EDIT_TICKET)
    await _set_status(call, source_id, status_id, activate)
    return await _whole(call, made)


async def _check_messages(call: Call, source_id: int, message_ids: list[int]) -> None:
    sql = "SELECT id FROM ej_message WHERE ticket_id = $1"
    own = {row["id"] for row in await call.db.fetch(sql, source_id)}
    for wish in message_ids:
        if wish not in own:
            fault = f"{wish} is no message of ticket {source_id}"
            raise BadValue("TransferMessageIds", fault)


async def _created(call: Call, source_id: int, fresh: TicketEntity) -> int:
    """Save the new ticket, with what it has from the source; its id."""
    source = await _whole(call, source_id)
    shared = {a: getattr(source, a) for n, a in SHARED.items() if n not in call.given}
    posted = replace(fresh, ticket_id=0, **shared)
    posted_call = replace(call, given=call.given | SHARED.keys())
    return (await service.create(posted_call, posted)).ticket_id


async def _set_status(
    call: Call, source_id: int, status_id: int, activate: datetime | None
) -> None:
    def alter(row: TicketRow, lists: Choices) -> Purpose | None:
        if status_id:
            known = lists.statuses.by_id.get(status_id)
            if known is None or status_id in lists.statuses.deleted:
                fault = f"{status_id} does not exist"
                raise BadValue("SourceTicketEntityStatusId", fault)
            row.ticket_status, row.status = status_id, known.status.number
        row.activate = activate or row.activate
        return NOTHING_MORE

    await revise_seen(call, "SourceTicketEntityId", source_id, alter)


async def split_message(
    call: Call,
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
    source_id = await seen_ticket_of(call, name, old)
    await hold(call.db, source_id)
    await _check_files(call, old, attachment_ids)
    await messages.save(replace(call, given=_said(source)), source)
    made = await _created(replace(call, given=_said(fresh)), source_id, fresh)
    posted = replace(message, ej_message_id=0, ticket=Ticket(ticket_id=made))
    new = await messages.save(replace(call, given=_said(posted)), posted)
    if attachment_ids:
        await link(call, new, attachment_ids)
        await unlink(call.db, old, attachment_ids, call.now)
        await recount(call, made, EDIT_TICKET)
        await recount(call, source_id, EDIT_TICKET)
    return await _whole(call, made)


async def _check_files(call: Call, message_id: int, attachment_ids: list[int]) -> None:
    sql = "SELECT attachment_id AS id FROM ticket_attachment WHERE message_id = $1"
    own = {row["id"] for row in await call.db.fetch(sql, message_id)}
    for wish in attachment_ids:
        if wish not in own:
            fault = f"{wish} does not hang on message {message_id}"
            raise BadValue("TransferAttachmentsIds", fault)


def _said(entity: Carrier) -> frozenset[str]:
    """The properties that an entity sets to something: which it had isn't told here."""
    usual = type(entity)()
    return frozenset(
        field.encode_name
        for field in msgspec.structs.fields(entity)
        if getattr(entity, field.name) != getattr(usual, field.name)
    )


async def _whole(call: Call, ticket_id: int) -> TicketEntity:
    return sought(await get_ticket_entity(call, ticket_id), "Ticket", ticket_id)
