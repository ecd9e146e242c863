"""Taking tickets: chosen ones, or the next of the queue, each by one taker alone."""

import asyncio
from datetime import timedelta

import pytest
from msgspec.structs import replace

from skranke.actions.ticket_queue.operations import accept_tickets, get_next_in_queue
from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.catalog.statuses.carriers import TicketStatusEntity
from skranke.core.cache import ReferenceCache
from skranke.core.context import CurrentUser, RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.db import database
from skranke.db.database import Db
from skranke.people.carriers import Associate
from skranke.tickets.carriers import TicketReadStatus
from tests.cast import ADA, ANNA, NOW, STEN, ContextOf
from tests.tickets.make import save, stored

WAITING = 50  # a status of the queue
QUEUE = """
    INSERT INTO ticket_status (id, name, status, time_counter, used_in_queue, ts_rank)
    VALUES (50, 'Waiting', 1, 3, true, 9)
"""


async def wait(context: RequestContext, hours: int | None = None, **properties: object) -> int:
    """A ticket of nobody's that waits, with a deadline in so many hours."""
    status = TicketStatusEntity(ticket_status_id=WAITING)
    due = None if hours is None else NOW + timedelta(hours=hours)
    saved = await save(
        context,
        title="A",
        owned_by=Associate(associate_id=0),
        status=status,
        deadline=due,
        **properties,
    )
    return saved.ticket_id


async def test_the_nearest_deadline_comes_first(context_of: ContextOf, db: Db) -> None:
    await db.execute(QUEUE)
    context = context_of(ANNA)
    undated = await wait(context)
    late, soon = await wait(context, 9), await wait(context, 2)
    taken = [await get_next_in_queue(context) for _ in range(4)]
    assert [t and t.ticket_id for t in taken] == [soon, late, undated, None]
    first = taken[0]
    assert first
    assert first.owned_by
    assert (first.owned_by.associate_id, first.read_status) == (
        ANNA.associate_id,
        TicketReadStatus.Green,
    )
    assert first.status
    assert first.status.ticket_status_id == 1
    log = "SELECT log_action FROM ticket_log_action WHERE ticket_id = $1 ORDER BY id DESC"
    assert await db.fetchval(log, soon) == 20


async def test_only_what_waits_in_ones_own_categories_is_handed_out(
    context_of: ContextOf, db: Db
) -> None:
    await db.execute(QUEUE)
    context = context_of(ANNA)
    await save(context, title="open, of nobody", owned_by=Associate(associate_id=0))
    owned = await wait(context)
    await save(context, ticket_id=owned, owned_by=Associate(associate_id=4))
    payroll = TicketCategoryEntity(ticket_category_id=2)
    mine = await wait(context, category=payroll)
    assert await get_next_in_queue(context_of(STEN)) is None
    taken = await get_next_in_queue(context)
    assert taken
    assert taken.ticket_id == mine


async def test_thirty_takers_get_thirty_tickets(
    own_database_url: str, context_of: ContextOf
) -> None:
    pool = await database.connect(own_database_url, size=30)
    usual = replace(context_of(ANNA), cache=ReferenceCache())
    async with pool.acquire() as db:
        await db.execute(QUEUE)
        tickets = {await wait(replace(usual, db=db), n) for n in range(30)}

    async def take() -> int:
        async with database.transaction(pool) as db:
            taken = await get_next_in_queue(replace(usual, db=db))
            assert taken
            return taken.ticket_id

    got = await asyncio.gather(*(take() for _ in range(30)))
    assert len(got) == 30
    assert set(got) == tickets
    await pool.close()


async def test_accepted_tickets_are_the_callers(context_of: ContextOf, db: Db) -> None:
    await db.execute(QUEUE)
    context = context_of(ANNA)
    one, two = await wait(context), await wait(context)
    await accept_tickets(context, [two, one])
    for ticket in (one, two):
        found = await stored(context, ticket)
        assert found.owned_by
        assert found.owned_by.associate_id == ANNA.associate_id
        assert found.status
        assert found.status.ticket_status_id == WAITING


async def test_accepting_sets_the_status_of_the_preference(context_of: ContextOf, db: Db) -> None:
    await db.execute("UPDATE registry SET value = '3' WHERE name = 'acceptStatus'")
    context = context_of(ANNA)
    one = (await save(context, title="A")).ticket_id
    await accept_tickets(context, [one])
    found = await stored(context, one)
    assert found.status
    assert found.status.name == "Postponed"


async def test_what_cannot_be_taken_is_refused_and_nothing_taken(
    context_of: ContextOf, db: Db
) -> None:
    context = context_of(ADA)
    one = (await save(context, title="A", owned_by=Associate(associate_id=4))).ticket_id
    with pytest.raises(NotFound, match="TicketIds: 999999"):
        await accept_tickets(context, [one, 999999])
    payroll = TicketCategoryEntity(ticket_category_id=2)
    hidden = (await save(context_of(ANNA), title="B", category=payroll)).ticket_id
    with pytest.raises(NotFound, match=f"TicketIds: {hidden}"):
        await accept_tickets(context_of(STEN), [hidden])
    nobody = CurrentUser(associate_id=99, name="no user", permissions=ADA.permissions)
    with pytest.raises(BadValue, match="no Service user"):
        await accept_tickets(context_of(nobody), [one])
    found = await stored(context, one)
    assert found.owned_by
    assert found.owned_by.associate_id == 4
