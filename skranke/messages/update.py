"""Changing a stored message, and removing it or what stands above it."""

from msgspec.structs import replace

from skranke.catalog.extra_fields.rules import apply_texts
from skranke.catalog.extra_fields.sql import load_definitions
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.messages import sql
from skranke.messages.add import EXTRA_FIELDS_DOMAIN, log_message_action, recount_messages
from skranke.messages.attachments.linking import files_of_messages, mark_orphans
from skranke.messages.carriers import TicketMessageEntity
from skranke.messages.files.attach import attach_new_files
from skranke.messages.html_to_text import plain_text
from skranke.messages.locking import EDIT_MESSAGE, lock_message, write_edit
from skranke.messages.offload import run_offloaded
from skranke.messages.sanitize import sanitize
from skranke.messages.sql import MessageRow
from skranke.tickets.message_rows import TicketMessageHeader, TicketSecurityLevel
from skranke.tickets.reference_data import ReferenceData
from skranke.tickets.row import TicketRow
from skranke.tickets.save.context import SaveReason
from skranke.tickets.save.update import update_ticket

MESSAGE_DESCRIBED = 10002  # TicketLogAction whose description says what was done
Level = TicketSecurityLevel
EDITABLE_COLUMNS = {
    "Author": "author",
    "MessageId": "message_id",
    "TimeSpent": "time_spent",
    "Body": "body",
    "HtmlBody": "html_body",
    "EmailHeader": "email_header",
    "Important": "important",
}


async def update_message(
    context: RequestContext,
    posted: TicketMessageEntity,
    attachment_ids: list[int],
    *,
    set_replied: bool,
    name: str = "EjMessageId",
) -> int:
    """Lay what was given over a stored message, with more files; its EjMessageId.

    Where nothing is different nothing is written. NotFound, naming `name`, for the
    message, BadValue for what doesn't exist.
    """
    before = await lock_message(context, name, posted.ej_message_id)
    after = await _apply_posted(context, before, posted)
    headers = _changed_headers(context, before, posted)
    await sql.write_headers(context.db, before.id, headers)
    hung = await attach_new_files(context, before.id, attachment_ids)
    if after != before or headers or hung:
        await write_edit(context, before, after)
    if set_replied:
        await _note_reply(context, after)
    return before.id


async def _apply_posted(
    context: RequestContext, before: MessageRow, posted: TicketMessageEntity
) -> MessageRow:
    """The stored message with what was given laid over it."""
    given = [name for name in EDITABLE_COLUMNS if name in context.given]
    after = replace(
        before, **{EDITABLE_COLUMNS[n]: getattr(posted, EDITABLE_COLUMNS[n]) for n in given}
    )
    check_minutes(after.time_spent)
    if "Slevel" in context.given and posted.slevel is not Level.Unknown:
        after.slevel = posted.slevel.number
    if "Type" in context.given and posted.type.number:
        after.type = posted.type.number
    await _settle_texts(before, after)
    fields = (await context.get_cached(load_definitions)).get(EXTRA_FIELDS_DOMAIN, {})
    after.extra_fields = apply_texts(
        fields, before.extra_fields, posted.extra_fields, posted.custom_fields
    )
    return after


def check_minutes(minutes: int) -> None:
    """BadValue for a time that can't be spent."""
    if minutes < 0:
        raise BadValue("TimeSpent", f"{minutes} minutes can't be spent")


async def _settle_texts(before: MessageRow, after: MessageRow) -> None:
    """Keep html that only comes back as it was shown; new html brings its text."""
    if before.html_body and after.html_body not in ("", before.html_body):
        # who saves what he has read sends the sanitised html, not what is stored
        is_echo = after.html_body == await run_offloaded(sanitize, before.html_body)
        after.html_body = before.html_body if is_echo else after.html_body
    is_new = after.html_body != before.html_body and after.body == before.body
    is_emptied = before.body and not after.body
    if after.html_body and (is_new or is_emptied):
        after.body = await run_offloaded(plain_text, after.html_body)


def _changed_headers(
    context: RequestContext, before: MessageRow, posted: TicketMessageEntity
) -> list[TicketMessageHeader]:
    """Those of the given headers that are new or differ from what is stored."""
    if "MessageHeaders" not in context.given:
        return []
    known = {header.id: _header_key(header) for header in before.all_headers()}
    for header in posted.message_headers:
        if header.id and header.id not in known:
            raise BadValue("MessageHeaders.Id", f"{header.id} does not exist")
    return [h for h in posted.message_headers if known.get(h.id) != _header_key(h)]


def _header_key(header: TicketMessageHeader) -> tuple[object, ...]:
    return header.name, header.value, header.std_item, header.std_item_col


async def _note_reply(context: RequestContext, message: MessageRow) -> None:
    """Note a user's external message as the ticket's first reply, if it is that."""
    if message.customer_id is not None or message.slevel != Level.External.number:
        return

    def reply(ticket: TicketRow, _: ReferenceData) -> SaveReason | None:
        if ticket.replied_at is not None:
            return None
        ticket.replied_at = context.now
        return SaveReason(action=EDIT_MESSAGE)

    await update_ticket(context, message.ticket_id, reply)


async def set_important(context: RequestContext, message_id: int, *, important: bool) -> None:
    """Mark a message as important, or no longer; NotFound without it."""
    context = replace(context, given=frozenset({"Important"}))
    posted = TicketMessageEntity(ej_message_id=message_id, important=important)
    await update_message(context, posted, [], set_replied=False, name="TicketMessageId")


async def remove_message(context: RequestContext, message_id: int) -> None:
    """Remove a message; without effect where the caller sees none of that id."""
    try:
        message = await lock_message(context, "TicketMessageEntityId", message_id)
    except NotFound:
        return
    files = await files_of_messages(context.db, [message_id])
    await sql.delete_message(context.db, message_id)
    ids = [file.attachment_id for file in files.get(message_id, [])]
    await mark_orphans(context.db, ids, context.now)
    await log_message_action(context, message, MESSAGE_DESCRIBED, description="Message deleted")
    await recount_messages(context, message.ticket_id, EDIT_MESSAGE)


async def remove_headers(context: RequestContext, header_ids: list[int]) -> None:
    """Remove headers of messages; NotFound for one that the caller can't see."""
    for header_id in dict.fromkeys(header_ids):
        message_id = await sql.message_of_header(context.db, header_id)
        missing = NotFound(f"HeaderIds: {header_id} does not exist")
        if message_id is None:
            raise missing
        try:
            message = await lock_message(context, "HeaderIds", message_id)
        except NotFound:
            raise missing from None
        await sql.delete_header(context.db, header_id)
        await write_edit(context, message, message)
