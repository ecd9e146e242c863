"""What goes from one ticket to another: messages, log and relations."""

from skranke.db.database import Db, execute


async def move_messages(db: Db, to: int, message_ids: list[int]) -> None:
    """These messages become this ticket's, and are found by its title."""
    await execute(
        db,
        """
        UPDATE ej_message m SET ticket_id = t.id, search_title = t.title
        FROM ticket t WHERE t.id = $1 AND m.id = ANY ($2)
        """,
        to,
        message_ids,
    )


async def move_log(db: Db, to: int, others: list[int]) -> None:
    """The others' log becomes this ticket's; each entry keeps whose it was."""
    sql = "UPDATE ticket_log_action SET ticket_id = $1 WHERE ticket_id = ANY ($2)"
    await execute(db, sql, to, others)
    sql = "UPDATE ticket_log_change SET ticket_id = $1 WHERE ticket_id = ANY ($2)"
    await execute(db, sql, to, others)


async def move_relations(db: Db, to: int, others: list[int]) -> None:
    """The others' relations become this ticket's, as far as it can have them.

    None to itself, none twice, no second parent and no circle: one that is above it
    does not become its child.
    """
    found = await db.fetch(
        """
        SELECT ticket_relation_id AS id FROM ticket_relation
        WHERE source_ticket_id = ANY ($1) OR destination_ticket_id = ANY ($1)
        ORDER BY ticket_relation_id
        """,
        others,
    )
    for row in found:
        await _move_one(db, row["id"], to, others)


async def _move_one(db: Db, relation_id: int, to: int, others: list[int]) -> None:
    moved = await db.fetchval(
        """
        WITH RECURSIVE wish AS (
            SELECT r.ticket_relation_id AS id, r.ticket_relation_def_id AS def,
                CASE WHEN source_ticket_id = ANY ($3) THEN $2
                     ELSE source_ticket_id END AS source,
                CASE WHEN destination_ticket_id = ANY ($3) THEN $2
                     ELSE destination_ticket_id END AS destination
            FROM ticket_relation r WHERE r.ticket_relation_id = $1
        ), family AS (
            SELECT id, CASE def WHEN 2 THEN source WHEN 3 THEN destination END AS child,
                   CASE def WHEN 2 THEN destination WHEN 3 THEN source END AS parent
            FROM wish
        ), above (ticket) AS (
            SELECT parent FROM family
            UNION
            SELECT r.parent_id FROM above JOIN ticket_relation r
                ON r.child_id = above.ticket AND r.ticket_relation_id <> $1)
        UPDATE ticket_relation r SET source_ticket_id = wish.source,
            destination_ticket_id = wish.destination
        FROM wish JOIN family USING (id)
        WHERE r.ticket_relation_id = wish.id AND wish.source <> wish.destination
            AND NOT EXISTS (SELECT FROM ticket_relation o
                WHERE o.ticket_relation_id <> wish.id
                AND least(o.source_ticket_id, o.destination_ticket_id)
                    = least(wish.source, wish.destination)
                AND greatest(o.source_ticket_id, o.destination_ticket_id)
                    = greatest(wish.source, wish.destination))
            AND NOT EXISTS (SELECT FROM ticket_relation o
                WHERE o.ticket_relation_id <> wish.id AND o.child_id = family.child)
            AND NOT EXISTS (SELECT FROM above WHERE ticket = family.child)
        RETURNING r.ticket_relation_id
        """,
        relation_id,
        to,
        others,
    )
    if moved is None:
        sql = "DELETE FROM ticket_relation WHERE ticket_relation_id = $1"
        await execute(db, sql, relation_id)
