"""Makers of tickets for tests: a few keywords each."""

from typing import Any

import msgspec

from skranke.core.context import RequestContext
from skranke.tickets.carriers import TicketEntity
from skranke.tickets.operations import get_ticket_entity, save_ticket_entity

NAMES = {f.name: f.encode_name for f in msgspec.structs.fields(TicketEntity)}


async def save(context: RequestContext, **properties: Any) -> TicketEntity:
    """Save exactly these properties, as a body with no other members would."""
    given = frozenset(NAMES[name] for name in properties)
    posted = TicketEntity(**properties)
    return await save_ticket_entity(msgspec.structs.replace(context, given=given), posted)


async def stored(context: RequestContext, ticket_id: int) -> TicketEntity:
    """The ticket as a later read shows it."""
    found = await get_ticket_entity(context, ticket_id)
    assert found is not None
    return found
