"""Deadline, reply and close times, and the counters of where the time went."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skranke.catalog.priorities.carriers import TicketPriorityEntity
from skranke.catalog.priorities.office_hours import alert_clock, frame_of
from skranke.catalog.priorities.sql import load_priorities
from skranke.catalog.priorities.timeframe import ALWAYS, Hours, TimeFrame, worked_seconds
from skranke.catalog.statuses.carriers import TicketBaseStatus as Base
from skranke.catalog.statuses.carriers import TicketStatusEntity
from skranke.core.settings import Settings
from skranke.db.database import Db
from skranke.people.carriers import Associate
from skranke.tickets.carriers import TicketEntity
from skranke.tickets.save import time_counters
from tests.cast import ANNA, NOW, ContextOf
from tests.tickets.make import save, stored

FRIDAY = datetime(2026, 2, 27, 16, 0, tzinfo=UTC)  # an hour before closing time
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
SECOND, MINUTE, HOUR = (timedelta(seconds=n) for n in (1, 60, 3600))
QUEUE, OPEN, WAITING = (TicketStatusEntity(ticket_status_id=n) for n in (20, 1, 21))
STATUSES = """
INSERT INTO ticket_status (id, name, status, time_counter) VALUES
    (20, 'Queue', 1, 3), (21, 'Waiting', 1, 2);
