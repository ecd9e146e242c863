"""Secrets that stand in for a password: access tokens and tickets.

Each is 256 random bits behind a prefix that says what it is; the desk keeps its
SHA-256, so that a copy of the database signs nobody in. A fast hash is enough: nobody
guesses 256 bits. Source: reference, forms of tickets and access tokens.
"""

import base64
import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from skranke.db.database import Db, execute, row, value

Kind = Literal["token", "ticket"]
TICKET_PREFIX = "7T:"
TOKEN_PREFIX = "8A:Default."  # noqa: S105 - the form, no secret
SECRET_BYTES = 32


class Grant(Struct, frozen=True):
    """Whose secret it is, and until when; None is for ever."""

    associate_id: int
    valid_until: datetime | None


def digest(secret: str) -> str:
    """What the database holds of a random secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


async def issue_token(
    db: Db, associate_id: int, kind: Kind, now: datetime, days: float | None
) -> str:
    """A new secret, shown this once, valid `days` from `now` (None: for ever).

    The associate's expired ones go in the same statement.
    """
    secret = _new_secret(kind)
    until = None if days is None else now + timedelta(days=days)
    await execute(
        db,
        """
        WITH gone AS (DELETE FROM credentials WHERE associate_id = $1
                      AND type <> 'password' AND valid_until <= $5)
        INSERT INTO credentials
            (associate_id, type, value, display_value, registered, valid_until)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        associate_id,
        kind,
        digest(secret),
        f"…{secret[-4:]}",
        now,
        until,
    )
    return secret


async def grant_of(db: Db, kind: Kind, secret: str) -> Grant | None:
    """What this secret stands for, expired or not; None when it is unknown."""
    return await row(
        db,
        Grant,
        """
        SELECT associate_id, valid_until FROM credentials
        WHERE value = $1 AND type = $2
        """,
        digest(secret),
        kind,
    )


async def revoke_token(db: Db, secret: str) -> bool:
    """Make a token or ticket worthless at once; False when it was unknown."""
    return await value(
        db,
        bool,
        """
        WITH gone AS (DELETE FROM credentials WHERE value = $1 AND type <> 'password'
                      RETURNING credentials_id)
        SELECT EXISTS (SELECT FROM gone)
        """,
        digest(secret),
    )


async def revoke_tokens(db: Db, associate_id: int) -> None:
    """Make every token and ticket of the associate worthless at once."""
    await execute(
        db, "DELETE FROM credentials WHERE associate_id = $1 AND type <> 'password'", associate_id
    )


def _new_secret(kind: Kind) -> str:
    random = secrets.token_bytes(SECRET_BYTES)
    if kind == "ticket":
        return TICKET_PREFIX + base64.b64encode(random).decode()
    return TOKEN_PREFIX + base64.urlsafe_b64encode(random).decode().rstrip("=")
