"""Saving a posted message: a new one, or some of what may be changed of an old one."""

from msgspec.structs import replace

from skranke.catalog.extra_fields.rules import apply_texts, default_values
from skranke.catalog.extra_fields.sql import load_definitions
from skranke.catalog.preferences.sql import load_preferences
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.db.database import value
from skranke.messages import sql
from skranke.messages.add import EXTRA_FIELDS_DOMAIN, NewMessage, add_message
from skranke.messages.carriers import TicketMessageEntity
from skranke.messages.load import field_properties
from skranke.messages.update import check_minutes, update_message
from skranke.people.carriers import Associate
from skranke.tickets.links import load_person
from skranke.tickets.merged_redirect import final_ticket_id
from skranke.tickets.message_rows import TicketSecurityLevel
from skranke.tickets.reference_data import load_reference_data
from skranke.tickets.rights import table_right
from skranke.tickets.save.apply_posted import require_service_user
from skranke.tickets.visibility import require_visible

NOTIFY_EVENT = "skranke.message.notify"
Level = TicketSecurityLevel


async def default_message(context: RequestContext) -> TicketMessageEntity:
    """A blank message of the caller's; nothing is saved."""
    lists = await context.get_cached(load_reference_data)
    return TicketMessageEntity(
        created_at=context.now,
        created_by=lists.users.get(context.user.ej_user_id),
        author=context.user.full_name,
        slevel=await default_level(context),
        table_right=table_right(context.user.permissions),
        field_properties=field_properties(context.user.permissions, new=True),
    )


async def default_level(context: RequestContext, ticket_id: int = 0) -> TicketSecurityLevel:
    """The access level of a message that doesn't say.

    Source: the preference of it, and ReplyExternalAsDefault of the ticket's type.
    """
    external = (await context.get_cached(load_preferences)).external_as_default
    if ticket_id and not external:
        sql_of = "SELECT ticket_type FROM ticket WHERE id = $1"
        kind = await value(context.db, int, sql_of, ticket_id)
        lists = await context.get_cached(load_reference_data)
        external = lists.types[kind].carrier.reply_external_as_default
    return Level.External if external else Level.Internal


async def save_message(
    context: RequestContext,
    posted: TicketMessageEntity,
    *,
    notify: bool = False,
    attachment_ids: list[int] | None = None,
    set_replied: bool = False,
) -> int:
    """Write a message, a new one for id 0; its EjMessageId.

    A stored one keeps its files and gets these besides. `notify` leaves an event for
    whoever tells people. NotFound for the message and for its ticket, BadValue for what
    doesn't exist.
    """
    files = attachment_ids or []
    if posted.ej_message_id:
        message_id = await update_message(context, posted, files, set_replied=set_replied)
    else:
        draft = await _draft(context, posted)
        draft.attachment_ids, draft.set_replied = files, set_replied
        message_id = await add_message(context, draft)
    if notify:
        who = context.user.associate_id
        await sql.send_event(context.db, NOTIFY_EVENT, message_id, who, context.now)
    return message_id


async def _draft(context: RequestContext, posted: TicketMessageEntity) -> NewMessage:
    if posted.ticket is None or not posted.ticket.ticket_id:
        raise BadValue("Ticket.TicketId", "a message needs a ticket")
    wish = posted.ticket.ticket_id
    ticket_id = await final_ticket_id(context.db, wish)
    await require_visible(context, "Ticket.TicketId", [wish, ticket_id])
    check_minutes(posted.time_spent)
    person_id, name = await _customer(context, posted)
    unsaid = posted.slevel is Level.Unknown
    fields = (await context.get_cached(load_definitions)).get(EXTRA_FIELDS_DOMAIN, {})
    return NewMessage(
        ticket_id=ticket_id,
        body=posted.body,
        html_body=posted.html_body,
        type=posted.type,
        badge=posted.badge,
        person_id=person_id,
        slevel=await default_level(context, ticket_id) if unsaid else posted.slevel,
        author=posted.author or name or context.user.full_name,
        created_by=await _creator(context, posted.created_by),
        created_at=posted.created_at,
        message_id=posted.message_id,
        email_header=posted.email_header,
        time_spent=posted.time_spent,
        message_category=posted.message_category,
        important=posted.important,
        headers=[replace(header, id=0) for header in posted.message_headers],
        extra_fields=apply_texts(
            fields, default_values(fields), posted.extra_fields, posted.custom_fields
        ),
    )


async def _customer(context: RequestContext, posted: TicketMessageEntity) -> tuple[int | None, str]:
    """The id and the name of the customer that a message is from."""
    wish = posted.person.person_id if posted.person else 0
    if wish <= 0:
        return None, ""
    found = await load_person(context.db, wish)
    if found is None:
        raise BadValue("Person.PersonId", f"{wish} does not exist")
    return wish, found.full_name or found.email


async def _creator(context: RequestContext, wish: Associate | None) -> int:
    if wish is None or not wish.associate_id:
        return 0
    lists = await context.get_cached(load_reference_data)
    return require_service_user("CreatedBy.AssociateId", wish.associate_id, lists)
