"""How customers feel, with the extra `ai` and without."""

import pytest

from skranke.ai import health, sentiment
from skranke.ai.analyze import SENTIMENT_CALCULATED
from skranke.ai.sentiment import NO_SENTIMENT, detect_sentiment
from skranke.tickets.message_rows import TicketSecurityLevel
from tests.ai.conftest import Understanding

GOOD = "Tusen takk, nå virker alt perfekt! Veldig bra service."
BAD = "Dette er forferdelig dårlig service, jeg er veldig sint og skuffet!"
FEELING = "SELECT sentiment, sentiment_confidence FROM ej_message WHERE id = $1"


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "Thank you so much, everything works wonderfully now!",
        "Vielen Dank, jetzt funktioniert alles wunderbar!",
        "Merci beaucoup, tout marche parfaitement maintenant !",
        "Kiitos paljon, nyt kaikki toimii erinomaisesti!",
    ],
)
def test_thanks_are_good(text: str) -> None:
    assert detect_sentiment(text).score > 30
    assert detect_sentiment(text).confidence > 50


@pytest.mark.parametrize(
    "text",
    [
        BAD,
        "This is terrible. I am really angry that nothing ever works.",
        "Das ist furchtbar. Ich bin sehr verärgert, nichts funktioniert.",
        "C'est lamentable. Je suis très mécontent, rien ne marche.",
        "Det här är bedrövligt. Jag är arg, ingenting fungerar.",
    ],
)
def test_complaints_are_bad(text: str) -> None:
    assert detect_sentiment(text).score < -30
    assert detect_sentiment(text).confidence > 50


@pytest.mark.parametrize("text", ["", " ", "👍", "1234", "?", "OK takk"])
def test_without_words_nothing_is_said(text: str) -> None:
    assert detect_sentiment(text) == NO_SENTIMENT


@pytest.mark.parametrize("text", ["\0all is well", "🙂 ok " * 3000, "words " * 100_000])
def test_any_text_is_borne(text: str) -> None:
    assert 0 < detect_sentiment(text).confidence <= 100


async def test_the_customers_last_message_is_what_its_ticket_shows(
    understanding: Understanding,
) -> None:
    desk = understanding
    ticket_id = await desk.ticket("Skriver")
    first = await desk.write(ticket_id, BAD)
    await desk.round()
    assert (await desk.stored(ticket_id)).sentiment < -30
    sql = "SELECT count(*) FROM event_outbox WHERE (event, primary_key) = ($1, $2)"
    assert (await desk.one(sql, SENTIMENT_CALCULATED, first))[0] == 1
    await desk.write(ticket_id, GOOD)
    await desk.write(ticket_id, BAD, person_id=None)
    await desk.write(ticket_id, BAD, slevel=TicketSecurityLevel.Internal)
    await desk.round()
    ticket = await desk.stored(ticket_id)
    assert ticket.sentiment > 30
    assert ticket.sentiment_confidence > 50
    assert (await desk.one(FEELING, first))[0] < -30


async def test_what_agents_write_is_not_analysed(understanding: Understanding) -> None:
    desk = understanding
    ticket_id = await desk.ticket("Skriver")
    message_id = await desk.write(ticket_id, BAD, person_id=None)
    await desk.round()
    assert tuple(await desk.one(FEELING, message_id)) == (0, 0)


async def test_the_registry_can_switch_it_off(understanding: Understanding) -> None:
    desk = understanding
    await desk.wish("aiSentiment", "0")
    ticket_id = await desk.ticket("Skriver")
    message_id = await desk.write(ticket_id, BAD)
    await desk.round()
    assert tuple(await desk.one(FEELING, message_id)) == (0, 0)


async def test_without_the_extra_the_language_is_told_all_the_same(
    understanding: Understanding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "SENTIMENT_PACKAGE", "no_such_package")
    sentiment.is_usable.cache_clear()
    desk = understanding
    ticket_id = await desk.ticket("Skriver")
    await desk.write(ticket_id, BAD)
    await desk.round()
    ticket = await desk.stored(ticket_id)
    sentiment.is_usable.cache_clear()
    assert (ticket.language, ticket.sentiment, ticket.sentiment_confidence) == ("nb", 0, 0)
