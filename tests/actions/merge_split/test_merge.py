"""Tickets become one, with everything that hung on them, and nothing is lost."""

import asyncio
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from skranke.actions.merge_split.operations import merge_tickets, resolve_ticket_id
from skranke.actions.relations.carriers import TicketRelationType as Kind
from skranke.actions.relations.operations import (
    create_ticket_relations,
    get_ticket_parent_id,
    get_ticket_relations,
    set_ticket_parent,
)
from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.catalog.statuses.carriers import TicketBaseStatus as Base
from skranke.core.cache import Memory
from skranke.core.context import Call
from skranke.core.errors import BadValue, NotFound
from skranke.db import database
from skranke.db.database import Db
from skranke.messages.add import Draft, add
from skranke.messages.carriers import TicketMessageEntity
from skranke.messages.operations import get_ticket_message_entities, save_ticket_message_entity
from skranke.people.carriers import Person
from skranke.tickets.carriers import Ticket, TicketEntity
from tests.conftest import ANNA, STEN
from tests.tickets.make import save, stored

Calling = Callable[..., Call]
WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


async def made(call: Call, title: str, body: str = "", **more: object) -> int:
    ticket = (await save(call, title=title, **more)).ticket_id
    if body:
        await add(call, Draft(ticket_id=ticket, body=body, time_spent=5, person_id=7))
    return ticket


async def merged(call: Call, first: int, *others: int, title: str = "") -> TicketEntity:
    given = frozenset({"TicketId"} | ({"Title"} if title else set()))
    posted = TicketEntity(ticket_id=first, title=title)
    return await merge_tickets(replace(call, given=given), posted, list(others))


async def test_messages_customers_and_title_end_up_on_the_first(calling: Calling, db: Db) -> None:
    call = calling(ANNA)
    kari, ola = Person(person_id=7), Person(person_id=8)
    first = await made(call, "Cold", "It is cold", person=kari)
    second = await made(call, "Colder", "Even colder", person=ola)
    third = await made(call, "Coldest", "Ice", person=kari, secondary_persons=[ola])
    whole = await merged(call, first, second, third, title="Cold in all rooms")
    assert (whole.ticket_id, whole.title) == (first, "Cold in all rooms")
    assert (whole.num_messages, whole.time_spent) == (3, 15)
    assert len(whole.messages) == 0 or len(whole.messages) == 3
    read = await stored(call, first)
    assert len(read.messages) == 3
    assert read.person
    assert read.person.person_id == 7
    assert [p.person_id for p in read.secondary_persons] == [8]
    titles = await db.fetch("SELECT DISTINCT search_title FROM ej_message")
    assert [row["search_title"] for row in titles] == ["Cold in all rooms"]
    for other in (second, third):
        gone = await stored(call, other)
        assert (gone.base_status, gone.connect_id) == (Base.Merged, first)
        assert (gone.messages, gone.num_messages, gone.time_spent) == ([], 0, 0)


async def test_the_log_moves_and_remembers(calling: Calling, db: Db) -> None:
    call = calling(ANNA)
    first, second = await made(call, "A"), await made(call, "B", "b")
    await merged(call, first, second)
    log = await db.fetch(
        "SELECT ticket_id, log_action FROM ticket_log_action WHERE org_ticket_id = $1", second
    )
    moved = {row["log_action"] for row in log if row["ticket_id"] == first}
    assert {19, 18, 10012} <= moved
    assert [r["log_action"] for r in log if r["ticket_id"] == second] == [10]
    own = "SELECT max(log_action) FROM ticket_log_action WHERE org_ticket_id = $1"
    assert await db.fetchval(own, first) == 35


async def test_chains_are_followed_and_circles_end(calling: Calling, db: Db) -> None:
    call = calling(ANNA)
    a, b, c = await made(call, "A"), await made(call, "B"), await made(call, "C")
    await merged(call, b, a)
    await merged(call, c, b)
    assert [await resolve_ticket_id(call, t) for t in (a, b, c, 999999)] == [c, c, c, 0]
    await db.execute("UPDATE ticket SET connect_id = $2 WHERE id = $1", c, a)
    assert await resolve_ticket_id(call, a) in (a, b, c)


async def test_a_message_for_a_merged_ticket_goes_where_the_merges_lead(calling: Calling) -> None:
    call = calling(ANNA)
    a, b, c = await made(call, "A"), await made(call, "B"), await made(call, "C")
    await merged(call, b, a)
    await merged(call, c, b)
    said = frozenset({"Ticket", "Body"})
    posted = TicketMessageEntity(ticket=Ticket(ticket_id=a), body="Still cold")
    saved = await save_ticket_message_entity(replace(call, given=said), posted)
    assert saved.ticket
    assert (saved.ticket.ticket_id, saved.search_title) == (c, "C")
    await add(call, Draft(ticket_id=b, body="And colder"))
    found = await get_ticket_message_entities(call, c, [])
    assert [message.body for message in found] == ["Still cold", "And colder"]
    assert (await stored(call, c)).num_messages == 2
    assert [(await stored(call, t)).num_messages for t in (a, b)] == [0, 0]
    with pytest.raises(NotFound, match="TicketId: 999999"):
        await add(call, Draft(ticket_id=999999, body="Lost"))


