"""Tickets with messages, told of as the workers would, and what a search finds."""

from typing import Any

from skranke.core.context import RequestContext
from skranke.core.jobs.outbox import claim_events, dispatch_all
from skranke.db.database import execute
from skranke.messages.add import NewMessage, add_message
from skranke.search import events
from skranke.search.jobs import claim_stale, renew_all
from skranke.search.service import search
from tests.tickets.make import save

assert events  # importing it is what lends the listener


async def run_jobs(context: RequestContext) -> None:
    """What workers do each second: events are told, documents renewed."""
    while ids := await claim_events(context.db, context.now, 200, []):
        await dispatch_all(context, ids)
    while ids := await claim_stale(context.db, context.now, 200, []):
        await renew_all(context, ids)


async def ticket(
    context: RequestContext, title: str, *bodies: str, language: str = "", **more: Any
) -> int:
    """A ticket with these messages, in a language; its document is written."""
    made = await save(context, title=title, **more)
    for body in bodies:
        await add_message(context, NewMessage(ticket_id=made.ticket_id, body=body))
    sql = "UPDATE ej_message SET language = $2 WHERE ticket_id = $1"
    await execute(context.db, sql, made.ticket_id, language)
    await run_jobs(context)
    return made.ticket_id


async def find_ids(context: RequestContext, query: str) -> list[int]:
    """The tickets that a search shows first, the best first."""
    return [one.ticket_id for one in (await search(context, query, 20, 0)).value]
