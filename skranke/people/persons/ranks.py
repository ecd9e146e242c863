"""The order of the persons of a company: 1 to n without gaps, rank 1 is the main contact."""

from skranke.db.database import Db, execute, value


async def last_rank(db: Db, contact_id: int | None) -> int:
    """The largest rank in a company; 0 for an empty one or none."""
    return await value(
        db,
        int,
        """
        SELECT coalesce(max(rank), 0)::int FROM person
        WHERE contact_id = $1 AND deleted_date IS NULL
        """,
        contact_id,
    )


async def close_gaps(db: Db, contact_id: int | None) -> bool:
    """Rank the persons of a company from 1 on in the order they have; whether any changed."""
    return await value(
        db,
        bool,
        """
        WITH wanted AS (
            SELECT person_id, row_number() OVER (ORDER BY rank, person_id) AS place
            FROM person WHERE contact_id = $1 AND deleted_date IS NULL
        ), changed AS (
            UPDATE person p SET rank = w.place FROM wanted w
            WHERE w.person_id = p.person_id AND p.rank <> w.place RETURNING 1
        )
        SELECT EXISTS (SELECT FROM changed)
        """,
        contact_id,
    )


async def set_rank(db: Db, contact_id: int, person_id: int, desired: int) -> int:
    """Put a person at a rank and shift the others; the rank it has then."""
    await execute(
        db,
        """
        WITH others AS (
            SELECT person_id, row_number() OVER (ORDER BY rank, person_id) AS place
            FROM person
            WHERE contact_id = $1 AND deleted_date IS NULL AND person_id <> $2
        ), wanted AS (
            SELECT person_id, place + CASE WHEN place >= $3 THEN 1 ELSE 0 END AS place
            FROM others
            UNION ALL
            SELECT $2, greatest(1, least($3, 1 + (SELECT count(*) FROM others)))
        )
        UPDATE person p SET rank = w.place FROM wanted w
        WHERE w.person_id = p.person_id AND p.rank <> w.place
        """,
        contact_id,
        person_id,
        desired,
    )
    return await value(db, int, "SELECT rank::int FROM person WHERE person_id = $1", person_id)
