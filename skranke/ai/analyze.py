"""Understanding one message: read it, think, write beside it what was found.

Nothing is locked while it thinks. The language of the first external message that has
one is the ticket's; the sentiment of the customer's last message is the ticket's; a
category is suggested as long as nobody has chosen one.
"""

from skranke.ai import sql
from skranke.ai.analysis import Found, Question
from skranke.ai.clean_text import prepared
from skranke.ai.executor import think
from skranke.ai.provider import reader
from skranke.ai.settings import APPLY, OFF, Wishes, wishes
from skranke.ai.sql import Standing, Waiting
from skranke.catalog.statuses.carriers import TicketBaseStatus as Base
from skranke.core.app_state import AppState
from skranke.core.context import RequestContext
from skranke.core.jobs.worker import context_for
from skranke.db.database import transaction
from skranke.messages.sql import send_event
from skranke.tickets.reference_data import ReferenceData, load_reference_data
from skranke.tickets.row import TicketRow
from skranke.tickets.save.context import SaveReason
from skranke.tickets.save.update import update_ticket

# TicketMessageSentimentCalculated, 153 of the vendor's events for scripts
SENTIMENT_CALCULATED = "ticketmessage.sentimentcalculated"
UNDERSTOOD = 1002  # TicketLogAction of ours: the reference has none for it
AUTO_CATEGORIZED = 49  # Ticket_AutoCategorized of the vendor's database
SETTLED = frozenset({Base.Closed.number, Base.Deleted.number, Base.Merged.number, Base.Spam.number})


async def understand(state: AppState, message_id: int) -> None:
    """Understand a message of the queue; without effect where it is gone."""
    async with transaction(state.pool) as db:
        await state.cache.refresh(db)
        message = await sql.waiting(db, message_id)
        if message is None:
            return
        context = context_for(state, db)
        wished = await context.get_cached(wishes)
        offered = await _offered(context, message, wished)
        asked = await reader(context, categories=bool(offered))
    found = await asked.read(await think(_question, message, wished, offered))
    async with transaction(state.pool) as db:
        await state.cache.refresh(db)
        await _keep(context_for(state, db), message_id, message, found, wished)


async def _offered(context: RequestContext, message: Waiting, wished: Wishes) -> dict[int, str]:
    """The categories to choose from, for a customer's first message; else none."""
    if wished.category == OFF or not message.by_customer or message.earlier:
        return {}
    return await categories(context)


async def categories(context: RequestContext) -> dict[int, str]:
    """The full names of the desk's categories, in their order."""
    known = (await context.get_cached(load_reference_data)).categories
    return {number: each.carrier.fullname for number, each in known.items()}


def _question(message: Waiting, wished: Wishes, offered: dict[int, str]) -> Question:
    return Question(
        text=prepared(message.body, message.html_body, message.earlier),
        title=message.title,
        languages=wished.languages,
        sentiment=wished.sentiment and message.by_customer,
        categories=offered,
    )


async def _keep(
    context: RequestContext, message_id: int, message: Waiting, found: Found, wished: Wishes
) -> None:
    felt = found.feeling
    await sql.keep(context.db, message_id, found.language, felt.score, felt.confidence)
    if felt.confidence:
        who = context.user.associate_id
        await send_event(context.db, SENTIMENT_CALCULATED, message_id, who, context.now)
    standing = await sql.standing(context.db, message_id)
    if standing is None:
        return

    def alter(ticket: TicketRow, _: ReferenceData) -> SaveReason:
        _tell(ticket, message, found, standing)
        return SaveReason(action=UNDERSTOOD, by_hand=False)

    await update_ticket(context, message.ticket_id, alter)
    if found.category_id:
        await _categorise(context, message.ticket_id, found.category_id, wished)


def _tell(ticket: TicketRow, message: Waiting, found: Found, standing: Standing) -> None:
    if found.language and standing.first:
        ticket.language = found.language
    if message.by_customer and standing.last:
        ticket.sentiment = found.feeling.score
        ticket.sentiment_confidence = found.feeling.confidence


async def _categorise(
    context: RequestContext, ticket_id: int, category_id: int, wished: Wishes
) -> None:
    """Suggest a category, or move the ticket; not where somebody has decided."""
    by_itself = wished.category == APPLY

    def alter(ticket: TicketRow, lists: ReferenceData) -> SaveReason | None:
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
        return SaveReason(action=action, by_hand=False)

    await update_ticket(context, ticket_id, alter)
