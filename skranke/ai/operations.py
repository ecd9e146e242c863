"""The AI agent, as far as this machine or a service of choice understands texts."""

from html import unescape

from skranke.ai import models, sql, suggestions, training
from skranke.ai.analysis import Analysis, AnalysisRequest
from skranke.ai.analyze import category_names
from skranke.ai.carriers import (
    CategorizationModelDetails,
    CategorizationStatusResponse,
    RagResult,
    RagType,
    Sentiment,
)
from skranke.ai.clean_text import MAX_HTML_CHARACTERS, clean_text, prepare_text
from skranke.ai.executor import run_in_thread
from skranke.ai.models import ModelInfo
from skranke.ai.provider import analyzer_slot
from skranke.ai.sentences import split_sentences
from skranke.ai.settings import analysis_settings
from skranke.ai.sql import TicketOpening
from skranke.core.context import Permission, RequestContext
from skranke.core.errors import BadValue
from skranke.core.schema import Int32
from skranke.http.operation import operation
from skranke.search.carriers import FoundTicket
from skranke.search.service import search as find
from skranke.tickets.visibility import require_visible

LANGUAGE_IGNORED = "IsoLangCode: sentences of the text, in its own, unless by a service"
ONE_DOMAIN = "NamespaceName and Type: there are tickets alone, wherever they are sought"
DEFAULT_SENTENCES = 5  # where nobody says how many
DEFAULT_RESULTS, MAX_RESULTS = 10, 100  # of what is found


@operation("AI", permission=Permission.READ, transaction=False)
async def detect_language(context: RequestContext, text: str) -> str:
    """The ISO 639-1 code of a text's language, one of the registry's `aiLanguages`.

    Empty where that isn't known well enough, as of fewer than twenty letters.
    Unavailable where a service is to tell and doesn't answer.
    """
    listed = (await context.get_cached(analysis_settings)).languages
    return (await _analyze(context, text, languages=listed)).language


@operation("AI", permission=Permission.READ, transaction=False)
async def detect_sentiment(context: RequestContext, text: str) -> Sentiment:
    """From -100 for bad to 100 for good, with how sure that is in per cent.

    0 with confidence 0 for a text without words, and on a desk that has neither the
    extra `ai` nor a service.
    """
    felt = (await _analyze(context, text, sentiment=True)).sentiment
    return Sentiment(score=felt.score, confidence=felt.confidence)


@operation("AI", permission=Permission.READ, transaction=False)
async def guess_category(context: RequestContext, ticket_id: Int32) -> Int32:
    """The category that a ticket's title and first message point to; 0 if unsure.

    NotFound unless the caller sees the ticket.
    """
    if context.settings.ai_url:
        return await _category_by_service(context, ticket_id)
    found = await suggestions.category_guesses(context, "TicketId", ticket_id)
    return found[0].category_id if found else 0


@operation("AI", permission=Permission.ADMINISTER, lacks="SelectionId: there are no selections")
async def train_category_guesser(
    context: RequestContext, selection_id: Int32, max_items: Int32, max_text_length: Int32
) -> str:
    """Have the categories learned anew by the worker; the status, as it is now.

    From the newest `max_items` tickets that are closed or whose category somebody has
    chosen, and so many characters of each; 0 for as many as there may be. BadValue for
    a selection and for a negative number.
    """
    if selection_id:
        raise BadValue("SelectionId", f"{selection_id} does not exist")
    for name, number in (("MaxItems", max_items), ("MaxTextLength", max_text_length)):
        if number < 0:
            raise BadValue(name, f"{number} is negative")
    await training.request_training(context.db, context.now, max_items, max_text_length)
    return await _status(context)


@operation("AI", permission=Permission.READ, transaction=False)
async def get_training_status(context: RequestContext) -> CategorizationStatusResponse:
    """The model that guesses categories and the one before it; null without.

    The status is Training, Waiting, Ready, or None before the first. The accuracy, from
    0 to 1, is that of its first guess on tickets that it had not learned from.
    """
    current, previous = [*await models.model_infos(context.db), None, None][:2]
    return CategorizationStatusResponse(
        context_identifier="skranke",
        status=await _status(context),
        current_model=_details(current),
        previous_model=_details(previous),
    )


