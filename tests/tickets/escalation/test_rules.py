"""The chain of escalation: by saves, by DoEscalating and by the clock."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skranke.actions.trash.purge import purge
from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.catalog.priorities.carriers import TicketPriorityEntity
from skranke.catalog.priorities.carriers import TicketPriorityEscalateAction as Action
from skranke.catalog.priorities.carriers import TicketPriorityEscalateEvent as Event
from skranke.catalog.priorities.carriers import TicketPriorityEscalationLevelEntity as Level
from skranke.catalog.priorities.timeframe import ALWAYS, Hours, TimeFrame, worked_seconds
from skranke.catalog.statuses.carriers import TicketBaseStatus as Base
from skranke.core.context import CurrentUser
from skranke.core.errors import NotFound
from skranke.db.database import Db
from skranke.people.carriers import Associate
from skranke.tickets.carriers import TicketEntity, TicketReadStatus
from skranke.tickets.escalation.reopen_postponed import reopen
from skranke.tickets.escalation.rules import (
    EVENT_PROPERTY_OF_ACTION,
    NOT_STOPPED,
    Chain,
    advance_level,
    apply_action,
    is_due,
)
from skranke.tickets.escalation.service import escalate
from skranke.tickets.operations import do_escalating
from skranke.tickets.row import TicketRow
from tests.cast import ADA, ANNA, BO, NOW, STEN, ContextOf
from tests.tickets.make import save, stored

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FRIDAY = datetime(2026, 2, 27, 16, 0, tzinfo=UTC)  # an hour before closing time
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
SYSTEM = CurrentUser(ej_user_id=1, name="system", full_name="System")
HIGH = TicketPriorityEntity(ticket_priority_id=3)
SETTING = """
UPDATE ticket_priority SET flags = flags | 4 WHERE id = 2;
INSERT INTO ticket_alert (priority_id, alert_level, alert_timeout, action) VALUES
    (2, 1, 120, 16), (2, 2, 60, 0), (2, 5, 30, 0),
    (3, 1, 15, 0), (3, 3, 45, 0);
