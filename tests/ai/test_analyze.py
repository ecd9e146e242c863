"""Messages understood by the worker: language now, the rest where it is known."""

from typing import Any

import pytest

from skranke.ai import analyze
from skranke.ai.sql import MAX_ATTEMPTS
from skranke.messages.carriers import TicketMessageCategory
from skranke.tickets.message_rows import TicketSecurityLevel
from tests.ai.conftest import Understanding

NORWEGIAN = "Skriveren i tredje etasje virker ikke lenger, kan dere hjelpe meg?"
GERMAN = "Der Drucker im dritten Stock geht nicht mehr, können Sie mir helfen?"
LANGUAGE = "SELECT language FROM ej_message WHERE id = $1"
QUEUED = "SELECT count(*) FROM ai_queue"
OUTSIDE, INSIDE = TicketSecurityLevel.External, TicketSecurityLevel.Internal


async def test_a_message_and_its_ticket_get_their_language(understanding: Understanding) -> None:
    desk = understanding
    ticket_id = await desk.ticket("Skriver")
    message_id = await desk.write(ticket_id, NORWEGIAN)
    assert (await desk.stored(ticket_id)).language == ""  # no save waits for it
    await desk.round()
    assert (await desk.one(LANGUAGE, message_id))[0] == "nb"
    assert (await desk.stored(ticket_id)).language == "nb"
    assert (await desk.one(QUEUED))[0] == 0


async def test_the_first_external_message_with_a_language_is_the_tickets(
    understanding: Understanding,
) -> None:
    desk = understanding
    ticket_id = await desk.ticket("Drucker")
    inside = await desk.write(ticket_id, NORWEGIAN, slevel=INSIDE, person_id=None)
    await desk.write(ticket_id, "OK")
    await desk.write(ticket_id, GERMAN)
    await desk.round()
    await desk.write(ticket_id, NORWEGIAN)
    await desk.round()
    assert (await desk.stored(ticket_id)).language == "de"
    assert (await desk.one(LANGUAGE, inside))[0] == ""


async def test_a_change_by_it_is_told_and_logged_once(understanding: Understanding) -> None:
    desk = understanding
    ticket_id = await desk.ticket("Skriver")
    await desk.write(ticket_id, NORWEGIAN)
    await desk.round()
    sql = "SELECT count(*) FROM ticket_log_action WHERE log_action = $1"
    assert (await desk.one(sql, analyze.ANALYZED_ACTION))[0] == 1
    sql = """
        SELECT changes FROM event_outbox
        WHERE primary_key = $1 AND event = 'ticket.changed'
    """
    told = (await desk.one(sql, ticket_id))[0]
    assert "language" in told
    await desk.round()
    assert (await desk.one(QUEUED))[0] == 0


async def test_languages_are_those_of_the_registry(understanding: Understanding) -> None:
    desk = understanding
    await desk.wish("aiLanguages", "en, de")
    ticket_id = await desk.ticket("Skriver")
    await desk.write(ticket_id, NORWEGIAN)
    await desk.write(ticket_id, GERMAN)
    await desk.round()
    assert (await desk.stored(ticket_id)).language == "de"


@pytest.mark.parametrize(
    "how",
    [
        {"email_header": "From: x\nAuto-Submitted: auto-replied\nTo: y"},
        {"email_header": "Precedence: bulk"},
        {"message_category": TicketMessageCategory.Bounce},
    ],
    ids=["automatic", "bulk", "bounce"],
)
async def test_what_a_machine_has_sent_is_let_be(
    understanding: Understanding, how: dict[str, Any]
) -> None:
    desk = understanding
    ticket_id = await desk.ticket("Skriver")
    await desk.write(ticket_id, NORWEGIAN, **how)
    await desk.round()
    assert (await desk.stored(ticket_id)).language == ""
    assert (await desk.one(QUEUED))[0] == 0


@pytest.mark.parametrize("body", ["", " ", "👍", "12 34", "\ufffd" * 50, "<" * 5000])
async def test_an_empty_message_stops_nothing(understanding: Understanding, body: str) -> None:
    desk = understanding
    ticket_id = await desk.ticket("Skriver")
    await desk.write(ticket_id, body)
    await desk.write(ticket_id, NORWEGIAN)
    outcome = await desk.round()
    assert (outcome["ai"].done, outcome["ai"].failed) == (2, 0)
    assert (await desk.stored(ticket_id)).language == "nb"


async def test_a_message_that_has_failed_often_enough_is_given_up(
    understanding: Understanding,
) -> None:
    desk = understanding
    ticket_id = await desk.ticket("Skriver")
    await desk.write(ticket_id, NORWEGIAN)
    sql = "UPDATE ai_queue SET attempts = $1"
    async with desk.context_of() as context:
        await context.db.execute(
            "INSERT INTO ai_queue SELECT id, created_at, $1 FROM ej_message ON CONFLICT DO NOTHING",
            MAX_ATTEMPTS,
        )
        await context.db.execute(sql, MAX_ATTEMPTS)
    await desk.round()
    assert (await desk.one(QUEUED))[0] == 0
    assert (await desk.stored(ticket_id)).language == ""
    await desk.write(ticket_id, "Takk")
    await desk.round()
    assert (await desk.one(QUEUED))[0] == 0
    assert (await desk.stored(ticket_id)).language == ""  # the first isn't tried anew


async def test_a_message_that_is_deleted_meanwhile_is_no_fault(
    understanding: Understanding,
) -> None:
    await analyze.analyze_message(understanding.state, 4711)
