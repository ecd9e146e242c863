"""The figures of the desk, each by one statement over what the user may see."""

from datetime import datetime
from typing import LiteralString

from skranke.actions.dashboard.carriers import (
    CategoryFigures,
    DayFigures,
    DeskFigures,
    OwnerFigures,
)
from skranke.db.database import Db, row, rows

SYSTEM_USER: LiteralString = "1"  # owns what nobody owns
# $1 categories that are closed to the user, $2 the user: as tickets.rights has it
VISIBLE: LiteralString = "(t.category <> ALL ($1::int[]) OR t.owned_by = nullif($2::int, 0))"


async def load_figures(
    db: Db, closed: list[int], ej_user_id: int, now: datetime, since: datetime
) -> DeskFigures:
    """The single figures."""
    found = await row(
        db,
        DeskFigures,
        f"""
        WITH now_open AS (
            SELECT count(*) FILTER (WHERE status = 1) AS open,
                count(*) FILTER (WHERE status = 1 AND deadline < $3) AS overdue,
                count(*) FILTER (WHERE status = 1 AND owned_by = {SYSTEM_USER}) AS unassigned,
                count(*) FILTER (WHERE status = 3) AS waiting
            FROM ticket t WHERE status IN (1, 3) AND {VISIBLE}
        ), recent AS (
            SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY time_to_reply)
                    FILTER (WHERE replied_at IS NOT NULL) AS reply_median,
                count(*) FILTER (WHERE sentiment > 40) AS happy,
                count(*) FILTER (WHERE sentiment < -40) AS unhappy,
                count(*) FILTER (WHERE sentiment <> 0) AS judged
            FROM ticket t WHERE created_at >= $4 AND status IN (1, 2, 3) AND {VISIBLE}
        ), done AS (
            SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY time_to_close) AS close_median
            FROM ticket t WHERE closed_at >= $4 AND status = 2 AND {VISIBLE}
        ), mail AS (
            SELECT count(*) FILTER (WHERE status = 0) AS waiting,
                count(*) FILTER (WHERE status = 2) AS failed
            FROM outbox WHERE status = 0 OR (status = 2 AND created >= $4)
        )
        SELECT n.open AS "Open", n.overdue AS "Overdue", n.unassigned AS "Unassigned",
            n.waiting AS "Waiting", coalesce(r.reply_median, 0) AS "ReplyMedian",
            coalesce(d.close_median, 0) AS "CloseMedian", r.happy AS "Happy",
            r.unhappy AS "Unhappy", r.judged AS "Judged", m.waiting AS "MailsWaiting",
            m.failed AS "MailsFailed"
        FROM now_open n, recent r, done d, mail m
        """,
        closed,
        ej_user_id,
        now,
        since,
    )
    assert found  # aggregates always yield a row
    return found


async def load_days(
    db: Db, closed: list[int], ej_user_id: int, now: datetime, since: datetime, zone: str
) -> list[DayFigures]:
    """Created and closed tickets by day of the zone."""
    return await rows(
        db,
        DayFigures,
        f"""
        WITH days AS (
            SELECT day::date FROM generate_series(($4::timestamptz AT TIME ZONE $5)::date,
                ($3::timestamptz AT TIME ZONE $5)::date, interval '1 day') day
        ), created AS (
            SELECT (created_at AT TIME ZONE $5)::date AS day, count(*) AS n FROM ticket t
            WHERE created_at >= $4 AND status IN (1, 2, 3) AND {VISIBLE} GROUP BY 1
        ), closed AS (
            SELECT (closed_at AT TIME ZONE $5)::date AS day, count(*) AS n FROM ticket t
            WHERE closed_at >= $4 AND status = 2 AND {VISIBLE} GROUP BY 1
        )
        SELECT d.day::text AS "Day", coalesce(c.n, 0) AS "Created",
            coalesce(e.n, 0) AS "Closed"
        FROM days d LEFT JOIN created c USING (day) LEFT JOIN closed e USING (day)
        ORDER BY d.day
        """,
        closed,
        ej_user_id,
        now,
        since,
        zone,
    )


async def load_categories(
    db: Db, closed: list[int], ej_user_id: int, since: datetime
) -> list[CategoryFigures]:
    """How long tickets took that were closed since then, by category, the most first."""
    return await rows(
        db,
        CategoryFigures,
        f"""
        SELECT c.id AS "TicketCategoryId", c.fullname AS "Name", count(*) AS "Closed",
            percentile_disc(0.5) WITHIN GROUP (ORDER BY t.time_to_close) AS "CloseMedian",
            percentile_disc(0.9) WITHIN GROUP (ORDER BY t.time_to_close) AS "CloseP90"
        FROM ticket t JOIN ej_category c ON c.id = t.category
        WHERE t.closed_at >= $3 AND t.status = 2 AND {VISIBLE}
        GROUP BY c.id, c.fullname ORDER BY count(*) DESC, c.id LIMIT 12
        """,
        closed,
        ej_user_id,
        since,
    )


async def load_owners(
    db: Db, closed: list[int], ej_user_id: int, now: datetime, since: datetime
) -> list[OwnerFigures]:
    """What each owner has open, and has closed since then, the most open first."""
    return await rows(
        db,
        OwnerFigures,
        f"""
        SELECT coalesce(a.associate_id, 0) AS "AssociateId",
            coalesce(nullif(p."FullName", ''), a.name, '') AS "Name",
            count(*) FILTER (WHERE t.status = 1) AS "Open",
            count(*) FILTER (WHERE t.status = 1 AND t.deadline < $3) AS "Overdue",
            count(*) FILTER (WHERE t.status = 2) AS "Closed"
        FROM ticket t
        LEFT JOIN ejuser u ON u.id = t.owned_by AND u.id <> {SYSTEM_USER}
        LEFT JOIN associate a USING (associate_id)
        LEFT JOIN wire_person p ON p."PersonId" = a.person_id
        WHERE (t.status = 1 OR (t.status = 2 AND t.closed_at >= $4)) AND {VISIBLE}
        GROUP BY 1, 2 ORDER BY "Open" DESC, "Name" LIMIT 20
        """,
        closed,
        ej_user_id,
        now,
        since,
    )
