"""Understanding one message: read it, think, write beside it what was found.

Nothing is locked while it thinks. The language of the first external message that has
one is the ticket's; the sentiment of the customer's last message is the ticket's; a
category is suggested as long as nobody has chosen one.
"""

from skranke.ai import sql
from skranke.ai.analysis import Analysis, AnalysisRequest
from skranke.ai.clean_text import prepare_text
from skranke.ai.executor import run_in_thread
from skranke.ai.provider import analyzer_for
from skranke.ai.settings import APPLY, OFF, AnalysisSettings, analysis_settings
from skranke.ai.sql import MessagePosition, QueuedMessage
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
ANALYZED_ACTION = 1002  # TicketLogAction of ours: the reference has none for it
AUTO_CATEGORIZED_ACTION = 49  # Ticket_AutoCategorized of the vendor's database
SETTLED_STATUSES = frozenset(
    {Base.Closed.number, Base.Deleted.number, Base.Merged.number, Base.Spam.number}
)


async def analyze_message(state: AppState, message_id: int) -> None:
    """Understand a message of the queue; without effect where it is gone."""
    async with transaction(state.pool) as db:
        await state.cache.refresh(db)
        message = await sql.load_queued(db, message_id)
        if message is None:
            return
        context = context_for(state, db)
        wished = await context.get_cached(analysis_settings)
        offered = await _category_choices(context, message, wished)
        asked = await analyzer_for(context, categories=bool(offered))
    found = await asked.analyze(await run_in_thread(_analysis_request, message, wished, offered))
    async with transaction(state.pool) as db:
        await state.cache.refresh(db)
        await _save(context_for(state, db), message_id, message, found, wished)


async def _category_choices(
    context: RequestContext, message: QueuedMessage, wished: AnalysisSettings
) -> dict[int, str]:
    """The categories to choose from, for a customer's first message; else none."""
    if wished.category == OFF or not message.by_customer or message.earlier:
        return {}
    return await category_names(context)


async def category_names(context: RequestContext) -> dict[int, str]:
    """The full names of the desk's categories, in their order."""
    known = (await context.get_cached(load_reference_data)).categories
    return {number: each.carrier.fullname for number, each in known.items()}


def _analysis_request(
    message: QueuedMessage, wished: AnalysisSettings, offered: dict[int, str]
) -> AnalysisRequest:
    return AnalysisRequest(
        text=prepare_text(message.body, message.html_body, message.earlier),
        title=message.title,
        languages=wished.languages,
        sentiment=wished.sentiment and message.by_customer,
        categories=offered,
    )


async def _save(
    context: RequestContext,
    message_id: int,
    message: QueuedMessage,
    found: Analysis,
    wished: AnalysisSettings,
) -> None:
    felt = found.sentiment
    await sql.save_analysis(context.db, message_id, found.language, felt.score, felt.confidence)
    if felt.confidence:
        who = context.user.associate_id
        await send_event(context.db, SENTIMENT_CALCULATED, message_id, who, context.now)
    standing = await sql.message_position(context.db, message_id)
    if standing is None:
        return

    def alter(ticket: TicketRow, _: ReferenceData) -> SaveReason:
        _set_ticket_fields(ticket, message, found, standing)
        return SaveReason(action=ANALYZED_ACTION, by_hand=False)

    await update_ticket(context, message.ticket_id, alter)
    if found.category_id:
        await _apply_category(context, message.ticket_id, found.category_id, wished)


def _set_ticket_fields(
    ticket: TicketRow, message: QueuedMessage, found: Analysis, standing: MessagePosition
) -> None:
    if found.language and standing.first:
        ticket.language = found.language
    if message.by_customer and standing.last:
        ticket.sentiment = found.sentiment.score
        ticket.sentiment_confidence = found.sentiment.confidence


async def _apply_category(
    context: RequestContext, ticket_id: int, category_id: int, wished: AnalysisSettings
) -> None:
    """Suggest a category, or move the ticket; not where somebody has decided."""
    by_itself = wished.category == APPLY

    def alter(ticket: TicketRow, lists: ReferenceData) -> SaveReason | None:
        decided = ticket.orig_human_category_id or ticket.status in SETTLED_STATUSES
        moved = ticket.category != ticket.orig_category
        fits = category_id in lists.categories and category_id != ticket.category
        if decided or moved or not fits:
            return None
        if by_itself:
            ticket.category = category_id
        else:
            ticket.suggested_category_id = category_id
        action = AUTO_CATEGORIZED_ACTION if by_itself else ANALYZED_ACTION
        return SaveReason(action=action, by_hand=False)

    await update_ticket(context, ticket_id, alter)
