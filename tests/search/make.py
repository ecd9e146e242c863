"""Tickets with messages, told of as the workers would, and what a search finds."""

from typing import Any

from skranke.core.context import Call
from skranke.core.jobs.outbox import tell_all, waiting
from skranke.db.database import execute
from skranke.messages.add import Draft, add
from skranke.search import events
from skranke.search.jobs import renew_all, stale
from skranke.search.service import search
from tests.tickets.make import save

assert events  # importing it is what lends the listener


async def settle(call: Call) -> None:
    """What workers do each second: events are told, documents renewed."""
    while ids := await waiting(call.db, call.now, 200, []):
        await tell_all(call, ids)
    while ids := await stale(call.db, call.now, 200, []):
        await renew_all(call, ids)


async def ticket(call: Call, title: str, *bodies: str, language: str = "", **more: Any) -> int:
    """A ticket with these messages, in a language; its document is written."""
    made = await save(call, title=title, **more)
    for body in bodies:
        await add(call, Draft(ticket_id=made.ticket_id, body=body))
    sql = "UPDATE ej_message SET language = $2 WHERE ticket_id = $1"
    await execute(call.db, sql, made.ticket_id, language)
    await settle(call)
    return made.ticket_id


async def found(call: Call, query: str) -> list[int]:
    """The tickets that a search shows first, the best first."""
    return [one.ticket_id for one in (await search(call, query, 20, 0)).value]
