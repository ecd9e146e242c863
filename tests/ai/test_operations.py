"""The AI agent: what it answers, and what it refuses."""

from collections.abc import Callable

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
from skranke.core.context import Call
from skranke.core.errors import BadValue, NotFound
from skranke.messages.add import Draft, add
from tests.conftest import ADA, ANNA, STEN
from tests.search.make import ticket
from tests.tickets.make import save

PARAGRAPH = """The printer on the third floor is broken. It prints blank pages only.
I have changed the toner of the printer twice. The weather is nice. The printer on the
third floor still prints blank pages. Please send somebody who can mend the printer."""
Caller = Callable[..., Call]


async def test_a_text_has_a_language_or_none(calling: Caller) -> None:
    call = calling(ANNA)
    assert await detect_language(call, "Kan dere hjelpe meg med skriveren?") == "nb"
    assert await detect_language(call, "OK") == ""


async def test_a_text_has_a_sentiment_or_none(calling: Caller) -> None:
    call = calling(ANNA)
    told = await detect_sentiment(call, "I am very angry, this is terrible!")
    assert told.score < -30
    assert told.confidence > 50
    none = await detect_sentiment(call, "")
    assert (none.score, none.confidence) == (0, 0)


async def test_a_summary_is_sentences_of_the_text_in_their_order(calling: Caller) -> None:
    text = PARAGRAPH.replace("\n", " ")
    told = await summarize_text(calling(ANNA), text, 70, "en")
    assert told
    assert told in text or all(part in text for part in told.split(". "))
    assert len(told) < len(text) / 2
    assert "weather" not in told


async def test_a_summary_of_nothing_is_empty(calling: Caller) -> None:
    assert await summarize_text(calling(ANNA), "", 50, "") == ""
    assert await summarize_text(calling(ANNA), "One only.", 100, "") == "One only."
    whole = " ".join(PARAGRAPH.split("\n"))
    assert await summarize_text(calling(ANNA), whole, 0, "") == whole


@pytest.mark.parametrize("percent", [-1, 101, float("nan")])
async def test_a_share_that_is_none_is_refused(calling: Caller, percent: float) -> None:
    with pytest.raises(BadValue, match="PercentSmaller"):
        await summarize_text(calling(ANNA), PARAGRAPH, percent, "")


async def test_a_tickets_summary_says_nothing_twice(calling: Caller) -> None:
    call = calling(ANNA)
    ticket = await save(call, title="Printer")
    text = PARAGRAPH.replace("\n", " ")
    await add(call, Draft(ticket_id=ticket.ticket_id, body=text, person_id=7))
    reply = f"We will come on Monday.\n\nOn 1 March Kari wrote:\n> {text}"
    await add(call, Draft(ticket_id=ticket.ticket_id, body=reply))
    told = await summarize_ticket(call, ticket.ticket_id, 0, "")
    assert "Monday" in await summarize_ticket(call, ticket.ticket_id, 20, "")
    assert 0 < told.count(".") <= 5
    one = await summarize_ticket(call, ticket.ticket_id, 1, "")
    assert one.count(".") == 1


async def test_a_ticket_that_is_not_seen_is_not_there(calling: Caller) -> None:
    hidden = await save(
        calling(ADA), title="Wages", category=TicketCategoryEntity(ticket_category_id=2)
    )
    call = calling(STEN)
    for ticket_id in (hidden.ticket_id, 4711):
        with pytest.raises(NotFound, match=f"TicketId: {ticket_id}"):
            await guess_category(call, ticket_id)
        with pytest.raises(NotFound, match=f"TicketId: {ticket_id}"):
            await summarize_ticket(call, ticket_id, 3, "")
        with pytest.raises(NotFound, match=f"TicketId: {ticket_id}"):
            await get_category_suggestions(call, ticket_id)


async def test_what_can_not_be_is_refused(calling: Caller) -> None:
    ticket = await save(calling(ANNA), title="Printer")
    with pytest.raises(BadValue, match="NumSentences"):
        await summarize_ticket(calling(ANNA), ticket.ticket_id, -1, "")
    with pytest.raises(BadValue, match="SelectionId"):
        await train_category_guesser(calling(ADA), 3, 0, 0)
    with pytest.raises(BadValue, match="MaxItems"):
        await train_category_guesser(calling(ADA), 0, -1, 0)
    with pytest.raises(BadValue, match="MaxTextLength"):
        await train_category_guesser(calling(ADA), 0, 0, -1)


async def test_a_search_finds_tickets_with_the_place_that_says_so(calling: Caller) -> None:
    call = calling(ANNA)
    body = "The zirconium printer & its cable are broken."
    one = await ticket(call, "Printer", body)
    found = await search(call, "ServiceCopilot", "zirconium", RagType.None_, 0)
    [result] = found
    assert (result.title, result.id, result.type) == ("Printer", str(one), RagType.Ticket)
    assert "zirconium printer & its cable" in result.chunk  # text, not html
    assert result.score > 0
    said = await call.db.fetchval("SELECT id FROM ej_message WHERE ticket_id = $1", one)
    assert result.metadata == {"TicketId": one, "MessageId": said}
    assert await search(call, "", "zirconium", RagType.Ticket, 1) == found
    assert await search(call, "", "zirconium", RagType.FAQ, 1) == []


async def test_as_many_are_found_as_are_asked_for(calling: Caller) -> None:
    call = calling(ANNA)
    ids = {str(await ticket(call, "Zirconium")) for _ in range(11)}

    async def found(top: int) -> list[RagResult]:
        return await search(call, "", "zirconium", RagType.Ticket, top)

    assert len(await found(0)) == 10
    assert {each.id for each in await found(100)} == ids
    for top in (-1, 101):
        with pytest.raises(BadValue, match="Top: must be from 0 to 100"):
            await found(top)


async def test_a_search_finds_nothing_that_the_caller_does_not_see(calling: Caller) -> None:
    payroll = TicketCategoryEntity(ticket_category_id=2)
    one = await ticket(calling(ADA), "Zirconium", category=payroll)
    for text in ("zirconium", str(one)):
        assert await search(calling(STEN), "", text, RagType.None_, 5) == []
