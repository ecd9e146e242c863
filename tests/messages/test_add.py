"""A message comes to a ticket with all that follows from it."""

import asyncio

import pytest
from msgspec.structs import replace

from skranke.catalog.statuses.carriers import TicketBaseStatus
from skranke.core.cache import ReferenceCache
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.db import database
from skranke.db.database import Db
from skranke.messages.add import NewMessage, add_message
from skranke.messages.counts import count_messages
from skranke.messages.load import require_message
from skranke.tickets.carriers import TicketReadStatus
from skranke.tickets.message_rows import BadgeType, TicketSecurityLevel
from tests.cast import ANNA, BO, NOW, ContextOf
from tests.tickets.make import save, stored

Level = TicketSecurityLevel


async def ticket(context: RequestContext, **properties: object) -> int:
    return (await save(context, title="Pump", **properties)).ticket_id


async def test_the_ticket_counts_messages_answers_and_minutes(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    one = await ticket(context)
    await add_message(
        context, NewMessage(ticket_id=one, body="It is cold", person_id=7, time_spent=0)
    )
    await add_message(context, NewMessage(ticket_id=one, body="Answer", time_spent=15))
    await add_message(
        context, NewMessage(ticket_id=one, body="Aside", slevel=Level.Internal, time_spent=5)
    )
    found = await stored(context, one)
    assert (found.num_messages, found.num_replies, found.time_spent) == (3, 1, 20)
    assert not found.has_attachment
    assert [m.badge for m in found.messages] == [
        BadgeType.Incoming,
        BadgeType.Reply,
        BadgeType.Comment,
    ]


async def test_the_first_answer_of_an_empty_ticket_goes_out(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    one = await ticket(context)
    first = await add_message(context, NewMessage(ticket_id=one, body="Hello", author="Anna"))
    message = await require_message(context, "id", first)
    assert message.badge is BadgeType.Outgoing
    assert (await stored(context, one)).author == "Anna"


async def test_html_alone_gives_its_text(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    one = await ticket(context)
    first = await add_message(context, NewMessage(ticket_id=one, html_body="<p>Hei &amp; hå</p>"))
    message = await require_message(context, "id", first)
    assert (message.type.value, message.body.strip()) == ("Html", "Hei & hå")
    assert message.created_at == NOW
    assert message.search_title == "Pump"


async def test_the_owner_learns_of_what_others_write_alone(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    one = await ticket(context, read_status=TicketReadStatus.Green)
    owner = (await stored(context, one)).owned_by
    assert owner
    mine = replace(context, user=ANNA if owner.ej_user_id == 3 else BO)
    await save(mine, ticket_id=one, read_status=TicketReadStatus.Green)
    await add_message(mine, NewMessage(ticket_id=one, body="My own"))
    assert (await stored(context, one)).read_status is TicketReadStatus.Green
    await add_message(
        context, NewMessage(ticket_id=one, body="From Kari", person_id=7, created_by=1)
    )
    assert (await stored(context, one)).read_status is TicketReadStatus.Yellow


async def test_the_status_stays_and_the_first_answer_is_noted_on_request(
    context_of: ContextOf,
) -> None:
    context = context_of(ANNA)
    one = await ticket(context, base_status=TicketBaseStatus.Closed)
    await add_message(context, NewMessage(ticket_id=one, body="Answer"))
    found = await stored(context, one)
    assert (found.base_status, found.replied_at) == (TicketBaseStatus.Closed, None)
    await add_message(
        context, NewMessage(ticket_id=one, body="Inside", slevel=Level.Internal, set_replied=True)
    )
    assert (await stored(context, one)).replied_at is None
    await add_message(context, NewMessage(ticket_id=one, body="Answer", set_replied=True))
    assert (await stored(context, one)).replied_at == NOW


async def test_log_and_event_tell_of_it(context_of: ContextOf, db: Db) -> None:
    context = context_of(ANNA)
    one = await ticket(context)
    await db.execute("DELETE FROM ticket_log_action")
    await db.execute("DELETE FROM event_outbox")
    first = await add_message(context, NewMessage(ticket_id=one, body="Answer"))
    log = await db.fetch("SELECT log_action, message_id FROM ticket_log_action ORDER BY log_action")
    assert [tuple(row) for row in log] == [(18, None), (10012, first)]
    event = await db.fetchrow("SELECT event, primary_key, changes FROM event_outbox")
    assert event
    assert (event["event"], event["primary_key"]) == ("ticket.changed", one)
    assert {"num_messages", "num_replies"} <= set(event["changes"])


async def test_a_ticket_or_file_that_is_not_there_is_refused(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    with pytest.raises(NotFound, match="TicketId: 999999"):
        await add_message(context, NewMessage(ticket_id=999999, body="?"))
    one = await ticket(context)
    with pytest.raises(BadValue, match="AttachmentIds: 999999"):
        await add_message(context, NewMessage(ticket_id=one, body="?", attachment_ids=[999999]))


async def test_two_who_write_at_once_both_count(
    own_database_url: str, context_of: ContextOf
) -> None:
    pool = await database.connect(own_database_url, size=4)
    context = replace(context_of(ANNA), cache=ReferenceCache())
    async with pool.acquire() as db:
        one = await ticket(replace(context, db=db))

    async def write(turn: int) -> None:
        async with database.transaction(pool) as db:
            draft = NewMessage(ticket_id=one, body=str(turn), time_spent=1)
            await add_message(replace(context, db=db), draft)

    await asyncio.gather(*(write(turn) for turn in range(12)))
    async with pool.acquire() as db:
        found = await stored(replace(context, db=db), one)
        counts = await count_messages(db, one)
    assert (found.num_messages, found.num_replies, found.time_spent) == (12, 12, 12)
    assert counts.num_messages == 12
    await pool.close()
