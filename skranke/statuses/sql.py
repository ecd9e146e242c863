"""The status list."""

from msgspec import Struct

from skranke.statuses.carriers import (
    TicketBaseStatus,
    TicketStatusEntity,
    TicketStatusTimeCounter,
)
from skranke.store.database import Db


class Statuses(Struct, frozen=True):
    """Every status, deleted ones too, and the default of each base status."""

    by_id: dict[int, TicketStatusEntity]
    defaults: dict[TicketBaseStatus, TicketStatusEntity]
    deleted: frozenset[int]


async def statuses(db: Db) -> Statuses:
    """The status list in its own order."""
    rows = await db.fetch("SELECT * FROM ticket_status ORDER BY ts_rank, id")
    by_id = {
        row["id"]: TicketStatusEntity(
            ticket_status_id=row["id"],
            name=row["name"],
            status=TicketBaseStatus.of(row["status"]),
            time_counter=TicketStatusTimeCounter.of(row["time_counter"]),
            no_email_reopen=row["no_email_reopen"],
            is_default=row["is_default"],
            used_in_queue=row["used_in_queue"],
        )
        for row in rows
    }
    defaults = {s.status: s for s in by_id.values() if s.is_default}
    deleted = frozenset(row["id"] for row in rows if row["deleted"])
    return Statuses(by_id, defaults, deleted)
