"""The AI agent, as far as it works on this machine alone."""

from skranke.ai import guessing, models, sql, training
from skranke.ai.carriers import (
    CategorizationModelDetails,
    CategorizationStatusResponse,
    Sentiment,
)
from skranke.ai.language import language
from skranke.ai.models import Told
from skranke.ai.preparing import MOST_HTML, cleaned, prepared
from skranke.ai.sentiment import feeling
from skranke.ai.sql import Opening
from skranke.ai.summarising import sentences_of, summary
from skranke.ai.thinking import think
from skranke.ai.wishes import wishes
from skranke.tickets.sight import see_all
from skranke.wire.call import Call, Right
from skranke.wire.carriers import Int32
from skranke.wire.errors import BadValue
from skranke.wire.operation import operation

LANGUAGE_IGNORED = "IsoLangCode: the text's own sentences are answered, as they are"
SENTENCES = 5  # where nobody says how many


@operation("AI", right=Right.READ, transaction=False)
async def detect_language(call: Call, text: str) -> str:
    """The ISO 639-1 code of a text's language, one of the registry's `aiLanguages`.

    Empty below a likelihood of 0.7 and for fewer than twenty letters.
    """
    listed = (await call.recall(wishes)).languages
    return await think(lambda: language(cleaned(text), listed))


@operation("AI", right=Right.READ, transaction=False)
async def detect_sentiment(call: Call, text: str) -> Sentiment:
    """From -100 for bad to 100 for good, with how sure that is in per cent.

    0 with confidence 0 for a text without words, and on a desk without the extra `ai`.
    """
    _ = call
    felt = await think(lambda: feeling(cleaned(text)))
    return Sentiment(score=felt.score, confidence=felt.confidence)


@operation("AI", right=Right.READ, transaction=False)
async def guess_category(call: Call, ticket_id: Int32) -> Int32:
    """The category that a ticket's title and first message point to; 0 if unsure.

    NotFound unless the caller sees the ticket.
    """
    found = await guessing.guesses(call, "TicketId", ticket_id)
    return found[0].category_id if found else 0


@operation("AI", right=Right.ADMINISTER, lacks="SelectionId: there are no selections")
async def train_category_guesser(
    call: Call, selection_id: Int32, max_items: Int32, max_text_length: Int32
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
    await training.ask(call.db, call.now, max_items, max_text_length)
    return await _status(call)


@operation("AI", right=Right.READ, transaction=False)
async def get_training_status(call: Call) -> CategorizationStatusResponse:
    """The model that guesses categories and the one before it; null without.

    The status is Training, Waiting, Ready, or None before the first. The accuracy, from
    0 to 1, is that of its first guess on tickets that it had not learned from.
    """
    current, previous = [*await models.told(call.db), None, None][:2]
    return CategorizationStatusResponse(
        context_identifier="skranke", status=await _status(call),
        current_model=_details(current), previous_model=_details(previous),
    )  # fmt: skip


@operation("AI", right=Right.READ, transaction=False, lacks=LANGUAGE_IGNORED)
async def summarize_text(
    call: Call, text: str, percent_smaller: float, iso_lang_code: str
) -> str:
    """The sentences of a text that stand for the rest; extracted, not written anew.

    So many per cent of them are left out; one stays. BadValue unless that is 0 to 100.
    """
    _ = call, iso_lang_code
    if not 0 <= percent_smaller <= 100:
        raise BadValue("PercentSmaller", "must be from 0 to 100")
    return await think(_shortened, text[:MOST_HTML], percent_smaller)


@operation("AI", right=Right.READ, transaction=False, lacks=LANGUAGE_IGNORED)
async def summarize_ticket(
    call: Call, ticket_id: Int32, num_sentences: Int32, iso_lang_code: str
) -> str:
    """Sentences of a ticket's messages that stand for the rest; nothing written anew.

    Up to so many, five for 0. NotFound unless the caller sees the ticket; BadValue for
    a negative number.
    """
    _ = iso_lang_code
    await see_all(call, "TicketId", [ticket_id])
    if num_sentences < 0:
        raise BadValue("NumSentences", f"{num_sentences} is negative")
    said = await sql.conversation(call.db, ticket_id)
    return await think(_summed_up, said, num_sentences or SENTENCES)


def _shortened(text: str, percent_smaller: float) -> str:
    wanted = round(len(sentences_of(text)) * (100 - percent_smaller) / 100)
    return summary(text, max(1, wanted))


def _summed_up(said: list[Opening], most_sentences: int) -> str:
    own: list[str] = []
    for each in said:
        own.append(prepared(each.body, each.html_body, own))
    return summary("\n".join(own), most_sentences)


async def _status(call: Call) -> str:
    now = await training.state(call.db)
    if now.began:
        return "Training"
    if now.asked:
        return "Waiting"
    return "Ready" if await models.told(call.db) else "None"


def _details(model: Told | None) -> CategorizationModelDetails | None:
    return model and CategorizationModelDetails(
        model_built_date_time=model.built, accuracy=model.accuracy,
        ticket_count_for_training=model.tickets,
    )  # fmt: skip
