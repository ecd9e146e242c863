"""Understanding one message: read it, think, write beside it what was found.

Nothing is locked while it thinks. The language of the first external message that has
one is the ticket's; the sentiment of the customer's last message is the ticket's; a
category is suggested as long as nobody has chosen one.
"""

from msgspec import Struct

from skranke.ai import models, sql
from skranke.ai.categorising import Model
from skranke.ai.language import language
from skranke.ai.preparing import prepared
from skranke.ai.sentiment import SILENT, Feeling, feeling
from skranke.ai.sql import Standing, Waiting
from skranke.ai.thinking import think
from skranke.ai.training import opening
from skranke.ai.wishes import APPLY, OFF, Wishes, wishes
from skranke.jobs.worker import call_of
from skranke.statuses.carriers import TicketBaseStatus as Base
from skranke.store.database import transaction
from skranke.tickets.choices import Choices
from skranke.tickets.occasion import Purpose
from skranke.tickets.revising import revise
from skranke.tickets.row import TicketRow
from skranke.wire.call import Call
from skranke.wire.server import Desk

UNDERSTOOD = 1002  # TicketLogAction of ours: the reference has none for it
AUTO_CATEGORIZED = 49  # Ticket_AutoCategorized of the vendor's database
SETTLED = frozenset({Base.Closed.number, Base.Deleted.number, Base.Merged.number,
                     Base.Spam.number})  # fmt: skip


class Found(Struct, frozen=True, kw_only=True):
    """What a message turns out to be; 0 and "" where that isn't known."""

    language: str = ""
    feeling: Feeling = SILENT
    category_id: int = 0


async def understand(desk: Desk, message_id: int) -> None:
    """Understand a message of the queue; without effect where it is gone."""
    async with transaction(desk.pool) as db:
        await desk.memory.refresh(db)
        message = await sql.waiting(db, message_id)
        wished = await call_of(desk, db).recall(wishes)
        model = None if wished.category == OFF else await models.newest(db)
    if message is None:
        return
    found = await think(_thought, message, wished, model)
    async with transaction(desk.pool) as db:
        await desk.memory.refresh(db)
        await _keep(call_of(desk, db), message_id, message, found, wished)


def _thought(message: Waiting, wished: Wishes, model: Model | None) -> Found:
    text = prepared(message.body, message.html_body, message.earlier)
    first = message.by_customer and not message.earlier
    words = opening(message.title, message.body, message.html_body)
    wants_feeling = wished.sentiment and message.by_customer
    return Found(
        language=language(text, wished.languages),
        feeling=feeling(text) if wants_feeling else SILENT,
        category_id=model.guess(words) if model and first else 0,
    )


async def _keep(
    call: Call, message_id: int, message: Waiting, found: Found, wished: Wishes
) -> None:
    felt = found.feeling
    await sql.keep(call.db, message_id, found.language, felt.score, felt.confidence)
    standing = await sql.standing(call.db, message_id)
    if standing is None:
        return

    def alter(ticket: TicketRow, _: Choices) -> Purpose:
        _tell(ticket, message, found, standing)
        return Purpose(action=UNDERSTOOD, by_hand=False)

    await revise(call, message.ticket_id, alter)
    if found.category_id:
        await _categorise(call, message.ticket_id, found.category_id, wished)


def _tell(
    ticket: TicketRow, message: Waiting, found: Found, standing: Standing
) -> None:
    if found.language and standing.first:
        ticket.language = found.language
    if message.by_customer and standing.last:
        ticket.sentiment = found.feeling.score
        ticket.sentiment_confidence = found.feeling.confidence


async def _categorise(
    call: Call, ticket_id: int, category_id: int, wished: Wishes
) -> None:
    """Suggest a category, or move the ticket; not where somebody has decided."""
    by_itself = wished.category == APPLY

    def alter(ticket: TicketRow, lists: Choices) -> Purpose | None:
        decided = ticket.orig_human_category_id or ticket.status in SETTLED
        moved = ticket.category != ticket.orig_category
        fits = category_id in lists.categories and category_id != ticket.category
        if decided or moved or not fits:
            return None
        if by_itself:
            ticket.category = category_id
        else:
            ticket.suggested_category_id = category_id
        action = AUTO_CATEGORIZED if by_itself else UNDERSTOOD
        return Purpose(action=action, by_hand=False)

    await revise(call, ticket_id, alter)
