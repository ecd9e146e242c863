"""Edits of lists come one after the other; saves of tickets don't wait for them."""

import asyncio
from collections.abc import AsyncIterator
from random import Random

import pytest

from skranke.archive.mdo.editing import edit_lists
from skranke.catalog.categories.operations import delete_ticket_category_entity
from skranke.catalog.priorities.carriers import TicketPriorityEntity, TicketPriorityFlags
from skranke.catalog.priorities.operations import (
    get_ticket_priority_entity,
    save_ticket_priority_entity,
)
from skranke.core.app_state import AppState
from skranke.core.cache import ReferenceCache
from skranke.core.clock import Clock
from skranke.core.errors import BadValue
from skranke.core.jobs.worker import context_for
from skranke.core.settings import Settings
from skranke.db import database
from tests.archive.mdo.make import with_posted
from tests.cast import ADA, NOW, ContextOf
from tests.tickets.make import save as save_ticket

DEFAULT = TicketPriorityFlags.Default
SHAPE = TicketPriorityEntity


@pytest.fixture
async def desk(own_database_url: str) -> AsyncIterator[AppState]:
    pool = await database.connect(own_database_url, size=3)
    yield AppState(
        pool=pool, cache=ReferenceCache(), clock=Clock(NOW), settings=Settings(), rng=Random(1)
    )
    await pool.close()


async def make_default(desk: AppState, priority_id: int) -> None:
    async with desk.pool.acquire() as db:
        context = context_for(desk, db, ADA)
        given = with_posted(context, SHAPE, ticket_priority_id=priority_id, flags=DEFAULT)
        await save_ticket_priority_entity(*given)


async def test_two_who_set_a_default_at_once_leave_one(desk: AppState) -> None:
    await asyncio.gather(make_default(desk, 1), make_default(desk, 3))
    async with desk.pool.acquire() as db:
        sql = "SELECT count(*) FROM ticket_priority WHERE flags & 2 > 0"
        assert await db.fetchval(sql) == 1


async def test_a_save_goes_on_while_a_list_is_edited(desk: AppState) -> None:
    async with desk.pool.acquire() as one, desk.pool.acquire() as two:
        await two.execute("SET lock_timeout = '5s'")
        async with edit_lists(context_for(desk, one, ADA)):
            await one.execute("UPDATE ticket_priority SET name = 'Renamed'")
            ticket = await save_ticket(context_for(desk, two, ADA), title="x")
            assert ticket.priority
            assert ticket.priority.name == "Medium"
        again = await save_ticket(context_for(desk, two, ADA), title="x")
        assert again.priority
        assert again.priority.name == "Renamed"


async def test_an_edit_is_known_at_once_where_it_was_made(desk: AppState) -> None:
    async with desk.pool.acquire() as one, desk.pool.acquire() as two:
        read = context_for(desk, two, ADA)
        assert await get_ticket_priority_entity(read, 3)
        given = with_posted(context_for(desk, one, ADA), SHAPE, ticket_priority_id=3, name="New")
        saved = await save_ticket_priority_entity(*given)
        assert await get_ticket_priority_entity(read, 3) == saved


async def test_where_the_desk_replaces_strictly_what_is_absent_is_reset(
    context_of: ContextOf,
) -> None:
    context = context_of(ADA, settings=Settings(strict_replace=True))
    given = with_posted(context, SHAPE, ticket_priority_id=3, name="Bare", deadline=60)
    assert (await save_ticket_priority_entity(*given)).mon_stop.hour == 0


async def test_a_row_that_others_point_at_is_not_removed(context_of: ContextOf) -> None:
    context = context_of(ADA)
    await context.db.execute("CREATE TABLE letter (category integer REFERENCES ej_category)")
    await context.db.execute("INSERT INTO letter VALUES (2)")
    with pytest.raises(BadValue, match="letter"):
        await delete_ticket_category_entity(context, 2)
    assert await context.db.fetchval("SELECT count(*) FROM ej_category") == 2
