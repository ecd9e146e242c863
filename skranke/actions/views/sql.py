"""Views in the database."""

from skranke.actions.views.carriers import TicketView
from skranke.db.database import Db, execute, rows, value


async def load_views(db: Db, associate_id: int) -> list[TicketView]:
    """Everybody's views and this associate's own, by rank."""
    return await rows(
        db,
        TicketView,
        """
        SELECT saved_view_id AS "TicketViewId", name AS "Name",
               associate_id IS NULL AS "Shared", filter AS "Filter",
               order_by AS "OrderBy", rank AS "Rank",
               string_to_array(columns, ',') AS "Columns"
        FROM saved_view WHERE associate_id IS NULL OR associate_id = $1
        ORDER BY associate_id IS NOT NULL, rank, saved_view_id
        """,
        associate_id,
    )


async def save(db: Db, view: TicketView, associate_id: int | None) -> int:
    """Write a view, a new one for id 0; its id."""
    return await value(
        db,
        int,
        """
        INSERT INTO saved_view AS v
            (saved_view_id, name, associate_id, filter, order_by, columns, rank)
        SELECT coalesce(nullif($1::int, 0),
                   nextval(pg_get_serial_sequence('saved_view', 'saved_view_id'))),
               $2, $3, $4, $5, $6, $7
        ON CONFLICT (saved_view_id) DO UPDATE SET
            name = excluded.name, associate_id = excluded.associate_id,
            filter = excluded.filter, order_by = excluded.order_by,
            columns = excluded.columns, rank = excluded.rank
        RETURNING saved_view_id
        """,
        view.ticket_view_id,
        view.name,
        associate_id,
        view.filter,
        view.order_by,
        ",".join(view.columns),
        view.rank,
    )


async def delete(db: Db, view_id: int) -> None:
    """Remove a view."""
    await execute(db, "DELETE FROM saved_view WHERE saved_view_id = $1", view_id)
