"""Makers of archive questions for tests, and of a small desk to ask."""

from datetime import datetime, timedelta
from typing import Any

from skranke.archive import odata
from skranke.archive.carriers import ArchiveOptions, ArchiveRows
from skranke.archive.providers import provider_of
from skranke.core.context import Call
from tests.conftest import NOW
from tests.tickets.make import save

Row = dict[str, Any]


async def asked(call: Call, provider: str = "Ticket", **options: str) -> ArchiveRows:
    """The answer of a provider to these options: `filter="ticketId = 1"`."""
    path = f"/api/v1/Archive/{provider}"
    return await odata.answer(call, provider_of(provider), path, ArchiveOptions(**options))


async def listed(call: Call, provider: str = "Ticket", **options: str) -> list[Row]:
    """The rows of an answer."""
    return (await asked(call, provider, **options)).value


async def keys(call: Call, filter: str, provider: str = "Ticket") -> list[int]:
    """The primary keys of the rows that a filter finds."""
    rows = await listed(call, provider, filter=filter, top="1000")
    return [int(row["PrimaryKey"]) for row in rows]


async def make_ticket(call: Call, **properties: Any) -> int:
    """A saved ticket's id."""
    return (await save(call, **{"title": "A ticket"} | properties)).ticket_id


async def put(call: Call, ticket_id: int, **columns: object) -> None:
    """Set a ticket's columns, past all rules."""
    for name, value in columns.items():
        sql: Any = f"UPDATE ticket SET {name} = $2 WHERE id = $1"
        await call.db.execute(sql, ticket_id, value)


def days_ago(days: float) -> datetime:
    """An instant before NOW."""
    return NOW - timedelta(days=days)
