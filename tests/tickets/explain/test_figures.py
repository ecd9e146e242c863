"""What is told of a ticket's times comes from its history and equals what is stored."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from skranke.catalog.priorities.carriers import TicketPriorityEntity
from skranke.catalog.statuses.carriers import TicketBaseStatus, TicketStatusEntity
from skranke.core.context import CurrentUser, RequestContext
from skranke.core.errors import NotFound
from skranke.core.settings import Settings
from skranke.db.database import Db
from skranke.tickets.carriers import TicketEntity
from skranke.tickets.escalation.reopen_postponed import reopen
from skranke.tickets.escalation.service import escalate
from skranke.tickets.explain.routes import explain
from skranke.tickets.explain.schema import Explanation, Figure
from tests.cast import ANNA, NOW, STEN, ContextOf
from tests.tickets.make import save, stored

OSLO = Settings(timezone="Europe/Oslo")
FRIDAY = datetime.fromisoformat("2026-02-27T16:00+01:00")
MONDAY = datetime.fromisoformat("2026-03-02T09:30+01:00")
HOUR = timedelta(hours=1)
HIGH, QUEUE = 3, 7  # a priority, a status
FIGURES = {
    "Deadline": "deadline",
    "AlertTimeout": "alert_timeout",
    "TimeToReply": "time_to_reply",
    "RealTimeToReply": "real_time_to_reply",
    "TimeToClose": "time_to_close",
    "RealTimeToClose": "real_time_to_close",
    "TimeSpentInternally": "time_spent_internally",
    "RealTimeSpentInternally": "real_time_spent_internally",
    "TimeSpentExternally": "time_spent_externally",
    "RealTimeSpentExternally": "real_time_spent_externally",
    "TimeSpentQueue": "time_spent_queue",
    "RealTimeSpentQueue": "real_time_spent_queue",
}
RULES = """
UPDATE ticket_priority SET deadline = 480, flags = flags | 4, ticket_new = 2,
    ticket_closed = 0, changed_owner = 0, ticket_read = 1, ticket_changed_priority = 1,
    non_dates = '03/03/2026';
INSERT INTO ticket_alert (priority_id, alert_level, alert_timeout)
    VALUES (2, 1, 120), (2, 2, 60), (3, 1, 30), (3, 2, 15);
INSERT INTO ticket_status (id, name, status, time_counter) VALUES (7, 'Waiting', 1, 3);
"""


@pytest.fixture
async def at(db: Db, context_of: ContextOf) -> ContextOf:
    """`at(instant)`: Anna's call then, in Oslo, where priorities have rules."""
    await db.execute(RULES)

    def at(now: datetime, user: CurrentUser = ANNA) -> RequestContext:
        return context_of(user, now=now, settings=OSLO)

    return at


async def why(context: RequestContext, ticket: TicketEntity) -> dict[str, Figure]:
    """The figures by name; what they say is stored is what a read shows."""
    told = await explain(context, ticket.ticket_id)
    read: Any = await stored(context, ticket.ticket_id)
    figures = {figure.name: figure for figure in told.figures}
    assert [*figures] == [*FIGURES]
    for name, field in FIGURES.items():
        assert figures[name].stored == getattr(read, field), name
    return figures


async def told(context: RequestContext, ticket: TicketEntity) -> Explanation:
    return await explain(context, ticket.ticket_id)


def status(number: int) -> TicketStatusEntity:
    return TicketStatusEntity(ticket_status_id=number)


async def test_a_deadline_is_told_by_the_spans_that_make_it_up(at: ContextOf):
    ticket = await save(at(FRIDAY), title="A")
    figure = (await why(at(FRIDAY), ticket))["Deadline"]
    assert figure.agrees
    assert figure.recomputed == datetime.fromisoformat("2026-03-02T16:00+01:00")
    assert [f"{s.opens:%d %H} {s.closes:%d %H}" for s in figure.counted[0].spans] == [
        "27 15 27 16",
        "02 08 02 15",
    ]
    assert figure.counted[0].seconds == 8 * 3600
    assert "- Fri 27 Feb 2026 16:00 to 17:00: 1 h" in (await told(at(FRIDAY), ticket)).words


