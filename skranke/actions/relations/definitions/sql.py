"""The definitions, each with the pairs of types that it covers."""

from msgspec.structs import replace

from skranke.actions.relations.carriers import TicketRelationDefinitionEntity as Definition
from skranke.db.database import Db, execute, rows, value


async def definitions(db: Db) -> dict[int, Definition]:
    """Every definition by id, by rank, the built-in ones too."""
    found = await rows(
        db,
        Definition,
        """
        SELECT ticket_relation_def_id AS "TicketRelationDefId",
               name AS "Name",
               description AS "Description",
               rank AS "Rank",
               relation_type::text AS "RelationType",
               is_built_in AS "IsBuiltIn",
               is_parent_mandatory AS "IsParentMandatory",
               is_close_parent_with_child AS "IsCloseParentWithChild",
               is_prevent_closing_parent AS "IsPreventClosingParent",
               is_close_with_parent AS "IsCloseWithParent",
               ARRAY(SELECT DISTINCT source_ticket_type_id
                     FROM ticket_rel_def_ticket_type t WHERE t.ticket_relation_def_id
                     = d.ticket_relation_def_id ORDER BY 1) AS "SourceTicketTypes",
               ARRAY(SELECT DISTINCT destination_ticket_type_id
                     FROM ticket_rel_def_ticket_type t WHERE t.ticket_relation_def_id
                     = d.ticket_relation_def_id ORDER BY 1) AS "DestinationTicketTypes"
        FROM ticket_relation_def d ORDER BY rank, ticket_relation_def_id
        """,
    )
    return {one.ticket_relation_def_id: one for one in found}


async def save(db: Db, wish: Definition) -> int:
    """Write a definition with its pairs, a new one for id 0; its id."""
    if not wish.ticket_relation_def_id:
        fresh = await value(
            db,
            int,
            """
            INSERT INTO ticket_relation_def (name, relation_type, rank)
            SELECT $1, $2, coalesce(max(rank), 0) + 1 FROM ticket_relation_def
            RETURNING ticket_relation_def_id
            """,
            wish.name,
            wish.relation_type.number,
        )
        wish = replace(wish, ticket_relation_def_id=fresh)
    await _write(db, wish)
    await _write_pairs(db, wish)
    return wish.ticket_relation_def_id


async def _write(db: Db, wish: Definition) -> None:
    await execute(
        db,
        """
        UPDATE ticket_relation_def SET name = $2, description = $3, relation_type = $4,
            is_parent_mandatory = $5, is_close_parent_with_child = $6,
            is_prevent_closing_parent = $7, is_close_with_parent = $8
        WHERE ticket_relation_def_id = $1
        """,
        wish.ticket_relation_def_id,
        wish.name,
        wish.description,
        wish.relation_type.number,
        wish.is_parent_mandatory,
        wish.is_close_parent_with_child,
        wish.is_prevent_closing_parent,
        wish.is_close_with_parent,
    )


async def _write_pairs(db: Db, wish: Definition) -> None:
    await execute(
        db,
        "DELETE FROM ticket_rel_def_ticket_type WHERE ticket_relation_def_id = $1",
        wish.ticket_relation_def_id,
    )
    await execute(
        db,
        """
        INSERT INTO ticket_rel_def_ticket_type
        SELECT $1, s, d FROM unnest($2::int[]) s, unnest($3::int[]) d
        """,
        wish.ticket_relation_def_id,
        sorted(set(wish.source_ticket_types)),
        sorted(set(wish.destination_ticket_types)),
    )


async def delete(db: Db, definition_id: int) -> None:
    """Remove a definition; the relations between tickets stay."""
    await execute(
        db, "DELETE FROM ticket_relation_def WHERE ticket_relation_def_id = $1", definition_id
    )


async def rank(db: Db, definition_ids: list[int]) -> None:
    """Rank the definitions in this order, from 1."""
    await execute(
        db,
        """
        UPDATE ticket_relation_def d SET rank = w.place
        FROM unnest($1::int[]) WITH ORDINALITY AS w (id, place)
        WHERE d.ticket_relation_def_id = w.id AND d.rank <> w.place
        """,
        definition_ids,
    )
