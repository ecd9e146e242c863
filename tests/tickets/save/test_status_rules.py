"""Base status, status, postponing, closing and reopening: tables of cases."""

from datetime import UTC, datetime, timedelta

import pytest

from skranke.catalog.priorities.carriers import TicketPriorityEntity
from skranke.catalog.statuses.carriers import TicketBaseStatus as Base
from skranke.catalog.statuses.carriers import TicketStatusEntity
from skranke.catalog.ticket_types.carriers import TicketType
from skranke.core.errors import BadValue
from skranke.db.database import Db
from skranke.tickets.row import CHANGE_NUMBERS, UNLOGGED_COLUMNS, TicketRow
from skranke.tickets.save.status_rules import postponed_until
from tests.cast import ANNA, NOW, ContextOf
from tests.tickets.make import save, stored

LATER = NOW + timedelta(minutes=125, seconds=30)
WAITING = TicketStatusEntity(ticket_status_id=20)
STATUSES = """
INSERT INTO ticket_status (id, name, status) VALUES (20, 'Waiting for customer', 1),
    (21, 'Solved', 2);
INSERT INTO ticket_status (id, name, status, deleted) VALUES (22, 'Old', 1, true);
"""


@pytest.fixture(autouse=True)
async def more_statuses(db: Db) -> None:
    await db.execute(STATUSES)


def test_every_column_that_can_change_has_a_number_in_the_log() -> None:
    assert set(TicketRow.__struct_fields__) - UNLOGGED_COLUMNS <= set(CHANGE_NUMBERS)
    assert len(set(CHANGE_NUMBERS.values())) == len(CHANGE_NUMBERS)


# start: status id; posted base and status id (None: absent); then: base and status id
CASES = [
    ("a changed base brings its default status", 1, Base.Closed, None, Base.Closed, 2),
    ("with the old status posted beside it too", 1, Base.Closed, 1, Base.Closed, 2),
    ("a changed status brings its base", 1, None, 21, Base.Closed, 21),
    ("a changed status wins over a changed base", 1, Base.Postponed, 21, Base.Closed, 21),
    ("the same base keeps a custom status", 20, Base.Active, None, Base.Active, 20),
    ("status 0 keeps it as well", 20, Base.Active, 0, Base.Active, 20),
    ("Unknown is no base to change to", 20, Base.Unknown, None, Base.Active, 20),
    ("an hour's wait is Postponed", 1, Base.Postponed1Hour, None, Base.Postponed, 3),
    ("spam", 1, Base.Spam, None, Base.Spam, 6),
]


