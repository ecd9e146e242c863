"""Which tickets a caller may know of, many at once."""

from skranke.core.context import RequestContext
from skranke.core.errors import NotFound
from skranke.tickets.reference_data import load_reference_data
from skranke.tickets.rights import is_own_or_open


async def visible_ids(context: RequestContext, ticket_ids: list[int]) -> list[int]:
    """Those of the ids that the caller may see, each once, in their order."""
    lists = await context.get_cached(load_reference_data)
    found = await context.db.fetch(
        "SELECT id, category, owned_by FROM ticket WHERE id = ANY ($1)", ticket_ids
    )
    seen = {
        ticket_id
        for ticket_id, category, owner in found
        if is_own_or_open(owner, category, lists, context.user)
    }
    return [wish for wish in dict.fromkeys(ticket_ids) if wish in seen]


async def require_visible(context: RequestContext, name: str, ticket_ids: list[int]) -> None:
    """NotFound, naming the parameter and the id, unless the caller may see them all."""
    seen = await visible_ids(context, ticket_ids)
    for wish in ticket_ids:
        if wish not in seen:
            raise NotFound(f"{name}: {wish} does not exist")