async def test_a_merged_ticket_lets_nobody_write_where_he_sees_nothing(calling: Calling) -> None:
    call = calling(ANNA)
    payroll = TicketCategoryEntity(ticket_category_id=2)
    hidden = await made(call, "Wages", category=payroll)
    seen = await made(call, "Seen")
    await merged(call, hidden, seen)
    stranger = replace(calling(STEN), given=frozenset({"Ticket", "Body"}))
    posted = TicketMessageEntity(ticket=Ticket(ticket_id=seen), body="Peep")
    with pytest.raises(NotFound, match=r"Ticket\.TicketId"):
        await save_ticket_message_entity(stranger, posted)
    assert (await stored(call, hidden)).num_messages == 0


async def test_a_message_that_waits_for_a_merge_follows_it(
    own_database_url: str, calling: Calling
) -> None:
    pool = await database.connect(own_database_url, size=3)
    usual = replace(calling(ANNA), memory=Memory())
    async with pool.acquire() as db:
        call = replace(usual, db=db)
        first, second = await made(call, "A"), await made(call, "B")

    async def write() -> None:
        async with database.transaction(pool) as db:
            draft = Draft(ticket_id=second, body="Just now")
            await add(replace(usual, db=db), draft)

    async with database.transaction(pool) as db, pool.acquire() as watch:
        await merged(replace(usual, db=db), first, second)
        writing = asyncio.create_task(write())
        while not writing.done() and not await watch.fetchval(WAITING):
            pass
    await writing
    async with pool.acquire() as db:
        call = replace(usual, db=db)
        assert (await stored(call, first)).num_messages == 1
        assert (await stored(call, second)).num_messages == 0
    await pool.close()


async def test_relations_move_as_far_as_they_can(calling: Calling) -> None:
    call = calling(ANNA)
    first, second, parent, child, friend = [await made(call, t) for t in "ABPCF"]
    await set_ticket_parent(call, second, parent, "")
    await set_ticket_parent(call, child, second, "")
    await create_ticket_relations(call, [friend, first], second, Kind.Related, "")
    await create_ticket_relations(call, [friend], first, Kind.Related, "")
    await merged(call, first, second)
    assert await get_ticket_relations(call, second) == []
    found = await get_ticket_relations(call, first)
    assert {(item.ticket_id, item.relation_type) for item in found} == {
        (parent, Kind.Parent),
        (child, Kind.Child),
        (friend, Kind.Related),
    }
    assert await get_ticket_parent_id(call, child) == first


async def test_a_parent_is_not_made_its_own_grandchild(calling: Calling) -> None:
    call = calling(ANNA)
    top, middle, low = [await made(call, t) for t in "TML"]
    await set_ticket_parent(call, middle, top, "")
    await set_ticket_parent(call, low, middle, "")
    await merged(call, top, low)
    found = await get_ticket_relations(call, top)
    assert [(i.ticket_id, i.relation_type) for i in found] == [(middle, Kind.Child)]
    assert await get_ticket_parent_id(call, top) == 0


async def test_what_cannot_be_merged_is_refused(calling: Calling) -> None:
    call = calling(ANNA)
    first, second = await made(call, "A"), await made(call, "B", "b")
    with pytest.raises(NotFound, match="SecondaryTicketIds: 999999"):
        await merged(call, first, second, 999999)
    with pytest.raises(NotFound, match=r"MergedTicketEntity\.TicketId: 999999"):
        await merged(call, 999999, second)
    with pytest.raises(BadValue, match=f"SecondaryTicketIds: {first} is the ticket"):
        await merged(call, first, second, first)
    payroll = TicketCategoryEntity(ticket_category_id=2)
    hidden = await made(call, "Wages", category=payroll)
    with pytest.raises(NotFound, match=f"SecondaryTicketIds: {hidden}"):
        await merged(calling(STEN), first, hidden)
    assert (await stored(call, second)).base_status is Base.Active
    await merged(call, first, second)
    with pytest.raises(BadValue, match=f"SecondaryTicketIds: {second} is merged"):
        await merged(call, first, second)
    with pytest.raises(BadValue, match=r"MergedTicketEntity\.TicketId: .* is merged"):
        await merged(call, second, first)


async def test_merges_at_once_neither_deadlock_nor_lose_a_message(
    own_database_url: str, calling: Calling
) -> None:
    pool = await database.connect(own_database_url, size=5)
    usual = replace(calling(ANNA), memory=Memory())
    async with pool.acquire() as db:
        call = replace(usual, db=db)
        tickets = [await made(call, str(n), str(n)) for n in range(4)]

    async def join(first: int, *others: int) -> bool:
        async with database.transaction(pool) as db:
            try:
                await merged(replace(usual, db=db), first, *others)
            except BadValue:
                return False
            return True

    a, b, c, d = tickets
    went = await asyncio.gather(join(a, b, c), join(c, b, a), join(d, a), join(b, d))
    assert any(went)
    async with pool.acquire() as db:
        call = replace(usual, db=db)
        found = [await stored(call, ticket) for ticket in tickets]
    assert sum(t.num_messages for t in found) == 4
    assert sum(len(t.messages) for t in found) == 4
    await pool.close()