"""


@pytest.fixture(autouse=True)
async def escalation(db: Db) -> None:
    """Medium: three levels in office hours; High: two around the clock."""
    await db.execute(SETTING)


async def on(db: Db, action: Action, event: Event) -> None:
    """Have every priority do `event` on an action."""
    column = EVENT_PROPERTY_OF_ACTION[action]
    number = event.number
    for priority in await db.fetch("SELECT id FROM ticket_priority"):
        await db.execute(
            f"UPDATE ticket_priority SET {column} = $1 WHERE id = $2",  # pyright: ignore[reportArgumentType] # a column of ours
            number,
            priority["id"],
        )


async def chain_of(db: Db, ticket: TicketEntity) -> tuple[int, datetime | None, int]:
    """Level, when the next one is reached, and seconds left of a stopped chain."""
    found = await db.fetchrow(
        "SELECT alert_level, alert_timeout, alert_stop FROM ticket WHERE id = $1", ticket.ticket_id
    )
    assert found
    return found["alert_level"], found["alert_timeout"], found["alert_stop"]


# flags of the priority, when it is created, when the first level is reached
STARTS = {
    "office hours are frozen over the weekend": (4, FRIDAY, MONDAY + 10 * HOUR),
    "around the clock they are not": (0, FRIDAY, FRIDAY + 2 * HOUR),
    "inside the hours both are the same": (4, NOW, NOW + 2 * HOUR),
}


@pytest.mark.parametrize(("flags", "created", "reached"), STARTS.values(), ids=STARTS)
async def test_a_new_ticket_starts_its_chain(
    context_of: ContextOf, db: Db, flags: int, created: datetime, reached: datetime
) -> None:
    await db.execute("UPDATE ticket_priority SET flags = 2 | $1::int WHERE id = 2", flags)
    ticket = await save(context_of(ANNA, now=created), title="x")
    assert ticket.alert_timeout == reached
    assert await chain_of(db, ticket) == (0, reached, NOT_STOPPED)


@pytest.mark.parametrize(
    ("event", "starts"),
    [(Event.None_, False), (Event.Stop, False), (Event.Continue, True), (Event.Restart, True)],
)
async def test_the_priority_says_whether_a_new_ticket_starts(
    context_of: ContextOf, db: Db, event: Event, starts: bool
) -> None:
    await on(db, Action.ActionNew, event)
    ticket = await save(context_of(ANNA), title="x")
    assert (ticket.alert_timeout is not None) is starts
    assert await chain_of(db, ticket) == (0, ticket.alert_timeout, NOT_STOPPED)


async def test_a_priority_without_levels_has_no_chain(context_of: ContextOf, db: Db) -> None:
    low = TicketPriorityEntity(ticket_priority_id=1)
    ticket = await save(context_of(ANNA), title="x", priority=low)
    assert await chain_of(db, ticket) == (0, None, NOT_STOPPED)


async def test_stopped_with_thirty_minutes_left_it_goes_on_for_thirty_minutes(
    context_of: ContextOf, db: Db
) -> None:
    await on(db, Action.ActionNewInfo, Event.Stop)
    await on(db, Action.ActionRead, Event.Continue)
    ticket = await save(context_of(ANNA), title="x")
    later = context_of(ANNA, now=NOW + 90 * MINUTE)
    await do_escalating(later, ticket.ticket_id, Action.ActionNewInfo)
    assert await chain_of(db, ticket) == (0, None, 1800)
    await do_escalating(later, ticket.ticket_id, Action.ActionNewInfo)
    assert await chain_of(db, ticket) == (0, None, 1800)
    evening = context_of(ANNA, now=MONDAY + 16.75 * HOUR)
    await do_escalating(evening, ticket.ticket_id, Action.ActionRead)
    tuesday = MONDAY + DAY + 9.25 * HOUR
    assert await chain_of(db, ticket) == (0, tuesday, NOT_STOPPED)
    await do_escalating(evening, ticket.ticket_id, Action.ActionRead)
    assert await chain_of(db, ticket) == (0, tuesday, NOT_STOPPED)


async def test_restart_on_level_two_begins_with_the_first_levels_time(
    context_of: ContextOf, db: Db
) -> None:
    ticket = await save(context_of(ANNA), title="x")
    for moment in (NOW + 2 * HOUR, NOW + 3 * HOUR):
        assert await escalate(context_of(SYSTEM, now=moment), ticket.ticket_id)
    assert await chain_of(db, ticket) == (2, NOW + 3.5 * HOUR, NOT_STOPPED)
    await on(db, Action.ActionNewInfo, Event.Restart)
    later = context_of(ANNA, now=NOW + 3.25 * HOUR)
    await do_escalating(later, ticket.ticket_id, Action.ActionNewInfo)
    assert await chain_of(db, ticket) == (0, NOW + 5.25 * HOUR, NOT_STOPPED)


async def test_levels_follow_each_other_and_the_last_ends_the_chain(
    context_of: ContextOf, db: Db
) -> None:
    ticket = await save(context_of(ANNA), title="x")
    reached = [(1, NOW + 3 * HOUR), (2, NOW + 3.5 * HOUR), (5, None)]
    moment: datetime | None = NOW + 2 * HOUR
    for level, following in reached:
        assert moment
        early = context_of(SYSTEM, now=moment - timedelta(seconds=1))
        assert not await escalate(early, ticket.ticket_id)
        assert await escalate(context_of(SYSTEM, now=moment), ticket.ticket_id)
        assert await chain_of(db, ticket) == (level, following, NOT_STOPPED)
        moment = following
    assert not await escalate(context_of(SYSTEM, now=NOW + DAY), ticket.ticket_id)


async def test_a_ticket_that_is_very_late_still_goes_up_one_level_at_a_time(
    context_of: ContextOf, db: Db
) -> None:
    ticket = await save(context_of(ANNA), title="x")
    late = context_of(SYSTEM, now=NOW + 7 * DAY)
    assert await escalate(late, ticket.ticket_id)
    assert await chain_of(db, ticket) == (1, NOW + 7 * DAY + HOUR, NOT_STOPPED)
    assert not await escalate(late, ticket.ticket_id)


@pytest.mark.parametrize("base", [Base.Closed, Base.Postponed, Base.Spam])
async def test_only_open_tickets_escalate(context_of: ContextOf, db: Db, base: Base) -> None:
    ticket = await save(context_of(ANNA), title="x")
    await save(context_of(ANNA), ticket_id=ticket.ticket_id, base_status=base)
    assert not await escalate(context_of(SYSTEM, now=NOW + DAY), ticket.ticket_id)
    assert (await chain_of(db, ticket))[0] == 0
    assert not await escalate(context_of(SYSTEM), 4711)


async def test_a_level_reassigns_tells_and_notes_what_it_cannot_do(
    context_of: ContextOf, db: Db
) -> None:
    await db.execute(
        "UPDATE ticket_alert SET action = 1 + 4 + 8 + 32 + 128 + 1024, delegate_to = 4,"
        " script_id = 12, id = 7777 WHERE priority_id = 2 AND alert_level = 1"
    )
    await on(db, Action.ActionChangedOwner, Event.Stop)
    ticket = await save(context_of(ANNA), owned_by=Associate(associate_id=3))
    assert await escalate(context_of(SYSTEM, now=NOW + 2 * HOUR), ticket.ticket_id)
    after = await stored(context_of(ADA), ticket.ticket_id)
    assert after.owned_by
    assert after.owned_by.name == "bo"
    assert after.read_status is TicketReadStatus.Red
    assert after.alert_timeout == NOW + 3 * HOUR  # not stopped: it was no person's deed
    events = await db.fetch("SELECT event, changes FROM event_outbox ORDER BY id")
    assert [row["event"] for row in events] == [
        "ticket.created",
        "ticket.changed",
        "ticket.escalated",
    ]
    assert events[1]["changes"] == [
        "alert_timeout",
        "owned_by",
        "alert_level",
        "read_status",
        "last_changed",
    ]
    assert events[2]["changes"] == [
        "ticket_alert=7777",
        "mail_others",
        "mail_customer",
        "mail_category_master",
        "sms_customer",
    ]
    log = await db.fetch(
        "SELECT log_action, user_id, description FROM ticket_log_action ORDER BY id"
    )
    assert [(row["log_action"], row["user_id"]) for row in log[1:]] == [(9, 1), (2, 1)]
    assert log[2]["description"] == (
        "Escalation level 1: script 12 was not run, since scripts aren't supported."
    )


async def test_a_level_cannot_hand_a_ticket_to_somebody_who_is_gone(
    context_of: ContextOf, db: Db
) -> None:
    await db.execute("UPDATE ticket_alert SET action = 1, delegate_to = 4711 WHERE alert_level = 1")
    ticket = await save(context_of(ANNA), owned_by=Associate(associate_id=3))
    assert await escalate(context_of(SYSTEM, now=NOW + 2 * HOUR), ticket.ticket_id)
    after = await stored(context_of(ANNA), ticket.ticket_id)
    assert after.alert_level == 1
    assert after.owned_by
    assert after.owned_by.name == "anna"
    note = await db.fetchval("SELECT max(description) FROM ticket_log_action")
    assert "user 4711 takes no tickets" in note


async def test_closing_stops_the_chain_and_says_so_in_the_same_save(
    context_of: ContextOf, db: Db
) -> None:
    await on(db, Action.ActionClosed, Event.Stop)
    ticket = await save(context_of(ANNA), title="x")
    await save(
        context_of(ANNA, now=NOW + HOUR), ticket_id=ticket.ticket_id, base_status=Base.Closed
    )
    assert await chain_of(db, ticket) == (0, None, 3600)
    again = await save(
        context_of(ANNA, now=NOW + DAY), ticket_id=ticket.ticket_id, base_status=Base.Active
    )
    assert await chain_of(db, again) == (0, None, 3600)
    row = await db.fetchval("SELECT max(log_action) FROM ticket_log_action")
    assert row == 21


async def test_an_owner_chosen_by_a_person_counts_and_one_by_the_rules_does_not(
    context_of: ContextOf, db: Db
) -> None:
    await on(db, Action.ActionChangedOwner, Event.Stop)
    ticket = await save(context_of(ANNA), title="x", owned_by=Associate())
    by_rules = Associate(associate_id=2_147_483_647)
    delegated = await save(context_of(ANNA), ticket_id=ticket.ticket_id, owned_by=by_rules)
    assert delegated.owned_by
    assert delegated.owned_by.associate_id in (3, 4)
    assert (await chain_of(db, ticket))[2] == NOT_STOPPED
    await save(context_of(ANNA), ticket_id=ticket.ticket_id, owned_by=Associate(associate_id=2))
    assert await chain_of(db, ticket) == (0, None, 7200)


async def test_another_priority_keeps_the_level_and_starts_the_next_ones_time(
    context_of: ContextOf, db: Db
) -> None:
    await on(db, Action.ActionChangedPriority, Event.Continue)
    ticket = await save(context_of(ANNA), title="x")
    for moment in (NOW + 2 * HOUR, NOW + 3 * HOUR):
        await escalate(context_of(SYSTEM, now=moment), ticket.ticket_id)
    raised = await save(
        context_of(ANNA, now=NOW + 3 * HOUR), ticket_id=ticket.ticket_id, priority=HIGH
    )
    # High has no level 2: it goes on from 1 to 3, 45 minutes from now
    assert (raised.alert_level, raised.alert_timeout) == (1, NOW + 3.75 * HOUR)
    assert await chain_of(db, raised) == (1, NOW + 3.75 * HOUR, NOT_STOPPED)


async def test_another_priority_that_stops_counts_what_was_left_by_the_old_clock(
    context_of: ContextOf, db: Db
) -> None:
    await on(db, Action.ActionChangedPriority, Event.Stop)
    ticket = await save(context_of(ANNA, now=FRIDAY), title="x")  # until Monday 10:00
    saturday = context_of(ANNA, now=FRIDAY + DAY)
    await save(saturday, ticket_id=ticket.ticket_id, priority=HIGH)
    assert await chain_of(db, ticket) == (0, None, 3600)


async def test_priority_comes_before_owner_and_owner_before_closing(
    context_of: ContextOf, db: Db
) -> None:
    await on(db, Action.ActionChangedPriority, Event.Restart)
    await on(db, Action.ActionChangedOwner, Event.Stop)
    await on(db, Action.ActionClosed, Event.Continue)
    ticket = await save(context_of(ANNA), title="x")
    await save(
        context_of(ANNA, now=NOW + 5 * MINUTE),
        ticket_id=ticket.ticket_id,
        priority=HIGH,
        owned_by=Associate(associate_id=4),
        base_status=Base.Closed,
    )
    # restarted with 15 minutes, stopped, and gone on with at once
    assert await chain_of(db, ticket) == (0, NOW + 20 * MINUTE, NOT_STOPPED)


async def test_hours_that_never_open_stop_the_chain_with_all_its_time_left(
    context_of: ContextOf, db: Db
) -> None:
    await db.execute(
        "UPDATE ticket_priority SET mon_stop = mon_start, tue_stop = tue_start,"
        " wed_stop = wed_start, thu_stop = thu_start, fri_stop = fri_start"
    )
    ticket = await save(context_of(ANNA), title="x")
    assert await chain_of(db, ticket) == (0, None, 7200)


async def test_do_escalating_needs_a_ticket_that_the_caller_sees(context_of: ContextOf) -> None:
    payroll = TicketCategoryEntity(ticket_category_id=2)
    ticket = await save(context_of(ANNA), title="wages", category=payroll)
    for context, ticket_id in ((context_of(ANNA), 4711), (context_of(STEN), ticket.ticket_id)):
        with pytest.raises(NotFound, match=f"TicketId: {ticket_id} does not exist"):
            await do_escalating(context, ticket_id, Action.ActionNewInfo)


async def test_an_action_that_changes_nothing_writes_nothing(context_of: ContextOf, db: Db) -> None:
    ticket = await save(context_of(ANNA), title="x")
    await do_escalating(context_of(BO), ticket.ticket_id, Action.ActionRead)
    assert await db.fetchval("SELECT count(*) FROM ticket_log_action") == 1
    assert await db.fetchval("SELECT row_version FROM ticket") == 1


async def test_a_postponed_ticket_wakes_in_its_time_and_once(context_of: ContextOf, db: Db) -> None:
    ticket = await save(context_of(ANNA), owned_by=Associate(associate_id=3))
    assert ticket.read_status is TicketReadStatus.Green
    await save(context_of(ANNA), ticket_id=ticket.ticket_id, base_status=Base.Postponed1Hour)
    assert not await reopen(context_of(SYSTEM, now=NOW + 59 * MINUTE), ticket.ticket_id)
    due = context_of(SYSTEM, now=NOW + HOUR)
    assert await reopen(due, ticket.ticket_id)
    awake = await stored(context_of(ANNA), ticket.ticket_id)
    assert awake.base_status is Base.Active
    assert awake.status
    assert awake.status.name == "Open"
    assert awake.activate is None
    assert awake.read_status is TicketReadStatus.Yellow
    assert awake.time_spent_externally == 3600
    assert not await reopen(due, ticket.ticket_id)
    assert not await reopen(due, 4711)
    last = await db.fetchrow("SELECT * FROM ticket_log_action ORDER BY id DESC LIMIT 1")
    assert last
    assert (last["log_action"], last["user_id"]) == (8, 1)
    event = await db.fetchval("SELECT event FROM event_outbox ORDER BY id DESC LIMIT 1")
    assert event == "ticket.changed"


async def test_waking_keeps_to_the_types_own_open_status(context_of: ContextOf, db: Db) -> None:
    await db.execute(
        """
        INSERT INTO ticket_status (id, name, status) VALUES (20, 'Triage', 1);
        INSERT INTO ticket_type_status VALUES (1, 20), (1, 3);
        """
    )
    ticket = await save(context_of(ANNA), base_status=Base.Postponed1Hour)
    assert await reopen(context_of(SYSTEM, now=NOW + HOUR), ticket.ticket_id)
    awake = await stored(context_of(ANNA), ticket.ticket_id)
    assert awake.status
    assert awake.status.name == "Triage"


async def test_a_ticket_without_activate_waits_for_somebody(context_of: ContextOf) -> None:
    ticket = await save(context_of(ANNA), base_status=Base.Postponed)
    assert not await reopen(context_of(SYSTEM, now=NOW + 9 * DAY), ticket.ticket_id)


async def test_the_bin_is_emptied_after_a_fortnight_without_a_touch(
    context_of: ContextOf, db: Db
) -> None:
    ticket = await save(context_of(ANNA), title="x")
    spam = await save(context_of(ANNA), title="y", base_status=Base.Spam)
    await save(context_of(ADA), ticket_id=ticket.ticket_id, base_status=Base.Deleted)
    early, due = (context_of(SYSTEM, now=NOW + 13 * DAY), context_of(SYSTEM, now=NOW + 14 * DAY))
    assert not await purge(early, ticket.ticket_id)
    assert await purge(due, ticket.ticket_id)
    assert await purge(due, spam.ticket_id)
    assert not await purge(due, ticket.ticket_id)
    kept = await save(context_of(ANNA), title="z")
    assert not await purge(due, kept.ticket_id)
    assert await db.fetchval("SELECT count(*) FROM ticket") == 1
    assert await db.fetchval("SELECT count(*) FROM ticket_status_history") == 0


# The rules alone, on rows without a database.
OFFICE = TimeFrame(
    week=(Hours(9 * 3600, 17 * 3600),) * 5 + (Hours(0, 0),) * 2, zone=ZoneInfo("UTC")
)
MOMENTS = st.integers(0, 10**7).map(lambda second: NOW + timedelta(seconds=second))
ACTIONS = st.sampled_from(Action)
CLOCKS = st.sampled_from([ALWAYS, OFFICE])


def row(**columns: Any) -> TicketRow:
    """A ticket's row with nothing in it but these columns and an open status."""
    blank: dict[str, Any] = dict.fromkeys(TicketRow.__struct_fields__)
    chain: dict[str, Any] = {"alert_level": 0, "alert_stop": NOT_STOPPED, "status": 1}
    return TicketRow(**(blank | chain | columns))


