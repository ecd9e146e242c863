"""Makers of archive questions for tests, and of a small desk to ask."""

from datetime import datetime, timedelta
from typing import Any

from skranke.archive import odata
from skranke.archive.carriers import ArchiveOptions, ArchiveRows
from skranke.archive.providers import provider_of
from skranke.core.context import RequestContext
from tests.cast import NOW
from tests.tickets.make import save

Row = dict[str, Any]


async def fetch_archive(
    context: RequestContext, provider: str = "Ticket", **options: str
) -> ArchiveRows:
    """The answer of a provider to these options: `filter="ticketId = 1"`."""
    path = f"/api/v1/Archive/{provider}"
    return await odata.archive_rows(context, provider_of(provider), path, ArchiveOptions(**options))


async def fetch_list(
    context: RequestContext, provider: str = "Ticket", **options: str
) -> list[Row]:
    """The rows of an answer."""
    return (await fetch_archive(context, provider, **options)).value


async def find_keys(context: RequestContext, filter: str, provider: str = "Ticket") -> list[int]:
    """The primary keys of the rows that a filter finds."""
    rows = await fetch_list(context, provider, filter=filter, top="1000")
    return [int(row["PrimaryKey"]) for row in rows]


async def make_ticket(context: RequestContext, **properties: Any) -> int:
    """A saved ticket's id."""
    return (await save(context, **{"title": "A ticket"} | properties)).ticket_id


async def update_ticket(context: RequestContext, ticket_id: int, **columns: object) -> None:
    """Set a ticket's columns, past all rules."""
    for name, value in columns.items():
        sql: Any = f"UPDATE ticket SET {name} = $2 WHERE id = $1"
        await context.db.execute(sql, ticket_id, value)


def days_ago(days: float) -> datetime:
    """An instant before NOW."""
    return NOW - timedelta(days=days)
