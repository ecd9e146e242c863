"""The category models of the database, and the one that this process has at hand.

What needs numpy is imported by who thinks, so that no process bears it that doesn't.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from skranke.ai.executor import run_in_thread
from skranke.db.database import Db, execute, rows, value

if TYPE_CHECKING:
    from skranke.ai.classifier import CategoryModel

MODEL_CACHE: dict[str, CategoryModel] = {}  # by key: the last that was asked, of one desk


class ModelInfo(Struct, frozen=True):
    """What there is to tell of a model."""

    built: datetime
    accuracy: float
    tickets: int


async def newest_model(db: Db) -> CategoryModel | None:
    """The model to ask; None where none was trained yet."""
    sql = "SELECT key::text FROM ai_model ORDER BY id DESC LIMIT 1"
    key = await value(db, str, sql) or ""
    if not key or key in MODEL_CACHE:
        return MODEL_CACHE.get(key)
    sql = "SELECT data FROM ai_model WHERE key = $1::text::uuid"
    model = await run_in_thread(_unpack, await value(db, bytes, sql, key))
    MODEL_CACHE.clear()
    MODEL_CACHE[key] = model
    return model


def _unpack(data: bytes) -> CategoryModel:
    from skranke.ai.classifier import model_from_bytes

    return model_from_bytes(data)


async def save_model(db: Db, model: CategoryModel, data: bytes, built: datetime) -> None:
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


async def model_infos(db: Db) -> list[ModelInfo]:
    """The newest model and the one before it."""
    sql = "SELECT built, accuracy, tickets FROM ai_model ORDER BY id DESC LIMIT 2"
    return await rows(db, ModelInfo, sql)
