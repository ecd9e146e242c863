"""The demo desk's tickets agree with the rows around them."""

from zoneinfo import ZoneInfo

from skranke.catalog.priorities.sql import DAY_COLUMNS, load_priorities
from skranke.catalog.priorities.timeframe import time_frame, worked_seconds
from skranke.db.database import Db
from tests.devtools.demo.asking import found, number


async def test_minutes_to_reply_and_to_close_are_those_between_the_dates(demo: Db):
    known = (await load_priorities(demo)).by_id
    frames = {
        n: time_frame(
            [(getattr(p, f"{d}_start"), getattr(p, f"{d}_stop")) for d in DAY_COLUMNS],
            p.non_dates,
            ZoneInfo("UTC"),
        )
        for n, p in known.items()
    }
    for ticket in await found(demo, "SELECT * FROM ticket"):
        frame, created = frames[ticket["priority"]], ticket["created_at"]
        for end, minutes in (("replied_at", "to_reply"), ("closed_at", "to_close")):
            at = ticket[end] or created
            real = int((at - created).total_seconds()) // 60
            assert ticket[f"real_time_{minutes}"] == real
            assert ticket[f"time_{minutes}"] == worked_seconds(frame, created, at) // 60


async def test_time_counters_are_the_sums_of_the_statuses_that_were_left(demo: Db):
    wrong = await found(
        demo,
        """
        SELECT t.id FROM ticket t LEFT JOIN LATERAL (
            SELECT sum(timespan) FILTER (WHERE time_counter = 1) AS internally,
                   sum(timespan) FILTER (WHERE time_counter = 2) AS externally,
                   sum(timespan) FILTER (WHERE time_counter = 3) AS queue,
                   sum(real_timespan) FILTER (WHERE time_counter = 1)
                       AS real_internally,
                   sum(real_timespan) FILTER (WHERE time_counter = 2)
                       AS real_externally,
                   sum(real_timespan) FILTER (WHERE time_counter = 3) AS real_queue,
                   max(to_datetime) AS last
            FROM ticket_status_history h JOIN ticket_status s ON s.id = h.ticket_status
            WHERE ticket_id = t.id) h ON true
        WHERE (time_spent_internally, time_spent_externally, time_spent_queue,
               real_time_spent_internally, real_time_spent_externally,
               real_time_spent_queue, time_spent_calculated) IS DISTINCT FROM
              (coalesce(internally, 0), coalesce(externally, 0), coalesce(queue, 0),
               coalesce(real_internally, 0), coalesce(real_externally, 0),
               coalesce(real_queue, 0), h.last)
    """,
    )
    assert wrong == []
    gaps = await found(
        demo,
        """
        SELECT ticket_id FROM (
            SELECT *, lag(to_datetime) OVER (PARTITION BY ticket_id ORDER BY id)
                AS before
            FROM ticket_status_history) h JOIN ticket t ON t.id = ticket_id
        WHERE from_datetime <> coalesce(before, created_at)
              OR to_datetime < from_datetime
    """,
    )
    assert gaps == []


async def test_each_base_status_is_that_of_the_status_and_has_its_dates(demo: Db):
    wrong = await found(
        demo,
        """
        SELECT t.id FROM ticket t JOIN ticket_status s ON s.id = t.ticket_status
        WHERE t.status <> s.status
           OR (t.status = 2) <> (closed_at IS NOT NULL)
           OR (t.status = 3) <> (activate IS NOT NULL)
           OR (t.status = 5) <> (connect_id > 0)
    """,
    )
    assert wrong == []
    spread = await found(demo, "SELECT status, count(*) AS many FROM ticket GROUP BY status")
    many = {row["status"]: row["many"] for row in spread}
    assert many.keys() == {1, 2, 3, 4, 5, 6}
    assert many[1] >= 60
    assert many[2] >= 250
    used = await found(demo, "SELECT DISTINCT ticket_status FROM ticket")
    assert {row["ticket_status"] for row in used} == {*range(1, 9)}


async def test_a_merged_ticket_leads_to_one_that_is_not_merged(demo: Db):
    wrong = await found(
        demo,
        """
        SELECT t.id FROM ticket t LEFT JOIN ticket m ON m.id = t.connect_id
        WHERE t.status = 5 AND (m.id IS NULL OR m.status = 5 OR m.cust_id <> t.cust_id
                                OR m.created_at > t.created_at)
    """,
    )
    assert wrong == []


async def test_owners_are_service_users_that_see_the_category_or_nobody(demo: Db):
    wrong = await found(
        demo,
        """
        SELECT t.id FROM ticket t JOIN ejuser u ON u.id = t.owned_by
        LEFT JOIN associate a USING (associate_id)
        WHERE u.id > 1 AND (u.status <> 1
              OR NOT EXISTS (SELECT FROM category_membership m
                             WHERE m.category_id = t.category AND m.user_id = u.id
                             UNION ALL
                             SELECT FROM ej_category_group_link g
                             WHERE g.category_id = t.category
                             AND g.usergroup_id = a.group_idx))
    """,
    )
    assert wrong == []
    assert await number(demo, "SELECT count(*) FROM ticket WHERE owned_by = 1") >= 20
    owners = await number(demo, "SELECT count(DISTINCT owned_by) FROM ticket")
    assert owners >= 6
    assert (
        await number(demo, "SELECT count(*) FROM ticket WHERE ticket_status = 8 AND owned_by > 1")
        == 0
    )


async def test_a_tickets_company_is_that_of_its_person(demo: Db):
    wrong = await found(
        demo,
        """
        SELECT t.id FROM ticket t LEFT JOIN person p ON p.person_id = t.cust_id
        LEFT JOIN form_submission f USING (form_submission_id)
        LEFT JOIN sale s USING (sale_id)
        WHERE t.contact_id IS DISTINCT FROM p.contact_id
           OR (t.cust_id IS NULL) <> (t.status = 6)
           OR (t.origin = 12) <> (f.form_submission_id IS NOT NULL)
           OR f.person_id <> t.cust_id OR s.contact_id <> t.contact_id
           OR EXISTS (SELECT FROM ticket_customers c WHERE c.ticket_id = t.id
                      AND c.customer_id = t.cust_id)
    """,
    )
    assert wrong == []
    assert await number(demo, "SELECT count(*) FROM ticket WHERE sale_id > 0") >= 5
    assert await number(demo, "SELECT count(*) FROM ticket WHERE project_id > 0") >= 5


async def test_tags_categories_and_origins_of_tickets_exist(demo: Db):
    unknown = await found(
        demo,
        """
        SELECT t.id FROM ticket t, unnest(t.tags) AS tag
        WHERE NOT EXISTS (SELECT FROM tags WHERE tags_id = tag)
    """,
    )
    assert unknown == []
    assert await number(demo, "SELECT count(DISTINCT category) FROM ticket") == 8
    assert await number(demo, "SELECT count(DISTINCT origin) FROM ticket") >= 6
    tagged = "SELECT count(DISTINCT tag) FROM ticket, unnest(tags) AS tag"
    assert await number(demo, tagged) >= 12
    assert await number(demo, "SELECT count(*) FROM ticket WHERE 131 = ANY (tags)") >= 5
