"""Relations in the database."""

from datetime import datetime

from msgspec import Struct

from skranke.actions.relations.carriers import (
    TicketRelationActionChild,
    TicketRelationEntity,
    TicketRelationItem,
    TicketRelationType,
)
from skranke.actions.relations.validation import TicketLinks
from skranke.db.database import Db, execute, row, rows, value
from skranke.tickets.message_rows import TicketSecurityLevel

DEFINITION_IDS = {
    TicketRelationType.Related: 1,
    TicketRelationType.Parent: 2,
    TicketRelationType.Child: 3,
}


async def lock_relations(db: Db) -> None:
    """Let nobody else relate tickets until the transaction ends.

    A circle can't be seen by either of two that close it at the same time.
    """
    await db.execute("LOCK TABLE ticket_relation IN SHARE ROW EXCLUSIVE MODE")


async def load_links(db: Db, ticket_ids: list[int], but: int = 0) -> TicketLinks:
    """What is linked around these tickets, all their ancestors included.

    The relation `but` is left out: it is about to be written anew.
    """
    found = await db.fetch(
        """
        WITH RECURSIVE above (child_id, parent_id) AS (
            SELECT child_id, parent_id FROM ticket_relation
            WHERE child_id = ANY ($1) AND ticket_relation_id <> $2
            UNION
            SELECT r.child_id, r.parent_id FROM above
            JOIN ticket_relation r ON r.child_id = above.parent_id
            WHERE r.ticket_relation_id <> $2)
        SELECT child_id, parent_id, true AS family FROM above
        UNION ALL
        SELECT source_ticket_id, destination_ticket_id, false FROM ticket_relation
        WHERE source_ticket_id = ANY ($1) AND destination_ticket_id = ANY ($1)
            AND ticket_relation_id <> $2
        """,
        ticket_ids,
        but,
    )
    known = TicketLinks()
    for first, second, family in found:
        if family:
            known.parent_of[first] = second
        else:
            known.pairs.add(frozenset((first, second)))
    return known


async def relation(db: Db, relation_id: int) -> TicketRelationEntity | None:
    """A relation as it was saved; None without one."""
    return await row(
        db,
        TicketRelationEntity,
        """
        SELECT r.ticket_relation_id AS "TicketRelationId",
               r.source_ticket_id AS "SourceTicketId",
               r.destination_ticket_id AS "DestinationTicketId",
               d.relation_type::text AS "RelationType",
               r.comment AS "Comment"
        FROM ticket_relation r JOIN ticket_relation_def d USING (ticket_relation_def_id)
        WHERE r.ticket_relation_id = $1
        """,
        relation_id,
    )


class ChangeStamp(Struct, frozen=True):
    """Who writes, and when."""

    associate_id: int
    at: datetime


async def insert(db: Db, wish: TicketRelationEntity, stamp: ChangeStamp) -> int:
    """Write a new relation; its id."""
    return await value(
        db,
        int,
        """
        INSERT INTO ticket_relation (source_ticket_id, destination_ticket_id,
            ticket_relation_def_id, comment, registered, registered_associate_id)
        VALUES ($1, $2, $3, $4, $5, $6) RETURNING ticket_relation_id
        """,
        wish.source_ticket_id,
        wish.destination_ticket_id,
        DEFINITION_IDS[wish.relation_type],
        wish.comment,
        stamp.at,
        stamp.associate_id,
    )


async def update(db: Db, wish: TicketRelationEntity, stamp: ChangeStamp) -> None:
    """Write a relation over the one with its id."""
    await execute(
        db,
        """
        UPDATE ticket_relation SET source_ticket_id = $2, destination_ticket_id = $3,
            ticket_relation_def_id = $4, comment = $5, updated = $6,
            updated_associate_id = $7
        WHERE ticket_relation_id = $1
        """,
        wish.ticket_relation_id,
        wish.source_ticket_id,
        wish.destination_ticket_id,
        DEFINITION_IDS[wish.relation_type],
        wish.comment,
        stamp.at,
        stamp.associate_id,
    )


async def delete(db: Db, relation_id: int) -> None:
    """Remove a relation; both tickets stay."""
    await execute(db, "DELETE FROM ticket_relation WHERE ticket_relation_id = $1", relation_id)


