"""Saving a posted message: a new one, or some of what may be changed of an old one."""

from msgspec.structs import replace

from skranke.attachments.linking import of_messages, orphan
from skranke.fields.rules import applied, initial
from skranke.fields.sql import definitions
from skranke.messages import sql
from skranke.messages.adding import DOMAIN, Draft, add, note, recount
from skranke.messages.carriers import TicketMessageEntity
from skranke.messages.plain import text_of
from skranke.messages.reading import field_properties, seen_ticket_of
from skranke.messages.sql import MessageRow
from skranke.people.carriers import Associate
from skranke.preferences.sql import preferences
from skranke.store.database import value
from skranke.tickets.choices import SYSTEM_USER, choices
from skranke.tickets.links import person
from skranke.tickets.merging import service_user
from skranke.tickets.message_rows import TicketSecurityLevel
from skranke.tickets.rights import table_right
from skranke.tickets.sight import see_all, visible
from skranke.tickets.sql import hold
from skranke.wire.call import Call
from skranke.wire.errors import BadValue

EDIT_MESSAGE, MESSAGE_EDITED = 36, 10015  # TicketLogAction, of ticket and message
NOTIFY = "skranke.message.notify"
Level = TicketSecurityLevel
EDITABLE = {
    "Author": "author", "MessageId": "message_id", "TimeSpent": "time_spent",
    "Body": "body", "HtmlBody": "html_body", "EmailHeader": "email_header",
    "Important": "important",
}  # fmt: skip


async def default(call: Call) -> TicketMessageEntity:
    """A blank message of the caller's; nothing is saved."""
    lists = await call.recall(choices)
    return TicketMessageEntity(
        created_at=call.now,
        created_by=lists.users.get(call.caller.ej_user_id),
        author=call.caller.full_name,
        slevel=await default_level(call),
        table_right=table_right(call.caller.rights),
        field_properties=field_properties(call.caller.rights, new=True),
    )


async def default_level(call: Call) -> TicketSecurityLevel:
    """The access level of a message that doesn't say. Source: the preference of it."""
    external = (await call.recall(preferences)).external_as_default
    return Level.External if external else Level.Internal


async def save(
    call: Call, posted: TicketMessageEntity, *, notify: bool = False,
    attachment_ids: list[int] | None = None, set_replied: bool = False,
) -> int:  # fmt: skip
    """Write a message, a new one for id 0; its EjMessageId.

    `notify` leaves an event for whoever tells people. NotFound for the message and for
    its ticket, BadValue for what doesn't exist.
    """
    if posted.ej_message_id:
        message_id = await _change(call, posted)
    else:
        draft = await _draft(call, posted)
        draft.attachment_ids = attachment_ids or []
        draft.set_replied = set_replied
        message_id = await add(call, draft)
    if notify:
        who = call.caller.associate_id
        await sql.signal(call.db, NOTIFY, message_id, who, call.now)
    return message_id


async def _draft(call: Call, posted: TicketMessageEntity) -> Draft:
    if posted.ticket is None or not posted.ticket.ticket_id:
        raise BadValue("Ticket.TicketId", "a message needs a ticket")
    ticket_id = posted.ticket.ticket_id
    await see_all(call, "Ticket.TicketId", [ticket_id])
    _check_minutes(posted.time_spent)
    person_id, name = await _customer(call, posted)
    level = posted.slevel
    fields = (await call.recall(definitions)).get(DOMAIN, {})
    return Draft(
        ticket_id=ticket_id, body=posted.body, html_body=posted.html_body,
        type=posted.type, badge=posted.badge, person_id=person_id,
        slevel=await default_level(call) if level is Level.Unknown else level,
        author=posted.author or name or call.caller.full_name,
        created_by=await _creator(call, posted.created_by),
        created_at=posted.created_at, message_id=posted.message_id,
        email_header=posted.email_header, time_spent=posted.time_spent,
        message_category=posted.message_category, important=posted.important,
        headers=[replace(header, id=0) for header in posted.message_headers],
        extra_fields=applied(
            fields, initial(fields), posted.extra_fields, posted.custom_fields
        ),
    )  # fmt: skip