@st.composite
def priorities(draw: st.DrawFn) -> TicketPriorityEntity:
    """A priority with up to four levels and any events."""
    numbers = sorted(draw(st.sets(st.integers(1, 9), max_size=4)))
    minutes = st.integers(0, 10_000)
    events = {name: draw(st.sampled_from(Event)) for name in EVENT_PROPERTY_OF_ACTION.values()}
    return TicketPriorityEntity(
        escalation_levels=[
            Level(alert_level=number, alert_timeout=draw(minutes)) for number in numbers
        ],
        **events,
    )


STEPS = st.lists(st.tuples(ACTIONS | st.none(), MOMENTS), max_size=12)


@given(priorities(), CLOCKS, STEPS)
@settings(deadline=None, max_examples=150)
def test_a_chain_runs_or_is_stopped_or_has_ended(
    priority: TicketPriorityEntity, clock: TimeFrame, steps: list[tuple[Action | None, datetime]]
) -> None:
    ticket, chain = row(), Chain(priority, clock)
    for action, moment in sorted(steps, key=lambda step: step[1]):
        level = ticket.alert_level
        if action is not None:
            apply_action(ticket, action, chain, moment)
            assert ticket.alert_level <= level
        elif is_due(ticket, moment):
            reached = advance_level(ticket, chain, moment)
            assert reached is None or ticket.alert_level > level
        # either a moment to come or seconds left, or neither
        assert ticket.alert_timeout is None or ticket.alert_stop == NOT_STOPPED
        assert ticket.alert_stop >= NOT_STOPPED
        numbers = [0, *(each.alert_level for each in priority.escalation_levels)]
        assert ticket.alert_level in numbers


