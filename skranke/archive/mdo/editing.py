"""Shared code for editing lists: edits are serialised and visible at once.

An absent property keeps its value, as in a save of a ticket; with the setting
`strict_replace` it is reset to its default.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TypeVar

import asyncpg
import msgspec

from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.core.schema import Carrier
from skranke.db.database import execute

C = TypeVar("C", bound=Carrier)
MAX_SMALLINT = 2**15 - 1  # what a smallint column holds


@asynccontextmanager
async def edit_lists(context: RequestContext) -> AsyncGenerator[None]:
    """A transaction over reference tables that excludes other edits of them.

    Saves of tickets are not blocked. Conditions checked inside hold until the commit;
    then this process's cache is refreshed. BadValue if a deleted row is still in use.
    """
    try:
        async with context.db.transaction():
            await execute(context.db, "SELECT version FROM catalogue_version FOR UPDATE")
            yield
    except asyncpg.ForeignKeyViolationError as fault:
        raise BadValue("Id", f"is still in use: {fault}") from fault
    await context.cache.check(context.db)


def merge_posted(context: RequestContext, under: C, posted: C, *, new: bool) -> C:
    """Merge the properties that were present in the request into the entity."""
    strict = context.settings.strict_replace and not new
    given = property_names(type(posted)) if strict else context.given
    changed = {
        field.name: getattr(posted, field.name)
        for field in msgspec.structs.fields(posted)
        if field.encode_name in given
    }
    return msgspec.structs.replace(under, **changed)


def property_names(shape: type[Carrier]) -> frozenset[str]:
    """The wire names of all properties of a carrier."""
    return frozenset(field.encode_name for field in msgspec.structs.fields(shape))


def require_name(text: str, longest: int, name: str = "Name") -> str:
    """Return the stripped name; BadValue if it is blank or too long."""
    if not (text := text.strip()):
        raise BadValue(name, "is empty")
    return require_length(text, longest, name)


def require_length(text: str, longest: int, name: str) -> str:
    """Return the text; BadValue if it is too long for its column."""
    if len(text) > longest:
        raise BadValue(name, f"is longer than {longest} characters")
    return text


def require_smallint(number: int, name: str) -> int:
    """Return the number; BadValue if it is negative or too large for a smallint column."""
    if not 0 <= number <= MAX_SMALLINT:
        raise BadValue(name, f"{number} is not between 0 and {MAX_SMALLINT}")
    return number
