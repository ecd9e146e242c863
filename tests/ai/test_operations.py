"""The AI agent: what it answers, and what it refuses."""

import pytest

from skranke.ai.carriers import RagResult, RagType
from skranke.ai.operations import (
    detect_language,
    detect_sentiment,
    guess_category,
    search,
    summarize_text,
    summarize_ticket,
    train_category_guesser,
)
from skranke.ai.resources import get_category_suggestions
from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.core.errors import BadValue, NotFound
from skranke.messages.add import NewMessage, add_message
from tests.cast import ADA, ANNA, STEN, ContextOf
from tests.search.make import ticket
from tests.tickets.make import save

PARAGRAPH = """The printer on the third floor is broken. It prints blank pages only.
I have changed the toner of the printer twice. The weather is nice. The printer on the
third floor still prints blank pages. Please send somebody who can mend the printer."""


async def test_a_text_has_a_language_or_none(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    assert await detect_language(context, "Kan dere hjelpe meg med skriveren?") == "nb"
    assert await detect_language(context, "OK") == ""


async def test_a_text_has_a_sentiment_or_none(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    told = await detect_sentiment(context, "I am very angry, this is terrible!")
    assert told.score < -30
    assert told.confidence > 50
    none = await detect_sentiment(context, "")
    assert (none.score, none.confidence) == (0, 0)


async def test_a_summary_is_sentences_of_the_text_in_their_order(context_of: ContextOf) -> None:
    text = PARAGRAPH.replace("\n", " ")
    told = await summarize_text(context_of(ANNA), text, 70, "en")
    assert told
    assert told in text or all(part in text for part in told.split(". "))
    assert len(told) < len(text) / 2
    assert "weather" not in told


async def test_a_summary_of_nothing_is_empty(context_of: ContextOf) -> None:
    assert await summarize_text(context_of(ANNA), "", 50, "") == ""
    assert await summarize_text(context_of(ANNA), "One only.", 100, "") == "One only."
    whole = " ".join(PARAGRAPH.split("\n"))
    assert await summarize_text(context_of(ANNA), whole, 0, "") == whole


@pytest.mark.parametrize("percent", [-1, 101, float("nan")])
async def test_a_share_that_is_none_is_refused(context_of: ContextOf, percent: float) -> None:
    with pytest.raises(BadValue, match="PercentSmaller"):
        await summarize_text(context_of(ANNA), PARAGRAPH, percent, "")


async def test_a_tickets_summary_says_nothing_twice(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    ticket = await save(context, title="Printer")
    text = PARAGRAPH.replace("\n", " ")
    await add_message(context, NewMessage(ticket_id=ticket.ticket_id, body=text, person_id=7))
    reply = f"We will come on Monday.\n\nOn 1 March Kari wrote:\n> {text}"
    await add_message(context, NewMessage(ticket_id=ticket.ticket_id, body=reply))
    told = await summarize_ticket(context, ticket.ticket_id, 0, "")
    assert "Monday" in await summarize_ticket(context, ticket.ticket_id, 20, "")
    assert 0 < told.count(".") <= 5
    one = await summarize_ticket(context, ticket.ticket_id, 1, "")
    assert one.count(".") == 1


async def test_a_ticket_that_is_not_seen_is_not_there(context_of: ContextOf) -> None:
    hidden = await save(
        context_of(ADA), title="Wages", category=TicketCategoryEntity(ticket_category_id=2)
    )
    context = context_of(STEN)
    for ticket_id in (hidden.ticket_id, 4711):
        with pytest.raises(NotFound, match=f"TicketId: {ticket_id}"):
            await guess_category(context, ticket_id)
        with pytest.raises(NotFound, match=f"TicketId: {ticket_id}"):
            await summarize_ticket(context, ticket_id, 3, "")
        with pytest.raises(NotFound, match=f"TicketId: {ticket_id}"):
            await get_category_suggestions(context, ticket_id)


async def test_what_can_not_be_is_refused(context_of: ContextOf) -> None:
    ticket = await save(context_of(ANNA), title="Printer")
    with pytest.raises(BadValue, match="NumSentences"):
        await summarize_ticket(context_of(ANNA), ticket.ticket_id, -1, "")
    with pytest.raises(BadValue, match="SelectionId"):
        await train_category_guesser(context_of(ADA), 3, 0, 0)
    with pytest.raises(BadValue, match="MaxItems"):
        await train_category_guesser(context_of(ADA), 0, -1, 0)
    with pytest.raises(BadValue, match="MaxTextLength"):
        await train_category_guesser(context_of(ADA), 0, 0, -1)


async def test_a_search_finds_tickets_with_the_place_that_says_so(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    body = "The zirconium printer & its cable are broken."
    one = await ticket(context, "Printer", body)
    found = await search(context, "ServiceCopilot", "zirconium", RagType.None_, 0)
    [result] = found
    assert (result.title, result.id, result.type) == ("Printer", str(one), RagType.Ticket)
    assert "zirconium printer & its cable" in result.chunk  # text, not html
    assert result.score > 0
    said = await context.db.fetchval("SELECT id FROM ej_message WHERE ticket_id = $1", one)
    assert result.metadata == {"TicketId": one, "MessageId": said}
    assert await search(context, "", "zirconium", RagType.Ticket, 1) == found
    assert await search(context, "", "zirconium", RagType.FAQ, 1) == []


async def test_as_many_are_found_as_are_asked_for(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    ids = {str(await ticket(context, "Zirconium")) for _ in range(11)}

    async def found(top: int) -> list[RagResult]:
        return await search(context, "", "zirconium", RagType.Ticket, top)

    assert len(await found(0)) == 10
    assert {each.id for each in await found(100)} == ids
    for top in (-1, 101):
        with pytest.raises(BadValue, match="Top: must be from 0 to 100"):
            await found(top)


async def test_a_search_finds_nothing_that_the_caller_does_not_see(context_of: ContextOf) -> None:
    payroll = TicketCategoryEntity(ticket_category_id=2)
    one = await ticket(context_of(ADA), "Zirconium", category=payroll)
    for text in ("zirconium", str(one)):
        assert await search(context_of(STEN), "", text, RagType.None_, 5) == []
