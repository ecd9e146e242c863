"""Telling a ticket that somebody can't be reached."""

import logging

from skranke.channels.mail.sql import OutboxEmail
from skranke.core.context import RequestContext
from skranke.core.errors import NotFound
from skranke.db.database import execute
from skranke.messages.add import NewMessage, add_message
from skranke.messages.carriers import TicketMessageCategory, TicketMessageType
from skranke.tickets.message_rows import BadgeType, TicketSecurityLevel
from skranke.tickets.reference_data import SYSTEM_USER_ID

log = logging.getLogger("skranke.channels.mail")
NOTIFICATION = "notification"
CUSTOM_DESCRIPTION = 2  # TicketLogAction


async def report_bounce(
    context: RequestContext, letter: OutboxEmail, refused: dict[str, str]
) -> None:
    """Name on the ticket whom a letter doesn't reach, and why.

    A message of category OutboxFailed; where the letter was a notification only a note
    in the log, since a message would be news of which somebody is to be notified.
    """
    who = "\n".join(f"{one}: {why}" for one, why in refused.items())
    told = f"“{letter.subject}” could not be delivered.\n\n{who}"
    log.warning("Letter %d could not be delivered: %s", letter.id, who)
    if not letter.ticket_id:
        return
    if letter.type == NOTIFICATION:
        await _log_on_ticket(context, letter.ticket_id, told)
        return
    try:
        await add_message(
            context,
            NewMessage(
                ticket_id=letter.ticket_id,
                body=told,
                type=TicketMessageType.Plain,
                slevel=TicketSecurityLevel.Internal,
                badge=BadgeType.Comment,
                author="system",
                created_by=SYSTEM_USER_ID,
                message_category=TicketMessageCategory.OutboxFailed,
            ),
        )
    except NotFound:  # the ticket is gone, and with it the reason to write
        log.info("Ticket %d is gone", letter.ticket_id)


async def _log_on_ticket(context: RequestContext, ticket_id: int, told: str) -> None:
    await execute(
        context.db,
        """
        INSERT INTO ticket_log_action
            (ticket_id, org_ticket_id, user_id, log_when, log_action, description)
        VALUES ($1, $1, $2, $3, $4, $5)
        """,
        ticket_id,
        SYSTEM_USER_ID,
        context.now,
        CUSTOM_DESCRIPTION,
        " ".join(told.split())[:255],
    )
