"""Messages, or part of one, begin a ticket of their own."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from skranke.actions.merge_split.operations import split_ticket, split_ticket_message
from skranke.catalog.statuses.carriers import TicketBaseStatus as Base
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.core.settings import Settings
from skranke.messages.add import NewMessage, add_message
from skranke.messages.carriers import TicketMessageEntity
from skranke.messages.files.operations import add_attachments
from skranke.messages.load import require_message
from skranke.people.carriers import Person
from skranke.tickets.carriers import TicketEntity
from tests.cast import ANNA, NOW, STEN, ContextOf
from tests.messages.attachments.make import file
from tests.tickets.make import save, stored

CLOSED, POSTPONED = 2, 3


async def with_messages(context: RequestContext, *bodies: str) -> tuple[int, list[int]]:
    kari = Person(person_id=7)
    ticket = (await save(context, title="Pump", person=kari)).ticket_id
    drafts = [NewMessage(ticket_id=ticket, body=b, time_spent=5) for b in bodies]
    return ticket, [await add_message(context, draft) for draft in drafts]


async def halved(
    context: RequestContext,
    source: int,
    messages: list[int],
    status: int = 0,
    activate: datetime | None = None,
) -> TicketEntity:
    context = replace(context, given=frozenset({"Title"}))
    fresh = TicketEntity(title="The valve")
    return await split_ticket(context, source, status, activate, messages, fresh)


async def test_messages_go_to_the_new_ticket_with_its_customer(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    source, (a, b, c) = await with_messages(context, "a", "b", "c")
    new = await halved(context, source, [b, c], CLOSED)
    assert (new.title, new.num_messages, new.time_spent) == ("The valve", 2, 10)
    assert [m.ticket_message_id for m in new.messages] == [b, c]
    assert new.person
    assert new.person.person_id == 7
    left = await stored(context, source)
    assert [m.ticket_message_id for m in left.messages] == [a]
    assert (left.num_messages, left.base_status) == (1, Base.Closed)
    assert (await require_message(context, "id", b)).search_title == "The valve"


async def test_the_source_may_be_postponed_or_stay_as_it_is(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    source, (a, _) = await with_messages(context, "a", "b")
    then = NOW + timedelta(days=2)
    await halved(context, source, [a], POSTPONED, activate=then)
    left = await stored(context, source)
    assert (left.base_status, left.activate) == (Base.Postponed, then)
    await halved(context, source, [])
    assert (await stored(context, source)).base_status is Base.Postponed


async def test_what_cannot_be_split_is_refused(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    source, _ = await with_messages(context, "a")
    _, [other] = await with_messages(context, "x")
    with pytest.raises(NotFound, match="SourceTicketEntityId: 999999"):
        await halved(context, 999999, [])
    with pytest.raises(BadValue, match=f"TransferMessageIds: {other} is no message of"):
        await halved(context, source, [other])
    with pytest.raises(BadValue, match="SourceTicketEntityStatusId: 99"):
        await halved(context, source, [], 99)
    await save(context, ticket_id=source, title="kept")
    assert (await stored(context, source)).num_messages == 1


async def test_part_of_a_message_begins_a_ticket_with_its_files(
    context_of: ContextOf, tmp_path: Path
) -> None:
    context = context_of(ANNA, settings=Settings(data=tmp_path))
    source, [old] = await with_messages(context, "The pump is cold. The valve leaks.")
    pdf, png = [await file(context, n, n.encode()) for n in ("leak.pdf", "pump.png")]
    await add_message(context, NewMessage(ticket_id=source, body="files", attachment_ids=[png]))
    await add_attachments(context, old, [pdf, png])
    new = await split_ticket_message(
        context,
        TicketMessageEntity(ej_message_id=old, body="The pump is cold."),
        TicketEntity(title="The valve"),
        TicketMessageEntity(body="The valve leaks."),
        [pdf],
    )
    assert (new.title, new.num_messages, new.has_attachment) == ("The valve", 1, True)
    kept = await require_message(context, "id", old)
    assert (kept.body, [f.name for f in kept.attachments_info]) == (
        "The pump is cold.",
        ["pump.png"],
    )
    [row] = new.messages
    fresh = await require_message(context, "id", row.ticket_message_id)
    assert (fresh.body, [f.name for f in fresh.attachments_info]) == (
        "The valve leaks.",
        ["leak.pdf"],
    )


async def test_a_message_that_cannot_be_split_is_refused(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    _, [old] = await with_messages(context, "a")
    parts = TicketEntity(title="B"), TicketMessageEntity(body="b")
    with pytest.raises(NotFound, match=r"SourceTicketMessage\.EjMessageId: 999999"):
        await split_ticket_message(context, TicketMessageEntity(ej_message_id=999999), *parts, [])
    with pytest.raises(BadValue, match="TransferAttachmentsIds: 5 does not hang"):
        await split_ticket_message(context, TicketMessageEntity(ej_message_id=old), *parts, [5])
    assert (await require_message(context_of(STEN), "id", old)).body == "a"
