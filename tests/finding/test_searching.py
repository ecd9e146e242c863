"""What is found, in which order, by whom, and how it is shown."""

from collections.abc import Callable

import pytest

from skranke.finding.events import hear
from skranke.finding.jobs import add_all, missing, renew_all, stale
from skranke.finding.searching import search
from skranke.jobs.events import tell_all, waiting
from skranke.messages.adding import Draft, add
from skranke.store.database import Db, execute
from skranke.wire.call import Call
from tests.conftest import ANNA, NOW
from tests.tickets.make import save

assert hear
Calling = Callable[..., Call]


async def settle(call: Call) -> None:
    """What the workers do within a second: events told, documents renewed."""
    while ids := await waiting(call.db, call.now, 200, []):
        await tell_all(call, ids)
    while ids := await stale(call.db, call.now, 200, []):
        await renew_all(call, ids)


async def made(call: Call, title: str, *bodies: str, language: str = "") -> int:
    ticket = await save(call, title=title)
    for body in bodies:
        await add(call, Draft(ticket_id=ticket.ticket_id, body=body))
    sql = "UPDATE ej_message SET language = $2 WHERE ticket_id = $1"
    await execute(call.db, sql, ticket.ticket_id, language)
    await settle(call)
    return ticket.ticket_id


async def found(call: Call, query: str) -> list[int]:
    return [one.ticket_id for one in (await search(call, query, 20, 0)).value]


async def test_words_of_title_and_messages_find_a_ticket(calling: Calling) -> None:
    call = calling(ANNA)
    pump = await made(call, "Pumpe lekker", "Det drypper fra ventilen.")
    assert await found(call, "pumpe ventilen") == [pump]
    assert await found(call, "PUMPE drypper") == [pump]
    assert await found(call, "pumpe radiator") == []


async def test_find(calling: Calling) -> None:
    call = calling(ANNA)
    pump = await made(call, "Pumpe lekker", "Det drypper fra ventilen.")
    from skranke.finding.operations import find_tickets_by_title_or_id as f
    assert [t.ticket_id for t in await f(call, "lekk", 0)] == [pump]
    assert [t.ticket_id for t in await f(call, "pumpe l", 0)] == [pump]
    assert [t.ticket_id for t in await f(call, str(pump), 0)] == [pump]
    assert [t.ticket_id for t in await f(call, "drypper", 0)] == []
    print(await search(call, "drypper", 20,0))
