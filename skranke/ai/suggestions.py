"""What the category model says of a stored ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skranke.ai import models, sql
from skranke.ai.executor import think
from skranke.ai.sql import Opening
from skranke.ai.training import opening
from skranke.core.context import RequestContext
from skranke.tickets.visibility import require_visible

if TYPE_CHECKING:
    from skranke.ai.classifier import Guess, Model


async def guesses(context: RequestContext, name: str, ticket_id: int) -> list[Guess]:
    """Up to three categories, the likeliest first; none where it isn't sure enough.

    NotFound, naming the parameter, unless the caller sees the ticket.
    """
    await require_visible(context, name, [ticket_id])
    model = await models.newest(context.db)
    said = await sql.opening(context.db, ticket_id)
    return await think(_told, model, said) if model and said else []


def _told(model: Model, said: Opening) -> list[Guess]:
    text = opening(said.title, said.body, said.html_body)
    return model.guesses(text) if model.guess(text) else []
