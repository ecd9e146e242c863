"""The category models of the database, and the one that this process has at hand.

What needs numpy is imported by who thinks, so that no process bears it that doesn't.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from skranke.ai.executor import think
from skranke.db.database import Db, execute, rows, value

if TYPE_CHECKING:
    from skranke.ai.classifier import Model

AT_HAND: dict[str, Model] = {}  # by key: the last that was asked, of one desk


class Told(Struct, frozen=True):
    """What there is to tell of a model."""

    built: datetime
    accuracy: float
    tickets: int


async def newest(db: Db) -> Model | None:
    """The model to ask; None where none was trained yet."""
    sql = "SELECT key::text FROM ai_model ORDER BY id DESC LIMIT 1"
    key = await value(db, str, sql) or ""
    if not key or key in AT_HAND:
        return AT_HAND.get(key)
    sql = "SELECT data FROM ai_model WHERE key = $1::text::uuid"
    model = await think(_unpacked, await value(db, bytes, sql, key))
    AT_HAND.clear()
    AT_HAND[key] = model
    return model


def _unpacked(data: bytes) -> Model:
    from skranke.ai.classifier import unpacked

    return unpacked(data)


async def keep(db: Db, model: Model, data: bytes, built: datetime) -> None:
    """Keep a model as the newest, and one before it."""
    await execute(
        db,
        "INSERT INTO ai_model (built, accuracy, tickets, data) VALUES ($1, $2, $3, $4)",
        built,
        model.accuracy,
        model.tickets,
        data,
    )
    await execute(
        db,
        """
        DELETE FROM ai_model
        WHERE id NOT IN (SELECT id FROM ai_model ORDER BY id DESC LIMIT 2)
        """,
    )


async def told(db: Db) -> list[Told]:
    """The newest model and the one before it."""
    sql = "SELECT built, accuracy, tickets FROM ai_model ORDER BY id DESC LIMIT 2"
    return await rows(db, Told, sql)
