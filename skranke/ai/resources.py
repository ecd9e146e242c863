"""Categories to choose from, likeliest first. The reference has no such address."""

from skranke.ai.carriers import CategorySuggestion
from skranke.ai.suggestions import category_guesses
from skranke.core.context import Permission, RequestContext
from skranke.core.schema import Int32
from skranke.http.operation import resource
from skranke.tickets.reference_data import load_reference_data


@resource("GET", "/api/v1/Ticket/{ticket_id}/CategorySuggestions", permission=Permission.READ)
async def get_category_suggestions(
    context: RequestContext, ticket_id: Int32
) -> list[CategorySuggestion]:
    """Up to three categories for a ticket with their likelihoods in per cent.

    Empty where not even the first is likely enough; NotFound unless the ticket is seen.
    """
    known = (await context.get_cached(load_reference_data)).categories
    return [
        CategorySuggestion(
            ticket_category_id=guess.category_id,
            name=known[guess.category_id].carrier.name,
            fullname=known[guess.category_id].carrier.fullname,
            confidence=round(100 * guess.likelihood),
        )
        for guess in await category_guesses(context, "TicketId", ticket_id)
        if guess.category_id in known
    ]