"""


OFFICE = TimeFrame(
    week=(Hours(9 * 3600, 17 * 3600),) * 5 + (Hours(0, 0),) * 2, zone=ZoneInfo("Europe/Oslo")
)


def priority(number: int) -> TicketPriorityEntity:
    return TicketPriorityEntity(ticket_priority_id=number)


# deadline of priority 2 in minutes, its holidays, CreatedAt, what is due
DEADLINES = {
    "480 minutes from Friday 16:00 end on Monday": (480, "", FRIDAY, MONDAY + 16 * HOUR),
    "a holiday on Monday moves it to Tuesday": (480, "02/03", FRIDAY, TUESDAY + 16 * HOUR),
    "so does one of this year": (480, "02/03/2026", FRIDAY, TUESDAY + 16 * HOUR),
    "last year's does not": (480, "02/03/2025", FRIDAY, MONDAY + 16 * HOUR),
    "0 minutes are no deadline": (0, "", FRIDAY, None),
    "an hour ends at closing time": (60, "", FRIDAY, FRIDAY + HOUR),
    "one minute more is on Monday": (61, "", FRIDAY, MONDAY + 9 * HOUR + MINUTE),
}


@pytest.mark.parametrize(
    ("minutes", "non_dates", "created_at", "due"), DEADLINES.values(), ids=DEADLINES
)
async def test_a_new_ticket_is_due_after_so_many_office_minutes(
    context_of: ContextOf,
    db: Db,
    minutes: int,
    non_dates: str,
    created_at: datetime,
    due: datetime | None,
) -> None:
    await db.execute("UPDATE ticket_priority SET deadline = $1, non_dates = $2", minutes, non_dates)
    ticket = await save(context_of(ANNA, now=created_at), title="x")
    assert ticket.deadline == due
    assert (await stored(context_of(ANNA), ticket.ticket_id)).deadline == due


async def test_the_deadline_counts_from_created_at_in_the_desks_own_zone(
    context_of: ContextOf, db: Db
) -> None:
    await db.execute("UPDATE ticket_priority SET deadline = 480")
    oslo = context_of(ANNA, settings=Settings(timezone="Europe/Oslo"))
    ticket = await save(oslo, title="x", created_at=FRIDAY - HOUR)
    assert ticket.deadline == MONDAY + 15 * HOUR  # 16:00 in Oslo


async def test_a_deadline_that_is_given_wins(context_of: ContextOf, db: Db) -> None:
    await db.execute("UPDATE ticket_priority SET deadline = 480")
    given = await save(context_of(ANNA), title="x", deadline=TUESDAY)
    assert given.deadline == TUESDAY
    empty = await save(context_of(ANNA), title="x", deadline=None)
    assert empty.deadline == MONDAY + 33 * HOUR + HOUR
    cleared = await save(context_of(ANNA), ticket_id=given.ticket_id, deadline=None)
    assert cleared.deadline is None


async def test_another_priority_brings_another_deadline_unless_one_is_given(
    context_of: ContextOf, db: Db
) -> None:
    await db.execute("UPDATE ticket_priority SET deadline = id * 60")
    later = context_of(ANNA, now=NOW + 2 * HOUR)
    ticket = await save(context_of(ANNA), title="x", priority=priority(1))
    assert ticket.deadline == NOW + HOUR
    raised = await save(later, ticket_id=ticket.ticket_id, priority=priority(3))
    assert raised.deadline == NOW + 3 * HOUR
    whole = await save(
        later, ticket_id=ticket.ticket_id, priority=priority(2), deadline=raised.deadline
    )
    assert whole.deadline == NOW + 2 * HOUR
    chosen = await save(later, ticket_id=ticket.ticket_id, priority=priority(3), deadline=TUESDAY)
    assert chosen.deadline == TUESDAY


async def test_hours_that_never_open_are_no_deadline(context_of: ContextOf, db: Db) -> None:
    await db.execute(
        "UPDATE ticket_priority SET deadline = 60, mon_stop = mon_start,"
        " tue_stop = tue_start, wed_stop = wed_start, thu_stop = thu_start,"
        " fri_stop = fri_start"
    )
    assert (await save(context_of(ANNA), title="x")).deadline is None


async def test_a_reply_is_timed_by_both_clocks(context_of: ContextOf) -> None:
    ticket = await save(context_of(ANNA, now=FRIDAY), title="x")
    replied = await save(
        context_of(ANNA), ticket_id=ticket.ticket_id, replied_at=MONDAY + 9.5 * HOUR
    )
    assert (replied.time_to_reply, replied.real_time_to_reply) == (90, 3930)
    at_once = await save(context_of(ANNA), created_at=FRIDAY, replied_at=FRIDAY + 119 * MINUTE / 2)
    assert (at_once.time_to_reply, at_once.real_time_to_reply) == (59, 59)


async def test_closing_is_timed_by_both_clocks_and_opening_forgets_it(
    context_of: ContextOf,
) -> None:
    ticket = await save(context_of(ANNA, now=FRIDAY), title="x")
    later = context_of(ANNA, now=MONDAY + 10 * HOUR)
    closed = await save(later, ticket_id=ticket.ticket_id, base_status=Base.Closed)
    assert closed.closed_at == MONDAY + 10 * HOUR
    assert (closed.time_to_close, closed.real_time_to_close) == (120, 66 * 60)
    opened = await save(context_of(ANNA), ticket_id=ticket.ticket_id, base_status=Base.Active)
    assert (opened.time_to_close, opened.real_time_to_close) == (0, 0)
    born = await save(
        context_of(ANNA, now=MONDAY + 10 * HOUR), created_at=FRIDAY, base_status=Base.Closed
    )
    assert (born.time_to_close, born.real_time_to_close) == (120, 66 * 60)


def counters(ticket: TicketEntity) -> tuple[tuple[int, int], ...]:
    """Seconds in office hours and all of them: queue, internally, externally."""
    return (
        (ticket.time_spent_queue, ticket.real_time_spent_queue),
        (ticket.time_spent_internally, ticket.real_time_spent_internally),
        (ticket.time_spent_externally, ticket.real_time_spent_externally),
    )


async def test_queue_open_closed_fills_a_counter_for_each_status_that_was_left(
    context_of: ContextOf, db: Db
) -> None:
    await db.execute(STATUSES)
    queued = await save(context_of(ANNA), title="x", status=QUEUE)
    ticket_id = queued.ticket_id
    assert counters(queued) == ((0, 0), (0, 0), (0, 0))
    opened = await save(context_of(ANNA, now=NOW + 10 * MINUTE), ticket_id=ticket_id, status=OPEN)
    assert counters(opened) == ((600, 600), (0, 0), (0, 0))
    renamed = await save(context_of(ANNA, now=NOW + 20 * MINUTE), ticket_id=ticket_id, title="y")
    assert counters(renamed) == counters(opened)
    closed = await save(
        context_of(ANNA, now=NOW + 30 * MINUTE), ticket_id=ticket_id, base_status=Base.Closed
    )
    assert counters(closed) == ((600, 600), (1200, 1200), (0, 0))
    history = await db.fetch(
        "SELECT ticket_status, timespan, real_timespan, from_datetime, to_datetime"
        " FROM ticket_status_history WHERE ticket_id = $1 ORDER BY id",
        ticket_id,
    )
    assert [tuple(row) for row in history] == [
        (20, 600, 600, NOW, NOW + 10 * MINUTE),
        (1, 1200, 1200, NOW + 10 * MINUTE, NOW + 30 * MINUTE),
    ]
    began = await db.fetchval("SELECT time_spent_calculated FROM ticket")
    assert began == NOW + 30 * MINUTE


async def test_the_weekend_counts_only_around_the_clock(context_of: ContextOf, db: Db) -> None:
    await db.execute(STATUSES)
    ticket = await save(context_of(ANNA, now=FRIDAY), title="x", status=WAITING)
    opened = await save(
        context_of(ANNA, now=MONDAY + 10 * HOUR), ticket_id=ticket.ticket_id, status=OPEN
    )
    assert counters(opened)[2] == (2 * 3600, 66 * 3600)
    again = await save(
        context_of(ANNA, now=MONDAY + 11 * HOUR), ticket_id=ticket.ticket_id, status=WAITING
    )
    both = await save(
        context_of(ANNA, now=MONDAY + 12 * HOUR), ticket_id=ticket.ticket_id, status=OPEN
    )
    assert counters(again)[1] == (3600, 3600)
    assert counters(both)[2] == (3 * 3600, 67 * 3600)


async def test_a_status_without_a_counter_leaves_a_row_and_no_time(
    context_of: ContextOf, db: Db
) -> None:
    ticket = await save(context_of(ANNA), title="x", base_status=Base.Closed)
    opened = await save(
        context_of(ANNA, now=NOW + HOUR), ticket_id=ticket.ticket_id, base_status=Base.Active
    )
    assert counters(opened) == ((0, 0), (0, 0), (0, 0))
    assert await db.fetchval("SELECT timespan FROM ticket_status_history") == 3600


async def test_a_save_that_keeps_the_status_leaves_no_history(
    context_of: ContextOf, db: Db
) -> None:
    ticket = await save(context_of(ANNA), title="x")
    await save(
        context_of(ANNA, now=NOW + HOUR),
        ticket_id=ticket.ticket_id,
        title="y",
        owned_by=Associate(associate_id=4),
        priority=priority(3),
    )
    assert await db.fetchval("SELECT count(*) FROM ticket_status_history") == 0


async def test_a_status_alone_is_still_logged_as_a_change_of_status(
    context_of: ContextOf, db: Db
) -> None:
    ticket = await save(context_of(ANNA), title="x")
    await save(
        context_of(ANNA, now=NOW + HOUR), ticket_id=ticket.ticket_id, base_status=Base.Closed
    )
    row = await db.fetchrow("SELECT * FROM event_outbox ORDER BY id DESC LIMIT 1")
    assert row
    assert row["changes"] == [
        "closed_at",
        "status",
        "ticket_status",
        "time_to_close",
        "real_time_to_close",
        "time_spent_internally",
        "real_time_spent_internally",
        "last_changed",
    ]
    actions = await db.fetch("SELECT log_action FROM ticket_log_action ORDER BY id")
    assert [row["log_action"] for row in actions] == [19, 21]


async def test_a_ticket_of_the_middle_ages_still_fits(context_of: ContextOf) -> None:
    old = datetime(1066, 10, 14, 9, 0, tzinfo=UTC)
    ticket = await save(context_of(ANNA), created_at=old)
    closed = await save(context_of(ANNA), ticket_id=ticket.ticket_id, base_status=Base.Closed)
    assert closed.real_time_spent_internally == time_counters.MAX_FIGURE
    assert closed.real_time_to_close == (NOW - old) // MINUTE


async def test_a_ticket_from_the_future_took_no_time(context_of: ContextOf) -> None:
    ticket = await save(context_of(ANNA), created_at=NOW + HOUR)
    closed = await save(context_of(ANNA), ticket_id=ticket.ticket_id, base_status=Base.Closed)
    assert (closed.time_to_close, closed.real_time_to_close) == (0, 0)
    assert counters(closed)[1] == (0, 0)


async def test_a_changed_priority_brings_its_own_hours(context_of: ContextOf, db: Db) -> None:
    context = context_of(ANNA)
    await db.execute("UPDATE ticket_priority SET deadline = 480")
    assert (await save(context, created_at=FRIDAY)).deadline == MONDAY + 16 * HOUR
    await db.execute("UPDATE ticket_priority SET sat_start = '09:00', sat_stop = '17:00'")
    saturday = MONDAY - timedelta(days=2)
    assert (await save(context, created_at=FRIDAY)).deadline == saturday + 16 * HOUR


async def test_a_frame_is_built_once_for_a_zone(db: Db) -> None:
    known = await load_priorities(db)
    utc, oslo = ZoneInfo("UTC"), ZoneInfo("Europe/Oslo")
    assert frame_of(known, 2, utc) is frame_of(known, 2, utc)
    assert frame_of(known, 2, utc) != frame_of(known, 2, oslo)
    assert alert_clock(known, 2, utc) is ALWAYS


async def test_the_leap_day_comes_back_every_leap_year(db: Db) -> None:
    await db.execute("UPDATE ticket_priority SET non_dates = '29/02'")
    frame = frame_of(await load_priorities(db), 2, ZoneInfo("UTC"))
    leap_day = datetime(2028, 2, 29, tzinfo=UTC)  # a Tuesday
    assert worked_seconds(frame, leap_day, leap_day + 24 * HOUR) == 0


MOMENTS = st.integers(-(10**8), 10**8).map(lambda second: NOW + second * SECOND)


@given(MOMENTS, MOMENTS)
@settings(deadline=None)
def test_office_time_is_never_more_than_real_time(start: datetime, stop: datetime) -> None:
    took = time_counters.elapsed_time(OFFICE, start, stop)
    assert 0 <= took.worked <= took.real
    assert took.real == max(0, int((stop - start).total_seconds()))
