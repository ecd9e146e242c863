"""Who calls, with which rights, and what an operation is handed."""

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
    """What an operation asks of its caller."""

    ANYONE = "may call without signing in"
    SIGNED_IN = "may call with any valid credential"
    READ = "may see the desk"
    WRITE = "may change what the desk holds"
    DELETE = "may delete, and undo it"
    ADMINISTER = "may change how the desk works"


class CurrentUser(Struct, frozen=True, kw_only=True):
    """The associate behind a request; all zeros and no rights when nobody signed in."""

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
    """One request on its way through an operation.

    `given` holds the wire names of the properties that the posted entity really had:
    what is absent is kept, what is null or empty is set so.
    """

    db: Db
    user: CurrentUser
    now: datetime
    settings: Settings
    cache: ReferenceCache
    rng: Random
    locale: Locale
    given: frozenset[str] = frozenset()
    base_url: str = ""  # where the addresses in `_Links` begin
    conditions: Conditions = Conditions()

    async def get_cached(self, load: Callable[[Db], Awaitable[T]]) -> T:
        """What `load` reads from the slow tables, from memory where it can be."""
        return await self.cache.get(self.db, load)


Handler = Callable[..., Awaitable[Any]]
