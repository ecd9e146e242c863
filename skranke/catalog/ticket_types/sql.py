"""The ticket types, and which statuses and priorities each one allows."""

from typing import Any

from msgspec import Struct

from skranke.catalog.ticket_types.carriers import TicketType, TicketTypeEntity
from skranke.db.database import Db, Record, execute, value


class AllowedType(Struct, frozen=True, kw_only=True):
    """A type as tickets show it and whole, with its limits; an empty set allows all."""

    carrier: TicketType
    entity: TicketTypeEntity
    deleted: bool
    statuses: frozenset[int]
    priorities: frozenset[int]


async def load_ticket_types(db: Db) -> dict[int, AllowedType]:
    """Every ticket type by id, in rank order."""
    rows = await db.fetch(
        """
        SELECT t.*,
               ARRAY(SELECT ticket_status_id FROM ticket_type_status s
                     WHERE s.ticket_type_id = t.ticket_type_id
                     ORDER BY ticket_status_id) AS ticket_statuses,
               ARRAY(SELECT ticket_priority_id FROM ticket_type_priority p
                     WHERE p.ticket_type_id = t.ticket_type_id
                     ORDER BY ticket_priority_id) AS ticket_priorities,
               ARRAY(SELECT usergroup_id FROM ticket_type_group_link g
                     WHERE g.ticket_type_id = t.ticket_type_id
                     ORDER BY usergroup_id) AS visible_for_groups
        FROM ticket_type t ORDER BY rank, ticket_type_id
        """
    )
    return {row["ticket_type_id"]: _allowed_type(row) for row in rows}


def _allowed_type(row: Record) -> AllowedType:
    return AllowedType(
        carrier=TicketType(**_members(row, TicketType)),
        entity=TicketTypeEntity(**_members(row, TicketTypeEntity)),
        deleted=row["deleted"],
        statuses=frozenset(row["ticket_statuses"]),
        priorities=frozenset(row["ticket_priorities"]),
    )


def _members(row: Record, carrier: type[Struct]) -> dict[str, Any]:
    """What the row has of the carrier, by the same names; no default is a 0."""
    known = {name: row[name] for name in carrier.__struct_fields__ if name in row}
    return {name: 0 if value is None else value for name, value in known.items()}


async def write_type(db: Db, kind: TicketTypeEntity) -> int:
    """Write a type, a new one for id 0, without its limits; its id."""
    return await value(
        db,
        int,
        """
        INSERT INTO ticket_type (ticket_type_id, name, rank, tooltip, icon,
            default_ticket_status, default_ticket_priority, reply_template,
            is_external_visible, is_default, show_in_new, exclude_signature,
            exclude_email_recipients, external_as_default, reply_forward_no_signature,
            reply_external_as_default)
        VALUES (coalesce(nullif($1, 0), nextval(
                    pg_get_serial_sequence('ticket_type', 'ticket_type_id'))::int),
                $2, $3, $4, $5, nullif($6, 0), nullif($7, 0), $8, $9, $10, $11, $12,
                $13, $14, $15, $16)
        ON CONFLICT (ticket_type_id) DO UPDATE SET (name, rank, tooltip, icon,
            default_ticket_status, default_ticket_priority, reply_template,
            is_external_visible, is_default, show_in_new, exclude_signature,
            exclude_email_recipients, external_as_default, reply_forward_no_signature,
            reply_external_as_default)
            = ($2, $3, $4, $5, nullif($6, 0), nullif($7, 0), $8, $9, $10, $11, $12,
               $13, $14, $15, $16)
        RETURNING ticket_type_id
        """,
        kind.ticket_type_id,
        kind.name,
        kind.rank,
        kind.tooltip,
        kind.icon,
        kind.default_ticket_status,
        kind.default_ticket_priority,
        kind.reply_template,
        kind.is_external_visible,
        kind.is_default,
        kind.show_in_new,
        kind.exclude_signature,
        kind.exclude_email_recipients,
        kind.external_as_default,
        kind.reply_forward_no_signature,
        kind.reply_external_as_default,
    )


async def write_limits(db: Db, type_id: int, kind: TicketTypeEntity) -> None:
    """Write which statuses and priorities a type allows, and which groups see it."""
    await execute(db, "DELETE FROM ticket_type_status WHERE ticket_type_id = $1", type_id)
    await execute(db, "DELETE FROM ticket_type_priority WHERE ticket_type_id = $1", type_id)
    await execute(db, "DELETE FROM ticket_type_group_link WHERE ticket_type_id = $1", type_id)
    await execute(
        db,
        """
        WITH status AS (
            INSERT INTO ticket_type_status SELECT $1, unnest($2::int[])
        ), priority AS (
            INSERT INTO ticket_type_priority SELECT $1, unnest($3::int[])
        )
        INSERT INTO ticket_type_group_link SELECT $1, unnest($4::int[])
        """,
        type_id,
        kind.ticket_statuses,
        kind.ticket_priorities,
        kind.visible_for_groups,
    )


async def first_unusable_status(db: Db, ids: list[int]) -> int | None:
    """The first of these that is no status that can be chosen; 0 is none at all."""
    sql = "SELECT id FROM ticket_status WHERE NOT deleted AND id = ANY ($1)"
    return _first_missing(await db.fetch(sql, ids), ids)


async def first_unusable_priority(db: Db, ids: list[int]) -> int | None:
    """The first of these that is no priority that can be chosen; 0 is none at all."""
    sql = "SELECT id FROM ticket_priority WHERE status = 1 AND id = ANY ($1)"
    return _first_missing(await db.fetch(sql, ids), ids)


async def first_unknown_group(db: Db, ids: list[int]) -> int | None:
    """The first of these that is no user group."""
    sql = "SELECT usergroup_id FROM usergroup WHERE usergroup_id = ANY ($1)"
    return _first_missing(await db.fetch(sql, ids), ids)


def _first_missing(found: list[Record], ids: list[int]) -> int | None:
    known = {0, *(row[0] for row in found)}
    return min((wish for wish in ids if wish not in known), default=None)


async def clear_default(db: Db, but: int) -> None:
    """Let no type be the default, save this one."""
    await execute(
        db,
        """
        UPDATE ticket_type SET is_default = false
        WHERE ticket_type_id <> $1 AND is_default
        """,
        but,
    )


async def any_ticket_of(db: Db, type_id: int) -> int | None:
    """A ticket of this type; None without one."""
    sql = "SELECT id FROM ticket WHERE ticket_type = $1 LIMIT 1"
    return await value(db, int, sql, type_id)


async def mark_deleted(db: Db, type_id: int) -> None:
    """Let nobody choose a type any more."""
    sql = "UPDATE ticket_type SET deleted = true WHERE ticket_type_id = $1"
    await execute(db, sql, type_id)


async def write_ranks(db: Db, ids: list[int], places: list[int]) -> None:
    """Give types their ranks."""
    await execute(
        db,
        """
        UPDATE ticket_type t SET rank = w.place
        FROM unnest($1::int[], $2::int[]) AS w (id, place)
        WHERE t.ticket_type_id = w.id
        """,
        ids,
        places,
    )
