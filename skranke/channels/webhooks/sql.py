"""Webhooks in the database."""

from datetime import datetime

from msgspec import Struct

from skranke.channels.webhooks.http_call import WebhookTarget
from skranke.channels.webhooks.payload import DELIVERY_PROPERTY
from skranke.db.database import Db, execute, row, rows, value

ACTIVE, STOPPED, TOO_MANY_ERRORS = 1, 2, 3
RELIABLE_MODE = "reliable"


class Hook(Struct, kw_only=True):
    """A hook as its table has it."""

    webhook_id: int
    name: str
    events: list[str]
    target_url: str
    secret: str
    state: int
    type: str
    headers: dict[str, str]
    properties: dict[str, object]
    registered: datetime
    registered_associate_id: int
    updated: datetime | None
    updated_associate_id: int
    error_emails: list[str]
    error_associates: list[int]
    description: str
    notify_via: int
    notify_when: int
    total_calls: int
    total_errors: int
    consecutive_errors: int
    last_error: str

    @property
    def target(self) -> WebhookTarget:
        """Where its calls go, and what they bear."""
        return WebhookTarget(url=self.target_url, secret=self.secret, headers=self.headers)

    @property
    def is_reliable(self) -> bool:
        """Whether its events are tried for days."""
        return self.properties.get(DELIVERY_PROPERTY) == RELIABLE_MODE


async def load_hooks(db: Db) -> list[Hook]:
    """Every hook, by id."""
    return await rows(db, Hook, "SELECT * FROM webhook ORDER BY webhook_id")


async def load_hook(db: Db, webhook_id: int) -> Hook | None:
    """A hook; None without one."""
    sql = "SELECT * FROM webhook WHERE webhook_id = $1"
    return await row(db, Hook, sql, webhook_id)


async def lock_hook(db: Db, webhook_id: int) -> Hook | None:
    """A hook that nobody else changes until the transaction ends; None without one."""
    sql = "SELECT * FROM webhook WHERE webhook_id = $1 FOR UPDATE"
    return await row(db, Hook, sql, webhook_id)


async def active_hooks(db: Db) -> list[Hook]:
    """Every hook that may be told anything, by id."""
    return await rows(db, Hook, "SELECT * FROM webhook WHERE state = 1 ORDER BY webhook_id")


def hooks_for_event(hooks: list[Hook], event: str) -> list[Hook]:
    """Those of the hooks that an event is told to."""
    wanted = event.lower()
    return [h for h in hooks if wanted in (name.lower() for name in h.events)]


class WebhookColumns(Struct, frozen=True, kw_only=True):
    """What a save writes; `secret` None keeps the one that is there."""

    name: str
    events: list[str]
    target_url: str
    secret: str | None
    state: int
    headers: dict[str, str]
    properties: dict[str, object]
    error_emails: list[str]
    error_associates: list[int]
    description: str
    notify_via: int
    notify_when: int

    def values(self) -> list[object]:
        return [getattr(self, name) for name in self.__struct_fields__]


async def insert(db: Db, wish: WebhookColumns, associate_id: int, now: datetime) -> int:
    """Write a new hook; its id."""
    return await value(
        db,
        int,
        """
        INSERT INTO webhook (name, events, target_url, secret, state, headers,
            properties, error_emails, error_associates, description, notify_via,
            notify_when, registered_associate_id, registered)
        VALUES ($1, $2, $3, coalesce($4, ''), $5, $6, $7, $8, $9, $10, $11, $12, $13,
            $14)
        RETURNING webhook_id
        """,
        *wish.values(),
        associate_id,
        now,
    )


async def update(
    db: Db, webhook_id: int, wish: WebhookColumns, associate_id: int, now: datetime
) -> None:
    """Write over a hook; one that becomes active begins without errors."""
    await execute(
        db,
        """
        UPDATE webhook SET name = $1, events = $2, target_url = $3,
            secret = coalesce($4, secret), state = $5::int, headers = $6,
            properties = $7, error_emails = $8, error_associates = $9,
            description = $10, notify_via = $11, notify_when = $12,
            updated_associate_id = $13, updated = $14, consecutive_errors = CASE
                WHEN $5::int = 1 AND state <> 1 THEN 0 ELSE consecutive_errors END
        WHERE webhook_id = $15
        """,
        *wish.values(),
        associate_id,
        now,
        webhook_id,
    )


async def delete(db: Db, webhook_id: int) -> bool:
    """Remove a hook with its deliveries; False without one."""
    sql = "DELETE FROM webhook WHERE webhook_id = $1 RETURNING true"
    return bool(await db.fetchval(sql, webhook_id))


async def count_success(db: Db, webhook_id: int) -> bool:
    """Count a call that went well; False without the hook."""
    found = await db.fetchval(
        """
        UPDATE webhook SET total_calls = total_calls + 1, consecutive_errors = 0
        WHERE webhook_id = $1 RETURNING true
        """,
        webhook_id,
    )
    return bool(found)


async def count_failure(db: Db, webhook_id: int, error: str, *, given_up: bool) -> Hook | None:
    """Count a call that failed, and an event given up; the hook, None if it's gone."""
    return await row(
        db,
        Hook,
        """
        UPDATE webhook SET total_calls = total_calls + 1,
            total_errors = total_errors + 1, last_error = $2,
            consecutive_errors = consecutive_errors + $3::int
        WHERE webhook_id = $1 RETURNING *
        """,
        webhook_id,
        error,
        int(given_up),
    )


async def disable(db: Db, webhook_id: int) -> bool:
    """Have an active hook called no more; False where it already was."""
    found = await db.fetchval(
        """
        UPDATE webhook SET state = 3 WHERE webhook_id = $1 AND state = 1 RETURNING true
        """,
        webhook_id,
    )
    return bool(found)


async def associate_emails(db: Db, associate_ids: list[int]) -> list[str]:
    """The addresses of associates, of those who have one."""
    found = await db.fetch(
        """
        SELECT p."Email"
        FROM associate a JOIN wire_person p ON p."PersonId" = a.person_id
        WHERE a.associate_id = ANY ($1) AND p."Email" <> '' ORDER BY a.associate_id
        """,
        associate_ids,
    )
    return [record["Email"] for record in found]
