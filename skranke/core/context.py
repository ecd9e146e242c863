"""The current user, permissions, and the context that every operation receives."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from enum import Enum
from random import Random
from typing import Any, TypeVar

from msgspec import Struct

from skranke.core.cache import ReferenceCache
from skranke.core.dates import Locale
from skranke.core.preconditions import Conditions
from skranke.core.settings import Settings
from skranke.db.database import Db

T = TypeVar("T")


class Permission(Enum):
    """The permission that an operation requires of its user."""

    ANYONE = "may call without signing in"
    SIGNED_IN = "may call with any valid credential"
    READ = "may see the desk"
    WRITE = "may change what the desk holds"
    DELETE = "may delete, and undo it"
    ADMINISTER = "may change how the desk works"


class CurrentUser(Struct, frozen=True, kw_only=True):
    """The associate behind a request; without sign-in all ids are 0 and there are no rights."""

    associate_id: int = 0
    ej_user_id: int = 0  # 0: no Service user
    person_id: int = 0
    role_id: int = 0
    group_ids: frozenset[int] = frozenset()
    name: str = ""
    full_name: str = ""
    permissions: frozenset[Permission] = frozenset({Permission.ANYONE})


NOBODY = CurrentUser()


class RequestContext(Struct, kw_only=True):
    """The context of one request or job.

    `given` holds the wire names of the properties that were present in the posted
    entity: absent properties keep their value, null or empty ones are cleared.
    """

    db: Db
    user: CurrentUser
    now: datetime
    settings: Settings
    cache: ReferenceCache
    rng: Random
    locale: Locale
    given: frozenset[str] = frozenset()
    base_url: str = ""  # prefix of the addresses in `_Links`
    conditions: Conditions = Conditions()
    passed_over: list[str] = []  # names in the request that the answer leaves out

    async def get_cached(self, load: Callable[[Db], Awaitable[T]]) -> T:
        """Return what `load` reads from the reference tables, from the cache if possible."""
        return await self.cache.get(self.db, load)


Handler = Callable[..., Awaitable[Any]]
