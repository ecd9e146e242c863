"""An edited priority: its open tickets are counted anew, others are left alone."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from random import Random
from typing import Any

import msgspec
import pytest

import skranke.app
from skranke.catalog.priorities.carriers import (
    TicketPriorityEntity,
    TicketPriorityEscalateAction,
    TicketPriorityFlags,
)
from skranke.catalog.priorities.carriers import TicketPriorityEscalateEvent as Event
from skranke.catalog.priorities.carriers import TicketPriorityEscalationLevelEntity as Level
from skranke.catalog.priorities.operations import save_ticket_priority_entity
from skranke.catalog.statuses.carriers import TicketBaseStatus
from skranke.core.app_state import AppState
from skranke.core.cache import ReferenceCache
from skranke.core.clock import Clock
from skranke.core.context import RequestContext
from skranke.core.jobs.registry import JOBS
from skranke.core.jobs.worker import JobOutcome, context_for, run_round
from skranke.core.settings import Settings
from skranke.db import database
from skranke.tickets.explain.routes import explain_locally
from skranke.tickets.operations import do_escalating
from tests.archive.mdo.make import with_posted
from tests.cast import ADA, NOW
from tests.tickets.make import save, stored

assert skranke.app  # importing it is what publishes the job

LOW, MEDIUM, HIGH = 1, 2, 3
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
RECALCULATED = 1001
JOB = [job for job in JOBS if job.name == "recalculate"]


@pytest.fixture
async def desk(own_database_url: str) -> AsyncIterator[AppState]:
    """A desk at NOW, whose priority Medium allows eight hours."""
    pool = await database.connect(own_database_url, size=4)
    async with pool.acquire() as db:
        await db.execute("UPDATE ticket_priority SET deadline = 480 WHERE id = 2")
    yield AppState(
        pool=pool, cache=ReferenceCache(), clock=Clock(NOW), settings=Settings(), rng=Random(1)
    )
    await pool.close()


@asynccontextmanager
async def called(desk: AppState) -> AsyncGenerator[RequestContext]:
    async with desk.pool.acquire() as db:
        yield context_for(desk, db, ADA)


async def make(desk: AppState, priority: int = MEDIUM, **properties: Any) -> int:
    async with called(desk) as context:
        wish = TicketPriorityEntity(ticket_priority_id=priority)
        return (await save(context, title="x", priority=wish, **properties)).ticket_id


async def edit(desk: AppState, priority: int = MEDIUM, **properties: Any) -> None:
    async with called(desk) as context:
        shape = TicketPriorityEntity
        given = with_posted(context, shape, ticket_priority_id=priority, **properties)
        await save_ticket_priority_entity(*given)


async def act(desk: AppState, ticket_id: int, action: TicketPriorityEscalateAction) -> None:
    async with called(desk) as context:
        await do_escalating(context, ticket_id, action)


async def work(desk: AppState) -> JobOutcome:
    return (await run_round(desk, JOB))["recalculate"]


async def times(desk: AppState, ticket_id: int) -> tuple[datetime | None, datetime | None]:
    """Deadline and AlertTimeout."""
    async with called(desk) as context:
        ticket = await stored(context, ticket_id)
        return ticket.deadline, ticket.alert_timeout


async def versions(desk: AppState) -> dict[int, int]:
    async with desk.pool.acquire() as db:
        found = await db.fetch("SELECT id, row_version FROM ticket")
    return {row["id"]: row["row_version"] for row in found}


async def actions(desk: AppState, ticket_id: int) -> list[int]:
    async with desk.pool.acquire() as db:
        found = await db.fetch(
            "SELECT log_action FROM ticket_log_action WHERE ticket_id = $1 ORDER BY id", ticket_id
        )
    return [row["log_action"] for row in found]


async def left(desk: AppState) -> int:
    """What waits in the queue, edits that are kept for it too."""
    async with desk.pool.acquire() as db:
        return await db.fetchval(
            "SELECT (SELECT count(*) FROM ticket_recalculation)"
            " + (SELECT count(*) FROM priority_edit)"
        )


async def test_a_deadline_is_counted_anew_from_created_at(desk: AppState) -> None:
    ticket = await make(desk)
    assert (await times(desk, ticket))[0] == NOW + timedelta(days=1)
    desk.clock.set(NOW + HOUR)
    await edit(desk, deadline=240)
    assert (await times(desk, ticket))[0] == NOW + timedelta(days=1)
    assert (await work(desk)).done == 1
    assert (await times(desk, ticket))[0] == NOW + 4 * HOUR
    assert (await actions(desk, ticket))[-1] == RECALCULATED
    assert (await explain_locally(desk, ticket)).agrees
    await edit(desk, deadline=0)
    await work(desk)
    assert (await times(desk, ticket))[0] is None
    await edit(desk, deadline=60, mon_start=wall(12))
    await work(desk)
    assert (await times(desk, ticket))[0] == NOW + 3 * HOUR
    assert await left(desk) == 0


def wall(hour: int) -> datetime:
    return datetime.min.replace(hour=hour)  # noqa: DTZ901 - a time of day on the wall


async def test_a_holiday_puts_deadlines_off(desk: AppState) -> None:
    ticket = await make(desk)
    await edit(desk, non_dates=[NOW.replace(hour=0, tzinfo=None) + timedelta(days=1)])
    await work(desk)
    assert (await times(desk, ticket))[0] == NOW + timedelta(days=2)


async def test_what_is_not_affected_keeps_its_version(desk: AppState) -> None:
    affected = await make(desk)
    others = [
        await make(desk, LOW),
        await make(desk, deadline=NOW + 90 * MINUTE),
        await make(desk, base_status=TicketBaseStatus.Closed),
        await make(desk, base_status=TicketBaseStatus.Spam),
    ]
    before = await versions(desk)
    await edit(desk, deadline=60)
    await work(desk)
    after = await versions(desk)
    assert {i for i in after if after[i] != before[i]} == {affected}
    assert set(others) < after.keys()
    assert (await times(desk, others[1]))[0] == NOW + 90 * MINUTE


async def test_a_postponed_ticket_is_counted_too(desk: AppState) -> None:
    ticket = await make(desk, base_status=TicketBaseStatus.PostponedDay)
    await edit(desk, deadline=60)
    await work(desk)
    assert (await times(desk, ticket))[0] == NOW + HOUR


@pytest.mark.parametrize(
    "properties",
    [
        {"name": "Other", "sort_order": 7},
        {"ticket_read": Event.Stop, "ticket_new": Event.Continue},
        {"flags": TicketPriorityFlags.Default},
        {"escalation_levels": []},
        {"deadline": 480},
    ],
)
async def test_an_edit_that_moves_no_time_asks_for_no_work(
    desk: AppState, properties: dict[str, Any]
) -> None:
    await make(desk)
    before = await versions(desk)
    await edit(desk, **properties)
    assert (await work(desk)).done == 0
    assert await versions(desk) == before


async def test_a_level_is_awaited_from_when_the_chain_began(desk: AppState) -> None:
    await edit(desk, escalation_levels=[Level(alert_level=1, alert_timeout=120)])
    ticket = await make(desk)
    assert (await times(desk, ticket))[1] == NOW + 2 * HOUR
    desk.clock.set(NOW + 10 * MINUTE)
    await edit(desk, escalation_levels=[Level(alert_level=1, alert_timeout=60)])
    await work(desk)
    assert (await times(desk, ticket))[1] == NOW + HOUR
    assert (await explain_locally(desk, ticket)).agrees
    await edit(
        desk,
        escalation_levels=[Level(alert_level=3, alert_timeout=480)],
        flags=TicketPriorityFlags.Default | TicketPriorityFlags.AlertSchedule,
    )
    await work(desk)
    assert (await times(desk, ticket))[1] == NOW + timedelta(days=1)
    assert (await explain_locally(desk, ticket)).agrees
    await edit(desk, escalation_levels=[])
    await work(desk)
    assert (await times(desk, ticket))[1] is None


async def test_what_was_left_of_a_stopped_chain_goes_on_by_the_new_hours(desk: AppState) -> None:
    flags = TicketPriorityFlags.Default | TicketPriorityFlags.AlertSchedule
    await edit(
        desk,
        escalation_levels=[Level(alert_level=1, alert_timeout=120)],
        flags=flags,
        ticket_read=Event.Stop,
        changed_owner=Event.Continue,
    )
    ticket = await make(desk)
    desk.clock.set(NOW + 90 * MINUTE)
    await act(desk, ticket, TicketPriorityEscalateAction.ActionRead)
    desk.clock.set(NOW + 2 * HOUR)
    await act(desk, ticket, TicketPriorityEscalateAction.ActionChangedOwner)
    assert (await times(desk, ticket))[1] == NOW + 150 * MINUTE
    await edit(desk, mon_start=wall(14))
    await work(desk)
    assert (await times(desk, ticket))[1] == NOW + 270 * MINUTE
    assert (await explain_locally(desk, ticket)).agrees


async def test_hours_that_never_come_stop_a_chain_until_they_are_mended(desk: AppState) -> None:
    flags = TicketPriorityFlags.Default | TicketPriorityFlags.AlertSchedule
    levels = [Level(alert_level=1, alert_timeout=120)]
    await edit(desk, flags=flags, escalation_levels=levels)
    before = await make(desk)
    days = [f"{day}_stop" for day in ("mon", "tue", "wed", "thu", "fri")]
    closed: dict[str, Any] = dict.fromkeys(days, wall(9))
    await edit(desk, **closed)
    await work(desk)
    meanwhile = await make(desk)
    for ticket in (before, meanwhile):
        assert await times(desk, ticket) == (None, None)
        assert (await explain_locally(desk, ticket)).agrees
    mended: dict[str, Any] = dict.fromkeys(days, wall(17))
    await edit(desk, **mended)
    await work(desk)
    for ticket in (before, meanwhile):
        day = timedelta(days=1)
        assert await times(desk, ticket) == (NOW + day, NOW + 2 * HOUR)
        assert (await explain_locally(desk, ticket)).agrees


async def test_a_stopped_chain_stays_stopped(desk: AppState) -> None:
    levels = [Level(alert_level=1, alert_timeout=120)]
    await edit(desk, escalation_levels=levels, ticket_read=Event.Stop)
    ticket = await make(desk)
    await act(desk, ticket, TicketPriorityEscalateAction.ActionRead)
    before = await versions(desk)
    await edit(desk, escalation_levels=[Level(alert_level=1, alert_timeout=60)])
    assert (await work(desk)).done == 1
    assert await versions(desk) == before


async def test_two_edits_before_the_job_are_one_change(desk: AppState) -> None:
    first = await make(desk)
    await edit(desk, deadline=60)
    between = await make(desk)
    assert (await times(desk, between))[0] == NOW + HOUR
    await edit(desk, deadline=120)
    assert (await work(desk)).done == 2
    assert await times(desk, first) == await times(desk, between)
    assert (await times(desk, first))[0] == NOW + 2 * HOUR
    assert (await actions(desk, first)).count(RECALCULATED) == 1


async def test_a_save_under_way_is_passed_over_and_wins(desk: AppState) -> None:
    ticket, other = await make(desk), await make(desk)
    await edit(desk, deadline=60)
    async with called(desk) as context, context.db.transaction():
        wish = NOW + 5 * HOUR
        await save(context, ticket_id=ticket, title="Mine", deadline=wish)
        assert (await work(desk)).done == 1
        assert (await times(desk, other))[0] == NOW + HOUR
    assert (await work(desk)).done == 1
    assert (await times(desk, ticket))[0] == wish
    async with called(desk) as context:
        assert (await stored(context, ticket)).title == "Mine"
    assert RECALCULATED not in await actions(desk, ticket)


async def test_a_ticket_that_has_left_the_priority_is_let_go(desk: AppState) -> None:
    ticket = await make(desk)
    await edit(desk, deadline=60)
    async with called(desk) as context:
        high = TicketPriorityEntity(ticket_priority_id=HIGH)
        await save(context, ticket_id=ticket, priority=high)
    before = await versions(desk)
    await work(desk)
    assert await versions(desk) == before
    assert await left(desk) == 0


async def test_workers_side_by_side_count_each_ticket_once(desk: AppState) -> None:
    tickets = [await make(desk) for _ in range(30)]
    await edit(desk, deadline=60)
    other = msgspec.structs.replace(desk, cache=ReferenceCache())
    await asyncio.gather(work(desk), work(other))
    await work(desk)
    for ticket in tickets:
        assert (await times(desk, ticket))[0] == NOW + HOUR
        assert (await actions(desk, ticket)).count(RECALCULATED) == 1
    assert await left(desk) == 0
