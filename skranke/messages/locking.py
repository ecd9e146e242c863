"""A stored message, held while it is changed, and what follows from the change.

It is held by its ticket, whose counters, date and log follow. Source: reference,
TicketMessageEntity; the vendor's tables ticket_log_action and ticket_log_change.
"""

from collections.abc import Iterator

from skranke.core.context import RequestContext
from skranke.core.errors import Conflict, NotFound
from skranke.messages import sql
from skranke.messages.add import log_message_action, recount_messages
from skranke.messages.load import require_ticket_of
from skranke.messages.sql import LoggedChange, MessageRow
from skranke.tickets.reference_data import SYSTEM_USER_ID
from skranke.tickets.row import log_text
from skranke.tickets.sql import lock_ticket

EDIT_MESSAGE, MESSAGE_EDITED = 36, 10015  # TicketLogAction, of ticket and message
LOG_CHANGE_NUMBERS = {
    "author": 10004,
    "slevel": 10005,
    "type": 10006,
    "message_id": 10007,
    "time_spent": 10008,
    "body": 10009,
    "html_body": 10010,
    "email_header": 10011,
    "extra_fields": 10012,
}


async def lock_message(context: RequestContext, name: str, message_id: int) -> MessageRow:
    """A message that nobody else can change before the transaction ends.

    NotFound, naming the parameter, unless the caller sees its ticket; Clash where it
    was moved to another ticket meanwhile.
    """
    ticket_id = await require_ticket_of(context, name, message_id)
    await lock_ticket(context.db, ticket_id)
    # whoever held it until now may have removed or moved it
    found = await sql.load_messages(context.db, [message_id])
    if not found:
        raise NotFound(f"{name}: {message_id} does not exist")
    if found[0].ticket_id != ticket_id:
        raise Conflict(f"{name}: {message_id} was moved just now; try again")
    return found[0]


async def write_edit(context: RequestContext, before: MessageRow, after: MessageRow) -> None:
    """Write over a held message, with log, and its ticket's counters, date and event.

    The two are the same where something was changed that hangs on the message.
    """
    await sql.update_message(
        context.db, after, context.user.ej_user_id or SYSTEM_USER_ID, context.now
    )
    await log_message_action(context, after, MESSAGE_EDITED, list(_changes(before, after)))
    await recount_messages(context, after.ticket_id, EDIT_MESSAGE)


def _changes(before: MessageRow, after: MessageRow) -> Iterator[LoggedChange]:
    for name, number in LOG_CHANGE_NUMBERS.items():
        was, is_ = getattr(before, name), getattr(after, name)
        if was != is_:
            yield LoggedChange(number=number, before=log_text(was), after=log_text(is_))