class ParentLink(Struct, frozen=True, kw_only=True):
    """The relation that makes one ticket the parent of another."""

    relation_id: int
    parent_id: int


async def parent(db: Db, ticket_id: int) -> ParentLink | None:
    """The parent of a ticket; None without one."""
    return await row(
        db,
        ParentLink,
        """
        SELECT ticket_relation_id AS relation_id, parent_id FROM ticket_relation
        WHERE child_id = $1
        """,
        ticket_id,
    )


async def items(db: Db, ticket_id: int) -> list[TicketRelationItem]:
    """The tickets that a ticket is related to: parent, children, others, by age."""
    return await rows(
        db,
        TicketRelationItem,
        """
        SELECT r.ticket_relation_id AS "TicketRelationId",
               CASE WHEN r.child_id = $1 THEN 'Parent' WHEN r.parent_id = $1
                    THEN 'Child' ELSE 'Related' END AS "RelationType",
               r.comment AS "RelationComment",
               EXISTS (SELECT FROM ticket_relation p WHERE p.child_id = t.id)
                   AS "HasParent",
               (SELECT count(*) FROM ticket_relation c WHERE c.parent_id = t.id)
                   AS "ChildCount",
               (SELECT count(*) FROM ticket_relation f WHERE f.child_id IS NULL
                AND (f.source_ticket_id = t.id OR f.destination_ticket_id = t.id))
                   AS "RelatedCount",
               r.registered AS "RelationCreatedAt",
               t.id AS "TicketId",
               t.title AS "Title",
               y.icon AS "IconHint",
               coalesce(t.cust_id, 0) AS "CustId",
               coalesce(p."FullName", '') AS "PersonFullname",
               coalesce(t.contact_id, 0) AS "ContactId",
               coalesce(k.name, '') AS "ContactName",
               t.status::text AS "BaseStatus",
               t.ticket_status AS "TicketStatus",
               s.name AS "TicketStatusDisplayValue",
               t.created_at AS "TicketCreatedAt"
        FROM ticket_relation r
        JOIN ticket t ON t.id = CASE r.source_ticket_id WHEN $1
             THEN r.destination_ticket_id ELSE r.source_ticket_id END
        JOIN ticket_status s ON s.id = t.ticket_status
        JOIN ticket_type y ON y.ticket_type_id = t.ticket_type
        LEFT JOIN wire_person p ON p."PersonId" = t.cust_id
        LEFT JOIN contact k ON k.contact_id = t.contact_id
        WHERE r.source_ticket_id = $1 OR r.destination_ticket_id = $1
        ORDER BY r.child_id IS DISTINCT FROM $1, r.parent_id IS DISTINCT FROM $1,
                 r.registered, r.ticket_relation_id
        """,
        ticket_id,
    )


class RelatedTicket(Struct, frozen=True, kw_only=True):
    """A ticket in a family, as closing one asks about it."""

    id: int
    ticket_type: int
    is_open: bool
    slevel: int
    email_address: str

    def as_child(self) -> TicketRelationActionChild:
        """As the wire shows a child."""
        return TicketRelationActionChild(
            ticket_id=self.id,
            slevel=TicketSecurityLevel.of(self.slevel),
            email_address=self.email_address,
        )


async def related_tickets(db: Db, ticket_ids: list[int]) -> dict[int, RelatedTicket]:
    """These tickets by id; open means active or postponed."""
    found = await rows(
        db,
        RelatedTicket,
        """
        SELECT t.id, t.ticket_type, t.status IN (1, 3) AS is_open, t.slevel,
               coalesce(p."Email", '') AS email_address
        FROM ticket t LEFT JOIN wire_person p ON p."PersonId" = t.cust_id
        WHERE t.id = ANY ($1)
        """,
        ticket_ids,
    )
    return {one.id: one for one in found}


async def children(db: Db, ticket_id: int) -> list[int]:
    """The ids of a ticket's children, oldest relation first."""
    sql = """
        SELECT child_id FROM ticket_relation WHERE parent_id = $1
        ORDER BY registered, ticket_relation_id
    """
    return [record["child_id"] for record in await db.fetch(sql, ticket_id)]
