"""Tickets become one, with everything that hung on them, and nothing is lost."""

import asyncio

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
from skranke.core.cache import ReferenceCache
from skranke.core.context import RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.db import database
from skranke.db.database import Db
from skranke.messages.add import NewMessage, add_message
from skranke.messages.carriers import TicketMessageEntity
from skranke.messages.operations import get_ticket_message_entities, save_ticket_message_entity
from skranke.people.carriers import Person
from skranke.tickets.carriers import Ticket, TicketEntity
from tests.cast import ANNA, STEN, ContextOf
from tests.tickets.make import save, stored

WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


async def made(context: RequestContext, title: str, body: str = "", **more: object) -> int:
    ticket = (await save(context, title=title, **more)).ticket_id
    if body:
        await add_message(
            context, NewMessage(ticket_id=ticket, body=body, time_spent=5, person_id=7)
        )
    return ticket


async def merged(
    context: RequestContext, first: int, *others: int, title: str = ""
) -> TicketEntity:
    given = frozenset({"TicketId"} | ({"Title"} if title else set()))
    posted = TicketEntity(ticket_id=first, title=title)
    return await merge_tickets(replace(context, given=given), posted, list(others))


async def test_messages_customers_and_title_end_up_on_the_first(
    context_of: ContextOf, db: Db
) -> None:
    context = context_of(ANNA)
    kari, ola = Person(person_id=7), Person(person_id=8)
    first = await made(context, "Cold", "It is cold", person=kari)
    second = await made(context, "Colder", "Even colder", person=ola)
    third = await made(context, "Coldest", "Ice", person=kari, secondary_persons=[ola])
    whole = await merged(context, first, second, third, title="Cold in all rooms")
    assert (whole.ticket_id, whole.title) == (first, "Cold in all rooms")
    assert (whole.num_messages, whole.time_spent) == (3, 15)
    assert len(whole.messages) == 0 or len(whole.messages) == 3
    read = await stored(context, first)
    assert len(read.messages) == 3
    assert read.person
    assert read.person.person_id == 7
    assert [p.person_id for p in read.secondary_persons] == [8]
    titles = await db.fetch("SELECT DISTINCT search_title FROM ej_message")
    assert [row["search_title"] for row in titles] == ["Cold in all rooms"]
    for other in (second, third):
        gone = await stored(context, other)
        assert (gone.base_status, gone.connect_id) == (Base.Merged, first)
        assert (gone.messages, gone.num_messages, gone.time_spent) == ([], 0, 0)


async def test_the_log_moves_and_remembers(context_of: ContextOf, db: Db) -> None:
    context = context_of(ANNA)
    first, second = await made(context, "A"), await made(context, "B", "b")
    await merged(context, first, second)
    log = await db.fetch(
        "SELECT ticket_id, log_action FROM ticket_log_action WHERE org_ticket_id = $1", second
    )
    moved = {row["log_action"] for row in log if row["ticket_id"] == first}
    assert {19, 18, 10012} <= moved
    assert [r["log_action"] for r in log if r["ticket_id"] == second] == [10]
    own = "SELECT max(log_action) FROM ticket_log_action WHERE org_ticket_id = $1"
    assert await db.fetchval(own, first) == 35


async def test_chains_are_followed_and_circles_end(context_of: ContextOf, db: Db) -> None:
    context = context_of(ANNA)
    a, b, c = await made(context, "A"), await made(context, "B"), await made(context, "C")
    await merged(context, b, a)
    await merged(context, c, b)
    assert [await resolve_ticket_id(context, t) for t in (a, b, c, 999999)] == [c, c, c, 0]
    await db.execute("UPDATE ticket SET connect_id = $2 WHERE id = $1", c, a)
    assert await resolve_ticket_id(context, a) in (a, b, c)


async def test_a_message_for_a_merged_ticket_goes_where_the_merges_lead(
    context_of: ContextOf,
) -> None:
    context = context_of(ANNA)
    a, b, c = await made(context, "A"), await made(context, "B"), await made(context, "C")
    await merged(context, b, a)
    await merged(context, c, b)
    said = frozenset({"Ticket", "Body"})
    posted = TicketMessageEntity(ticket=Ticket(ticket_id=a), body="Still cold")
    saved = await save_ticket_message_entity(replace(context, given=said), posted)
    assert saved.ticket
    assert (saved.ticket.ticket_id, saved.search_title) == (c, "C")
    await add_message(context, NewMessage(ticket_id=b, body="And colder"))
    found = await get_ticket_message_entities(context, c, [])
    assert [message.body for message in found] == ["Still cold", "And colder"]
    assert (await stored(context, c)).num_messages == 2
    assert [(await stored(context, t)).num_messages for t in (a, b)] == [0, 0]
    with pytest.raises(NotFound, match="TicketId: 999999"):
        await add_message(context, NewMessage(ticket_id=999999, body="Lost"))


