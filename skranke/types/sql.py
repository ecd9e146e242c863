"""The ticket types, and which statuses and priorities each one allows."""

from typing import Any

from msgspec import Struct

from skranke.store.database import Db, Record
from skranke.types.carriers import TicketType, TicketTypeEntity


class AllowedType(Struct, frozen=True, kw_only=True):
    """A type as tickets show it and whole, with its limits; an empty set allows all."""

    carrier: TicketType
    entity: TicketTypeEntity
    deleted: bool
    statuses: frozenset[int]
    priorities: frozenset[int]


async def ticket_types(db: Db) -> dict[int, AllowedType]:
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
    return {row["ticket_type_id"]: _allowed(row) for row in rows}


def _allowed(row: Record) -> AllowedType:
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
