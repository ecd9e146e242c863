"""What all edits of lists have in common: one after the other, and seen at once.

An absent property is kept, as in a save of a ticket; where the desk replaces strictly
it is set to its default.
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
    """A transaction over slow tables, which nobody else changes meanwhile.

    Saves of tickets go on. What was checked inside stays true until the commit, after
    which this process knows of the change. BadValue where a row that is to go is still
    pointed at.
    """
    try:
        async with context.db.transaction():
            await execute(context.db, "SELECT version FROM catalogue_version FOR UPDATE")
            yield
    except asyncpg.ForeignKeyViolationError as fault:
        raise BadValue("Id", f"is still in use: {fault}") from fault
    await context.cache.check(context.db)


def merge_posted(context: RequestContext, under: C, posted: C, *, new: bool) -> C:
    """The entity with those properties laid over it that were really posted."""
    strict = context.settings.strict_replace and not new
    given = property_names(type(posted)) if strict else context.given
    changed = {
        field.name: getattr(posted, field.name)
        for field in msgspec.structs.fields(posted)
        if field.encode_name in given
    }
    return msgspec.structs.replace(under, **changed)


def property_names(shape: type[Carrier]) -> frozenset[str]:
    """The wire names of everything that a carrier has."""
    return frozenset(field.encode_name for field in msgspec.structs.fields(shape))


def require_name(text: str, longest: int, name: str = "Name") -> str:
    """A text as a list's row may be called: not blank, and no longer than that."""
    if not (text := text.strip()):
        raise BadValue(name, "is empty")
    return require_length(text, longest, name)


def require_length(text: str, longest: int, name: str) -> str:
    """A text that its column can hold; BadValue for a longer one."""
    if len(text) > longest:
        raise BadValue(name, f"is longer than {longest} characters")
    return text


def require_smallint(number: int, name: str) -> int:
    """A number from 0 that a small column can hold; BadValue for any other."""
    if not 0 <= number <= MAX_SMALLINT:
        raise BadValue(name, f"{number} is not between 0 and {MAX_SMALLINT}")
    return number