@given(priorities(), CLOCKS, st.tuples(MOMENTS, MOMENTS, MOMENTS))
@settings(deadline=None, max_examples=150)
def test_stopping_loses_no_time_and_gains_none(
    priority: TicketPriorityEntity, clock: TimeFrame, moments: tuple[datetime, datetime, datetime]
) -> None:
    begin, stop, go_on = sorted(moments)
    priority = msgspec.structs.replace(
        priority, ticket_new=Event.Restart, ticket_newinfo=Event.Stop, ticket_read=Event.Continue
    )
    ticket, chain = row(), Chain(priority, clock)
    apply_action(ticket, Action.ActionNew, chain, begin)
    if ticket.alert_timeout is None:
        return
    left = worked_seconds(clock, stop, ticket.alert_timeout)
    apply_action(ticket, Action.ActionNewInfo, chain, stop)
    assert ticket.alert_stop == left
    apply_action(ticket, Action.ActionRead, chain, go_on)
    assert ticket.alert_timeout
    assert worked_seconds(clock, go_on, ticket.alert_timeout) == left


@given(priorities(), CLOCKS, MOMENTS, st.integers(0, 9), st.integers(-1, 10**6))
@settings(deadline=None, max_examples=100)
def test_restart_forgets_whatever_was(
    priority: TicketPriorityEntity, clock: TimeFrame, moment: datetime, level: int, stopped: int
) -> None:
    priority = msgspec.structs.replace(priority, ticket_closed=Event.Restart)
    fresh, old = row(), row(alert_level=level, alert_stop=stopped)
    for ticket in (fresh, old):
        apply_action(ticket, Action.ActionClosed, Chain(priority, clock), moment)
    assert old == fresh