async def test_a_merged_ticket_lets_nobody_write_where_he_sees_nothing(
    context_of: ContextOf,
) -> None:
    context = context_of(ANNA)
    payroll = TicketCategoryEntity(ticket_category_id=2)
    hidden = await made(context, "Wages", category=payroll)
    seen = await made(context, "Seen")
    await merged(context, hidden, seen)
    stranger = replace(context_of(STEN), given=frozenset({"Ticket", "Body"}))
    posted = TicketMessageEntity(ticket=Ticket(ticket_id=seen), body="Peep")
    with pytest.raises(NotFound, match=r"Ticket\.TicketId"):
        await save_ticket_message_entity(stranger, posted)
    assert (await stored(context, hidden)).num_messages == 0


async def test_a_message_that_waits_for_a_merge_follows_it(
    own_database_url: str, context_of: ContextOf
) -> None:
    pool = await database.connect(own_database_url, size=3)
    usual = replace(context_of(ANNA), cache=ReferenceCache())
    async with pool.acquire() as db:
        context = replace(usual, db=db)
        first, second = await made(context, "A"), await made(context, "B")

    async def write() -> None:
        async with database.transaction(pool) as db:
            draft = NewMessage(ticket_id=second, body="Just now")
            await add_message(replace(usual, db=db), draft)

    async with database.transaction(pool) as db, pool.acquire() as watch:
        await merged(replace(usual, db=db), first, second)
        writing = asyncio.create_task(write())
        while not writing.done() and not await watch.fetchval(WAITING):
            pass
    await writing
    async with pool.acquire() as db:
        context = replace(usual, db=db)
        assert (await stored(context, first)).num_messages == 1
        assert (await stored(context, second)).num_messages == 0
    await pool.close()


async def test_relations_move_as_far_as_they_can(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    first, second, parent, child, friend = [await made(context, t) for t in "ABPCF"]
    await set_ticket_parent(context, second, parent, "")
    await set_ticket_parent(context, child, second, "")
    await create_ticket_relations(context, [friend, first], second, Kind.Related, "")
    await create_ticket_relations(context, [friend], first, Kind.Related, "")
    await merged(context, first, second)
    assert await get_ticket_relations(context, second) == []
    found = await get_ticket_relations(context, first)
    assert {(item.ticket_id, item.relation_type) for item in found} == {
        (parent, Kind.Parent),
        (child, Kind.Child),
        (friend, Kind.Related),
    }
    assert await get_ticket_parent_id(context, child) == first


async def test_a_parent_is_not_made_its_own_grandchild(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    top, middle, low = [await made(context, t) for t in "TML"]
    await set_ticket_parent(context, middle, top, "")
    await set_ticket_parent(context, low, middle, "")
    await merged(context, top, low)
    found = await get_ticket_relations(context, top)
    assert [(i.ticket_id, i.relation_type) for i in found] == [(middle, Kind.Child)]
    assert await get_ticket_parent_id(context, top) == 0


async def test_what_cannot_be_merged_is_refused(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    first, second = await made(context, "A"), await made(context, "B", "b")
    with pytest.raises(NotFound, match="SecondaryTicketIds: 999999"):
        await merged(context, first, second, 999999)
    with pytest.raises(NotFound, match=r"MergedTicketEntity\.TicketId: 999999"):
        await merged(context, 999999, second)
    with pytest.raises(BadValue, match=f"SecondaryTicketIds: {first} is the ticket"):
        await merged(context, first, second, first)
    payroll = TicketCategoryEntity(ticket_category_id=2)
    hidden = await made(context, "Wages", category=payroll)
    with pytest.raises(NotFound, match=f"SecondaryTicketIds: {hidden}"):
        await merged(context_of(STEN), first, hidden)
    assert (await stored(context, second)).base_status is Base.Active
    await merged(context, first, second)
    with pytest.raises(BadValue, match=f"SecondaryTicketIds: {second} is merged"):
        await merged(context, first, second)
    with pytest.raises(BadValue, match=r"MergedTicketEntity\.TicketId: .* is merged"):
        await merged(context, second, first)


async def test_merges_at_once_neither_deadlock_nor_lose_a_message(
    own_database_url: str, context_of: ContextOf
) -> None:
    pool = await database.connect(own_database_url, size=5)
    usual = replace(context_of(ANNA), cache=ReferenceCache())
    async with pool.acquire() as db:
        context = replace(usual, db=db)
        tickets = [await made(context, str(n), str(n)) for n in range(4)]

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
        context = replace(usual, db=db)
        found = [await stored(context, ticket) for ticket in tickets]
    assert sum(t.num_messages for t in found) == 4
    assert sum(len(t.messages) for t in found) == 4
    await pool.close()