async def test_the_holiday_that_a_deadline_passes_over_is_named(at: ContextOf):
    ticket = await save(at(MONDAY), title="A")
    figure = (await why(at(MONDAY), ticket))["Deadline"]
    assert figure.recomputed == datetime.fromisoformat("2026-03-04T09:30+01:00")
    assert [f"{day}" for day in figure.counted[0].holidays] == ["2026-03-03"]
    assert "- not counted, as holidays: Tue 3 Mar 2026" in (await told(at(MONDAY), ticket)).words


async def test_a_deadline_that_was_given_is_told_as_that(at: ContextOf):
    ticket = await save(at(FRIDAY), title="A")
    await save(at(MONDAY), ticket_id=ticket.ticket_id, deadline=MONDAY + 3 * HOUR)
    figure = (await why(at(MONDAY), ticket))["Deadline"]
    assert figure.agrees
    assert figure.words[-1] == (
        "It was set on Mon 2 Mar 2026 09:30, and stays as it was set: Mon 2 Mar 2026 12:30."
    )


async def test_reply_and_close_are_counted_from_the_request(at: ContextOf):
    ticket = await save(at(FRIDAY), title="A")
    await save(at(MONDAY), ticket_id=ticket.ticket_id, replied_at=MONDAY)
    closing = MONDAY + 2 * HOUR
    await save(at(closing), ticket_id=ticket.ticket_id, base_status=TicketBaseStatus.Closed)
    figures = await why(at(closing), ticket)
    assert all(figure.agrees for figure in figures.values())
    assert [figures[name].recomputed for name in [*FIGURES][2:6]] == [90, 3930, 210, 4050]
    assert figures["TimeToReply"].words == [
        "From the request to its first reply it took 1 h 30 min in the office hours of "
        "priority Medium."
    ]


async def test_the_priority_at_the_time_counts_not_the_later_one(db: Db, at: ContextOf):
    await db.execute("UPDATE ticket_priority SET mon_stop = '09:15' WHERE id = 3")
    ticket = await save(at(FRIDAY), title="A")
    await save(at(MONDAY), ticket_id=ticket.ticket_id, replied_at=MONDAY)
    high = TicketPriorityEntity(ticket_priority_id=HIGH)
    await save(at(MONDAY + HOUR), ticket_id=ticket.ticket_id, priority=high)
    figures = await why(at(MONDAY + HOUR), ticket)
    assert figures["TimeToReply"].recomputed == 90
    assert all(figure.agrees for figure in figures.values())


async def test_the_chain_is_followed_level_by_level(at: ContextOf):
    ticket = await save(at(FRIDAY), title="A")
    first = (await why(at(FRIDAY), ticket))["AlertTimeout"]
    assert first.recomputed == datetime.fromisoformat("2026-03-02T10:00+01:00")
    assert first.words == [
        "Escalation level 1: 2 h in the office hours of priority Medium, counted from "
        "Fri 27 Feb 2026 16:00."
    ]
    then = MONDAY + HOUR / 2
    assert await escalate(at(then), ticket.ticket_id)
    second = (await why(at(then), ticket))["AlertTimeout"]
    assert (second.agrees, second.recomputed) == (True, then + HOUR)
    assert await escalate(at(then + HOUR), ticket.ticket_id)
    last = (await why(at(then + HOUR), ticket))["AlertTimeout"]
    assert last.agrees
    assert last.words == ["The ticket is on escalation level 2; priority Medium has none above it."]


async def test_a_stopped_chain_is_told_with_what_is_left_and_goes_on_from_there(at: ContextOf):
    ticket = await save(at(FRIDAY), title="A")
    await save(at(MONDAY), ticket_id=ticket.ticket_id, base_status=TicketBaseStatus.Closed)
    figure = (await why(at(MONDAY), ticket))["AlertTimeout"]
    assert figure.agrees
    assert figure.words == [
        "The escalation is stopped with 30 min left, since Mon 2 Mar 2026 09:30."
    ]
    assert figure.counted[0].seconds == 1800
    high = TicketPriorityEntity(ticket_priority_id=HIGH)
    await save(at(MONDAY + HOUR), ticket_id=ticket.ticket_id, priority=high)
    figure = (await why(at(MONDAY + HOUR), ticket))["AlertTimeout"]
    assert (figure.agrees, figure.recomputed) == (True, MONDAY + 1.5 * HOUR)


