"""Many tickets are answered or forwarded at once, each by itself."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from skranke.actions.bulk import jobs, sql
from skranke.actions.bulk.carriers import TicketBatchReplyData
from skranke.actions.bulk.operations import batch_forward, batch_reply, get_batch_task
from skranke.actions.merge_split.operations import merge_tickets
from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.catalog.statuses.carriers import TicketBaseStatus as Base
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.core.jobs.worker import SYSTEM
from skranke.core.settings import Settings
from skranke.db.database import Db
from skranke.messages.add import NewMessage, add_message
from skranke.messages.load import load_message_entities
from skranke.people.carriers import Person
from skranke.tickets.carriers import TicketEntity
from skranke.tickets.message_rows import BadgeType, TicketSecurityLevel
from tests.cast import ADA, ANNA, BO, NOW, STEN, ContextOf
from tests.messages.attachments.make import file
from tests.tickets.make import save, stored

Reply = TicketBatchReplyData
Level = TicketSecurityLevel


@pytest.fixture
def context(context_of: ContextOf, tmp_path: Path) -> RequestContext:
    settings = Settings(data=tmp_path, mail_from="desk@skranke.example")
    return context_of(ANNA, settings=settings)


async def made(context: RequestContext, count: int = 2, **properties: Any) -> list[int]:
    kari = Person(person_id=7)
    wish = {"title": "Pump", "person": kari, **properties}
    return [(await save(context, **wish)).ticket_id for _ in range(count)]


async def run(context: RequestContext) -> None:
    """What the worker does with all that waits."""
    system = replace(context, user=SYSTEM)
    for item in await sql.claim_items(context.db, context.now, 99, []):
        await jobs.process_item(system, item)


async def mails(db: Db) -> list[str]:
    """The addresses of the letters in the outbox, by letter."""
    found = await db.fetch("SELECT rcpt FROM outbox ORDER BY id")
    return [row["rcpt"] for row in found]


async def test_every_ticket_is_answered_and_closed(context: RequestContext, db: Db) -> None:
    pdf = await file(context, "terms.pdf", b"%PDF")
    tickets = await made(context)
    wish = Reply(
        ticket_ids=[*tickets, tickets[0]],
        close_tickets=True,
        attachment_ids=[pdf],
        html_body="<p>It is mended</p>",
        time_spent=5,
        slevel=Level.External,
        send_copy_to_customer=True,
    )
    batch = await batch_reply(context, wish)
    assert (await get_batch_task(context, batch)).done == 0
    await run(context)
    told = await get_batch_task(context, batch)
    assert (told.kind, told.total, told.done, told.failures) == ("reply", 2, 2, [])
    for ticket in tickets:
        found = await stored(context, ticket)
        assert (found.base_status, found.num_replies) == (Base.Closed, 1)
        assert (found.has_attachment, found.replied_at) == (True, NOW)
        [message] = await load_message_entities(context, ticket, [])
        assert (message.author, message.time_spent) == ("Anna Agent", 5)
        assert message.created_by
        assert message.created_by.associate_id == ANNA.associate_id
    assert ["kari@fjord.example" in str(rcpt) for rcpt in await mails(db)] == [True, True]
    actions = await db.fetch("SELECT log_action FROM ticket_log_action")
    assert sum(row["log_action"] == 38 for row in actions) == 2


async def test_an_internal_answer_is_mailed_to_nobody(context: RequestContext, db: Db) -> None:
    tickets = await made(context, 1)
    wish = Reply(
        ticket_ids=tickets,
        html_body="<p>Aside</p>",
        slevel=Level.Internal,
        send_copy_to_customer=True,
    )
    await batch_reply(context, wish)
    await run(context)
    assert await mails(db) == []
    found = await stored(context, tickets[0])
    assert (found.base_status, found.num_messages) == (Base.Active, 1)


async def test_tickets_are_forwarded_under_a_comment(context: RequestContext, db: Db) -> None:
    [ticket] = await made(context, 1)
    await add_message(context, NewMessage(ticket_id=ticket, body="It is cold", person_id=7))
    batch = await batch_forward(
        context, [ticket], ["Fitter <fitter@x.example>"], [], [], "Please <look>", True
    )
    await run(context)
    assert (await get_batch_task(context, batch)).done == 1
    assert ["fitter@x.example" in str(rcpt) for rcpt in await mails(db)] == [True]
    [_, comment] = await load_message_entities(context, ticket, [])
    assert (comment.slevel, comment.badge) == (Level.Internal, BadgeType.Forward)
    assert "Please &lt;look&gt;" in comment.html_body
    assert "It is cold" in comment.html_body
    assert (await stored(context, ticket)).base_status is Base.Closed


async def test_what_was_merged_meanwhile_is_answered_where_it_went(context: RequestContext) -> None:
    whole, part = await made(context)
    wish = Reply(ticket_ids=[part], html_body="<p>A</p>", close_tickets=True)
    await batch_reply(context, wish)
    posted = TicketEntity(ticket_id=whole)
    given = replace(context, given=frozenset({"TicketId"}))
    await merge_tickets(given, posted, [part])
    await run(context)
    found = [await stored(context, ticket) for ticket in (whole, part)]
    assert [t.base_status for t in found] == [Base.Closed, Base.Merged]
    assert [t.num_messages for t in found] == [1, 0]


async def test_a_ticket_that_is_gone_is_told_and_the_others_done(
    context: RequestContext, db: Db
) -> None:
    gone, left = await made(context)
    batch = await batch_reply(context, Reply(ticket_ids=[gone, left], html_body="<p>A</p>"))
    await db.execute("DELETE FROM ticket WHERE id = $1", gone)
    await run(context)
    told = await get_batch_task(context, batch)
    assert (told.total, told.done) == (2, 2)
    [failure] = told.failures
    assert (failure.ticket_id, failure.error) == (gone, f"Ticket id {gone} not found")
    assert (await stored(context, left)).num_messages == 1


async def test_who_may_not_sign_in_any_more_answers_nothing(
    context: RequestContext, db: Db
) -> None:
    [ticket] = await made(context, 1)
    batch = await batch_reply(context, Reply(ticket_ids=[ticket], html_body="<p>A</p>"))
    await db.execute("UPDATE associate SET deleted = true WHERE associate_id = 3")
    await run(context)
    [failure] = (await get_batch_task(replace(context, user=ADA), batch)).failures
    assert "may not sign in" in failure.error
    assert (await stored(context, ticket)).num_messages == 0


async def test_what_cannot_be_done_is_refused_at_once(context: RequestContext, db: Db) -> None:
    [ticket] = await made(context, 1)
    payroll = TicketCategoryEntity(ticket_category_id=2)
    [hidden] = await made(context, 1, category=payroll)
    strange = replace(context, user=STEN)
    for wish, fault in (
        (Reply(ticket_ids=[999999], html_body="A"), "TicketIds: 999999"),
        (Reply(ticket_ids=[ticket, hidden], html_body="A"), f"TicketIds: {hidden}"),
        (Reply(ticket_ids=[ticket], html_body="A", attachment_ids=[9]), "mentIds: 9"),
    ):
        with pytest.raises(NotFound, match=fault):
            await batch_reply(strange, wish)
    with pytest.raises(BadValue, match="HtmlBody: must not be empty"):
        await batch_reply(context, Reply(ticket_ids=[ticket]))
    with pytest.raises(BadValue, match="To: names nobody"):
        await batch_forward(context, [ticket], ["nobody"], [], [], "", False)
    with pytest.raises(NotFound, match="TicketIds: 999999"):
        await batch_forward(context, [999999], ["a@x.example"], [], [], "", False)
    assert await db.fetchval("SELECT count(*) FROM batch_task") == 0


async def test_a_batch_is_its_makers_alone(context: RequestContext) -> None:
    tickets = await made(context, 1)
    batch = await batch_reply(context, Reply(ticket_ids=tickets, html_body="<p>A</p>"))
    with pytest.raises(NotFound, match=f"BatchTask id {batch}"):
        await get_batch_task(replace(context, user=BO), batch)
    assert (await get_batch_task(replace(context, user=ADA), batch)).total == 1
