"""The status list, and what points at a status."""

from msgspec import Struct

from skranke.catalog.statuses.carriers import (
    TicketBaseStatus,
    TicketStatusEntity,
    TicketStatusTimeCounter,
)
from skranke.db.database import Db, execute, value


class Statuses(Struct, frozen=True):
    """Every status, deleted ones too, and the default of each base status."""

    by_id: dict[int, TicketStatusEntity]
    defaults: dict[TicketBaseStatus, TicketStatusEntity]
    deleted: frozenset[int]


async def load_statuses(db: Db) -> Statuses:
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


async def insert_status(db: Db, status: TicketStatusEntity) -> int:
    """Write a new status at the end of the list; its id."""
    return await value(
        db,
        int,
        """
        INSERT INTO ticket_status (name, status, time_counter, no_email_reopen,
                                   is_default, used_in_queue, ts_rank)
        SELECT $1, $2, $3, $4, $5, $6, 1 + coalesce(max(ts_rank), 0) FROM ticket_status
        RETURNING id
        """,
        *_columns(status),
    )


async def update_status(db: Db, status: TicketStatusEntity) -> None:
    """Write a status; its place in the list stays."""
    await execute(
        db,
        """
        UPDATE ticket_status SET name = $1, status = $2, time_counter = $3,
            no_email_reopen = $4, is_default = $5, used_in_queue = $6
        WHERE id = $7
        """,
        *_columns(status),
        status.ticket_status_id,
    )


def _columns(status: TicketStatusEntity) -> list[object]:
    return [
        status.name,
        status.status.number,
        status.time_counter.number,
        status.no_email_reopen,
        status.is_default,
        status.used_in_queue,
    ]


async def clear_default(db: Db, base: TicketBaseStatus, but: int) -> None:
    """Let no status of a base be its default, save this one."""
    await execute(
        db,
        """
        UPDATE ticket_status SET is_default = false
        WHERE status = $1 AND id <> $2 AND is_default
        """,
        base.number,
        but,
    )


async def mark_deleted(db: Db, status_id: int) -> None:
    """Let nobody choose a status any more."""
    await execute(db, "UPDATE ticket_status SET deleted = true WHERE id = $1", status_id)


async def load_ranks(db: Db) -> dict[int, int]:
    """Each status's place in the list."""
    found = await db.fetch("SELECT id, ts_rank FROM ticket_status")
    return {row["id"]: row["ts_rank"] for row in found}


async def write_ranks(db: Db, ids: list[int], places: list[int]) -> None:
    """Give statuses their places in the list."""
    await execute(
        db,
        """
        UPDATE ticket_status s SET ts_rank = w.place
        FROM unnest($1::int[], $2::int[]) AS w (id, place) WHERE s.id = w.id
        """,
        ids,
        places,
    )


async def has_tickets(db: Db, status_id: int) -> bool:
    """Whether any ticket has this status."""
    sql = "SELECT EXISTS (SELECT FROM ticket WHERE ticket_status = $1)"
    return await value(db, bool, sql, status_id)


async def user_of(db: Db, status_id: int) -> str | None:
    """What uses a status, in words; None where nothing does.

    Tickets, defaults and limits of types, defaults of categories and of users, and the
    preference for accepted tickets.
    """
    return await value(
        db,
        str,
        """
        SELECT concat('ticket ', id) FROM ticket WHERE ticket_status = $1
        UNION ALL
        SELECT format('ticket type %L', name) FROM ticket_type t
        WHERE NOT deleted AND (default_ticket_status = $1
            OR EXISTS (SELECT FROM ticket_type_status l
                       WHERE l.ticket_type_id = t.ticket_type_id
                             AND l.ticket_status_id = $1))
        UNION ALL
        SELECT format('category %L', fullname) FROM ej_category
        WHERE $1 IN (closing_status, msg_closing_status)
        UNION ALL
        SELECT concat('the defaults of user ', id) FROM ejuser
        WHERE $1 IN (default_status_new_ticket, default_status_new_message)
        UNION ALL
        SELECT concat('the preference ', name) FROM registry
        WHERE name = 'acceptStatus' AND value = $1::int::text
        LIMIT 1
        """,
        status_id,
    )


async def replace_references(db: Db, old: int, new: int) -> None:
    """Let everything but tickets that points at a status point at another one."""
    await execute(
        db,
        """
        WITH listed AS (
            INSERT INTO ticket_type_status (ticket_type_id, ticket_status_id)
            SELECT ticket_type_id, $2::int FROM ticket_type_status
            WHERE ticket_status_id = $1
            ON CONFLICT DO NOTHING
        ), unlisted AS (
            DELETE FROM ticket_type_status WHERE ticket_status_id = $1
        ), type AS (
            UPDATE ticket_type SET default_ticket_status = $2
            WHERE default_ticket_status = $1
        ), category AS (
            UPDATE ej_category
            SET closing_status = CASE WHEN closing_status = $1 THEN $2::int
                                      ELSE closing_status END,
                msg_closing_status = CASE WHEN msg_closing_status = $1 THEN $2::int
                                          ELSE msg_closing_status END
            WHERE $1 IN (closing_status, msg_closing_status)
        ), preference AS (
            UPDATE registry SET value = $2::int::text
            WHERE name = 'acceptStatus' AND value = $1::int::text
        )
        UPDATE ejuser
        SET default_status_new_ticket = CASE
                WHEN default_status_new_ticket = $1 THEN $2::int
                ELSE default_status_new_ticket END,
            default_status_new_message = CASE
                WHEN default_status_new_message = $1 THEN $2::int
                ELSE default_status_new_message END
        WHERE $1 IN (default_status_new_ticket, default_status_new_message)
        """,
        old,
        new,
    )