def _check_minutes(minutes: int) -> None:
    if minutes < 0:
        raise BadValue("TimeSpent", f"{minutes} minutes can't be spent")


async def _customer(call: Call, posted: TicketMessageEntity) -> tuple[int | None, str]:
    """The id and the name of the customer that a message is from."""
    wish = posted.person.person_id if posted.person else 0
    if wish <= 0:
        return None, ""
    found = await person(call.db, wish)
    if found is None:
        raise BadValue("Person.PersonId", f"{wish} does not exist")
    return wish, found.full_name or found.email


async def _creator(call: Call, wish: Associate | None) -> int:
    if wish is None or not wish.associate_id:
        return 0
    lists = await call.recall(choices)
    return service_user("CreatedBy.AssociateId", wish.associate_id, lists)


async def _change(call: Call, posted: TicketMessageEntity) -> int:
    message_id = posted.ej_message_id
    ticket_id = await seen_ticket_of(call, "EjMessageId", message_id)
    await hold(call.db, ticket_id)
    [before] = await sql.messages(call.db, [message_id])
    after = await _merged(call, before, posted)
    if "MessageHeaders" in call.given:
        await _check_headers(call, before, posted)
        await sql.write_headers(call.db, message_id, posted.message_headers)
    if after != before:
        user = call.caller.ej_user_id or SYSTEM_USER
        await sql.update(call.db, after, user, call.now)
        await note(call, after, MESSAGE_EDITED)
        await recount(call, ticket_id, EDIT_MESSAGE)
    return message_id


async def _merged(
    call: Call, before: MessageRow, posted: TicketMessageEntity
) -> MessageRow:
    """The stored message with what was given laid over it."""
    given = [name for name in EDITABLE if name in call.given]
    after = replace(
        before, **{EDITABLE[n]: getattr(posted, EDITABLE[n]) for n in given}
    )
    _check_minutes(after.time_spent)
    if "Slevel" in call.given and posted.slevel is not Level.Unknown:
        after.slevel = posted.slevel.number
    if "Type" in call.given and posted.type.number:
        after.type = posted.type.number
    if "HtmlBody" in call.given and "Body" not in call.given:
        after.body = text_of(posted.html_body) if posted.html_body else before.body
    fields = (await call.recall(definitions)).get(DOMAIN, {})
    after.extra_fields = applied(
        fields, before.extra_fields, posted.extra_fields, posted.custom_fields
    )
    return after


async def _check_headers(
    call: Call, before: MessageRow, posted: TicketMessageEntity
) -> None:
    known = {header.id for header in before.all_headers()}
    for header in posted.message_headers:
        if header.id and header.id not in known:
            raise BadValue("MessageHeaders.Id", f"{header.id} does not exist")


async def set_important(call: Call, message_id: int, *, important: bool) -> None:
    """Mark a message as important, or no longer; NotFound without it."""
    given = frozenset({"Important"})
    posted = TicketMessageEntity(ej_message_id=message_id, important=important)
    await _change(replace(call, given=given), posted)


async def remove(call: Call, message_id: int) -> None:
    """Remove a message; without effect where the caller sees none of that id."""
    ticket_id = await sql.ticket_of(call.db, message_id)
    if ticket_id is None or not await visible(call, [ticket_id]):
        return
    await hold(call.db, ticket_id)
    files = await of_messages(call.db, [message_id])
    await sql.delete(call.db, message_id)
    ids = [file.attachment_id for file in files.get(message_id, [])]
    await orphan(call.db, ids, call.now)
    await recount(call, ticket_id, EDIT_MESSAGE)


async def remove_headers(call: Call, header_ids: list[int]) -> None:
    """Remove headers of messages; NotFound for one that the caller can't see."""
    for header_id in header_ids:
        sql_of = "SELECT message_id FROM message_header WHERE id = $1"
        message_id = await value(call.db, int, sql_of, header_id)
        await seen_ticket_of(call, "HeaderIds", message_id or 0)
    await call.db.execute("DELETE FROM message_header WHERE id = ANY ($1)", header_ids)