@operation("AI", permission=Permission.READ, transaction=False, lacks=LANGUAGE_IGNORED)
async def summarize_text(
    context: RequestContext, text: str, percent_smaller: float, iso_lang_code: str
) -> str:
    """The sentences of a text that stand for the rest; extracted, not written anew.

    So many per cent of them are left out; one stays. BadValue unless that is 0 to 100.
    A service writes as many of its own, in the language that is asked for.
    """
    if not 0 <= percent_smaller <= 100:
        raise BadValue("PercentSmaller", "must be from 0 to 100")
    text = text[:MAX_HTML_CHARACTERS]
    sentences = len(await run_in_thread(split_sentences, text))
    wanted = max(1, round(sentences * (100 - percent_smaller) / 100))
    async with analyzer_slot(context) as reader:
        return await reader.summarize(text, wanted, iso_lang_code)


@operation("AI", permission=Permission.READ, transaction=False, lacks=LANGUAGE_IGNORED)
async def summarize_ticket(
    context: RequestContext, ticket_id: Int32, num_sentences: Int32, iso_lang_code: str
) -> str:
    """Sentences of a ticket's messages that stand for the rest; nothing written anew.

    Up to so many, five for 0. A service writes its own. NotFound unless the caller sees
    the ticket; BadValue for a negative number.
    """
    await require_visible(context, "TicketId", [ticket_id])
    if num_sentences < 0:
        raise BadValue("NumSentences", f"{num_sentences} is negative")
    said = await sql.load_conversation(context.db, ticket_id)
    text = await run_in_thread(_opening_text, said)
    async with analyzer_slot(context) as reader:
        return await reader.summarize(text, num_sentences or DEFAULT_SENTENCES, iso_lang_code)


@operation("AI", permission=Permission.READ, transaction=False, lacks=ONE_DOMAIN)
async def search(
    context: RequestContext, namespace_name: str, query: str, type: RagType, top: Int32
) -> list[RagResult]:
    """The tickets that a text finds, the best first, with the place that says so.

    Ten for a top of 0. Empty for types other than Ticket and None, which is any. As
    metadata the ids of the ticket and of the message that fits best, 0 for none.
    BadValue for a top beyond 100 or below 0, and a query of more than 500 characters.
    """
    _ = namespace_name
    if not 0 <= top <= MAX_RESULTS:
        raise BadValue("Top", f"must be from 0 to {MAX_RESULTS}")
    if type not in (RagType.None_, RagType.Ticket):
        return []
    found = await find(context, query, top or DEFAULT_RESULTS, 0)
    return [_result(ticket) for ticket in found.value]


def _result(ticket: FoundTicket) -> RagResult:
    marked = ticket.highlight.replace("<mark>", "").replace("</mark>", "")
    return RagResult(
        chunk=unescape(marked),
        title=ticket.title,
        id=str(ticket.ticket_id),
        type=RagType.Ticket,
        score=ticket.rank,
        metadata={"TicketId": ticket.ticket_id, "MessageId": ticket.message_id},
    )


async def _analyze(
    context: RequestContext, text: str, *, languages: tuple[str, ...] = (), sentiment: bool = False
) -> Analysis:
    text = await run_in_thread(clean_text, text)
    async with analyzer_slot(context) as reader:
        return await reader.analyze(
            AnalysisRequest(text=text, languages=languages, sentiment=sentiment)
        )


async def _category_by_service(context: RequestContext, ticket_id: int) -> int:
    await require_visible(context, "TicketId", [ticket_id])
    said = await sql.load_opening(context.db, ticket_id)
    if said is None:
        return 0
    text = await run_in_thread(prepare_text, said.body, said.html_body)
    question = AnalysisRequest(
        text=text, title=said.title, categories=await category_names(context)
    )
    async with analyzer_slot(context) as reader:
        return (await reader.analyze(question)).category_id


def _opening_text(said: list[TicketOpening]) -> str:
    own: list[str] = []
    for each in said:
        own.append(prepare_text(each.body, each.html_body, own))
    return "\n".join(own)


async def _status(context: RequestContext) -> str:
    now = await training.training_state(context.db)
    if now.began:
        return "Training"
    if now.asked:
        return "Waiting"
    return "Ready" if await models.model_infos(context.db) else "None"


def _details(model: ModelInfo | None) -> CategorizationModelDetails | None:
    return model and CategorizationModelDetails(
        model_built_date_time=model.built,
        accuracy=model.accuracy,
        ticket_count_for_training=model.tickets,
    )
