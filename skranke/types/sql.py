"""The ticket types, and which statuses and priorities each one allows."""

from msgspec import Struct

from skranke.store.database import Db
from skranke.types.carriers import TicketType


class AllowedType(Struct, frozen=True, kw_only=True):
    """A type as tickets show it, with its limits; an empty set allows all."""

    carrier: TicketType
    rank: int
    tooltip: str
    deleted: bool
    statuses: frozenset[int]
    priorities: frozenset[int]


async def ticket_types(db: Db) -> dict[int, AllowedType]:
    """Every ticket type by id, in rank order."""
    rows = await db.fetch(
        """
        SELECT t.*,
               ARRAY(SELECT ticket_status_id FROM ticket_type_status s
                     WHERE s.ticket_type_id = t.ticket_type_id) AS statuses,
               ARRAY(SELECT ticket_priority_id FROM ticket_type_priority p
                     WHERE p.ticket_type_id = t.ticket_type_id) AS priorities,
               ARRAY(SELECT usergroup_id FROM ticket_type_group_link g
                     WHERE g.ticket_type_id = t.ticket_type_id
                     ORDER BY usergroup_id) AS groups
        FROM ticket_type t ORDER BY rank, ticket_type_id
        """
    )
    return {
        row["ticket_type_id"]: AllowedType(
            carrier=TicketType(
                ticket_type_id=row["ticket_type_id"],
                name=row["name"],
                icon=row["icon"],
                default_ticket_status=row["default_ticket_status"] or 0,
                default_ticket_priority=row["default_ticket_priority"] or 0,
                is_default=row["is_default"],
                show_in_new=row["show_in_new"],
                exclude_signature=row["exclude_signature"],
                exclude_email_recipients=row["exclude_email_recipients"],
                external_as_default=row["external_as_default"],
                visible_for_groups=row["groups"],
                reply_forward_no_signature=row["reply_forward_no_signature"],
                reply_external_as_default=row["reply_external_as_default"],
            ),
            rank=row["rank"],
            tooltip=row["tooltip"],
            deleted=row["deleted"],
            statuses=frozenset(row["statuses"]),
            priorities=frozenset(row["priorities"]),
        )
        for row in rows
    }
