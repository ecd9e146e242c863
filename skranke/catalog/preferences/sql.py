"""The registry: installation-wide preferences by name."""

from msgspec import Struct

from skranke.db.database import Db


class Preferences(Struct, frozen=True, kw_only=True):
    """Settings that change what tickets do. Source: global preferences of Service."""

    external_as_default: bool = True  # access level of new tickets and messages
    inactivity_hours: int = 2  # after which a logged-in user counts as gone
    cross_post_minutes: int = 0  # same handler for a customer's tickets; 0 = off
    deleted_retention_days: int = 14
    accept_status: int = 0  # status id of a ticket that a user accepts; 0 = unchanged
    email_tag: str = "ejTag"


async def load_preferences(db: Db) -> Preferences:
    """The preferences; what the registry lacks has its default."""
    stored = {r["name"]: r["value"] for r in await db.fetch("SELECT name, value FROM registry")}
    return Preferences(
        external_as_default=stored.get("externalAsDefault", "1") == "1",
        inactivity_hours=int(stored.get("inactivityHours", 2)),
        cross_post_minutes=int(stored.get("crossPostMinutes", 0)),
        deleted_retention_days=int(stored.get("deletedRetentionDays", 14)),
        accept_status=int(stored.get("acceptStatus", 0)),
        email_tag=stored.get("ejTag", "ejTag"),
    )
