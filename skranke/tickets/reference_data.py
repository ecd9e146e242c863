"""Everything from the slow tables that a ticket may point at, recalled as one."""

from msgspec import Struct

from skranke.catalog.categories.sql import Category, load_categories
from skranke.catalog.extra_fields.encoding import Field
from skranke.catalog.extra_fields.sql import load_definitions
from skranke.catalog.preferences.sql import Preferences, load_preferences
from skranke.catalog.priorities.sql import Priorities, load_priorities
from skranke.catalog.statuses.sql import Statuses, load_statuses
from skranke.catalog.tags.sql import Tags, load_tags
from skranke.catalog.ticket_types.sql import AllowedType, load_ticket_types
from skranke.db.database import Db
from skranke.people.carriers import Associate, UserType
from skranke.people.sql import load_associates

SYSTEM_USER_ID = 1  # ejuser id: creator from outside, and owner of what nobody owns
AUTOMATIC_OWNER_ID = 2_147_483_647  # OwnedBy id that asks for the category's rules
NO_ASSOCIATE = Associate()
SYSTEM_ASSOCIATE = Associate(
    name="system", type=UserType.SystemAssociate, ej_user_id=SYSTEM_USER_ID
)


class ReferenceData(Struct, frozen=True, kw_only=True):
    """The lists by id; `users` are the associates by ejuser id."""

    statuses: Statuses
    priorities: Priorities
    categories: dict[int, Category]
    types: dict[int, AllowedType]
    tags: Tags
    associates: dict[int, Associate]
    users: dict[int, Associate]
    fields: dict[str, Field]
    preferences: Preferences

    @property
    def default_type(self) -> AllowedType:
        """The type of a ticket that doesn't say."""
        return next(t for t in self.types.values() if t.carrier.is_default)


async def load_reference_data(db: Db) -> ReferenceData:
    """The lists as they are now."""
    people = await load_associates(db)
    return ReferenceData(
        statuses=await load_statuses(db),
        priorities=await load_priorities(db),
        categories=await load_categories(db),
        types=await load_ticket_types(db),
        tags=await load_tags(db),
        associates=people,
        users={a.ej_user_id: a for a in people.values() if a.ej_user_id},
        fields=(await load_definitions(db)).get("ticket", {}),
        preferences=await load_preferences(db),
    )