async def test_the_counters_are_the_sums_of_the_stays(at: ContextOf):
    ticket = await save(at(MONDAY), title="A", status=status(QUEUE))
    step = timedelta(minutes=10)
    for place, number in enumerate([1, QUEUE, 1, 2], start=1):
        await save(at(MONDAY + place * step), ticket_id=ticket.ticket_id, status=status(number))
    figures = await why(at(MONDAY + 4 * step), ticket)
    assert all(figure.agrees for figure in figures.values())
    assert figures["TimeSpentQueue"].recomputed == 1200
    assert figures["TimeSpentInternally"].recomputed == 1200
    assert [c.seconds for c in figures["TimeSpentQueue"].counted] == [600, 600]
    assert [c.what for c in figures["TimeSpentQueue"].counted] == [
        "In status Waiting",
        "In status Waiting",
    ]


async def test_a_figure_that_the_history_does_not_yield_is_said_to_be_so(db: Db, at: ContextOf):
    ticket = await save(at(FRIDAY), title="A")
    await save(at(MONDAY), ticket_id=ticket.ticket_id, replied_at=MONDAY)
    await db.execute(
        """
        UPDATE ticket SET time_to_reply = 77, time_spent_queue = 5, deadline = $2,
            alert_timeout = $2 WHERE id = $1
        """,
        ticket.ticket_id,
        NOW,
    )
    figures = await why(at(MONDAY), ticket)
    assert {name for name, figure in figures.items() if not figure.agrees} == {
        "Deadline",
        "AlertTimeout",
        "TimeToReply",
        "TimeSpentQueue",
    }
    assert figures["TimeToReply"].recomputed == 90
    assert "77" not in figures["TimeToReply"].words[0]
    assert figures["TimeToReply"].words[1].startswith("The ticket says 1 h 17 min")
    assert not (await told(at(MONDAY), ticket)).agrees


async def test_a_stay_that_todays_hours_would_count_otherwise_keeps_its_figure(
    db: Db, at: ContextOf
):
    ticket = await save(at(MONDAY), title="A", status=status(QUEUE))
    await save(at(MONDAY + HOUR), ticket_id=ticket.ticket_id, status=status(1))
    await db.execute("UPDATE ticket_priority SET mon_start = '10:00'")
    figure = (await why(at(MONDAY + HOUR), ticket))["TimeSpentQueue"]
    assert (figure.agrees, figure.recomputed) == (True, 3600)
    assert figure.words[1] == (
        "What ended on Mon 2 Mar 2026 10:30 was counted as 1 h; by today's office "
        "hours it is 30 min."
    )


async def test_events_are_told_without_names_of_people(at: ContextOf):
    ticket = await save(at(FRIDAY), title="A")
    await save(
        at(FRIDAY + HOUR / 2),
        ticket_id=ticket.ticket_id,
        base_status=TicketBaseStatus.Postponed,
        activate=MONDAY,
    )
    assert await reopen(at(MONDAY), ticket.ticket_id)
    explanation = await told(at(MONDAY), ticket)
    assert [event.action for event in explanation.events] == [19, 21, 8]
    assert "waits until Mon 2 Mar 2026 09:30" in explanation.events[1].words
    assert explanation.events[2].words[0] == "woke"
    text = "\n".join(explanation.words)
    assert "Anna" not in text
    assert explanation.agrees


async def test_a_ticket_that_the_caller_may_not_see_is_not_there(db: Db, at: ContextOf):
    ticket = await save(at(FRIDAY), title="A")
    await db.execute("UPDATE ticket SET category = 2 WHERE id = $1", ticket.ticket_id)
    with pytest.raises(NotFound):
        await explain(at(FRIDAY, STEN), ticket.ticket_id)
    with pytest.raises(NotFound):
        await explain(at(FRIDAY), 1_000_000)


async def test_ages_of_open_time_are_told_by_their_beginning(at: ContextOf):
    context = at(MONDAY)
    ticket = await save(context, title="A", created_at=MONDAY.replace(year=1926))
    await save(context, ticket_id=ticket.ticket_id, replied_at=MONDAY)
    figure = (await why(context, ticket))["TimeToReply"]
    assert figure.agrees
    assert figure.counted[0].cut
    assert len(figure.counted[0].spans) < 600
    assert figure.counted[0].spans[0].opens.astimezone(ZoneInfo("Europe/Oslo")).hour == 9
