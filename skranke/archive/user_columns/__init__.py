"""Which columns and kinds of rows somebody has chosen to see in a list."""

from msgspec.structs import replace

from skranke.archive.agent_rows import Wanted
from skranke.archive.user_columns.sql import choice_of
from skranke.core.context import RequestContext


async def chosen(
    request_context: RequestContext, wanted: Wanted, gui_name: str, context: str = ""
) -> Wanted:
    """The same question, with the caller's columns, and entities where it has none."""
    choice = await choice_of(request_context, gui_name, wanted.provider_name, context)
    entities = list(wanted.entities) or choice.entities or []
    return replace(wanted, columns=choice.columns or [], entities=entities)
