"""Messages whole, as far as the caller may see their tickets.

Html is stored as it was sent and sanitised on its way out. Source: reference,
TicketMessageEntity.
"""

from functools import cache

from skranke.catalog.extra_fields.rules import wire_texts
from skranke.catalog.extra_fields.sql import load_definitions
from skranke.core.context import Permission, RequestContext
from skranke.core.errors import NotFound
from skranke.core.schema import EFieldRight, FieldProperties, FieldRight
from skranke.http.properties import properties_of
from skranke.messages import sql
from skranke.messages.add import EXTRA_FIELDS_DOMAIN
from skranke.messages.attachments.carriers import AttachmentEntity
from skranke.messages.attachments.linking import files_of_messages
from skranke.messages.carriers import TicketMessageCategory, TicketMessageEntity, TicketMessageType
from skranke.messages.offload import run_offloaded
from skranke.messages.sanitize import sanitize_all
from skranke.messages.sql import MessageRow
from skranke.tickets import sql as tickets
from skranke.tickets.carriers import Ticket
from skranke.tickets.links import load_message_rows
from skranke.tickets.message_rows import BadgeType, TicketMessage, TicketSecurityLevel
from skranke.tickets.reference_data import (
    NO_ASSOCIATE,
    SYSTEM_ASSOCIATE,
    SYSTEM_USER_ID,
    ReferenceData,
    load_reference_data,
)
from skranke.tickets.rights import table_right
from skranke.tickets.visibility import visible_ids

# what a save may set later, and what only when the message is new
WRITABLE_FIELDS = frozenset(
    {
        "author",
        "slevel",
        "type",
        "message_id",
        "time_spent",
        "body",
        "html_body",
        "email_header",
        "message_headers",
        "important",
        "extra_fields",
        "custom_fields",
    }
)
FIELDS_WRITABLE_WHEN_NEW = frozenset(
    {"ticket", "created_at", "created_by", "message_category", "person", "badge"}
)
ROW_PROPERTIES = properties_of(TicketMessage, lambda _: FieldRight(mask=EFieldRight.Read))


async def load_message_entities(
    context: RequestContext, ticket_id: int, ids: list[int], *, inline: bool = True
) -> list[TicketMessageEntity]:
    """The messages of a ticket with their files; no ids mean all, the oldest first.

    What is on another ticket is left out. NotFound unless the caller sees the ticket.
    """
    if ticket_id not in await visible_ids(context, [ticket_id]):
        raise NotFound(f"TicketId: {ticket_id} does not exist")
    wanted = ids or await sql.ids_of_ticket(context.db, ticket_id)
    found = await sql.load_messages(context.db, list(dict.fromkeys(wanted)))
    mine = [message for message in found if message.ticket_id == ticket_id]
    return await _build_entities(context, mine, inline=inline)


async def load_message_entity(
    context: RequestContext, message_id: int, *, inline: bool = True
) -> TicketMessageEntity | None:
    """A message whose ticket the caller may see; None without one."""
    found = await sql.load_messages(context.db, [message_id])
    if not found or not await visible_ids(context, [found[0].ticket_id]):
        return None
    return (await _build_entities(context, found, inline=inline))[0]


async def require_message(
    context: RequestContext, name: str, message_id: int
) -> TicketMessageEntity:
    """A message; NotFound, naming the parameter, unless the caller sees its ticket."""
    found = await load_message_entity(context, message_id)
    if found is None:
        raise NotFound(f"{name}: {message_id} does not exist")
    return found


async def require_ticket_of(context: RequestContext, name: str, message_id: int) -> int:
    """The ticket of a message; NotFound, naming the parameter, unless it is seen."""
    ticket_id = await sql.ticket_of(context.db, message_id)
    if ticket_id is None or not await visible_ids(context, [ticket_id]):
        raise NotFound(f"{name}: {message_id} does not exist")
    return ticket_id


async def load_visible_row(context: RequestContext, message_id: int) -> TicketMessage | None:
    """A message as a ticket's rows show it; None without one that the caller sees."""
    ticket_id = await sql.ticket_of(context.db, message_id)
    if ticket_id is None or not await visible_ids(context, [ticket_id]):
        return None
    for message in await load_message_rows(context.db, [message_id]):
        message.table_right = table_right(context.user.permissions)
        message.field_properties = ROW_PROPERTIES
        return message
    return None  # removed just now


async def _build_entities(
    context: RequestContext, messages: list[MessageRow], *, inline: bool
) -> list[TicketMessageEntity]:
    lists = await context.get_cached(load_reference_data)
    files = await files_of_messages(context.db, [m.id for m in messages], inline=inline)
    flat = await tickets.load_flat_tickets(context.db, list({m.ticket_id for m in messages}))
    by_id = {ticket.ticket_id: ticket for ticket in flat}
    fields = (await context.get_cached(load_definitions)).get(EXTRA_FIELDS_DOMAIN, {})
    htmls = await run_offloaded(sanitize_all, *(m.html_body for m in messages))
    entities: list[TicketMessageEntity] = []
    for message, html in zip(messages, htmls, strict=True):
        entity = _entity(message, html, by_id[message.ticket_id], files, lists)
        entity.extra_fields, entity.custom_fields = wire_texts(fields, message.extra_fields)
        entity.table_right = table_right(context.user.permissions)
        entity.field_properties = field_properties(context.user.permissions, new=False)
        entities.append(entity)
    return entities


def _entity(
    message: MessageRow,
    html: str,
    ticket: Ticket,
    files: dict[int, list[AttachmentEntity]],
    lists: ReferenceData,
) -> TicketMessageEntity:
    system = SYSTEM_ASSOCIATE if message.created_by == SYSTEM_USER_ID else NO_ASSOCIATE
    return TicketMessageEntity(
        ej_message_id=message.id,
        ticket=ticket,
        created_at=message.created_at,
        created_by=lists.users.get(message.created_by, system),
        author=message.author,
        slevel=TicketSecurityLevel.of(message.slevel),
        type=TicketMessageType.of(message.type),
        message_id=message.message_id,
        time_spent=message.time_spent,
        body=message.body,
        html_body=html,
        email_header=message.email_header,
        debug_info=message.debug_info,
        mail_sorter=message.mail_sorter,
        message_category=TicketMessageCategory.of(message.message_category),
        person=message.whole_person(),
        search_title=message.search_title,
        message_headers=message.all_headers(),
        important=message.important,
        language=message.language,
        sentiment=message.sentiment,
        sentiment_confidence=message.sentiment_confidence,
        badge=BadgeType.of(message.badge),
        attachments_info=files.get(message.id, []),
    )


@cache
def field_properties(rights: frozenset[Permission], *, new: bool) -> FieldProperties:
    """Per property of TicketMessageEntity: may the caller read or write it."""
    writable = WRITABLE_FIELDS | FIELDS_WRITABLE_WHEN_NEW if new else WRITABLE_FIELDS

    def right(name: str) -> FieldRight:
        if Permission.WRITE not in rights:
            return FieldRight(mask=EFieldRight.Read, reason="[SR_SKRANKE_ONLY_READ]")
        may = EFieldRight.Update if name in writable else EFieldRight.Read
        return FieldRight(mask=may)

    return properties_of(TicketMessageEntity, right)