@pytest.mark.parametrize(
    ("start", "base", "status", "then_base", "then_status"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
async def test_base_status_and_status_settle(
    context_of: ContextOf,
    start: int,
    base: Base | None,
    status: int | None,
    then_base: Base,
    then_status: int,
) -> None:
    context = context_of(ANNA)
    ticket = await save(context, status=TicketStatusEntity(ticket_status_id=start))
    posted: dict[str, object] = {}
    if base is not None:
        posted["base_status"] = base
    if status is not None:
        posted["status"] = TicketStatusEntity(ticket_status_id=status)
    after = await save(context, ticket_id=ticket.ticket_id, **posted)
    assert after.base_status is then_base
    assert after.status
    assert after.status.ticket_status_id == then_status


async def test_closing_and_reopening_keep_the_books(context_of: ContextOf, db: Db) -> None:
    ticket = await save(context_of(ANNA), title="x")
    closed = await save(
        context_of(ANNA, now=LATER), ticket_id=ticket.ticket_id, base_status=Base.Closed
    )
    assert closed.closed_at == LATER
    assert closed.real_time_to_close == 125
    again = await save(
        context_of(ANNA, now=LATER + timedelta(hours=1)),
        ticket_id=ticket.ticket_id,
        base_status=Base.Closed,
    )
    assert again == closed
    opened = await save(context_of(ANNA), ticket_id=ticket.ticket_id, base_status=Base.Active)
    assert opened.closed_at is None
    assert opened.real_time_to_close == 0
    actions = await db.fetch("SELECT log_action FROM ticket_log_action ORDER BY id")
    assert [row["log_action"] for row in actions] == [19, 21, 21]


async def test_a_ticket_can_be_closed_as_it_is_made(context_of: ContextOf) -> None:
    closed = await save(context_of(ANNA), base_status=Base.Closed)
    assert closed.closed_at == NOW
    assert closed.status
    assert closed.status.name == "Closed"


WAITS = [
    (Base.Postponed1Hour, datetime(2026, 3, 2, 11, 0, tzinfo=UTC)),
    (Base.Postponed2Hours, datetime(2026, 3, 2, 12, 0, tzinfo=UTC)),
    (Base.Postponed3Hours, datetime(2026, 3, 2, 13, 0, tzinfo=UTC)),
    (Base.Postponed4Hours, datetime(2026, 3, 2, 14, 0, tzinfo=UTC)),
    (Base.PostponedDay, datetime(2026, 3, 3, 10, 0, tzinfo=UTC)),
    (Base.PostponedWeek, datetime(2026, 3, 9, 10, 0, tzinfo=UTC)),
    (Base.PostponedMonth, datetime(2026, 4, 2, 10, 0, tzinfo=UTC)),
]


@pytest.mark.parametrize(("base", "until"), WAITS, ids=[w[0].value for w in WAITS])
async def test_the_uis_postponements_are_stored_as_postponed_until(
    context_of: ContextOf, db: Db, base: Base, until: datetime
) -> None:
    context = context_of(ANNA)
    ticket = await save(context, title="x")
    waits = await save(context, ticket_id=ticket.ticket_id, base_status=base)
    assert waits.base_status is Base.Postponed
    assert waits.activate == until
    assert await db.fetchval("SELECT status FROM ticket") == 3
    woken = await save(context, ticket_id=ticket.ticket_id, base_status=Base.Active)
    assert woken.activate is None


def test_a_month_from_the_31st_is_the_next_months_last_day() -> None:
    january = datetime(2026, 1, 31, 8, 0, tzinfo=UTC)
    december = datetime(2026, 12, 31, 8, 0, tzinfo=UTC)
    assert postponed_until(Base.PostponedMonth, january).day == 28
    assert postponed_until(Base.PostponedMonth, december).month == 1


async def test_postponed_specific_waits_until_activate(context_of: ContextOf) -> None:
    context = context_of(ANNA)
    waits = await save(context, base_status=Base.PostponedSpecific, activate=LATER)
    assert waits.base_status is Base.Postponed
    assert waits.activate == LATER
    longer = await save(context, ticket_id=waits.ticket_id, base_status=Base.PostponedWeek)
    assert longer.activate == NOW + timedelta(days=7)


async def test_deleted_statuses_are_not_given_out(context_of: ContextOf) -> None:
    with pytest.raises(BadValue, match=r"Status.TicketStatusId: 22 is deleted"):
        await save(context_of(ANNA), status=TicketStatusEntity(ticket_status_id=22))
    with pytest.raises(BadValue, match="5 is set by MergeTickets only"):
        await save(context_of(ANNA), status=TicketStatusEntity(ticket_status_id=5))


async def test_a_type_limits_status_and_priority(context_of: ContextOf, db: Db) -> None:
    await db.execute(
        """
        INSERT INTO ticket_type (ticket_type_id, name, default_ticket_status,
            default_ticket_priority) VALUES (7, 'Incident', 20, 3);
        INSERT INTO ticket_type_status VALUES (7, 20), (7, 21);
        INSERT INTO ticket_type_priority VALUES (7, 3), (7, 2);
        """
    )
    context = context_of(ANNA)
    low = TicketPriorityEntity(ticket_priority_id=1)
    ticket = await save(context, priority=low)
    incident = TicketType(ticket_type_id=7)
    turned = await save(context, ticket_id=ticket.ticket_id, ticket_type=incident)
    assert turned.status
    assert turned.status.ticket_status_id == 20
    assert turned.priority
    assert turned.priority.ticket_priority_id == 3
    closed = await save(context, ticket_id=ticket.ticket_id, base_status=Base.Closed)
    assert closed.status
    assert closed.status.name == "Solved"
    with pytest.raises(BadValue, match=r"Status\.TicketStatusId: 1 is not a status of"):
        await save(
            context, ticket_id=ticket.ticket_id, status=TicketStatusEntity(ticket_status_id=1)
        )
    with pytest.raises(BadValue, match=r"Priority\.TicketPriorityId: 1 is not a priority"):
        await save(context, ticket_id=ticket.ticket_id, priority=low)
    spam = await save(context, ticket_id=ticket.ticket_id, base_status=Base.Spam)
    assert spam.base_status is Base.Spam
    assert await stored(context, ticket.ticket_id) == spam
