"""What the category model says of a stored ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skranke.ai import models, sql
from skranke.ai.executor import run_in_thread
from skranke.ai.sql import TicketOpening
from skranke.ai.training import opening_features
from skranke.core.context import RequestContext
from skranke.tickets.visibility import require_visible

if TYPE_CHECKING:
    from skranke.ai.classifier import CategoryGuess, CategoryModel


async def category_guesses(
    context: RequestContext, name: str, ticket_id: int
) -> list[CategoryGuess]:
    """Up to three categories, the likeliest first; none where it isn't sure enough.

    NotFound, naming the parameter, unless the caller sees the ticket.
    """
    await require_visible(context, name, [ticket_id])
    model = await models.newest_model(context.db)
    said = await sql.load_opening(context.db, ticket_id)
    return await run_in_thread(_confident_guesses, model, said) if model and said else []


def _confident_guesses(model: CategoryModel, said: TicketOpening) -> list[CategoryGuess]:
    text = opening_features(said.title, said.body, said.html_body)
    return model.guesses(text) if model.guess(text) else []
