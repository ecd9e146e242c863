"""Users' choice of columns and entities in a list."""

from msgspec.structs import replace

from skranke.archive.agent_rows import AgentQuery
from skranke.archive.user_columns.sql import load_user_columns
from skranke.core.context import RequestContext


async def with_user_columns(
    request_context: RequestContext, wanted: AgentQuery, gui_name: str, context: str = ""
) -> AgentQuery:
    """The query with the user's columns, and with the user's entities if it has none."""
    choice = await load_user_columns(request_context, gui_name, wanted.provider_name, context)
    entities = list(wanted.entities) or choice.entities or []
    return replace(wanted, columns=choice.columns or [], entities=entities)
