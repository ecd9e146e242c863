"""Users from the command line: add, list, change a password, hand out a token.

A password takes 8 to 1000 characters and isn't the login name; nothing else is asked
of it (NIST SP 800-63B, section on memorized secrets). Who needs another, a demo with
the reference's own credentials, stores the hash by `store_password`.
"""

import asyncio
from datetime import datetime

from argon2 import PasswordHasher
from msgspec import Struct

from skranke.core.errors import BadValue, NotFound
from skranke.db.database import Db, execute, rows, value
from skranke.people.auth.passwords import HASHER, check_strength
from skranke.people.auth.tokens import TICKET_PREFIX, Kind, issue_token

MAX_NAME_CHARACTERS = 100


class UserSummary(Struct, frozen=True, kw_only=True):
    """A line of `skranke user list`."""

    associate_id: int
    name: str
    full_name: str
    role: str
    group: str
    service_user: bool
    has_password: bool
    tokens: int  # tokens and tickets, expired ones that nobody has cleared included
    deleted: bool


class Role(Struct, frozen=True):
    """A row of the role list."""

    role_id: int
    name: str


async def add_user(
    db: Db,
    name: str,
    full_name: str,
    password: str,
    role: str,
    group: str,
    *,
    now: datetime,
    hasher: PasswordHasher | None = None,
) -> int:
    """A new Service user with a person behind it; its associate id.

    `role` by its name in any case; `group` likewise, made where there is none, empty
    for none. BadValue when the name is taken or unfit, the role unknown, the password
    too short.
    """
    _check_name(name)
    check_strength(password, name)
    password_hash = await _hash(password, hasher)
    first, _, last = full_name.strip().rpartition(" ")
    async with db.transaction():
        role_id = await _role_id(db, role)
        group_id = await _group_id(db, group)
        associate_id = await value(
            db,
            int,
            """
            WITH somebody AS (INSERT INTO person (firstname, lastname) VALUES ($2, $3)
                              RETURNING person_id),
                 account AS (INSERT INTO associate (name, person_id, role_id, group_idx)
                             SELECT $1, person_id, $4, $5 FROM somebody
                             ON CONFLICT (lower(name)) DO NOTHING
                             RETURNING associate_id)
            INSERT INTO ejuser (associate_id) SELECT associate_id FROM account
            RETURNING associate_id
            """,
            name,
            first,
            last,
            role_id,
            group_id,
        )
        if not associate_id:
            raise BadValue("Name", f"{name} is taken")
        await store_password(db, associate_id, password_hash, now)
    return associate_id


async def list_users(db: Db) -> list[UserSummary]:
    """Every associate, by login name."""
    return await rows(
        db,
        UserSummary,
        """
        SELECT a.associate_id, a.name, coalesce(p."FullName", '') AS full_name,
               coalesce(r.name, '') AS role, coalesce(g.name, '') AS group,
               e.id IS NOT NULL AS service_user, a.deleted,
               coalesce(c.passwords, 0) > 0 AS has_password,
               coalesce(c.tokens, 0) AS tokens
        FROM associate a
        LEFT JOIN wire_person p ON p."PersonId" = a.person_id
        LEFT JOIN role r USING (role_id)
        LEFT JOIN usergroup g ON g.usergroup_id = a.group_idx
        LEFT JOIN ejuser e USING (associate_id)
        LEFT JOIN (SELECT associate_id, count(*) FILTER (WHERE type = 'password')
                              AS passwords,
                          count(*) FILTER (WHERE type <> 'password') AS tokens
                   FROM credentials GROUP BY associate_id) c USING (associate_id)
        ORDER BY lower(a.name)
        """,
    )


async def set_password(
    db: Db, name: str, password: str, *, now: datetime, hasher: PasswordHasher | None = None
) -> None:
    """Give a user another password; it ends the user's sessions and tokens.

    NotFound for an unknown name, BadValue for a password that is too short.
    """
    associate_id = await _associate_id(db, name)
    check_strength(password, name)
    password_hash = await _hash(password, hasher)
    await store_password(db, associate_id, password_hash, now)


async def store_password(db: Db, associate_id: int, password_hash: str, now: datetime) -> None:
    """Make an argon2id hash the associate's password, and end its sessions and tokens."""
    await execute(
        db,
        """
        WITH ended AS (DELETE FROM login WHERE associate_id = $1),
             revoked AS (DELETE FROM credentials
                         WHERE associate_id = $1 AND type <> 'password')
        INSERT INTO credentials (associate_id, type, value, registered)
        VALUES ($1, 'password', $2, $3)
        ON CONFLICT (associate_id) WHERE type = 'password'
        DO UPDATE SET value = excluded.value, registered = excluded.registered
        """,
        associate_id,
        password_hash,
        now,
    )


async def make_token(
    db: Db, name: str, now: datetime, days: float | None, kind: Kind = "token"
) -> str:
    """A token for the user, shown this once, valid `days` (None: for ever).

    NotFound for an unknown name.
    """
    return await issue_token(db, await _associate_id(db, name), kind, now, days)


def _check_name(name: str) -> None:
    if not name or len(name) > MAX_NAME_CHARACTERS or name != name.strip():
        raise BadValue("Name", f"takes 1 to {MAX_NAME_CHARACTERS} characters, trimmed")
    # Basic ends the name at the colon; what begins as a ticket is read as one
    if ":" in name or name + ":" == TICKET_PREFIX or not name.isprintable():
        raise BadValue("Name", "can't hold a colon or be the prefix of tickets")


async def _hash(password: str, hasher: PasswordHasher | None) -> str:
    return await asyncio.to_thread((hasher or HASHER).hash, password)


async def _associate_id(db: Db, name: str) -> int:
    found = await value(
        db,
        int,
        """
        SELECT coalesce((SELECT associate_id FROM associate
                         WHERE lower(name) = lower($1) AND NOT deleted), 0)
        """,
        name,
    )
    if not found:
        raise NotFound(f"There is no user {name!r}.")
    return found


async def _role_id(db: Db, name: str) -> int:
    roles = await rows(db, Role, "SELECT role_id, name FROM role ORDER BY role_id")
    for role in roles:
        if role.name.lower() == name.lower():
            return role.role_id
    known = ", ".join(role.name for role in roles)
    raise BadValue("Role", f"{name!r} is none of {known}")


async def _group_id(db: Db, name: str) -> int | None:
    """The group of this name, made where there is none; None for no name."""
    if not name:
        return None
    known = await value(
        db,
        int,
        """
        SELECT coalesce((SELECT min(usergroup_id) FROM usergroup
                         WHERE lower(name) = lower($1) AND NOT deleted), 0)
        """,
        name,
    )
    return known or await value(
        db, int, "INSERT INTO usergroup (name) VALUES ($1) RETURNING usergroup_id", name
    )
