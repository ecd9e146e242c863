"""The read mark: the owner's, other users' and that of many tickets at once."""

from datetime import timedelta

import pytest

from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.core.errors import NotFound
from skranke.db.database import Db
from skranke.people.carriers import Associate
from skranke.tickets.carriers import TicketEntity
from skranke.tickets.carriers import TicketReadStatus as Status
from skranke.tickets.operations import (
    process_ticket_when_read,
    set_ticket_read_by_owner,
    update_tickets_read_status,
)
from tests.cast import ADA, ANNA, BO, NOW, STEN, ContextOf
from tests.tickets.make import save, stored

LATER = NOW + timedelta(hours=1)
STOPS_WHEN_READ = """
UPDATE ticket_priority SET ticket_read = 0;
INSERT INTO ticket_alert (priority_id, alert_level, alert_timeout) VALUES (2, 1, 120);
"""


async def annas(context_of: ContextOf) -> TicketEntity:
    """A ticket of Anna's that Bo has made: Red."""
    return await save(context_of(BO), title="x", owned_by=Associate(associate_id=3))


async def actions(db: Db) -> list[int]:
    rows = await db.fetch("SELECT log_action FROM ticket_log_action ORDER BY id")
    return [row["log_action"] for row in rows]


async def test_the_owner_marks_her_ticket_as_read(context_of: ContextOf, db: Db) -> None:
    ticket = await annas(context_of)
    context = context_of(ANNA, now=LATER)
    read = await set_ticket_read_by_owner(context, ticket.ticket_id, Status.Green, False)
    assert read.read_status is Status.Green
    assert read.read_by_owner == LATER
    assert read.first_read_by_owner == LATER
    assert read.first_read_by_user == LATER
    assert await stored(context, ticket.ticket_id) == read
    assert await actions(db) == [19, 28]
    again = context_of(ANNA, now=LATER + timedelta(hours=1))
    twice = await set_ticket_read_by_owner(again, ticket.ticket_id, Status.Green, False)
    assert twice.read_by_owner == LATER + timedelta(hours=1)
    assert twice.first_read_by_owner == LATER


async def test_nobody_else_can_mark_it_for_her(context_of: ContextOf, db: Db) -> None:
    ticket = await annas(context_of)
    for other in (BO, ADA):
        after = await set_ticket_read_by_owner(
            context_of(other, now=LATER), ticket.ticket_id, Status.Green, True
        )
        assert after.read_status is Status.Red
        assert after.read_by_owner is None
    assert await actions(db) == [19]


async def test_unknown_marks_nothing(context_of: ContextOf, db: Db) -> None:
    ticket = await annas(context_of)
    context = context_of(ANNA, now=LATER)
    after = await set_ticket_read_by_owner(context, ticket.ticket_id, Status.Unknown, True)
    assert after == await stored(context, ticket.ticket_id)
    assert await actions(db) == [19]


async def test_marking_as_unread_is_no_reading(context_of: ContextOf, db: Db) -> None:
    ticket = await annas(context_of)
    context = context_of(ANNA)
    await set_ticket_read_by_owner(context, ticket.ticket_id, Status.Green, False)
    later = context_of(ANNA, now=LATER)
    unread = await set_ticket_read_by_owner(later, ticket.ticket_id, Status.Yellow, True)
    assert unread.read_status is Status.Yellow
    assert unread.read_by_owner == NOW
    assert await actions(db) == [19, 28, 33]


@pytest.mark.parametrize("check", [True, False])
async def test_reading_tells_the_escalation_only_if_it_is_asked_to(
    context_of: ContextOf, db: Db, check: bool
) -> None:
    await db.execute(STOPS_WHEN_READ)
    ticket = await annas(context_of)
    assert ticket.alert_timeout
    context = context_of(ANNA, now=LATER)
    read = await set_ticket_read_by_owner(context, ticket.ticket_id, Status.Green, check)
    assert (read.alert_timeout is None) is check
    left = await db.fetchval("SELECT alert_stop FROM ticket")
    assert left == (3600 if check else -1)


async def test_opening_her_ticket_reads_it_and_tells_the_escalation(
    context_of: ContextOf, db: Db
) -> None:
    await db.execute(STOPS_WHEN_READ)
    ticket = await annas(context_of)
    read = await process_ticket_when_read(context_of(ANNA, now=LATER), ticket.ticket_id)
    assert read.read_status is Status.Green
    assert read.read_by_owner == LATER
    assert read.alert_timeout is None
    assert await actions(db) == [19, 28]


async def test_of_others_who_open_it_the_first_is_kept(context_of: ContextOf, db: Db) -> None:
    await db.execute(STOPS_WHEN_READ)
    ticket = await annas(context_of)
    first = await process_ticket_when_read(context_of(BO, now=LATER), ticket.ticket_id)
    assert first.first_read_by_user == LATER
    assert first.read_status is Status.Red
    assert first.read_by_owner is None
    assert first.alert_timeout == ticket.alert_timeout
    later = context_of(ADA, now=LATER + timedelta(hours=1))
    assert (await process_ticket_when_read(later, ticket.ticket_id)).last_changed == (LATER)
    assert await actions(db) == [19, 28]


async def test_many_are_marked_at_once_and_those_that_changed_are_named(
    context_of: ContextOf, db: Db
) -> None:
    one, two = await annas(context_of), await annas(context_of)
    green = await save(context_of(ANNA), owned_by=Associate(associate_id=3))
    ids = [two.ticket_id, green.ticket_id, 4711, one.ticket_id, two.ticket_id]
    context = context_of(ANNA, now=LATER)
    changed = await update_tickets_read_status(context, ids, Status.Green)
    assert changed == [two.ticket_id, one.ticket_id]
    assert (await stored(context, one.ticket_id)).read_by_owner == LATER
    assert await update_tickets_read_status(context, ids, Status.Unknown) == []
    unread = await update_tickets_read_status(context, [one.ticket_id], Status.Red)
    assert unread == [one.ticket_id]
    assert (await stored(context, one.ticket_id)).read_status is Status.Red
    assert await actions(db) == [19, 19, 19, 30, 30, 31]


async def test_who_cannot_see_a_ticket_cannot_mark_it(context_of: ContextOf) -> None:
    payroll = TicketCategoryEntity(ticket_category_id=2)
    hidden = await save(
        context_of(ANNA), title="wages", category=payroll, owned_by=Associate(associate_id=3)
    )
    sten = context_of(STEN)
    assert await update_tickets_read_status(sten, [hidden.ticket_id], Status.Red) == []
    for ticket_id in (hidden.ticket_id, 4711):
        with pytest.raises(NotFound, match=f"TicketEntityId: {ticket_id} does not"):
            await set_ticket_read_by_owner(sten, ticket_id, Status.Green, False)
        with pytest.raises(NotFound, match=f"TicketEntityId: {ticket_id} does not"):
            await process_ticket_when_read(sten, ticket_id)
